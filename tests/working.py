"""Jobs done within a test: by a worker of this process, on the database of the application."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from judging.domain.jobs import JobKind, key_of
from judging.extensions import db
from judging.jobs import KINDS, Means, Pace, Worker
from judging.models import Job
from judging.services.queue import Claim, take
from tests.conftest import Store

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def worker_of(
    *kinds: JobKind,
    means: Means | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    watch: Callable[[int, int], None] | None = None,
    pace: Pace | None = None,
) -> Worker:
    """A worker for these kinds (default: plans and reports); call it within an application context."""
    wanted = kinds or (JobKind.PLANS, JobKind.FIRMNESS)
    chosen = {kind: KINDS[kind] for kind in wanted}
    return Worker(chosen, db.sessionmaker, means or Means(), clock=clock, watch=watch, pace=pace)


def work_next(*kinds: JobKind, **options: object) -> bool:
    """Do the next job; False where none is due."""
    return worker_of(*kinds, **options).next() is not None


def taken(store: Store, kind: JobKind, *, now: datetime, over: frozenset[str] = frozenset()) -> Claim | None:
    """Take the next job of a kind up, as a worker does that then stands still."""
    terms = {kind: KINDS[kind].terms}
    with store() as session:
        return take(session, terms, lease=timedelta(minutes=2), worker="test", now=now, over=over)


def abandon(store: Store) -> frozenset[str]:
    """Let every worker be gone for long; return the tokens that they had."""
    with store() as session:
        tokens = session.scalars(select(Job.token).where(Job.token.is_not(None))).all()
        session.execute(update(Job).where(Job.token.is_not(None)).values(lease_until=LONG_AGO))
    return frozenset(token for token in tokens if token is not None)


def interrupted(store: Store, kind: JobKind, row_id: int) -> None:
    """As if the job of a row had been taken up for the last time by a worker that is gone."""
    assert taken(store, kind, now=datetime.now(UTC)) is not None
    with store() as session:
        session.execute(
            update(Job).where(Job.key == key_of(kind, row_id)).values(attempt=KINDS[kind].tries, lease_until=LONG_AGO)
        )


def settle(worker: Worker) -> bool:
    """Look on until whoever is silent is sure to be gone, then do the next job; False where there was none to do."""
    at_once = worker.next()
    time.sleep(0.1)
    return at_once is not None or worker.next() is not None


def impatient() -> Pace:
    """A pace at which whoever is silent is gone at once."""
    return Pace(lease=timedelta(seconds=0.02))
