"""A score sheet: what it lacks before it can be handed in, what it is worth, what a save changed.

A draft may be incomplete; only marks off their scale are refused at once. Points are exact and rounded where shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from judging.domain.errors import N_, Fault
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion, comment_needed, mark_fault
from judging.domain.shares import mark_share

V = TypeVar("V")
LONGEST_COMMENT = 5000
"""Characters of one comment that can be handed in; a draft may be longer, so that nothing typed is cut off."""
LONGEST_DRAFT_COMMENT = 20_000
"""Characters of one comment that a draft keeps."""
TOO_LONG = N_("The comment is too long: no more than %(limit)s characters")


@dataclass(frozen=True)
class Sheet:
    """Marks and comments by criterion code, and the verdict; what is absent is not filled in yet."""

    scores: Mapping[str, Decimal] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    recommendation: Recommendation | None = None


def mark_path(code: str) -> str:
    """Return the name of a mark's field on the sheet."""
    return f"mark-{code}"


def comment_path(code: str) -> str:
    """Return the name of a comment's field on the sheet."""
    return f"comment-{code}"


def scale_faults(criteria: Iterable[ExpertCriterion], scores: Mapping[str, Decimal]) -> tuple[Fault, ...]:
    """Name every mark that is not on the scale of its criterion, and every mark of no criterion."""
    known = {item.code: item for item in criteria}
    return tuple(fault for code, mark in scores.items() if (fault := _scale_fault(known.get(code), code, mark)))


def draft_faults(sheet: Sheet) -> tuple[Fault, ...]:
    """Name every comment that is longer than even a draft keeps."""
    return tuple(
        Fault(comment_path(code), TOO_LONG, {"limit": LONGEST_DRAFT_COMMENT})
        for code, text in sheet.comments.items()
        if len(text) > LONGEST_DRAFT_COMMENT
    )


def sheet_faults(criteria: Sequence[ExpertCriterion], sheet: Sheet) -> tuple[Fault, ...]:
    """Name everything that keeps the sheet from being handed in, in the order of the page."""
    faults = [fault for item in criteria for fault in _criterion_faults(item, sheet)]
    if sheet.recommendation is None:
        faults.append(Fault("recommendation", N_("Choose your recommendation")))
    return tuple(faults)


def points(criterion: ExpertCriterion, sheet: Sheet) -> Fraction | None:
    """Return the points of one criterion, exact; None where it has no mark."""
    mark = sheet.scores.get(criterion.code)
    return None if mark is None else Fraction(criterion.weight) * mark_share(criterion, mark)


def total(criteria: Iterable[ExpertCriterion], sheet: Sheet) -> Fraction:
    """Return the sum of the points over the marks that the sheet has."""
    return sum((worth for item in criteria if (worth := points(item, sheet)) is not None), Fraction(0))


def marked(criteria: Iterable[ExpertCriterion], scores: Mapping[str, object]) -> int:
    """Count the criteria that have a mark."""
    return sum(item.code in scores for item in criteria)


def changed_marks(before: Sheet, after: Sheet) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """Return by code the marks that differ, before and after; 7 and 7.0 are the same mark."""
    return _changes(before.scores, after.scores)


def changed_comments(before: Sheet, after: Sheet) -> dict[str, tuple[str | None, str | None]]:
    """Return by code the comments that differ, before and after."""
    return _changes(before.comments, after.comments)


def _changes(before: Mapping[str, V], after: Mapping[str, V]) -> dict[str, tuple[V | None, V | None]]:
    codes = dict.fromkeys([*before, *after])
    return {code: (before.get(code), after.get(code)) for code in codes if before.get(code) != after.get(code)}


def _scale_fault(criterion: ExpertCriterion | None, code: str, mark: Decimal) -> Fault | None:
    if criterion is None:
        return Fault(mark_path(code), N_("There is no such criterion in this contest"))
    fault = mark_fault(criterion, mark)
    return None if fault is None else Fault(mark_path(code), fault.message, fault.params)


def _criterion_faults(criterion: ExpertCriterion, sheet: Sheet) -> Iterator[Fault]:
    mark, comment = sheet.scores.get(criterion.code), sheet.comments.get(criterion.code, "").strip()
    if mark is None:
        yield Fault(mark_path(criterion.code), N_("Give a mark"))
    elif fault := _scale_fault(criterion, criterion.code, mark):
        yield fault
    if comment_needed(criterion, mark) and not comment:
        yield Fault(comment_path(criterion.code), N_("Explain this mark in a comment"))
    if len(comment) > LONGEST_COMMENT:
        yield Fault(comment_path(criterion.code), TOO_LONG, {"limit": LONGEST_COMMENT})
