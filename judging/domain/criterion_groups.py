"""Groups of criteria: headings over criteria that stand together. They change no figure.

The weight of a group is the sum of the weights of its criteria, in a nomination of the weights that they have there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Protocol

LONGEST_GROUP = 120
"""Characters of a group's title."""


class Grouped(Protocol):
    """What belongs to a group, or to none (an empty title)."""

    @property
    def group(self) -> str:
        """The title of its group."""

    @property
    def group_en(self) -> str:
        """The same in English."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def weight(self) -> Decimal:
        """Its weight."""


@dataclass(frozen=True)
class CriterionGroup:
    """A run of criteria under one heading; an empty ``title``: criteria that belong to no group."""

    title: str
    title_en: str
    codes: tuple[str, ...]
    weight: Decimal


def criterion_groups(criteria: Iterable[Grouped]) -> tuple[CriterionGroup, ...]:
    """Return the headings over criteria, in their order; empty where no criterion belongs to a group."""
    runs = [(title, list(items)) for title, items in groupby(criteria, key=lambda item: item.group)]
    if not any(title for title, _ in runs):
        return ()
    return tuple(
        CriterionGroup(
            title=title,
            title_en=next((item.group_en for item in items if item.group_en), ""),
            codes=tuple(item.code for item in items),
            weight=sum((item.weight for item in items), Decimal(0)),
        )
        for title, items in runs
    )
