"""The lease of a job in hand, prolonged between its steps and by a thread during them.

What keeps a lease from being prolonged (a lock that cannot be had, a database that does not answer) is a line of the
log and no lost attempt: it is tried again, and whether the job is still ours is decided when its result is stored.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from judging.jobs.kind import Clock, Sessions
from judging.models.engine import writing
from judging.services import queue
from judging.services.queue import Claim, ClaimLost

logger = logging.getLogger(__name__)
TELLING = 0.25
"""Seconds at least between two notes of the progress."""
Progress = tuple[int, int, str]


class Stopped(Exception):
    """The worker is to end: the job is put back as if it had not been taken up."""


@dataclass(frozen=True)
class Pace:
    """How long a lease lasts, how long one tries to store a result, and the pause between two tries."""

    lease: timedelta = timedelta(minutes=2)
    patience: timedelta = timedelta(minutes=5)
    pause: timedelta = timedelta(seconds=1)

    @property
    def beat(self) -> float:
        """Seconds between two renewals."""
        return self.lease.total_seconds() / 6


class Heart:
    """Renews the lease of one claim, and with it notes how far the work is."""

    def __init__(self, claim: Claim, sessions: Sessions, clock: Clock, pace: Pace, stopping: threading.Event) -> None:
        self.claim, self.sessions, self.clock, self.pace, self.stopping = claim, sessions, clock, pace, stopping
        self.told: Progress | None = None
        self.lost, self.over, self.wake = threading.Event(), threading.Event(), threading.Event()

    def progress(self, done: int, of: int, words: str = "") -> None:
        """Tell how far the work is, which waits for no lock; raise where it is in vain or to be stopped."""
        self.told = (done, of, words)
        self.wake.set()
        if self.lost.is_set():
            raise ClaimLost
        if self.stopping.is_set():
            raise Stopped

    def beat(self) -> None:
        """Renew the lease; what stands in the way is logged."""
        try:
            with writing(), self.sessions() as session, session.begin():
                held = queue.renew(session, self.claim, lease=self.pace.lease, now=self.clock(), progress=self.told)
        except SQLAlchemyError as error:
            logger.warning("the lease of job %d was not renewed this time: %s", self.claim.id, error)
        else:
            if not held:
                self.lost.set()

    def run(self) -> None:
        """Renew the lease until the work is over: every now and then, and soon after there is progress to tell."""
        while not self.lost.is_set():
            self.wake.wait(self.pace.beat)
            if self.over.wait(min(TELLING, self.pace.beat / 4)):
                return
            self.wake.clear()
            try:
                self.beat()
            except Exception:
                logger.exception("the lease of job %d could not be renewed", self.claim.id)


@contextmanager
def beating(heart: Heart) -> Iterator[Heart]:
    """Renew the lease until the end of the block."""
    thread = threading.Thread(target=heart.run, name=f"lease of job {heart.claim.id}", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        heart.over.set()
        heart.wake.set()
        thread.join()
