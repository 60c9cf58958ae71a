"""The pages about a draft of the distribution that several views show."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from flask import render_template, request

from judging.domain.affinity import WEIGHTS
from judging.domain.distribution import (
    ADDITIONAL_CALL_HINTS,
    CHANGE_LABELS,
    GOAL_HINTS,
    GOAL_LABELS,
    QUEUE_HINTS,
    RULE_LABELS,
    Change,
    PlanKind,
)
from judging.domain.jobs import JobKind, key_of
from judging.domain.lifecycle import PlanStatus
from judging.extensions import db
from judging.models import AssignmentPlan, Contest
from judging.queries.assignment import places, plans
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.tight import tight_group
from judging.queries.contests import rules_of
from judging.queries.jobs import JobProgress, progress_of_job
from judging.services import assignment
from judging.web.assignment.board_rendering import common
from judging.web.assignment.choices import DRAFT_SORTS, VIEWS, choice_of
from judging.web.assignment.forms import DraftForm, PlanForm
from judging.web.assignment.plan_words import (
    applied_words,
    figures,
    match_figure,
    proof,
    relaxations,
    rule_sentences,
    state_of,
    words,
)
from judging.web.listing import one_of
from judging.web.offers import acts_on_plan
from judging.web.regions import region_options
from judging.web.templating import translate

Changes = Sequence[str]


def plan_common(contest: Contest) -> dict[str, Any]:
    """What every page about drafts needs."""
    return {
        **common(contest),
        "goals": GOAL_LABELS,
        "additional_hints": {call.value: translate(hint) for call, hint in ADDITIONAL_CALL_HINTS.items()},
        "goal_hints": {goal.value: translate(hint) for goal, hint in GOAL_HINTS.items()},
        "queue_hints": {order.value: translate(hint) for order, hint in QUEUE_HINTS.items()},
        "changes": CHANGE_LABELS,
        "rule_labels": RULE_LABELS,
        "match_figure": match_figure,
        "words": words,
    }


def banner(plan: AssignmentPlan | None) -> dict[str, Any]:
    """What the board says of the open draft."""
    status = status_of(plan)
    totals = plans.plan_totals(db.session, plan) if plan is not None and status and status.has_pairs else None
    state = plan_state(plan) if plan is not None else None
    return {"plan": plan, "plan_status": status, "plan_state": state, "plan_totals": totals}


def status_of(plan: AssignmentPlan | None) -> PlanStatus | None:
    """The status of the open draft; None where there is none."""
    return None if plan is None else PlanStatus(plan.status)


def new_plan_page(contest: Contest, form: PlanForm) -> str:
    """The form that asks for a draft, beside what the calculation has to go by."""
    rules = plans.assignment_rules(db.session, contest.id)
    wanted = rules_of(contest).experts_per_application
    loads = places.experts(db.session, contest.id)
    diverged = divergences(db.session, contest.id) if form.asked_kind is PlanKind.ADDITIONAL else ()
    return render_template(
        "assignment/new_plan.html",
        form=form,
        rules=rules,
        wanted=wanted,
        coverage=places.coverage(db.session, contest.id, wanted, loads),
        diverged=sum(item.open for item in diverged),
        experts=len(loads),
        room=sum(one.room for one in loads),
        earlier=plans.current_plan(db.session, contest.id),
        rule_sentences=rule_sentences(rules),
        **plan_common(contest),
    )


def draft_page(
    contest: Contest, plan: AssignmentPlan | None, changes: Changes | None = None, *, changed: bool = False
) -> str:
    """The draft in whatever state it is.

    ``changes`` are what has changed since it was calculated, where known; ``changed``: the draft itself is another one
    than the page before showed, so what was asked for was not done.
    """
    context = PARTS.get(plan.status, _nothing_more)(contest, plan) if plan is not None else {}
    found = {**context, **({} if changes is None else {"since": changes})}
    return render_template(
        "assignment/draft.html",
        plan=plan,
        plan_status=status_of(plan),
        plan_acts=acts_on_plan(plan, contest),
        changed=changed,
        **found,
        **plan_common(contest),
    )


def confirmation_page(contest: Contest, plan: AssignmentPlan, *, changed: bool = False) -> str:
    """What applying would do; ``changed``: the ticks were changed elsewhere since the page before."""
    totals = plans.plan_totals(db.session, plan)
    return render_template(
        "assignment/confirmation.html",
        plan=plan,
        totals=totals,
        said=applied_words(totals),
        since=_since(contest, plan),
        changed=changed,
        form=DraftForm(formdata=None, data={"plan_id": plan.id, "version": plan.version}),
        **plan_common(contest),
    )


def plan_state(plan: AssignmentPlan) -> dict[str, Any]:
    """How far the calculation of a draft is."""
    return state_of(plan, _job_of(plan))


def _job_of(plan: AssignmentPlan) -> JobProgress:
    return progress_of_job(db.session, key_of(JobKind.PLANS, plan.id))


def _failed(_contest: Contest, plan: AssignmentPlan) -> dict[str, Any]:
    return {"attempts": _job_of(plan).attempt}


def _nothing_more(_contest: Contest, _plan: AssignmentPlan) -> dict[str, Any]:
    return {}


def _running(_contest: Contest, plan: AssignmentPlan) -> dict[str, Any]:
    return {"state": plan_state(plan)}


def _impossible(contest: Contest, plan: AssignmentPlan) -> dict[str, Any]:
    return {
        "diagnosis": [words(one) for one in plans.diagnosis_messages(db.session, plan)],
        "relaxations": relaxations(contest.code, plan, plans.relaxation_messages(db.session, plan)),
        "tight": tight_group(db.session, plan),
    }


def _pairs(contest: Contest, plan: AssignmentPlan) -> dict[str, Any]:
    view = one_of(request.args, "view", VIEWS, VIEWS[0])
    choice = choice_of(request.args, DRAFT_SORTS[view])
    page: Any = (plans.load_page if view == "experts" else plans.plan_page)(db.session, plan, choice)
    totals = plans.plan_totals(db.session, plan)
    boxes = [pair for row in page.rows for pair in row.pairs if pair.change != Change.KEEP]
    return {
        "view": view,
        "choice": choice,
        "page": page,
        "totals": totals,
        "figures": figures(contest.code, totals),
        "proof": proof(totals, keep=plan.keep),
        "scale": [(level, match_figure(weight)) for level, weight in sorted(WEIGHTS.items(), reverse=True)],
        "boxes": [pair.id for pair in boxes],
        "boxes_ticked": [pair.id for pair in boxes if pair.chosen],
        "boxes_key": crc32(repr([pair.id for pair in boxes]).encode()),
        "region_options": region_options(places.regions(db.session, contest.id)),
        "since": _since(contest, plan),
    }


def _since(contest: Contest, plan: AssignmentPlan) -> tuple[str, ...]:
    return tuple(words(change) for change in assignment.plan_changes(db.session, contest, plan))


PARTS: Mapping[str, Callable[[Contest, AssignmentPlan], dict[str, Any]]] = {
    PlanStatus.QUEUED: _running,
    PlanStatus.FAILED: _failed,
    PlanStatus.IMPOSSIBLE: _impossible,
    PlanStatus.READY: _pairs,
    PlanStatus.OUTDATED: _pairs,
}
