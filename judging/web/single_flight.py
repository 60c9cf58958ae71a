"""Request coalescing: one request computes a costly value, the others wait for it and hold no transaction meanwhile."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from judging.models.units import UnitOfWork

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shared(Generic[K, V]):
    """Values that are costly to make, each made once however many ask. Whoever makes one keeps nobody else waiting.

    They are kept in the order in which they were last asked for; :meth:`keep` says which and how many.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._under_way: dict[K, Future[V]] = {}

    def find(self, key: K) -> V | None:
        """Return what is kept under ``key``; called with the lock held."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """Keep a value, and drop others as the bounds say; called with the lock held."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()

    def get(self, session: Session, key: K, make: Callable[[], V]) -> V:
        """Return what is kept, or is being made by another thread, or is made now; an error reaches all who wait."""
        with self._lock:
            found = self.find(key)
            if found is not None:
                return found
            waited = self._under_way.get(key)
            if waited is None:
                mine = self._under_way[key] = Future()
        if waited is None:
            return self._made(key, mine, make)
        if isinstance(session, UnitOfWork):
            session.rest()
        return waited.result()

    def _made(self, key: K, mine: "Future[V]", make: Callable[[], V]) -> V:
        try:
            value = make()
        except BaseException as error:
            self._end(key)
            mine.set_exception(error)
            raise
        self._end(key, value)
        mine.set_result(value)
        return value

    def _end(self, key: K, value: V | None = None) -> None:
        with self._lock:
            del self._under_way[key]
            if value is not None:
                self.keep(key, value)
