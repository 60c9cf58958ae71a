"""What the hints look at: the sheets that were handed in, and what a hint is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from judging.domain.near_copies import Shingles, shingles


class HintKind(StrEnum):
    """What there is to look at."""

    SAME_ROWS = "same_rows"
    FLAT_ROWS = "flat_rows"
    EXTREMES = "extremes"
    NO_REASONS = "no_reasons"
    TOO_FAST = "too_fast"
    OWN_TEXT = "own_text"
    FOREIGN_TEXT = "foreign_text"
    APPLICATION_TEXT = "application_text"
    FAVOURS = "favours"


REVEAL_MARKS = frozenset({HintKind.SAME_ROWS, HintKind.FLAT_ROWS, HintKind.EXTREMES, HintKind.FAVOURS})
"""Hints from which marks can be read; shown to nobody who may not see the marks themselves."""

FEWEST = 5
"""Sheets without which nothing is said of an expert's marks: the same row four times happens by itself."""


@dataclass(frozen=True)
class JudgedSheet:
    """A sheet that was handed in: ``marks`` and ``reasons`` by criterion, ``total`` as a share of the full total.

    ``region`` is that of the application. ``declared_at`` is when the application was opened to the expert, None where
    the sheet came with an archive.
    """

    review: int
    expert: int
    application: int
    region: str
    marks: Mapping[str, Decimal]
    reasons: Mapping[str, str]
    total: float
    declared_at: datetime | None
    submitted_at: datetime


@dataclass(frozen=True)
class Hint:
    """Something to look at: what ``facts`` it rests on, on which reviews, and of what ``region`` where it has one."""

    kind: HintKind
    expert: int
    reviews: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """All the sheets of a contest; ``ends`` are the lowest and the highest mark of criteria with four marks or more."""

    sheets: Sequence[JudgedSheet]
    ends: Mapping[str, tuple[Decimal, Decimal]]
    _runs: dict[int, Shingles] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_expert(self) -> Mapping[int, tuple[JudgedSheet, ...]]:
        """Each expert's sheets, in the order in which they were handed in."""
        return _grouped((sheet.expert, sheet) for sheet in self.sheets)

    @cached_property
    def by_application(self) -> Mapping[int, tuple[JudgedSheet, ...]]:
        """Each application's sheets, in the order in which they were handed in."""
        return _grouped((sheet.application, sheet) for sheet in self.sheets)

    def runs_of(self, sheet: JudgedSheet) -> Shingles:
        """The runs of words of a sheet's reasons; worked out once, for each sheet is compared with many."""
        if sheet.review not in self._runs:
            self._runs[sheet.review] = shingles(text for _, text in sorted(sheet.reasons.items()))
        return self._runs[sheet.review]

    def beside(self, sheets: Iterable[JudgedSheet]) -> list[JudgedSheet]:
        """The sheets of other experts on the applications of these."""
        return [other for one in sheets for other in self.by_application[one.application] if other.expert != one.expert]


def _grouped(pairs: Iterable[tuple[int, JudgedSheet]]) -> Mapping[int, tuple[JudgedSheet, ...]]:
    found: defaultdict[int, list[JudgedSheet]] = defaultdict(list)
    for key, sheet in pairs:
        found[key].append(sheet)
    return {key: tuple(sorted(group, key=_handed_in)) for key, group in found.items()}


def _handed_in(sheet: JudgedSheet) -> tuple[datetime, int]:
    return sheet.submitted_at, sheet.review
