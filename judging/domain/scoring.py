"""From reviews and indicators to the total of an application.

Source: the contest-archive format, «Criteria» and «From reviews to a total». Arithmetic is exact throughout;
:func:`round_half_up` is the one rounding rule of the system and is applied once, to an exact value.

Marks are added up as integers: a *unit* is such a part of a point that every mark of the contest, and every mean of
them that can occur, is a whole number of units.

What is outside the total (a weight of 0) is marked and computed beside it: its share of the full score is kept, and it
has no part in totals, in what diverges, in which reviews count, or in what passes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm

from judging.domain.aggregates import AGGREGATES as AGGREGATES
from judging.domain.record import Application, Conflict, ContestTerms, Decision, Review, ReviewState
from judging.domain.rubric import (
    FULL_BAND_SCORE,
    Criterion,
    ExpertCriterion,
    counting_criteria,
    expert_criteria,
    in_total,
)
from judging.domain.rules import AdditionalRule, Divergence
from judging.domain.shares import ZERO, calculator, full_points, mark_share

EARLIEST = datetime.min.replace(tzinfo=UTC)


class Needs(StrEnum):
    """What keeps an application from having a final total."""

    REVIEWS = "reviews"
    ADDITIONAL_REVIEW = "additional_review"


@dataclass(frozen=True)
class Rounded:
    """What is printed: each figure rounded from its own exact value.

    ``criteria`` are points of what is in the total, ``outside`` marks of what is not (:func:`outside_mark`).
    """

    total: Decimal
    computed: Decimal
    expert: Decimal
    criteria: Mapping[str, Decimal]
    outside: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """The score of one application.

    ``points`` are exact, by criterion code in the rubric's order; ``unmarked`` names the expert criteria that no
    counted review has a mark for; ``counted`` are e-mails, regular reviews first. ``outside`` are the shares of the
    full score of what is outside the total, by code; without what has no mark.
    """

    application: str
    points: Mapping[str, Fraction]
    computed: Fraction
    expert: Fraction
    total: Fraction
    rounded: Rounded
    unmarked: frozenset[str]
    passed: bool
    diverged: bool
    needs: Needs | None
    counted: tuple[str, ...]
    outside: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sheet:
    """A review that may count, its marks as units by criterion code, and its weighted total: the sum of what counts."""

    review: Review
    units: Mapping[str, int]
    total: int


@dataclass(frozen=True)
class _Verdict:
    diverged: bool
    needs: Needs | None
    counted: tuple[_Sheet, ...]


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """Round to ``decimals`` places, halves away from zero, as a decimal with exactly that many places."""
    numerator, denominator = value.as_integer_ratio()
    units = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    return Decimal(f"{'-' if numerator < 0 and units else ''}{units}E-{decimals}")


def review_total(criteria: Sequence[Criterion], review: Review) -> Fraction:
    """Return the weighted total of one review, in points, over the marks it has."""
    given = [item for item in expert_criteria(criteria) if item.code in review.scores]
    return sum((Fraction(item.weight) * mark_share(item, review.scores[item.code]) for item in given), ZERO)


def rounded_totals(
    criteria: Sequence[Criterion], reviews: Sequence[Review], decimals: int
) -> Callable[[Review], Decimal]:
    """Return :func:`review_total` of these ``reviews``, rounded: each mark and each total is worked out once."""
    points = _points_by_mark(expert_criteria(counting_criteria(criteria)), reviews)
    scale = lcm(*(value.denominator for by_mark in points.values() for value in by_mark.values()))
    units = [(code, {mark: int(value * scale) for mark, value in by_mark.items()}) for code, by_mark in points.items()]
    known: dict[int, Decimal] = {}

    def rounded(review: Review) -> Decimal:
        marks = review.scores
        total = sum(by_mark[marks[code]] for code, by_mark in units if code in marks)
        if total not in known:
            known[total] = round_half_up(Fraction(total, scale), decimals)
        return known[total]

    return rounded


def aggregated_mark(criterion: ExpertCriterion, score: Score) -> Fraction | None:
    """Return the application's mark on ``criterion``'s own scale; None where no counted review has one."""
    if criterion.code in score.unmarked:
        return None
    if not in_total(criterion):
        return outside_mark(criterion, score.outside[criterion.code])
    return _on_scale(criterion, score.points[criterion.code] / Fraction(criterion.weight))


def outside_mark(criterion: Criterion, share: Fraction) -> Fraction:
    """Return what is shown of a criterion outside the total: its mark on its own scale, of a computed one out of 10."""
    return _on_scale(criterion, share) if isinstance(criterion, ExpertCriterion) else share * Fraction(FULL_BAND_SCORE)


def _on_scale(criterion: ExpertCriterion, share: Fraction) -> Fraction:
    lowest, highest = Fraction(criterion.scale.minimum), Fraction(criterion.scale.maximum)
    return lowest + (highest - lowest) * share


def meets_floors(criteria: Sequence[Criterion], score: Score) -> bool:
    """Say whether every aggregated mark reaches its criterion's floor; what has no mark does not."""
    marked = {code: points for code, points in score.points.items() if code not in score.unmarked}
    return _reaches_all(_floors(expert_criteria(counting_criteria(criteria))), marked)


