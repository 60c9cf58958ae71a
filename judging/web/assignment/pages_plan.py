"""The draft of the distribution: asked for, looked at, ticked, applied or dropped. Experts see nothing of any of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from judging import jobs
from judging.domain.access import Permission
from judging.domain.canonical import canonical_json
from judging.domain.distribution import Goal, PlanKind
from judging.domain.lifecycle import PlanStatus
from judging.domain.plan_explanation import Message
from judging.extensions import db
from judging.models import AssignmentPlan, Contest
from judging.queries import scopes
from judging.queries.assignment import plans
from judging.queries.contests import by_code
from judging.services import assignment
from judging.services.assignment.plan_edit import PlanOutdated
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.forms import DraftForm, PlanForm
from judging.web.assignment.plan_rendering import confirmation_page, draft_page, new_plan_page, plan_state
from judging.web.assignment.plan_words import applied_words, words
from judging.web.downloads import file_answer
from judging.web.once import once
from judging.web.phases import afterwards, begin_writing


@blueprint.get("/staff/contests/<code>/assignment/plan")
@requires(Permission.ASSIGN, scopes.contest_scope)
def new_plan(code: str) -> str:
    """Choose what the best plan is and have a draft calculated."""
    contest = by_code(db.session, code)
    rules = plans.assignment_rules(db.session, contest.id)
    kind = PlanKind.ADDITIONAL if request.args.get("kind") == PlanKind.ADDITIONAL else PlanKind.REGULAR
    values = {"goal": rules.goal.value, "seed": rules.seed, "kind": kind.value, "keep": True}
    return new_plan_page(contest, PlanForm(formdata=None, data=values))


@blueprint.post("/staff/contests/<code>/assignment/plan")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def plan(code: str) -> Any:
    """Have a draft calculated: a small one at once, a great one by the worker."""
    contest, form = by_code(db.session, code), PlanForm()
    if not form.validate_on_submit():
        return new_plan_page(contest, form), 422
    asked = assignment.request_plan(
        db.session,
        contest,
        assignment.PlanRequest(
            goal=Goal(form.goal.data),
            seed=form.seed.data,
            kind=form.asked_kind,
            partial=bool(form.partial.data),
            keep=bool(form.keep.data),
        ),
        by=by_request(),
    )
    at_once, plan_id = assignment.is_small(db.session, contest), asked.id
    db.session.commit()
    if at_once:
        afterwards(partial(_work_out, plan_id))
    return redirect(url_for("assignment.draft", code=code), code=303)


@blueprint.get("/staff/contests/<code>/assignment/draft")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def draft(code: str) -> str:
    """The draft as it is: being calculated, calculated, impossible or failed."""
    contest = by_code(db.session, code)
    return draft_page(contest, plans.current_plan(db.session, contest.id))


@blueprint.get("/staff/contests/<code>/assignment/draft/state")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def draft_state(code: str) -> Response:
    """How far the calculation is, for the script that keeps the page true."""
    found = plans.current_plan(db.session, by_code(db.session, code).id)
    return jsonify({"over": True} if found is None else plan_state(found))


@blueprint.get("/staff/contests/<code>/assignment/draft/protocol")
@requires(Permission.SEE_ASSIGNMENT, scopes.contest_scope)
def protocol(code: str) -> Any:
    """The protocol of the draft as a file: all it depends on and what came of it, to be recomputed by anybody."""
    found = plans.current_plan(db.session, by_code(db.session, code).id)
    if found is None or found.protocol is None:
        return redirect(url_for("assignment.draft", code=code), code=303)
    return file_answer(canonical_json(found.protocol), "application/json", f"assignment-{found.id}.json")


@blueprint.post("/staff/contests/<code>/assignment/draft/removal")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def discard(code: str) -> Any:
    """Drop the draft."""
    contest, form = by_code(db.session, code), DraftForm()
    try:
        found = shown_draft(contest, form)
        assignment.discard_plan(db.session, contest, found, version=form.stated_version, by=by_request())
    except Stale:
        return overtaken(code), 409
    db.session.commit()
    flash(gettext("The draft is dropped. Nothing was applied."), "success")
    return redirect(url_for("assignment.board", code=code), code=303)


@blueprint.get("/staff/contests/<code>/assignment/draft/application")
@requires(Permission.ASSIGN, scopes.contest_scope)
def confirmation(code: str) -> Any:
    """What applying the draft will do, in figures."""
    contest = by_code(db.session, code)
    found = plans.current_plan(db.session, contest.id)
    if found is None or not PlanStatus(found.status).is_ready:
        return redirect(url_for("assignment.draft", code=code), code=303)
    return confirmation_page(contest, found)


@blueprint.post("/staff/contests/<code>/assignment/draft/application")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def apply_draft(code: str) -> Any:
    """Make proposals of what is ticked; the experts are told by another act."""
    contest, form = by_code(db.session, code), DraftForm()
    try:
        found = shown_draft(contest, form)
        said = applied_words(plans.plan_totals(db.session, found))
        assignment.apply_plan(db.session, contest, found, version=form.stated_version, by=by_request())
    except Stale:
        return _confirmed_anew(code, form), 409
    except PlanOutdated as refusal:
        return _outdated(code, refusal.current.id, refusal.changes), 409
    db.session.commit()
    done, hidden = gettext("The draft is applied."), gettext("The experts see nothing until you tell them.")
    flash(f"{done} {said} {hidden}", "success")
    return redirect(url_for("assignment.board", code=code), code=303)


def _work_out(plan_id: int) -> None:
    """Work a small plan out within the request; what cannot be done now the worker does later."""
    try:
        jobs.run_plan(plan_id)
    except SQLAlchemyError:
        current_app.logger.warning("plan %d is left to the worker", plan_id, exc_info=True)


def shown_draft(contest: Contest, form: DraftForm) -> AssignmentPlan:
    """The open draft if it is the one that the page showed; raise ``Stale`` for another one or none."""
    found = plans.current_plan(db.session, contest.id)
    if found is None or found.id != form.plan_id.data:
        raise Stale(found or contest)
    return found


def overtaken(code: str) -> str:
    """The draft as it is now: it is not what the page showed any more."""
    db.session.rollback()
    contest = by_code(db.session, code)
    return draft_page(contest, plans.current_plan(db.session, contest.id), changed=True)


def _confirmed_anew(code: str, form: DraftForm) -> str:
    """The same draft was ticked elsewhere meanwhile: the confirmation once more, with the figures of now."""
    db.session.rollback()
    contest = by_code(db.session, code)
    found = plans.current_plan(db.session, contest.id)
    if found is None or found.id != form.plan_id.data or not PlanStatus(found.status).is_ready:
        return overtaken(code)
    return confirmation_page(contest, found, changed=True)


def _outdated(code: str, plan_id: int, changes: Sequence[Message]) -> str:
    """Mark the draft as out of date, in a transaction of its own, and show it with what has changed."""
    begin_writing()
    contest, found = by_code(db.session, code), db.session.get_one(AssignmentPlan, plan_id)
    assignment.outdate_plan(db.session, contest, found, by=by_request())
    db.session.commit()
    return draft_page(contest, found, changes=tuple(words(change) for change in changes))
