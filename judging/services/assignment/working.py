"""Working a plan out: what a worker takes up, stores once under its claim, or gives back; see ``services.claims``."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from judging.domain.distribution import PlanKind
from judging.domain.errors import N_
from judging.domain.lifecycle import Action, PlanStatus, Subject, advance
from judging.models import AssignmentPlan, Contest, PlannedApplication, PlannedPair
from judging.services import claims
from judging.services.assignment.computing import Computed
from judging.services.assignment.protocol import Question, asked_of
from judging.services.assignment.situation import Situation, load_input
from judging.services.audit import Event, record
from judging.services.claims import MOST_ATTEMPTS, SYSTEM, Claim

INTERRUPTED = N_("The plan was interrupted three times and has been given up. Ask for a new one.")
BROKEN = N_("The plan could not be worked out: an error of the system, noted in its log. Ask for a new one.")

_EVENTS = {Action.FINISH: Event.PLAN_MADE, Action.FIND_IMPOSSIBLE: Event.PLAN_IMPOSSIBLE}


@dataclass(frozen=True)
class Task:
    """Everything needed to work a plan out without the database; ``contest`` is its code."""

    contest: str
    situation: Situation
    question: Question


def claim_plan(session: Session, *, now: datetime, plan_id: int | None = None) -> Claim | None:
    """Take the oldest due plan (or this one if it is due) for this worker alone; None where there is none.

    Plans whose lease has ended for the last time are given up.
    """
    for plan in claims.exhausted(session, AssignmentPlan, now=now):
        _fail(session, plan, INTERRUPTED, now)
    return claims.take(session, AssignmentPlan, now=now, only=plan_id)


def load_task(session: Session, claim: Claim) -> Task:
    """Read what the claimed plan is made from."""
    plan = session.get_one(AssignmentPlan, claim.id)
    contest = session.get_one(Contest, plan.contest_id)
    situation = load_input(session, contest, PlanKind(plan.kind))
    return Task(contest.code, situation, asked_of(plan, situation.document))


def waits(session: Session, *, now: datetime) -> bool:
    """Whether there is a plan to claim or to give up: a read, for workers that look often."""
    return claims.any_waits(session, AssignmentPlan, now=now)


def renew_claim(session: Session, claim: Claim, *, done: int, of: int, now: datetime) -> bool:
    """Prolong the lease and note the progress; False where the claim is lost, and the work is to be given up."""
    return claims.renew(session, AssignmentPlan, claim, done=done, of=of, now=now)


def store_result(session: Session, claim: Claim, computed: Computed, *, now: datetime) -> bool:
    """Store what came of the plan; False, and nothing stored, where the claim is lost."""
    plan = claims.held(session, AssignmentPlan, claim)
    if plan is None:
        return False
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), computed.action).value
    claims.let_go(plan)
    plan.finished_at, plan.phases_done = now, plan.phases
    plan.input_digest, plan.protocol = computed.digest, computed.protocol
    plan.diagnosis, plan.insights = computed.diagnosis, computed.insights
    plan.version += 1
    session.flush()
    _insert(session, PlannedApplication, plan.id, computed.served)
    _insert(session, PlannedPair, plan.id, computed.pairs)
    _note(session, plan, _EVENTS[computed.action], _details(computed), now)
    return True


def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """After an error: let the plan be tried again, or give it up after the last attempt."""
    plan = claims.held(session, AssignmentPlan, claim)
    if plan is None:
        return
    if plan.attempts >= MOST_ATTEMPTS:
        _fail(session, plan, BROKEN, now)
        return
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.RELEASE).value
    claims.let_go(plan)


def _fail(session: Session, plan: AssignmentPlan, error: str, now: datetime) -> None:
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.FAIL).value
    claims.let_go(plan)
    plan.finished_at, plan.error = now, error
    plan.version += 1
    _note(session, plan, Event.PLAN_FAILED, {"attempts": plan.attempts}, now)


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


def _note(session: Session, plan: AssignmentPlan, event: Event, details: dict[str, Any], now: datetime) -> None:
    contest = session.get_one(Contest, plan.contest_id)
    record(
        session,
        event,
        actor=SYSTEM,
        now=now,
        subject=plan,
        label=contest.title,
        contest_id=contest.id,
        details=details,
    )
