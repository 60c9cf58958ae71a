"""What the database says of the health of an installation."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, text
from sqlalchemy.orm import Session

from judging.models import AssignmentPlan, FirmnessReport

WORK = (AssignmentPlan, FirmnessReport)
PATIENCE = timedelta(minutes=5)
"""How long work may wait before somebody should look at the worker."""


def answers(session: Session) -> bool:
    """Ask for the revision of the tables; raise what the database raises."""
    return bool(session.scalar(text("SELECT count(*) FROM alembic_version")) == 1)


def in_hand(session: Session, now: datetime) -> bool:
    """Whether a worker has something in hand."""
    claimed = or_(*(exists().where(model.claimed_until > now) for model in WORK))
    return bool(session.scalar(select(claimed)))


def waits_too_long(session: Session, now: datetime) -> bool:
    """Whether something was asked for some minutes ago and nobody has taken it up."""
    oldest = (session.scalar(select(func.min(model.requested_at)).where(model.status == "queued")) for model in WORK)
    return any(at is not None and now - at > PATIENCE for at in oldest)
