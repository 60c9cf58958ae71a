"""A thread pool of low priority for work that takes long by design, such as hashing passwords.

Who asks for it waits in a line of a bounded length and gives up after a while, so that the threads of the web server
cannot all be waiting here.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import TypeVar

from judging.adapters.serving.courtesy import away

T = TypeVar("T")
STEP_BACK = 10
"""How much nicer than the process its threads here are; where the system has no such thing they are not."""


class Crowded(Exception):
    """The line is full, or the turn did not come in time. Nothing was done."""


class Aside:
    """``at_once`` threads, and at most ``places`` of those who wait for them or are served."""

    def __init__(self, at_once: int, places: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="aside", initializer=_step_back)
        self._places = threading.BoundedSemaphore(places)

    def do(self, act: Callable[[], T], *, patience: float) -> T:
        """Do it when its turn comes and return what comes of it; raise :class:`Crowded` after ``patience`` seconds."""
        if not self._places.acquire(blocking=False):
            raise Crowded
        try:
            with away():
                return _awaited(self._threads.submit(act), patience)
        finally:
            self._places.release()


def _awaited(future: "Future[T]", patience: float) -> T:
    try:
        return future.result(patience)
    except TookTooLong:
        if future.cancel():
            raise Crowded from None
    return future.result()  # its turn has come: it is being done


def _step_back() -> None:
    """Linux gives every thread a niceness of its own; elsewhere it is the process's, and is left alone."""
    if hasattr(os, "sched_setaffinity"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEP_BACK)
