"""The tasks that experts refused, with whom the system proposes for each; a replacement is one press."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import RuleViolation
from judging.domain.gates import GateClosed
from judging.extensions import db
from judging.models import Contest, Expert, Review
from judging.queries import scopes
from judging.queries.assignment.replacements import refused_page
from judging.queries.contests import by_code, rules_of
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.addresses import tasks_url
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.forms import AskAgainForm, ReplacementForm
from judging.web.listing import page_of
from judging.web.once import once
from judging.web.request_bounds import is_id
from judging.web.templating import translate


@blueprint.get("/staff/contests/<code>/progress/refusals")
@requires(Permission.SEE_MONITOR, scopes.contest_scope)
def refusals(code: str) -> str:
    """Who refused what and why, and the best expert for each place that is still empty."""
    return _page(by_code(db.session, code))


@blueprint.post("/staff/contests/<code>/progress/refusals/<int:review_id>/replacement")
@requires(Permission.ASSIGN, scopes.review_in_contest_scope)
@once
def replace(code: str, review_id: int) -> Any:
    """Assign the chosen expert in the place of the one who refused, and tell them."""
    contest, form = by_code(db.session, code), ReplacementForm()
    review = db.session.get_one(Review, review_id)
    expert = db.session.get(Expert, form.expert_id.data) if is_id(form.expert_id.data) else None
    if expert is None or expert.contest_id != contest.id:
        return _page(contest, gettext("Choose an expert.")), 422
    change = assignment.Reassignment(expert, form.stated_version)
    try:
        assignment.replace_refused(db.session, contest, review, change, by=by_request(), tasks_url=tasks_url())
    except RuleViolation as refusal:
        return _refused(code, refusal)
    number, name = review.application.number, expert.name
    db.session.commit()
    flash(
        gettext("%(name)s is assigned to application %(number)s; a letter is queued.", name=name, number=number),
        "success",
    )
    return _back(code)


@blueprint.post("/staff/contests/<code>/progress/refusals/<int:review_id>/asking")
@requires(Permission.ASSIGN, scopes.review_in_contest_scope)
@once
def ask_again(code: str, review_id: int) -> Any:
    """Give the task to the same expert again."""
    contest, form = by_code(db.session, code), AskAgainForm()
    review = db.session.get_one(Review, review_id)
    try:
        assignment.ask_again(
            db.session, contest, review, version=form.stated_version, by=by_request(), tasks_url=tasks_url()
        )
    except RuleViolation as refusal:
        return _refused(code, refusal)
    name = review.expert.name
    db.session.commit()
    flash(gettext("%(name)s has the task again; a letter is queued.", name=name), "success")
    return _back(code)


def _refused(code: str, refusal: RuleViolation) -> Any:
    """The page as it is now, with why nothing was done."""
    db.session.rollback()
    if isinstance(refusal, GateClosed):
        raise refusal
    stale = isinstance(refusal, Stale)
    words = (
        gettext("Meanwhile somebody else has changed this task. Look at it again.")
        if stale
        else translate(refusal.message, **refusal.params)
    )
    return _page(by_code(db.session, code), words), 409 if stale else 422


def _page(contest: Contest, refusal: str | None = None) -> str:
    wanted = rules_of(contest).experts_per_application
    return render_template(
        "assignment/refusals.html",
        page=refused_page(db.session, contest.id, wanted, page_of(request.args)),
        refusal=refusal,
        **common(contest),
    )


def _back(code: str) -> Response:
    return redirect(url_for("assignment.refusals", code=code), code=303)
