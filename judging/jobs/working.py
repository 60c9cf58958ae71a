"""What all background work has in common: a lease that is renewed while something is worked out outside transactions.

A worker that dies leaves a lease that ends by itself, and the row is taken up again.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from judging.extensions import db
from judging.models.engine import reading
from judging.services.claims import LEASE, Claim

logger = logging.getLogger(__name__)
BEATS = 4
"""How often a lease is renewed in its time."""

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
"""Told how many phases are done, and of how many."""


class Service(Protocol):
    """What a service, a module, offers for one kind of work."""

    def waits(self, session: Session, *, now: datetime) -> bool:
        """Whether there is something to claim or to give up."""

    def renew_claim(self, session: Session, claim: Claim, *, done: int, of: int, now: datetime) -> bool:
        """Prolong the lease and note the progress; False where the claim is lost."""

    def give_back(self, session: Session, claim: Claim, *, now: datetime) -> None:
        """After an error: let it be tried again, or give it up."""


class ClaimLost(Exception):
    """Another worker has the row, or nobody wants it any longer: the work is given up."""


def utc_now() -> datetime:
    """The clock of the jobs."""
    return datetime.now(UTC)


def waits(service: Service, clock: Clock) -> bool:
    """Look without a write lock, which a worker that looks every other second would take from the requests."""
    with reading(), db.sessionmaker() as session, session.begin():
        return service.waits(session, now=clock())


def attempt(service: Service, claim: Claim, work: Callable[[], None], *, clock: Clock, what: str) -> None:
    """Do the ``work`` of a claim; give it back after an error."""
    try:
        work()
    except ClaimLost:
        logger.info("%s %d was taken from this worker", what, claim.id)
    except Exception:
        logger.exception("%s %d could not be worked out", what, claim.id)
        with db.sessionmaker() as session, session.begin():
            service.give_back(session, claim, now=clock())


class _Heart:
    """Renews the lease, between phases and by a thread during them."""

    def __init__(self, service: Service, claim: Claim, clock: Clock) -> None:
        self.service, self.claim, self.clock = service, claim, clock
        self.sessions = db.sessionmaker  # the thread has no application context
        self.done, self.of = 0, 0
        self.lost = threading.Event()
        self.stopped = threading.Event()

    def beat(self) -> None:
        with self.sessions() as session, session.begin():
            if not self.service.renew_claim(session, self.claim, done=self.done, of=self.of, now=self.clock()):
                self.lost.set()

    def run(self) -> None:
        while not self.stopped.wait(LEASE.total_seconds() / BEATS) and not self.lost.is_set():
            try:
                self.beat()
            except Exception:
                logger.exception("the lease of %d could not be renewed", self.claim.id)

    def progress(self, watch: Progress | None) -> Progress:
        """Return what the work is to call between its phases; it raises :class:`ClaimLost` where it is in vain."""

        def report(done: int, of: int) -> None:
            self.done, self.of = done, of
            self.beat()
            if self.lost.is_set():
                raise ClaimLost
            if watch is not None:
                watch(done, of)

        return report


@contextmanager
def heartbeat(service: Service, claim: Claim, clock: Clock) -> Iterator[_Heart]:
    """Renew the lease of ``claim`` until the end of the block."""
    heart = _Heart(service, claim, clock)
    thread = threading.Thread(target=heart.run, name=f"lease of {claim.id}", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        heart.stopped.set()
        thread.join()
