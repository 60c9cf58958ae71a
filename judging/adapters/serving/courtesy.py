"""Requests that let others go first: one at a time, and when nobody else is served, or after a short patience.

Threads of one interpreter share it evenly: without this a save that meets four sign-ins takes five times as long.
Signing in can wait a moment; what somebody typed should not. ``make bench-sign-ins`` shows both sides.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
PATIENCE = 0.4
"""Seconds that a request lets others go first before it goes on beside them."""


class Courtesy:
    """WSGI middleware: requests to ``paths`` let all others go first."""

    def __init__(self, application: Application, paths: frozenset[str]) -> None:
        self._application, self._paths = application, paths
        self._turn = threading.Lock()
        self._idle = threading.Condition()
        self._others = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve a request, in its turn if it is one of those that wait."""
        if environ.get("PATH_INFO") not in self._paths:
            return self._at_once(environ, start_response)
        with self._in_turn():
            return self._application(environ, start_response)

    def _at_once(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._idle:
            self._others += 1
        try:
            return self._application(environ, start_response)
        finally:
            with self._idle:
                self._others -= 1
                if not self._others:
                    self._idle.notify()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        visit = Visit(self)
        token = _present.set(visit)
        visit.enter()
        try:
            yield
        finally:
            visit.leave()
            _present.reset(token)

    def take(self) -> bool:
        """Wait for the turn and until nobody else is served; say whether the turn was had in time."""
        until = monotonic() + PATIENCE
        had = self._turn.acquire(timeout=PATIENCE)
        with self._idle:
            self._idle.wait_for(lambda: not self._others, timeout=max(0.0, until - monotonic()))
        return had

    def give_back(self) -> None:
        """Let the next one have the turn."""
        self._turn.release()


class Visit:
    """One request that waits its turn."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy, self._has_turn = courtesy, False

    def enter(self) -> None:
        """Wait for the turn."""
        self._has_turn = self._courtesy.take()

    def leave(self) -> None:
        """Give the turn back, where it was had."""
        if self._has_turn:
            self._has_turn = False
            self._courtesy.give_back()


_present: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def away() -> Iterator[None]:
    """What this block waits for needs no interpreter: whoever waits for a turn may have it meanwhile."""
    visit = _present.get()
    if visit is None:
        yield
        return
    visit.leave()
    try:
        yield
    finally:
        visit.enter()