def _floors(experts: Iterable[ExpertCriterion]) -> dict[str, Fraction]:
    """Return the least points of each criterion that has a floor, by code."""
    floors = ((item, item.pass_mark) for item in experts)
    return {item.code: mark_share(item, mark) * Fraction(item.weight) for item, mark in floors if mark is not None}


def _reaches_all(floors: Mapping[str, Fraction], marked: Mapping[str, Fraction]) -> bool:
    return all(code in marked and marked[code] >= floor for code, floor in floors.items())


def countable(review: Review, conflicts: frozenset[tuple[str, str]]) -> bool:
    """Say whether ``review`` may count: it is submitted and its (expert, application) pair is not in conflict."""
    return review.state is ReviewState.SUBMITTED and (review.expert, review.application) not in conflicts


def score_applications(
    terms: ContestTerms,
    applications: Iterable[Application],
    reviews: Iterable[Review],
    conflicts: Iterable[Conflict],
) -> tuple[Score, ...]:
    """Score every admitted application, in the order given.

    A mark missing from a submitted review is missing, never 0: on that criterion the other counted reviews are
    aggregated without it. The weighted total of such a review, which decides on divergence and on the closest pair,
    is the sum over the marks that it has. A contest of several nominations is scored part by part (domain/parts.py).
    """
    if terms.nominations:
        raise ValueError("a contest with nominations is scored part by part")
    admitted = [item for item in applications if item.status is Decision.ADMITTED]
    counting = countable_reviews(reviews, conflicts)
    panel = _Panel(terms, [sheet for item in admitted for sheet in counting[item.number]], _widest(counting))
    computed = calculator(terms, admitted)
    return tuple(panel.score(item, counting[item.number], computed(item)) for item in admitted)


