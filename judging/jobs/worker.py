"""A worker: takes jobs up, does their work outside transactions, and ends each in the transaction that stores it."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import Every, JobCode, scheduled_key
from judging.jobs.heart import Heart, Pace, Stopped, beating
from judging.jobs.kind import Clock, JobTask, Kind, Means, Mishap, Refused, Sessions, Unwanted, utc_now
from judging.jobs.silences import Silences
from judging.models.engine import one_writer, reading, writing
from judging.models.turns import DatabaseBusy
from judging.services import queue
from judging.services.queue import SYSTEM, Claim, ClaimLost

logger = logging.getLogger(__name__)
NOT_NOW = (DatabaseBusy, OperationalError)
"""What the database says when it is locked or away: the same may be tried again."""
T = TypeVar("T")


@dataclass(frozen=True)
class Ended:
    """A job that this worker was at, and what came of it where it is done."""

    kind: str
    done: bool
    result: Mapping[str, Any] | None = None


class Worker:
    """Does the jobs of the given kinds. ``stopping`` ends its work after the current step; ``pace`` is of its leases.

    Several threads may call it at once. ``watch`` is told of the progress as well (tests stop there).
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        sessions: Sessions,
        means: Means,
        *,
        clock: Clock = utc_now,
        pace: Pace | None = None,
        watch: Callable[[int, int], None] | None = None,
    ) -> None:
        self.kinds = {name: kind for name, kind in kinds.items() if kind.possible(means)}
        self.sessions, self.means, self.clock, self.watch = sessions, means, clock, watch
        self.pace = pace or Pace()
        self.stopping = threading.Event()
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._terms = {name: kind.terms for name, kind in self.kinds.items()}
        self._silences = Silences(self.pace.lease)
        self._looking = threading.Lock()
        self._asked: dict[str, object] = {}

    def drain(self) -> list[Ended]:
        """Do what waits, one job after the other, until nothing is due; return what was done."""
        ended: list[Ended] = []
        while not self.stopping.is_set():
            over = self._over()
            if over is None:
                break
            self._give_up(over)
            before = len(ended)
            while not self.stopping.is_set():
                one = self._take(over, None)
                if one is None:
                    break
                ended.append(one)
            if len(ended) == before:
                break
        return ended

    def watch_on(self, every: timedelta, told: Callable[[list[Ended]], None] = lambda ended: None) -> None:
        """Do what comes, looking again after ``every``, until the worker is to stop; ``told`` what was done."""
        while not self.stopping.is_set():
            try:
                self.ask_due()
                told(self.drain())
            except (SQLAlchemyError, OSError) as error:
                logger.warning("refused, trying again: %s", error)
            except Exception:
                logger.exception("the worker met an error and goes on")
            self.stopping.wait(every.total_seconds())

    def next(self) -> Ended | None:
        """Take up the most urgent job that is due, or that was left by another worker; None where there is none."""
        over = self._over()
        if over is None:
            return None
        self._give_up(over)
        return self._take(over, None)

    def run(self, job_id: int) -> Ended | None:
        """Do this waiting job here and now (after the commit that asked for it); None where another worker has it."""
        return self._take(frozenset(), job_id)

    def ask_due(self) -> None:
        """Ask for what the calendars want by now; several workers ask for each instant once."""
        for name, kind in self.kinds.items():
            if kind.calendar is not None:
                self._ask_due(name, kind.calendar)

    def must_look_again(self) -> bool:
        """Whether somebody may be gone, which only time tells."""
        return self._silences.pending(self.clock())

    def _ask_due(self, name: str, calendar: Every) -> None:
        with reading(), self.sessions() as session:
            instant = calendar.latest(queue.instant(session, self.clock()))
            session.rollback()
        if self._asked.get(name) == instant:
            return
        with writing(), self.sessions() as session, session.begin():
            queue.ask(session, name, {}, key=scheduled_key(name, instant), by=By(SYSTEM, self.clock()))
        self._asked[name] = instant

    def _over(self) -> frozenset[str] | None:
        """Look without a write lock; return the tokens of those who are gone, None where there is nothing to do."""
        with reading(), self.sessions() as session:
            over: frozenset[str] = frozenset()
            now = self.clock()
            if one_writer(session):
                with self._looking:
                    over = self._silences.look(queue.leases(session, self.kinds), now)
            found = queue.waits(session, self._terms, now=now, over=over)
            session.rollback()
        return over if found else None

    def _take(self, over: frozenset[str], only: int | None) -> Ended | None:
        with writing(), self.sessions() as session, session.begin():
            claim = queue.take(
                session, self._terms, lease=self.pace.lease, worker=self.name, now=self.clock(), over=over, only=only
            )
        return None if claim is None else self._attempt(claim)

    def _give_up(self, over: frozenset[str]) -> None:
        with reading(), self.sessions() as session:
            claims = queue.exhausted(session, self._terms, now=self.clock(), over=over)
            session.rollback()
        for claim in claims:
            self._fail(claim, JobCode.INTERRUPTED, "", final=True)

    def _attempt(self, claim: Claim) -> Ended:
        """Do one job that is in hand; whatever happens to it, the worker goes on."""
        heart = Heart(claim, self.sessions, self.clock, self.pace, self.stopping)
        with beating(heart):
            try:
                return Ended(claim.kind, True, self._carry_out(claim, heart))
            except Exception as error:
                self._came_to_nothing(claim, error)
        return Ended(claim.kind, False)

    def _came_to_nothing(self, claim: Claim, error: Exception) -> None:
        kind = self.kinds[claim.kind]
        last = claim.attempt >= kind.tries
        if isinstance(error, ClaimLost):
            logger.info("job %d (%s) was taken from this worker", claim.id, claim.kind)
        elif isinstance(error, Stopped):
            self._release(claim)
        elif isinstance(error, Unwanted):
            self._close(claim, lambda session: queue.finish(session, claim, now=self.clock(), code=JobCode.UNWANTED))
        elif isinstance(error, Refused):
            logger.warning("job %d (%s) was refused: %s", claim.id, claim.kind, error)
            self._fail(claim, JobCode.REFUSED, str(error), final=last or error.permanent)
        else:
            logger.error("job %d (%s) could not be done", claim.id, claim.kind, exc_info=error)
            self._fail(claim, JobCode.BROKEN, _told(error), final=last)

    def _carry_out(self, claim: Claim, heart: Heart) -> Mapping[str, Any] | None:
        """Work outside transactions; then store, in one that ends the job under its token or is not committed."""
        task = JobTask(
            claim.id,
            claim.token,
            claim.args,
            claim.attempt,
            self.sessions,
            self.clock,
            self.means,
            self._progress(heart),
        )
        done = self.kinds[claim.kind].work(task)

        def store(session: Session) -> None:
            now = self.clock()
            done.store(session, now)
            queue.finish(session, claim, now=now, result=done.result, progress=heart.told)

        self._write(store)
        return done.result

    def _progress(self, heart: Heart) -> Any:
        def progress(done: int, of: int, words: str = "") -> None:
            heart.progress(done, of, words)
            if self.watch is not None:
                self.watch(done, of)

        return progress

    def _fail(self, claim: Claim, code: JobCode, words: str, *, final: bool) -> None:
        """Put the job off or give it up, and let its kind say so where people look."""
        kind = self.kinds[claim.kind]
        mishap = Mishap(claim.args, code, words, claim.attempt, final)

        def write(session: Session, *, noted: bool = True) -> None:
            now = self.clock()
            if noted:
                kind.noted(session, mishap, now)
            if final:
                queue.fail(session, claim, code=code, error=words, now=now)
            else:
                queue.try_later(session, claim, pause=kind.pause(claim.attempt), code=code, error=words, now=now)

        try:
            self._close(claim, write)
        except Exception:
            logger.exception("the failure of job %d (%s) could not be noted by its kind", claim.id, claim.kind)
            self._close(claim, lambda session: write(session, noted=False))

    def _close(self, claim: Claim, act: Callable[[Session], None]) -> None:
        """End the attempt; what the database does not take is left to the lease, which ends by itself."""
        try:
            self._write(act)
        except (ClaimLost, Stopped, *NOT_NOW) as error:
            logger.warning("job %d (%s) is left as it is: %r", claim.id, claim.kind, error)

    def _release(self, claim: Claim) -> None:
        try:
            with writing(), self.sessions() as session, session.begin():
                queue.release(session, claim)
        except (ClaimLost, DBAPIError, DatabaseBusy) as error:
            logger.warning("job %d (%s) is left to its lease: %r", claim.id, claim.kind, error)

    def _write(self, act: Callable[[Session], T]) -> T:
        """Do this in one transaction; while the database is locked or away, try again for some minutes."""
        until = monotonic() + self.pace.patience.total_seconds()
        while True:
            try:
                with writing(), self.sessions() as session, session.begin():
                    return act(session)
            except NOT_NOW as error:
                if monotonic() > until:
                    raise
                logger.warning("the database takes nothing now, trying again: %s", error)
                if self.stopping.wait(self.pace.pause.total_seconds()):
                    raise Stopped from error


def _told(error: Exception) -> str:
    """What is kept of an error. Of the database's not the statement and its values, which are for nobody's eyes."""
    words = str(error)
    if isinstance(error, SQLAlchemyError):
        words = words.partition("\n")[0]
    return f"{type(error).__name__}: {words}"
