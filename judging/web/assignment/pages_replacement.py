"""A task is given to another expert: the one whom the system proposes, or any other who may have it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.collation import search_key, search_words
from judging.domain.distribution import RULE_LABELS
from judging.domain.errors import N_, RuleViolation
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import Action, ApplicationStatus, NotPossible, ReviewStatus, Subject, is_possible
from judging.extensions import db
from judging.models import Contest, Expert, Review
from judging.queries import scopes
from judging.queries.assignment import applications, places
from judging.queries.assignment.chips import BoardFilter
from judging.queries.assignment.replacing import Heir, heirs
from judging.queries.contests import by_code, rules_of
from judging.queries.paging import cut
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.addresses import tasks_url
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.choices import choice_of
from judging.web.assignment.forms import ReplacementForm
from judging.web.once import once
from judging.web.request_bounds import is_id
from judging.web.templating import translate


@blueprint.get("/staff/contests/<code>/assignment/reviews/<int:review_id>/replacement")
@requires(Permission.ASSIGN, scopes.review_in_contest_scope)
def replacement(code: str, review_id: int) -> Any:
    """Everybody who could have the task, the one whom the system proposes first."""
    review = db.session.get_one(Review, review_id)
    if not _is_admitted(review):
        abort(404)
    if not _replaceable(review):
        return redirect(_back(code, review.application_id))
    return _page(by_code(db.session, code), review, None)


@blueprint.post("/staff/contests/<code>/assignment/reviews/<int:review_id>/replacement")
@requires(Permission.ASSIGN, scopes.review_in_contest_scope)
@once
def replace_expert(code: str, review_id: int) -> Any:
    """Give the task to the chosen expert; of a task that is known both are told."""
    contest, form, review = by_code(db.session, code), ReplacementForm(), db.session.get_one(Review, review_id)
    application_id, heir = review.application_id, _chosen(form.expert_id.data, contest)
    if not _replaceable(review):
        raise NotPossible(N_("Only a task that is not handed in can be given to another expert."))
    valid = form.validate_on_submit()
    if heir is None:
        form.expert_id.errors = [gettext("Choose an expert.")]
    if not valid or heir is None:
        return _page(contest, review, form), 422
    try:
        made = assignment.reassign_review(
            db.session,
            contest,
            review,
            assignment.Reassignment(expert=heir, version=form.version.data or 0, reason=form.reason.data or ""),
            by=by_request(),
            tasks_url=tasks_url(),
        )
    except (Stale, GateClosed):
        raise
    except RuleViolation as refusal:
        return _refused(code, review_id, form, refusal)
    told = ReviewStatus(made.status) is ReviewStatus.ASSIGNED
    db.session.commit()
    done, written = gettext("The task is given to %(name)s.", name=heir.name), gettext("A letter has been sent.")
    flash(f"{done} {written}" if told else done, "success")
    return redirect(_back(code, application_id), code=303)


def _replaceable(review: Review) -> bool:
    status = ReviewStatus(review.status)
    return _is_admitted(review) and (status.is_off or is_possible(Subject.REVIEW, status, Action.REMOVE))


def _is_admitted(review: Review) -> bool:
    return review.application.status == ApplicationStatus.ADMITTED


def _chosen(key: int | None, contest: Contest) -> Expert | None:
    found = db.session.get(Expert, key) if is_id(key) else None
    return found if found is not None and found.contest_id == contest.id else None


def _refused(code: str, review_id: int, form: ReplacementForm, refusal: RuleViolation) -> Any:
    """The page with the refusal beside the reason; a task that is no longer there to be given has no such page."""
    db.session.rollback()
    review = db.session.get(Review, review_id)
    if review is None or not _replaceable(review):
        raise refusal
    form.reason.errors = [*form.reason.errors, translate(refusal.message, **refusal.params)]
    return _page(by_code(db.session, code), review, form), 422


def _page(contest: Contest, review: Review, form: ReplacementForm | None) -> str:
    wanted, choice = rules_of(contest).experts_per_application, choice_of(request.args)
    loads = places.experts(db.session, contest.id)
    row = applications.application_row(db.session, contest.id, review.application_id, wanted, loads)
    found = heirs(db.session, row, review, loads) if row else []
    task = next((one for one in row.tasks if one.id == review.id), None) if row else None
    proposed = next((one.candidate.expert.id for one in found if one.fits), None)
    shown = form or ReplacementForm(formdata=None, data={"version": review.version, "expert_id": proposed})
    return render_template(
        "assignment/replacement.html",
        row=row,
        task=task,
        proposed=proposed,
        choice=choice,
        page=cut(_looked_for(found, choice), choice.page),
        form=shown,
        refused=form,
        rules=RULE_LABELS,
        **common(contest),
    )


def _looked_for(found: list[Heir], choice: BoardFilter) -> list[Heir]:
    words = search_words(choice.text)
    texts = ((one, search_key(f"{one.candidate.expert.name} {one.candidate.expert.email}")) for one in found)
    return [one for one, text in texts if all(word in text for word in words)]


def _back(code: str, application_id: int) -> str:
    return url_for("assignment.application", code=code, application_id=application_id)
