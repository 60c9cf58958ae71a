"""Who works something out in the background: claims with a lease, so that a result is stored once.

A worker claims a row under a new token, works outside any transaction and renews its lease meanwhile. If it dies, the
lease ends and another one claims the row; a result is stored only under the token that the row has then, so a worker
that was merely slow finds its claim gone and stores nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.models import Contest, Work

QUEUED, RUNNING = "queued", "running"
"""The two statuses that every kind of work has."""
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
SYSTEM = Actor(user_id=None, name="system", grants={})
"""Whoever works in the background; what it does was asked for by the person whom the row names."""

W = TypeVar("W", bound=Work)


@dataclass(frozen=True)
class Claim:
    """A row in this worker's hands, as long as it has this ``token``."""

    id: int
    token: str


def take(session: Session, model: type[Work], *, now: datetime, only: int | None = None) -> Claim | None:
    """Take the oldest due row (or ``only`` this one, if it is due) for this worker alone; None where there is none."""
    token = token_hex(16)
    oldest = select(model.id).where(_due(model, now)).order_by(model.id).limit(1)
    if only is not None:
        oldest = oldest.where(model.id == only)
    taken = session.scalar(
        update(model)
        .where(model.id == oldest.with_for_update(skip_locked=True).scalar_subquery(), _due(model, now))
        .values(
            status=RUNNING,
            claim_token=token,
            claimed_until=now + LEASE,
            attempts=model.attempts + 1,
            started_at=now,
            phases_done=0,
        )
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return None if taken is None else Claim(taken, token)


def exhausted(session: Session, model: type[W], *, now: datetime) -> Sequence[W]:
    """The rows whose lease has ended for the last time, locked: they are to be given up."""
    _hold_contests(session, model, _exhausted(model, now))
    return session.scalars(select(model).where(_exhausted(model, now)).with_for_update(skip_locked=True)).all()


def any_waits(session: Session, model: type[Work], *, now: datetime) -> bool:
    """Whether there is a row to claim or to give up: a read, for workers that look often."""
    return session.scalar(select(model.id).where(or_(_due(model, now), _exhausted(model, now))).limit(1)) is not None


def renew(session: Session, model: type[Work], claim: Claim, *, done: int, of: int, now: datetime) -> bool:
    """Prolong the lease and note the progress; False where the claim is lost, and the work is to be given up."""
    held: Any = session.execute(
        update(model)
        .where(_held(model, claim))
        .values(claimed_until=now + LEASE, phases_done=done, phases=of)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)


def held(session: Session, model: type[W], claim: Claim) -> W | None:
    """The claimed row as it is stored, locked; None where the claim is lost."""
    _hold_contests(session, model, _held(model, claim))
    return session.scalar(
        select(model).where(_held(model, claim)).with_for_update().execution_options(populate_existing=True)
    )


def let_go(row: Work) -> None:
    """End the claim on a row, which gets another status at the same time."""
    row.claim_token = row.claimed_until = None


def _hold_contests(session: Session, model: type[Work], chosen: ColumnElement[bool]) -> None:
    """Lock the contests of the chosen rows before these, as whoever empties a contest does: else each waits for both.

    The lock is the one that a record of the journal takes anyway; such records do not wait for each other.
    """
    contests = select(model.contest_id).where(chosen)
    locked = select(Contest.id).where(Contest.id.in_(contests)).order_by(Contest.id)
    session.execute(locked.with_for_update(read=True, key_share=True))


def _due(model: type[Work], now: datetime) -> ColumnElement[bool]:
    """Rows that wait, and those whose worker has let the lease end."""
    over = and_(model.status == RUNNING, model.claimed_until <= now)
    return and_(or_(model.status == QUEUED, over), model.attempts < MOST_ATTEMPTS)


def _exhausted(model: type[Work], now: datetime) -> ColumnElement[bool]:
    return and_(model.status == RUNNING, model.claimed_until <= now, model.attempts >= MOST_ATTEMPTS)


def _held(model: type[Work], claim: Claim) -> ColumnElement[bool]:
    return and_(model.id == claim.id, model.claim_token == claim.token, model.status == RUNNING)
