"""From scored applications to places: order, tie-breaks, shared places, outcomes.

Source of the arithmetic: the contest-archive format, «From reviews to a total» and «From totals to places and money».
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Needs(StrEnum):
    """What keeps an application from having a final total."""

    REVIEWS = "reviews"
    ADDITIONAL_REVIEW = "additional_review"


class Outcome(StrEnum):
    """What the ranking proposes for an application."""

    WINNER = "winner"
    RESERVE = "reserve"
    BELOW_THRESHOLD = "below_threshold"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Placing:
    """A row of the ranking. Totals and points are rounded to the contest's decimals; ``amount`` is in kopecks."""

    place: int
    tied: bool
    number: str
    total: Decimal
    computed: Decimal
    expert: Decimal
    passed: bool
    diverged: bool
    needs: Needs | None
    outcome: Outcome
    amount: int
    criteria: Mapping[str, Decimal]
    counted: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """The ranking of one contest: a row per admitted application, in order."""

    contest: str
    rows: tuple[Placing, ...]