class _Panel:
    """Everything about the expert part that is the same for all applications of a contest."""

    def __init__(self, terms: ContestTerms, reviews: Sequence[Review], widest: int) -> None:
        self._terms = terms
        self._experts = expert_criteria(terms.criteria)
        counting = expert_criteria(counting_criteria(terms.criteria))
        self._outside = tuple(item for item in terms.criteria if not in_total(item))
        self._beside = frozenset(item.code for item in self._outside)
        points = _points_by_mark(self._experts, reviews)
        denominators = {value.denominator for by_mark in points.values() for value in by_mark.values()}
        self._scale = lcm(*denominators) * lcm(*range(1, max(widest, 2) + 1))
        self._units = {
            code: {mark: int(value * self._scale) for mark, value in by_mark.items()}
            for code, by_mark in points.items()
        }
        self._spread = _greatest_spread(terms.rules.divergence, counting, self._scale)
        self._ranges = _telling_ranges(terms.rules.divergence, counting, self._scale)
        self._floors = _floors(counting)

    def score(self, application: Application, reviews: Sequence[Review], computed: Mapping[str, Fraction]) -> Score:
        """Score one application from the reviews that may count and the points of its computed criteria."""
        rules = self._terms.rules
        verdict = self._judge([self._sheet(review) for review in reviews])
        units = self._aggregate(verdict.counted)
        marked = {code: Fraction(value, self._scale) for code, value in units.items()}
        known = {**computed, **marked}
        outside = {item.code: known.pop(item.code) for item in self._outside if item.code in known}
        points = {item.code: known.get(item.code, ZERO) for item in self._terms.criteria}
        expert = Fraction(self._counted_sum(units), self._scale)
        calculated = sum((known[code] for code in computed if code in known), ZERO)
        rounded = _rounded(points, calculated, expert, self._marks(outside), rules.rounding)
        return Score(
            application=application.number,
            points=points,
            computed=calculated,
            expert=expert,
            total=calculated + expert,
            rounded=rounded,
            unmarked=frozenset(item.code for item in self._experts if item.code not in marked),
            passed=reaches(rounded.total, rules.pass_total) and _reaches_all(self._floors, marked),
            diverged=verdict.diverged,
            needs=verdict.needs,
            counted=tuple(sheet.review.expert for sheet in verdict.counted),
            outside=outside,
        )

    def _marks(self, outside: Mapping[str, Fraction]) -> Mapping[str, Fraction | None]:
        shares = ((item, outside.get(item.code)) for item in self._outside)
        return {item.code: None if share is None else outside_mark(item, share) for item, share in shares}

    def _counted_sum(self, units: Mapping[str, int]) -> int:
        """Add up what counts in the total."""
        if not self._beside:
            return sum(units.values())
        return sum(value for code, value in units.items() if code not in self._beside)

    def _sheet(self, review: Review) -> _Sheet:
        marks = review.scores
        units = {code: by_mark[marks[code]] for code, by_mark in self._units.items() if code in marks}
        return _Sheet(review, units, self._counted_sum(units))

    def _judge(self, sheets: Sequence[_Sheet]) -> _Verdict:
        regular = [sheet for sheet in sheets if not sheet.review.additional]
        additional = [sheet for sheet in sheets if sheet.review.additional]
        diverged = len(regular) > 1 and (self._totals_differ(regular) or self._marks_differ(regular))
        counted = [*regular, *additional]
        if diverged and additional:
            counted = CHOICES[self._terms.rules.additional_review](regular, additional)
        return _Verdict(diverged, self._needs(regular, diverged and not additional), tuple(counted))

    def _needs(self, regular: Sequence[_Sheet], unresolved: bool) -> Needs | None:
        if len(regular) < self._terms.rules.experts_per_application:
            return Needs.REVIEWS
        return Needs.ADDITIONAL_REVIEW if unresolved else None

    def _totals_differ(self, regular: Sequence[_Sheet]) -> bool:
        totals = [sheet.total for sheet in regular]
        return self._spread is not None and max(totals) - min(totals) > self._spread

    def _marks_differ(self, regular: Sequence[_Sheet]) -> bool:
        given = {code: [sheet.units[code] for sheet in regular if code in sheet.units] for code in self._ranges}
        return any(len(units) > 1 and max(units) - min(units) >= self._ranges[code] for code, units in given.items())

    def _aggregate(self, counted: Sequence[_Sheet]) -> dict[str, int]:
        """Return the units of each criterion that has a mark; exact, since the scale holds every divisor."""
        aggregate = AGGREGATES[self._terms.rules.aggregate]
        given = {code: [sheet.units[code] for sheet in counted if code in sheet.units] for code in self._units}
        return {code: aggregate(units) for code, units in given.items() if units}


def countable_reviews(reviews: Iterable[Review], conflicts: Iterable[Conflict]) -> defaultdict[str, list[Review]]:
    """Return the reviews that may count by application number, each list by time of submission, then e-mail."""
    barred = frozenset((item.expert, item.application) for item in conflicts)
    grouped = defaultdict(list)
    for review in reviews:
        if countable(review, barred):
            grouped[review.application].append(review)
    for group in grouped.values():
        group.sort(key=_submission)
    return grouped


