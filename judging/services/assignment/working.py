"""Who works a plan out: claims with a lease, and a result that is stored once, by whoever still holds the claim.

A worker claims a plan under a new token, works outside any transaction and renews its lease meanwhile. If it dies, the
lease ends and another one claims the plan; a result is stored only under the token that the plan has then, so a worker
that was merely slow finds its claim gone and stores nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.distribution import PlanKind
from judging.domain.errors import N_
from judging.domain.lifecycle import Action, PlanStatus, Subject, advance
from judging.models import AssignmentPlan, Contest, PlannedApplication, PlannedPair
from judging.services.assignment.computing import Computed
from judging.services.assignment.protocol import Question, asked_of
from judging.services.assignment.situation import Situation, load_input
from judging.services.audit import Event, record

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
INTERRUPTED = N_("The plan was interrupted three times and has been given up. Ask for a new one.")
BROKEN = N_("The plan could not be worked out: an error of the system, noted in its log. Ask for a new one.")
SYSTEM = Actor(user_id=None, name="system", grants={})
"""Whoever works in the background; what it does was asked for by the person whom the plan names."""

_EVENTS = {Action.FINISH: Event.PLAN_MADE, Action.FIND_IMPOSSIBLE: Event.PLAN_IMPOSSIBLE}


@dataclass(frozen=True)
class Claim:
    """A plan in this worker's hands, as long as the plan has this ``token``."""

    plan_id: int
    token: str


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
    for exhausted in session.scalars(select(AssignmentPlan).where(_exhausted(now)).with_for_update(skip_locked=True)):
        _fail(session, exhausted, INTERRUPTED, now)
    token = token_hex(16)
    oldest = select(AssignmentPlan.id).where(_due(now)).order_by(AssignmentPlan.id).limit(1)
    if plan_id is not None:
        oldest = oldest.where(AssignmentPlan.id == plan_id)
    taken = session.scalar(
        update(AssignmentPlan)
        .where(AssignmentPlan.id == oldest.with_for_update(skip_locked=True).scalar_subquery(), _due(now))
        .values(
            status=advance(Subject.PLAN, PlanStatus.QUEUED, Action.START).value,
            claim_token=token,
            claimed_until=now + LEASE,
            attempts=AssignmentPlan.attempts + 1,
            started_at=now,
            phases_done=0,
        )
        .returning(AssignmentPlan.id)
        .execution_options(synchronize_session=False)
    )
    return None if taken is None else Claim(taken, token)


def load_task(session: Session, claim: Claim) -> Task:
    """Read what the claimed plan is made from."""
    plan = session.get_one(AssignmentPlan, claim.plan_id)
    contest = session.get_one(Contest, plan.contest_id)
    situation = load_input(session, contest, PlanKind(plan.kind))
    return Task(contest.code, situation, asked_of(plan, situation.document))


def waits(session: Session, *, now: datetime) -> bool:
    """Whether there is a plan to claim or to give up: a read, for workers that look often."""
    return session.scalar(select(AssignmentPlan.id).where(or_(_due(now), _exhausted(now))).limit(1)) is not None


def renew_claim(session: Session, claim: Claim, *, done: int, of: int, now: datetime) -> bool:
    """Prolong the lease and note the progress; False where the claim is lost, and the work is to be given up."""
    held = session.execute(
        update(AssignmentPlan)
        .where(_held(claim))
        .values(claimed_until=now + LEASE, phases_done=done, phases=of)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE


def store_result(session: Session, claim: Claim, computed: Computed, *, now: datetime) -> bool:
    """Store what came of the plan; False, and nothing stored, where the claim is lost."""
    plan = session.scalar(
        select(AssignmentPlan).where(_held(claim)).with_for_update().execution_options(populate_existing=True)
    )
    if plan is None:
        return False
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), computed.action).value
    plan.claim_token = plan.claimed_until = None
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
    plan = session.scalar(
        select(AssignmentPlan).where(_held(claim)).with_for_update().execution_options(populate_existing=True)
    )
    if plan is None:
        return
    if plan.attempts >= MOST_ATTEMPTS:
        _fail(session, plan, BROKEN, now)
        return
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.RELEASE).value
    plan.claim_token = plan.claimed_until = None


def _due(now: datetime) -> ColumnElement[bool]:
    """Plans that wait, and those whose worker has let the lease end."""
    over = and_(AssignmentPlan.status == PlanStatus.RUNNING, AssignmentPlan.claimed_until <= now)
    return and_(or_(AssignmentPlan.status == PlanStatus.QUEUED, over), AssignmentPlan.attempts < MOST_ATTEMPTS)


def _exhausted(now: datetime) -> ColumnElement[bool]:
    return and_(
        AssignmentPlan.status == PlanStatus.RUNNING,
        AssignmentPlan.claimed_until <= now,
        AssignmentPlan.attempts >= MOST_ATTEMPTS,
    )


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(
        AssignmentPlan.id == claim.plan_id,
        AssignmentPlan.claim_token == claim.token,
        AssignmentPlan.status == PlanStatus.RUNNING,
    )


def _fail(session: Session, plan: AssignmentPlan, error: str, now: datetime) -> None:
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.FAIL).value
    plan.claim_token = plan.claimed_until = None
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
