"""What the database says of the health of an installation."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from judging.domain.jobs import JobKind, JobState
from judging.models import Job
from judging.models.base import UtcDateTime

PATIENCE = timedelta(minutes=5)
"""How long work may wait before somebody should look at the worker."""


def answers(session: Session) -> bool:
    """Ask for the revision of the tables; raise what the database raises."""
    return bool(session.scalar(text("SELECT count(*) FROM alembic_version")) == 1)


def in_hand(session: Session, now: datetime) -> bool:
    """Whether a worker has something in hand."""
    claimed = exists().where(Job.state == JobState.RUNNING, Job.lease_until > now)
    return bool(session.scalar(select(claimed)))


def waits_too_long(session: Session, now: datetime) -> bool:
    """Whether something was asked for some minutes ago and nobody has taken it up; letters may have no mail server."""
    due = func.coalesce(Job.run_at, Job.asked_at, type_=UtcDateTime) < now - PATIENCE
    return (
        session.scalar(select(Job.id).where(Job.state == JobState.WAITING, Job.kind != JobKind.LETTERS, due).limit(1))
        is not None
    )
