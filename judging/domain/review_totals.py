"""The weighted total of one review.

A criterion that the expert cannot judge is left out, and the total is scaled up to the whole: the points over the
weights that were judged, times all the weights that experts give marks to. Without abstentions nothing is scaled.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from judging.domain.record import Review
from judging.domain.rounding import round_half_up
from judging.domain.rubric import Criterion, ExpertCriterion, counting_criteria, expert_criteria
from judging.domain.shares import ZERO, full_points, mark_share

Marks = Mapping[str, Decimal]
"""Marks by the codes of their criteria."""


def given_points(criteria: Sequence[Criterion], review: Review) -> Fraction:
    """Return the points of one review, over the marks it has."""
    given = [item for item in expert_criteria(criteria) if item.code in review.scores]
    return sum((Fraction(item.weight) * mark_share(item, review.scores[item.code]) for item in given), ZERO)


def upscale(experts: Iterable[ExpertCriterion], abstained: frozenset[str]) -> Fraction | None:
    """Return by what the points of a review are multiplied; None where nothing that counts was judged."""
    weights = [(item.code, Fraction(item.weight)) for item in experts]
    whole = sum((weight for _, weight in weights), ZERO)
    judged = sum((weight for code, weight in weights if code not in abstained), ZERO)
    if judged == whole:
        return Fraction(1)
    return whole / judged if judged else None


def review_total(criteria: Sequence[Criterion], review: Review) -> Fraction | None:
    """Return the weighted total of one review, in points; None where the expert could judge nothing that counts."""
    given = given_points(criteria, review)
    if not review.abstained:
        return given
    factor = upscale(expert_criteria(criteria), review.abstained)
    return None if factor is None else given * factor


def review_totals(criteria: Sequence[Criterion], reviews: Iterable[Review]) -> list[Fraction]:
    """Return the weighted totals of those reviews that have one."""
    return [total for review in reviews if (total := review_total(criteria, review)) is not None]


def points_by_mark(experts: Iterable[ExpertCriterion], rows: Sequence[Marks]) -> dict[str, dict[Decimal, Fraction]]:
    """Return, by criterion code, the points of every mark that occurs in ``rows``; outside the total its share."""
    return {
        item.code: {
            mark: full_points(item) * mark_share(item, mark)
            for mark in {row[item.code] for row in rows if item.code in row}
        }
        for item in experts
    }


def rounded_totals(
    criteria: Sequence[Criterion], reviews: Sequence[Review], decimals: int
) -> Callable[[Review], Decimal | None]:
    """Return :func:`review_total` of these ``reviews``, rounded: each mark and each total is worked out once."""
    experts = expert_criteria(counting_criteria(criteria))
    points = points_by_mark(experts, [review.scores for review in reviews])
    scale = lcm(*(value.denominator for by_mark in points.values() for value in by_mark.values()))
    units = [(code, {mark: int(value * scale) for mark, value in by_mark.items()}) for code, by_mark in points.items()]
    known: dict[int, Decimal] = {}

    def rounded(review: Review) -> Decimal | None:
        if review.abstained:
            scaled = review_total(criteria, review)
            return None if scaled is None else round_half_up(scaled, decimals)
        marks = review.scores
        total = sum(by_mark[marks[code]] for code, by_mark in units if code in marks)
        if total not in known:
            known[total] = round_half_up(Fraction(total, scale), decimals)
        return known[total]

    return rounded
