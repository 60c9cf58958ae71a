"""Whose turn it is to write to an SQLite file: first come, first served.

SQLite lets one transaction write at a time and has no queue: who finds the file locked sleeps and tries again, ever
longer, so that of several writers some wait a hundred times as long as others. Within one process the writers
therefore stand in line here, and only the first of them asks SQLite, where at most the worker's process competes.
"""

import sqlite3
from collections import deque
from threading import Lock, get_ident
from time import monotonic
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError


class DatabaseBusy(SQLAlchemyError):
    """It was not this transaction's turn to write within the time that one waits. Nothing was begun or written."""


class NestedWriting(RuntimeError):
    """A thread that writes asks to write by another connection as well: it would wait for itself."""


class Turns:
    """The line of those who want to write to one file. A turn is handed on, so nobody who comes later is earlier."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[tuple[int, Lock]] = deque()
        self._holder: int | None = None

    def take(self, seconds: float) -> None:
        """Wait for the turn; raise :class:`DatabaseBusy` after ``seconds``, :class:`NestedWriting` at once."""
        thread, gate = get_ident(), Lock()
        with self._guard:
            if self._holder == thread:
                raise NestedWriting
            if self._holder is None:
                self._holder = thread
                return
            gate.acquire()
            self._waiting.append((thread, gate))
        if not gate.acquire(timeout=max(seconds, 0)):
            self._leave(thread, gate)

    def give_back(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            self._holder = None
            if self._waiting:
                self._holder, gate = self._waiting.popleft()
                gate.release()

    @property
    def taken(self) -> bool:
        """Whether somebody writes."""
        return self._holder is not None

    def held_here(self) -> bool:
        """Whether this very thread writes."""
        return self._holder == get_ident()

    def _leave(self, thread: int, gate: Lock) -> None:
        """Stop waiting, unless the turn was handed over in the same moment."""
        with self._guard:
            if (thread, gate) not in self._waiting:
                return
            self._waiting.remove((thread, gate))
        raise DatabaseBusy("other transactions took all the time that one waits for a turn to write")


_TURNS: WeakValueDictionary[str, Turns] = WeakValueDictionary()
_MAKING = Lock()


def turns_of(database: str) -> Turns:
    """Return the one line of this process before a database file."""
    with _MAKING:
        return _TURNS.setdefault(database, Turns())


class Connection(sqlite3.Connection):
    """A connection that gives its turn back however its transaction ends: commit, rollback, close, or being dropped."""

    turns: Turns | None = None
    """The line that it stands in; set when it is made."""
    holds = False
    query_only = False

    def take_turn(self, seconds: float) -> None:
        """Wait for the turn to write."""
        if self.turns is not None:
            self.turns.take(seconds)
            self.holds = True

    def give_back(self) -> None:
        """Hand the turn on, if this connection has it."""
        if self.holds and self.turns is not None:
            self.holds = False
            self.turns.give_back()

    def commit(self) -> None:
        """Commit; a transaction that is over has no turn."""
        try:
            super().commit()
        finally:
            self._end()

    def rollback(self) -> None:
        """Roll back; a transaction that is over has no turn."""
        try:
            super().rollback()
        finally:
            self._end()

    def close(self) -> None:
        """Close; whatever was open is rolled back."""
        try:
            super().close()
        finally:
            self.give_back()

    def __del__(self) -> None:
        """A connection that was dropped without being closed."""
        self.give_back()

    def _end(self) -> None:
        if not self.in_transaction:
            self.give_back()


def within(seconds: float) -> float:
    """Return the instant, by the clock that never jumps, until which one waits."""
    return monotonic() + seconds
