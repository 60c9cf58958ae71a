"""Counting attempts: counters in the database, so that several processes share them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from judging.domain.brakes import Brake
from judging.models import RateHit


@dataclass(frozen=True)
class Counter:
    """One brake at one subject: an account from an address, an address, a session. The subject is kept hashed."""

    brake: Brake
    subject: str

    @property
    def key(self) -> str:
        """Under which it is stored."""
        return f"{self.brake.name}:{sha256(self.subject.encode()).hexdigest()}"


_STANDING = select(RateHit.key, RateHit.hits, RateHit.expires_at).where(
    RateHit.key.in_(bindparam("keys", expanding=True)), RateHit.expires_at > bindparam("moment")
)
_UNSEEN = {"synchronize_session": False}
"""Counters are read as columns: no object of the session has to learn of it."""
_FORGETTING = delete(RateHit).where(RateHit.key.in_(bindparam("keys", expanding=True)))


def seconds_to_wait(session: Session, counters: Iterable[Counter], *, now: datetime) -> int:
    """How long to wait before another attempt; 0 where none of the counters asks for a pause."""
    brakes = {counter.key: counter.brake for counter in counters}
    rows = session.execute(_STANDING, {"keys": list(brakes), "moment": now.timestamp()})
    ends = [row.expires_at - brakes[row.key].memory + brakes[row.key].pause(row.hits) for row in rows]
    return max(0, ceil(max(ends, default=0) - now.timestamp()))


def count_attempt(session: Session, counters: Iterable[Counter], *, now: datetime) -> None:
    """Count an attempt at every counter; one whose memory has ended begins anew."""
    moment = now.timestamp()
    insert: Any = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    for counter in sorted(counters, key=lambda counter: counter.key):
        statement = insert(RateHit).values(key=counter.key, hits=1, expires_at=moment + counter.brake.memory)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[RateHit.key],
                set_={
                    "hits": case((RateHit.expires_at <= moment, 1), else_=RateHit.hits + 1),
                    "expires_at": statement.excluded.expires_at,
                },
            )
        )


def forget_attempts(session: Session, counters: Iterable[Counter]) -> None:
    """Set counters to nought."""
    session.execute(_FORGETTING, {"keys": [counter.key for counter in counters]}, execution_options=_UNSEEN)
