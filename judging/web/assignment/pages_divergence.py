"""One divergence: its arithmetic figure by figure, and what is done about it: confirm, take another, dismiss."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms import Field

from judging.domain.access import Permission
from judging.domain.errors import RuleViolation
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.rubric import ExpertCriterion
from judging.domain.scoring import round_half_up
from judging.extensions import db
from judging.models import Application, Contest, Criterion, Expert, Review
from judging.queries import scopes
from judging.queries.assignment import applications, places
from judging.queries.assignment.chips import OFFERED
from judging.queries.assignment.divergences import Divergence, Laid, calls_of, divergences, laid_out
from judging.queries.contests import by_code, rules_of
from judging.queries.experts import names_by_email
from judging.services.assignment import additional_call
from judging.services.concurrency import Stale
from judging.web.access import by_request, public_url, requires, sight_of
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.forms import ConfirmationForm, DismissalForm
from judging.web.once import once
from judging.web.request_bounds import is_id
from judging.web.sealed_words import sealed_words
from judging.web.templating import translate

MOST_DECIMALS = 12
"""So many decimals at most tell the difference of the totals from what is allowed."""
Answer = Response | tuple[str, int]


@blueprint.get("/staff/contests/<code>/progress/divergences/<int:application_id>")
@requires(Permission.SEE_MONITOR, scopes.application_in_contest_scope)
def divergence(code: str, application_id: int) -> str:
    """The totals, the threshold, every criterion against the rule; the proposal, if there is one."""
    return _page(by_code(db.session, code), application_id)


@blueprint.post("/staff/contests/<code>/progress/divergences/<int:application_id>/confirmation")
@requires(Permission.ASSIGN, scopes.application_in_contest_scope)
@once
def confirm_additional(code: str, application_id: int) -> Any:
    """Make a task of the proposal, for the expert chosen; they are written to."""
    contest, form = by_code(db.session, code), ConfirmationForm()
    page = partial(_page, contest, application_id, confirmation=form)
    review, expert = (
        _of_contest(Review, form.review_id.data, contest),
        _of_contest(Expert, form.expert_id.data, contest),
    )
    if not form.validate_on_submit() or review is None or expert is None:
        return _illegible(form.reason, review, page)
    application = db.session.get_one(Application, application_id)
    choice = additional_call.Choice(review, form.stated_version, expert, form.reason.data or "")

    def act() -> Any:
        tasks_url = public_url() + url_for("scoring.queue")
        return additional_call.confirm_additional(
            db.session, contest, application, choice, by=by_request(), tasks_url=tasks_url
        )

    done = gettext("The additional review is assigned: %(name)s has been written to.", name=expert.name)
    return _carried_out(act, form.reason, page, done, _address(code, application_id))


@blueprint.post("/staff/contests/<code>/progress/divergences/<int:application_id>/dismissal")
@requires(Permission.ASSIGN, scopes.application_in_contest_scope)
@once
def dismiss_additional(code: str, application_id: int) -> Any:
    """Drop the proposal for a reason."""
    contest, form = by_code(db.session, code), DismissalForm()
    page = partial(_page, contest, application_id, dismissal=form)
    review = _of_contest(Review, form.review_id.data, contest)
    if not form.validate_on_submit() or review is None:
        return _illegible(form.why, review, page)
    application = db.session.get_one(Application, application_id)

    def act() -> Any:
        unwanted = additional_call.Dismissal(review, form.stated_version, form.why.data or "")
        return additional_call.dismiss_additional(db.session, contest, application, unwanted, by=by_request())

    done = gettext("The proposal is dismissed. The application still needs an additional review by the rules.")
    return _carried_out(act, form.why, page, done, _address(code, application_id))


def _address(code: str, application_id: int) -> str:
    return url_for("assignment.divergence", code=code, application_id=application_id)


def _illegible(words: Field, review: Review | None, page: Callable[[], str]) -> Answer:
    """The page with what is wrong; where the proposal is gone it says so."""
    if review is None:
        words.errors = [*words.errors, translate(additional_call.GONE)]
    return page(), 422


def _carried_out(act: Callable[[], Any], words: Field, page: Callable[[], str], done: str, to: str) -> Answer:
    """Act and commit; a refusal stands beside the reason, with everything typed."""
    try:
        act()
    except (Stale, GateClosed):
        raise
    except RuleViolation as refusal:
        db.session.rollback()
        words.errors = [*words.errors, translate(refusal.message, **refusal.params)]
        return page(), 422
    db.session.commit()
    flash(done, "success")
    return redirect(to, code=303)


def _page(
    contest: Contest,
    application_id: int,
    confirmation: ConfirmationForm | None = None,
    dismissal: DismissalForm | None = None,
) -> str:
    application = db.session.get_one(Application, application_id)
    if application.status != ApplicationStatus.ADMITTED:
        abort(404)
    found = next(iter(divergences(db.session, contest.id, application_id)), None)
    laid, seen = laid_out(db.session, contest.id, application_id), sight_of(contest)
    shown = seen.shows(application_id)
    call = None if found is None else calls_of(db.session, contest.id).get((application_id, found.mark))
    return render_template(
        "assignment/divergence.html",
        application=application,
        found=found,
        call=call,
        laid=_worded(contest, laid) if laid is not None and shown else None,
        compared=laid is not None,
        diverged=laid is not None and laid.figures.diverged,
        sealed=None if shown else sealed_words(contest, seen, application_id),
        candidates=_candidates(contest, application_id, found),
        confirmation=confirmation or ConfirmationForm(formdata=None),
        dismissal=dismissal or DismissalForm(formdata=None),
        refused=confirmation or dismissal,
        rules=rules_of(contest),
        **common(contest),
    )


def _worded(contest: Contest, laid: Laid) -> dict[str, Any]:
    """The figures as they are shown: totals and the threshold rounded as the total is, marks as they were given."""
    names, titles = names_by_email(db.session, contest.id), _titles(contest)
    figures, decimals = laid.figures, _decimals(laid)
    return {
        "experts": [names.get(email, email) for email in laid.emails],
        "totals": [None if total is None else round_half_up(total, laid.rounding) for total in figures.totals],
        "apart": round_half_up(figures.apart, decimals),
        "most": None if figures.most is None else round_half_up(figures.most, decimals),
        "totals_too_far": figures.totals_too_far,
        "rows": [{"title": titles.get(row.criterion.code, row.criterion), "row": row} for row in figures.criteria],
    }


def _decimals(laid: Laid) -> int:
    """With how many decimals the difference stands to what is allowed as the exact figures do."""
    apart, most = laid.figures.apart, laid.figures.most
    for decimals in range(laid.rounding, MOST_DECIMALS):
        if most is None or (round_half_up(apart, decimals) > round_half_up(most, decimals)) == (apart > most):
            return decimals
    return MOST_DECIMALS


def _titles(contest: Contest) -> dict[str, Criterion]:
    return {item.code: item for item in contest.criteria if item.kind == ExpertCriterion.kind}


def _candidates(contest: Contest, application_id: int, found: Divergence | None) -> list[applications.Candidate]:
    """Who could have the task instead of the one proposed, the best first; nobody where nothing is proposed."""
    if found is None or found.proposal is None:
        return []
    loads = places.experts(db.session, contest.id)
    wanted = rules_of(contest).experts_per_application
    row = applications.application_row(db.session, contest.id, application_id, wanted, loads) or abort(404)
    proposed = found.proposal.expert_id
    free = [
        one
        for one in applications.candidates(db.session, row, loads)
        if one.expert.id == proposed or not (one.barred or one.tasked)
    ]
    return sorted(free, key=lambda one: one.expert.id != proposed)[:OFFERED]


def _of_contest(model: Any, key: int | None, contest: Contest) -> Any:
    """The review or expert of this contest; None for any other number."""
    row = db.session.get(model, key) if is_id(key) else None
    return row if row is not None and row.contest_id == contest.id else None
