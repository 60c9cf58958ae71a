"""Checks of draft plans: whose they are, their hashes, and what became of the applied ones."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from judging.domain.distribution import Change, input_digest
from judging.domain.events import Event
from judging.domain.lifecycle import PlanStatus
from judging.models import (
    Application,
    AssignmentPlan,
    Expert,
    JournalRecord,
    PlannedApplication,
    PlannedPair,
    Review,
)
from judging.queries.invariants.checks import Offence

Pair = tuple[int, int]
"""(expert id, application id)."""


def strangers(session: Session) -> Iterator[Offence]:
    """Yield planned pairs and applications whose expert or application is of another contest than the plan."""
    pairs = session.scalars(
        select(PlannedPair.id)
        .join(AssignmentPlan, AssignmentPlan.id == PlannedPair.plan_id)
        .join(Expert, Expert.id == PlannedPair.expert_id)
        .join(Application, Application.id == PlannedPair.application_id)
        .where((Expert.contest_id != AssignmentPlan.contest_id) | (Application.contest_id != AssignmentPlan.contest_id))
        .order_by(PlannedPair.id)
    )
    yield from (Offence("planned pair", key) for key in pairs)
    applications = session.execute(
        select(PlannedApplication.plan_id, PlannedApplication.application_id)
        .join(AssignmentPlan, AssignmentPlan.id == PlannedApplication.plan_id)
        .join(Application, Application.id == PlannedApplication.application_id)
        .where(Application.contest_id != AssignmentPlan.contest_id)
        .order_by(PlannedApplication.plan_id, PlannedApplication.application_id)
    )
    yield from (Offence("plan", row.plan_id, f"application {row.application_id}") for row in applications)


def false_hashes(session: Session) -> Iterator[Offence]:
    """Yield plans whose protocol gives another hash than the one stored with them."""
    plans = session.scalars(
        select(AssignmentPlan)
        .where(AssignmentPlan.input_digest.is_not(None))
        .options(undefer(AssignmentPlan.protocol))
        .order_by(AssignmentPlan.id)
        .execution_options(yield_per=20)
    )
    for plan in plans:
        document: Any = (plan.protocol or {}).get("input")
        if (
            input_digest(document, goal=plan.goal, seed=plan.seed, partial=plan.partial, keep=plan.keep)
            != plan.input_digest
        ):
            yield Offence("plan", plan.id, plan.input_digest or "")


def unexplained(session: Session) -> Iterator[Offence]:
    """Yield applied plans of which the journal knows nothing, or another hash."""
    records = session.execute(
        select(JournalRecord.subject_id, JournalRecord.details).where(JournalRecord.event == Event.PLAN_APPLIED)
    )
    known = {row.subject_id: row.details.get("sha256") for row in records}
    plans = session.execute(
        select(AssignmentPlan.id, AssignmentPlan.input_digest)
        .where(AssignmentPlan.status == PlanStatus.APPLIED)
        .order_by(AssignmentPlan.id)
    )
    return (Offence("plan", row.id, "no record") for row in plans if known.get(row.id) != row.input_digest)


def lost_pairs(session: Session) -> Iterator[Offence]:
    """Yield pairs that an applied plan added, that are no task, and whose removal is recorded nowhere."""
    rows = session.execute(
        select(PlannedPair.id, PlannedPair.expert_id, PlannedPair.application_id, AssignmentPlan.contest_id,
               AssignmentPlan.closed_at, Expert.email)
        .join(AssignmentPlan, AssignmentPlan.id == PlannedPair.plan_id)
        .join(Expert, Expert.id == PlannedPair.expert_id)
        .outerjoin(Review, (Review.expert_id == PlannedPair.expert_id)
                   & (Review.application_id == PlannedPair.application_id))
        .where(AssignmentPlan.status == PlanStatus.APPLIED, PlannedPair.chosen, PlannedPair.change == Change.ADD)
        .where(Review.id.is_(None))
        .order_by(PlannedPair.id)
    ).all()  # fmt: skip
    if not rows:
        return
    removed = _Removals(session)
    for row in rows:
        if not removed.explain(row):
            yield Offence("planned pair", row.id)


class _Removals:
    """When tasks were taken away: by hand, all proposals of a contest at once, or by a later plan."""

    def __init__(self, session: Session) -> None:
        self.by_hand: defaultdict[tuple[int | None, str], list[datetime]] = defaultdict(list)
        self.at_once: defaultdict[int | None, list[datetime]] = defaultdict(list)
        self.by_plan: defaultdict[Pair, list[datetime]] = defaultdict(list)
        records = session.execute(
            select(JournalRecord.at, JournalRecord.subject_id, JournalRecord.contest_id, JournalRecord.details).where(
                JournalRecord.event == Event.ASSIGNMENT_REMOVED
            )
        )
        for row in records:
            if "expert" in row.details:
                self.by_hand[row.subject_id, row.details["expert"]].append(row.at)
            else:
                self.at_once[row.contest_id].append(row.at)
        for row in session.execute(_removed_by_plans()):
            self.by_plan[row.expert_id, row.application_id].append(row.closed_at)

    def explain(self, row: Any) -> bool:
        """Whether one of them came after the plan of ``row`` was applied."""
        instants = (
            *self.by_hand[row.application_id, row.email],
            *self.at_once[row.contest_id],
            *self.by_plan[row.expert_id, row.application_id],
        )
        return any(at >= row.closed_at for at in instants)


def _removed_by_plans() -> Any:
    return (
        select(PlannedPair.expert_id, PlannedPair.application_id, AssignmentPlan.closed_at)
        .join(AssignmentPlan, AssignmentPlan.id == PlannedPair.plan_id)
        .where(AssignmentPlan.status == PlanStatus.APPLIED, PlannedPair.chosen, PlannedPair.change == Change.REMOVE)
    )
