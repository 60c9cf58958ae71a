"""Criteria on pages under the headings of the groups that they stand in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from judging.domain.criterion_groups import CriterionGroup, Grouped, criterion_groups

T = TypeVar("T")


@dataclass(frozen=True)
class Headed(Generic[T]):
    """A row of a list of criteria: the heading of a group, or a criterion."""

    group: CriterionGroup | None
    item: T | None


@dataclass(frozen=True)
class Section(Generic[T]):
    """The criteria under one heading; None: there are no headings."""

    group: CriterionGroup | None
    items: tuple[T, ...]


def headed(items: Sequence[T], rule: Callable[[T], Grouped]) -> list[Headed[T]]:
    """Return the criteria with a heading before each group; as they are where there are no groups."""
    found = sections(items, rule)
    if not found:
        return [Headed(None, item) for item in items]
    return [row for section in found for row in _rows(section)]


def sections(items: Sequence[T], rule: Callable[[T], Grouped]) -> list[Section[T]]:
    """Return the criteria group by group; empty where there are no groups."""
    rest = iter(items)
    return [Section(group, tuple(next(rest) for _ in group.codes)) for group in criterion_groups(map(rule, items))]


def _rows(section: Section[T]) -> Iterator[Headed[T]]:
    yield Headed(section.group, None)
    yield from (Headed(None, item) for item in section.items)


def known_groups(criteria: Iterable[Grouped]) -> list[str]:
    """Return the titles of the groups that criteria are in already, each once."""
    return list(dict.fromkeys(item.group for item in criteria if item.group))
