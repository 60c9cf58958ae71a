"""The instants by which the queue decides: the database's own on PostgreSQL, the caller's on SQLite."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, func, literal, select
from sqlalchemy.orm import Session

from judging.models.base import UtcDateTime
from judging.models.engine import one_writer


def present(session: Session, now: datetime) -> ColumnElement[Any]:
    """The present instant, for a statement."""
    return literal(now, UtcDateTime()) if one_writer(session) else func.clock_timestamp(type_=UtcDateTime())


def in_time(session: Session, now: datetime, delta: timedelta) -> ColumnElement[Any]:
    """The instant that is so long after the present one, for a statement."""
    if one_writer(session):
        return literal(now + delta, UtcDateTime())
    return func.clock_timestamp() + literal(delta, Interval())


def instant(session: Session, now: datetime) -> datetime:
    """The present instant itself."""
    if one_writer(session):
        return now
    found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)
