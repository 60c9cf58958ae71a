"""Working a plan out, as its job does it: read, stored once, given up, and taken up again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.distribution import PlanKind
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import Action, PlanStatus, Subject, advance
from judging.models import AssignmentPlan, Contest, PlannedApplication, PlannedPair
from judging.services.assignment.plan_compute import Computed
from judging.services.assignment.plan_input import Situation, load_input
from judging.services.assignment.plan_protocol import Question, asked_of
from judging.services.calculations import held, note

INTERRUPTED = N_("The plan was interrupted three times and has been given up. Ask for a new one.")
BROKEN = N_("The plan could not be worked out: an error of the system, noted in its log. Ask for a new one.")

_EVENTS = {Action.FINISH: Event.PLAN_MADE, Action.FIND_IMPOSSIBLE: Event.PLAN_IMPOSSIBLE}


@dataclass(frozen=True)
class PlanTask:
    """Everything needed to work a plan out without the database; ``contest`` is its code."""

    contest: str
    situation: Situation
    question: Question


def load_task(session: Session, plan_id: int) -> PlanTask | None:
    """Read what the plan is made from; None where nobody waits for it any longer."""
    plan = session.get(AssignmentPlan, plan_id)
    if plan is None or plan.status != PlanStatus.QUEUED:
        return None
    contest = session.get_one(Contest, plan.contest_id)
    situation = load_input(session, contest, PlanKind(plan.kind))
    return PlanTask(contest.code, situation, asked_of(plan, situation.document))


def store_result(session: Session, plan_id: int, computed: Computed, *, by: By) -> bool:
    """Store what came of the plan; False, and nothing stored, where nobody waits for it any longer."""
    plan = held(session, AssignmentPlan, plan_id, PlanStatus.QUEUED)
    if plan is None:
        return False
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), computed.action).value
    plan.finished_at = by.now
    plan.input_digest, plan.protocol = computed.digest, computed.protocol
    plan.diagnosis, plan.insights = computed.diagnosis, computed.insights
    plan.version += 1
    session.flush()
    _insert(session, PlannedApplication, plan.id, computed.served)
    _insert(session, PlannedPair, plan.id, computed.pairs)
    note(session, plan, _EVENTS[computed.action], _details(computed), by=by)
    return True


def give_up(session: Session, plan_id: int, *, interrupted: bool, attempts: int, by: By) -> None:
    """After the last attempt: say so on the plan, where somebody still waits for it."""
    plan = held(session, AssignmentPlan, plan_id, PlanStatus.QUEUED)
    if plan is None:
        return
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.FAIL).value
    plan.finished_at, plan.error = by.now, INTERRUPTED if interrupted else BROKEN
    plan.version += 1
    note(session, plan, Event.PLAN_FAILED, {"attempts": attempts}, by=by)


def revive(session: Session, plan_id: int, *, by: By) -> bool:
    """Let a plan that was given up wait again; False where it was dropped meanwhile."""
    plan = held(session, AssignmentPlan, plan_id, PlanStatus.FAILED)
    if plan is None:
        return False
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.RETRY).value
    plan.finished_at, plan.error = None, None
    plan.version += 1
    note(session, plan, Event.PLAN_RETRIED, {}, by=by)
    return True


def _insert(session: Session, model: Any, plan_id: int, items: Sequence[Any]) -> None:
    if items:
        session.execute(insert(model), [{"plan_id": plan_id, **asdict(item)} for item in items])


def _details(computed: Computed) -> dict[str, Any]:
    if computed.insights is None:
        return {"sha256": computed.digest, "kind": computed.diagnosis["kind"] if computed.diagnosis else ""}
    result = computed.protocol["result"]
    return {
        "sha256": computed.digest,
        "added": computed.insights["added"],
        "missing": sum(result["missing"].values()),
        "floor": result["floor"],
        "total": result["total"],
    }