def _submission(review: Review) -> tuple[datetime, str]:
    return review.submitted_at or EARLIEST, review.expert


def _widest(grouped: Mapping[str, Sequence[Review]]) -> int:
    return max(map(len, grouped.values()), default=0)


def _points_by_mark(
    experts: Iterable[ExpertCriterion], reviews: Sequence[Review]
) -> dict[str, dict[Decimal, Fraction]]:
    """Return, by criterion code, the points of every mark that occurs; outside the total its share."""
    rows = [review.scores for review in reviews]
    return {
        item.code: {
            mark: full_points(item) * mark_share(item, mark)
            for mark in {row[item.code] for row in rows if item.code in row}
        }
        for item in experts
    }


def _greatest_spread(divergence: Divergence, experts: Iterable[ExpertCriterion], scale: int) -> int | None:
    """Return by how many units the totals of two reviews may differ; None for any difference."""
    if divergence.total_share is None:
        return None
    return floor(Fraction(divergence.total_share) * sum((Fraction(item.weight) for item in experts), ZERO) * scale)


def _telling_ranges(divergence: Divergence, experts: Iterable[ExpertCriterion], scale: int) -> dict[str, int]:
    """Return from how many units on two marks of a criterion differ too much, by code; empty where all may."""
    if divergence.criterion_range is None:
        return {}
    span = Fraction(divergence.criterion_range) * scale
    return {
        item.code: ceil(span * Fraction(item.weight) / (Fraction(item.scale.maximum) - Fraction(item.scale.minimum)))
        for item in experts
    }


def _all(regular: Sequence[_Sheet], additional: Sequence[_Sheet]) -> list[_Sheet]:
    return [*regular, *additional]


def _closest_pair(regular: Sequence[_Sheet], additional: Sequence[_Sheet]) -> list[_Sheet]:
    pair = min(combinations([*regular, *additional], 2), key=_nearness)
    return list(pair)


def _nearness(pair: tuple[_Sheet, _Sheet]) -> tuple[int, int, list[str]]:
    first, second = pair
    emails = sorted((first.review.expert, second.review.expert))
    return abs(first.total - second.total), -(first.total + second.total), emails


def _latest_additional(regular: Sequence[_Sheet], additional: Sequence[_Sheet]) -> list[_Sheet]:
    return [max(additional, key=lambda sheet: _submission(sheet.review))]


CHOICES: Mapping[AdditionalRule, Callable[[Sequence[_Sheet], Sequence[_Sheet]], list[_Sheet]]] = {
    AdditionalRule.MEAN_ALL: _all,
    AdditionalRule.CLOSEST_PAIR: _closest_pair,
    AdditionalRule.ADDITIONAL_IS_FINAL: _latest_additional,
}


def _rounded(
    points: Mapping[str, Fraction], computed: Fraction, expert: Fraction, beside: Mapping[str, Fraction | None],
    decimals: int,
) -> Rounded:  # fmt: skip
    """Round every figure; ``beside`` are the marks of what is outside the total, None where there is none."""
    return Rounded(
        total=round_half_up(computed + expert, decimals),
        computed=round_half_up(computed, decimals),
        expert=round_half_up(expert, decimals),
        criteria={code: round_half_up(value, decimals) for code, value in points.items() if code not in beside},
        outside={code: round_half_up(mark, decimals) for code, mark in beside.items() if mark is not None},
    )


def reaches(total: Decimal, pass_total: Decimal | None) -> bool:
    """Say whether a rounded total is enough; None asks for nothing."""
    return pass_total is None or total >= pass_total


def least_enough(pass_total: Decimal | None, decimals: int) -> Fraction | None:
    """Return the least exact total that :func:`reaches` once it is rounded; None where every total does."""
    if pass_total is None or pass_total <= 0:
        return None
    units = ceil(Fraction(pass_total) * 10**decimals)
    return Fraction(2 * units - 1, 2 * 10**decimals)
