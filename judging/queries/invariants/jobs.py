"""Checks of what runs beside the requests: each job is of a known kind, and whatever waits for one has it."""

from collections.abc import Iterator

from sqlalchemy import String, cast, exists, literal, select
from sqlalchemy.orm import Session

from judging.domain.jobs import OPEN, JobKind
from judging.domain.letters import MAX_ATTEMPTS
from judging.domain.lifecycle import FirmnessStatus, PlanStatus
from judging.models import AssignmentPlan, FirmnessReport, Job, Letter
from judging.queries.accounts import held_back
from judging.queries.invariants.checks import Offence

WAITERS = (
    ("plan", AssignmentPlan.id, JobKind.PLANS, AssignmentPlan.status == PlanStatus.QUEUED),
    ("report", FirmnessReport.id, JobKind.FIRMNESS, FirmnessReport.status == FirmnessStatus.QUEUED),
    ("letter", Letter.id, JobKind.LETTERS, Letter.sent_at.is_(None) & (Letter.attempts < MAX_ATTEMPTS) & ~held_back()),
)
"""What waits for a job: its name, its id, the kind of the job, and the condition that it still waits."""


def unknown_kinds(session: Session) -> Iterator[Offence]:
    """Yield jobs that no worker will ever take up: of a kind that the program does not know."""
    rows = session.execute(select(Job.id, Job.kind).where(Job.kind.not_in([kind.value for kind in JobKind])))
    return (Offence("job", row.id, row.kind) for row in rows)


def forgotten(session: Session) -> Iterator[Offence]:
    """Yield what waits for a job that is not there, or is over."""
    for subject, row_id, kind, waits in WAITERS:
        key = literal(f"{kind}:") + cast(row_id, String)
        asked = exists().where(Job.key == key, Job.state.in_(OPEN))
        for found in session.scalars(select(row_id).where(waits, ~asked).order_by(row_id)):
            yield Offence(subject, found, "waits for a job that is not there")
