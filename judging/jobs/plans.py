"""Plans of the assignment: claimed in one transaction, worked out outside any, stored in another.

A worker that dies leaves a lease that ends by itself, and the plan is taken up again.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module

from judging.extensions import db
from judging.models.engine import reads_only
from judging.services.assignment import working
from judging.services.assignment.computing import compute
from judging.services.assignment.protocol import Progress
from judging.services.assignment.working import LEASE, Claim

logger = logging.getLogger(__name__)
BEATS = 4
"""How often a lease is renewed in its time."""

Clock = Callable[[], datetime]


class _ClaimLost(Exception):
    """Another worker has the plan, or it was discarded: the work is given up."""


def _now() -> datetime:
    return datetime.now(UTC)


def get_ready() -> None:
    """Load the engine ahead of the first plan; on a new machine it is compiled then, for some fifteen seconds."""
    import_module("judging.engines.assignment")


def plan_next(*, clock: Clock = _now, watch: Progress | None = None) -> bool:
    """Work out the oldest plan that waits, or whose worker has died; False where there is none.

    ``watch(done, of)`` is called between the phases.
    """
    return _waits(clock) and _work(clock, watch, None)


def _waits(clock: Clock) -> bool:
    """Look without a write lock, which a worker that looks every other second would take from the requests."""
    before = reads_only.set(True)
    try:
        with db.sessionmaker() as session, session.begin():
            return working.waits(session, now=clock())
    finally:
        reads_only.reset(before)


def run_plan(plan_id: int, *, clock: Clock = _now) -> bool:
    """Work out this queued plan here and now (after the commit of its request); False where another worker has it."""
    return _work(clock, None, plan_id)


def _work(clock: Clock, watch: Progress | None, plan_id: int | None) -> bool:
    with db.sessionmaker() as session, session.begin():
        claim = working.claim_plan(session, now=clock(), plan_id=plan_id)
    if claim is None:
        return False
    try:
        _work_out(claim, clock, watch)
    except _ClaimLost:
        logger.info("plan %d was taken from this worker", claim.plan_id)
    except Exception:
        logger.exception("plan %d could not be worked out", claim.plan_id)
        with db.sessionmaker() as session, session.begin():
            working.give_back(session, claim, now=clock())
    return True


def _work_out(claim: Claim, clock: Clock, watch: Progress | None) -> None:
    with db.sessionmaker() as session, session.begin():
        task = working.load_task(session, claim)
    with _heartbeat(claim, clock) as heart:
        computed = compute(
            task.situation, task.question, contest=task.contest, now=clock(), progress=heart.progress(watch)
        )
    with db.sessionmaker() as session, session.begin():
        if not working.store_result(session, claim, computed, now=clock()):
            raise _ClaimLost


class _Heart:
    """Renews the lease, between phases and by a thread during them."""

    def __init__(self, claim: Claim, clock: Clock) -> None:
        self.claim, self.clock = claim, clock
        self.sessions = db.sessionmaker  # the thread has no application context
        self.done, self.of = 0, 0
        self.lost = threading.Event()
        self.stopped = threading.Event()

    def beat(self) -> None:
        with self.sessions() as session, session.begin():
            if not working.renew_claim(session, self.claim, done=self.done, of=self.of, now=self.clock()):
                self.lost.set()

    def run(self) -> None:
        while not self.stopped.wait(LEASE.total_seconds() / BEATS) and not self.lost.is_set():
            try:
                self.beat()
            except Exception:
                logger.exception("the lease of plan %d could not be renewed", self.claim.plan_id)

    def progress(self, watch: Progress | None) -> Progress:
        def report(done: int, of: int) -> None:
            self.done, self.of = done, of
            self.beat()
            if self.lost.is_set():
                raise _ClaimLost
            if watch is not None:
                watch(done, of)

        return report


@contextmanager
def _heartbeat(claim: Claim, clock: Clock) -> Iterator[_Heart]:
    heart = _Heart(claim, clock)
    thread = threading.Thread(target=heart.run, name=f"lease of plan {claim.plan_id}", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        heart.stopped.set()
        thread.join()
