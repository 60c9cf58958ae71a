"""What the secretary does by hand on the board: propose, remove, hand over, ask for an additional review."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import RuleViolation
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import ApplicationStatus
from judging.extensions import db
from judging.models import Application, Contest, Expert, Review
from judging.queries import scopes
from judging.queries.contests import by_code
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.addresses import tasks_url
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import application_page
from judging.web.assignment.choices import back_to
from judging.web.assignment.forms import ActForm, ProposalForm, RemovalForm
from judging.web.once import once
from judging.web.request_bounds import is_id
from judging.web.templating import translate

Proposes = Callable[..., Review]


@blueprint.post("/staff/contests/<code>/assignment/proposals")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def propose(code: str) -> Any:
    """Propose an expert for an application and go back to the row."""
    return _propose(code, assignment.propose_review)


@blueprint.post("/staff/contests/<code>/assignment/additional")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def propose_additional(code: str) -> Any:
    """Propose the expert of an additional review."""
    return _propose(code, assignment.add_additional_review)


@blueprint.post("/staff/contests/<code>/assignment/reviews/<int:review_id>/removal")
@requires(Permission.ASSIGN, scopes.review_in_contest_scope)
@once
def remove(code: str, review_id: int) -> Any:
    """Take a task off an expert, or hand it over to another one."""
    contest, form = by_code(db.session, code), RemovalForm()
    review = db.session.get_one(Review, review_id)
    application_id, expert_id = review.application_id, review.expert_id
    if not form.validate_on_submit():
        return application_page(contest, application_id, form), 422
    try:
        _remove(contest, review, form)
    except Stale:
        raise
    except RuleViolation as refusal:
        return _refused(code, application_id, form, refusal)
    db.session.commit()
    flash(gettext("The task is handed over.") if form.heir_id.data else gettext("The expert is removed."), "success")
    return _back(code, form.next.data, application_id, expert_id)


@blueprint.post("/staff/contests/<code>/assignment/proposals/removal")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def remove_proposals(code: str) -> Response:
    """Drop everything that no expert has been told of."""
    form = ActForm()
    number = assignment.remove_proposals(db.session, by_code(db.session, code), by=by_request())
    db.session.commit()
    flash(ngettext("%(num)d proposal is removed.", "%(num)d proposals are removed.", number), "success")
    return redirect(back_to(url_for("assignment.board", code=code), form.next.data), code=303)


def _propose(code: str, proposes: Proposes) -> Any:
    contest, form = by_code(db.session, code), ProposalForm()
    application = _of_contest(Application, form.application_id.data, contest)
    if application is None:
        return redirect(url_for("assignment.board", code=code), code=303)
    expert = _of_contest(Expert, form.expert_id.data, contest)
    valid = form.validate_on_submit()
    if expert is None:
        form.expert_id.errors = [gettext("Choose an expert.")]
    if not valid or expert is None:
        return application_page(contest, application.id, form), 422
    try:
        reason = form.reason.data or ""
        proposes(
            db.session,
            contest,
            expert=expert,
            application=application,
            reason=reason,
            by=by_request(),
        )
    except RuleViolation as refusal:
        return _refused(code, application.id, form, refusal)
    db.session.commit()
    flash(
        gettext("%(name)s is proposed for application %(number)s.", name=expert.name, number=application.number),
        "success",
    )
    return _back(code, form.next.data, application.id, expert.id)


def _remove(contest: Contest, review: Review, form: RemovalForm) -> None:
    version, reason = form.version.data or 0, form.reason.data or ""
    by = by_request()
    heir = _of_contest(Expert, form.heir_id.data, contest)
    if heir is None:
        assignment.remove_review(db.session, contest, review, version=version, reason=reason, by=by)
    else:
        assignment.reassign_review(
            db.session,
            contest,
            review,
            assignment.Reassignment(expert=heir, version=version, reason=reason),
            by=by,
            tasks_url=tasks_url(),
        )


def _of_contest(model: Any, key: int | None, contest: Contest) -> Any:
    """The application or expert of this contest; None for any other number."""
    found = db.session.get(model, key) if is_id(key) else None
    return found if found is not None and found.contest_id == contest.id else None


def _refused(code: str, application_id: int, form: ProposalForm | RemovalForm, refusal: RuleViolation) -> Any:
    """The application's page with the refusal beside the reason; an application no longer admitted has no such page."""
    db.session.rollback()
    admitted = db.session.get_one(Application, application_id).status == ApplicationStatus.ADMITTED
    if not admitted or isinstance(refusal, GateClosed):
        raise refusal
    text = translate(refusal.message, **refusal.params)
    form.reason.errors = [*form.reason.errors, text]
    return application_page(by_code(db.session, code), application_id, form), 422


def _back(code: str, asked: str | None, application_id: int, expert_id: int) -> Response:
    """Back to where the act was started, at the row it was about."""
    side = "expert" if "view=experts" in (asked or "") else "application"
    anchor = f"expert-{expert_id}" if side == "expert" else f"application-{application_id}"
    return redirect(back_to(url_for("assignment.board", code=code), asked or request.path, anchor), code=303)
