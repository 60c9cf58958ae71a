"""What an expert may want to look at again before handing a sheet in: none of it keeps the sheet back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judging.domain.errors import N_
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion, in_total
from judging.domain.sheet_rules import Audience
from judging.domain.sheets import Sheet, total

SAID_TWICE = 20
"""Characters from which the same text in two comments is worth a word: «да» may well be said twice."""
HIGH = Fraction(9, 10)
"""Of the points that can be given: from here on «do not support» disagrees with the marks."""
AGAINST_THE_FLOOR = N_("You recommend to support the project, but the mark for %(code)s is below the passing %(mark)s")
AGAINST_THE_TOTAL = N_("You recommend to support the project, but your marks give less than the passing share")
AGAINST_HIGH_MARKS = N_("You recommend not to support the project, but your marks give nine tenths or more")
THE_SAME_WORDS = N_("The comments on %(places)s say the same")


@dataclass(frozen=True)
class Hint:
    """A sentence with its values, and the places of the sheet that it speaks of."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)
    places: tuple[str, ...] = ()


def sheet_hints(
    criteria: Sequence[ExpertCriterion], sheet: Sheet, *, pass_total: Decimal | None, maximum_total: Decimal
) -> tuple[Hint, ...]:
    """Name what does not go together on a sheet: the recommendation and the marks, two comments in the same words.

    ``pass_total`` is of the whole application, of ``maximum_total`` points, so the share that it is of those is asked
    of the expert's own points.
    """
    passing = Fraction(pass_total) / Fraction(maximum_total) if pass_total is not None and maximum_total else None
    return (*_verdict_hints(criteria, sheet, passing), *_repeated(sheet))


def _verdict_hints(criteria: Sequence[ExpertCriterion], sheet: Sheet, passing: Fraction | None) -> Iterator[Hint]:
    supports = sheet.recommendation in (Recommendation.SUPPORT, Recommendation.SUPPORT_WITH_CONDITIONS)
    if supports:
        for item in criteria:
            mark = sheet.scores.get(item.code)
            if mark is not None and item.pass_mark is not None and mark < item.pass_mark:
                yield Hint(AGAINST_THE_FLOOR, {"code": item.code, "mark": item.pass_mark}, (item.code,))
    share = _share(criteria, sheet)
    if share is None:
        return
    if supports and passing is not None and share < passing:
        yield Hint(AGAINST_THE_TOTAL)
    if sheet.recommendation is Recommendation.DO_NOT_SUPPORT and share >= HIGH:
        yield Hint(AGAINST_HIGH_MARKS)


def _share(criteria: Sequence[ExpertCriterion], sheet: Sheet) -> Fraction | None:
    """Return the share of the expert points that the sheet gives; None while marks are missing."""
    counting = [item for item in criteria if in_total(item) and item.code not in sheet.abstained]
    full = sum((Fraction(item.weight) for item in criteria), Fraction(0))
    if not counting or any(item.required and item.code not in sheet.scores for item in counting):
        return None
    given = total(criteria, sheet)
    return None if given is None else given / full


def _repeated(sheet: Sheet) -> Iterator[Hint]:
    for audience in (Audience.PANEL, Audience.APPLICANT):
        said = defaultdict(list)
        for place, text in sheet.words(audience).items():
            said[" ".join(text.casefold().split())].append(place)
        for text, places in said.items():
            if len(text) >= SAID_TWICE and len(places) > 1:
                yield Hint(THE_SAME_WORDS, {}, tuple(places))
