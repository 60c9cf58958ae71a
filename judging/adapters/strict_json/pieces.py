"""A list of a file read as far as it could be: the items that fit, and gaps where one does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Pieces(Generic[T]):
    """The items of one list: ``raw`` as they stand in the file, ``values`` as read (None: the item has a fault).

    ``given`` is false where the list itself is missing or no list, so that nothing can be said of references to it.
    """

    path: str
    given: bool
    raw: list[Any]
    values: tuple[T | None, ...]

    def fit(self) -> Iterator[tuple[str, T]]:
        """Yield every item that could be read with its path."""
        for index, value in enumerate(self.values):
            if value is not None:
                yield f"{self.path}[{index}]", value

    def places(self) -> Iterator[tuple[str, T | None]]:
        """Yield every item with its path; None for one that could not be read."""
        for index, value in enumerate(self.values):
            yield f"{self.path}[{index}]", value

    def fitting(self) -> tuple[T, ...]:
        """Return the items that could be read."""
        return tuple(value for value in self.values if value is not None)

    def complete(self) -> bool:
        """Say whether the list is there and all of it could be read."""
        return self.given and None not in self.values

    def keys(self, *names: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the path and the named texts of every item that has them, whatever else is wrong with it."""
        for index, item in enumerate(self.raw):
            found = [item.get(name) for name in names] if isinstance(item, dict) else []
            texts = tuple(part for part in found if isinstance(part, str))
            if len(texts) == len(names):
                yield f"{self.path}[{index}]", texts

    def known(self, name: str) -> frozenset[str] | None:
        """Return the keys that other objects may refer to; None where that cannot be known."""
        return frozenset(key for _, (key,) in self.keys(name)) if self.given else None
