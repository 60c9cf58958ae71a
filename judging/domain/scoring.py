"""From reviews and indicators to the total of an application.

Source: the contest-archive format, «Criteria» and «From reviews to a total». Arithmetic is exact throughout;
:func:`round_half_up` is the one rounding rule of the system and is applied once, to an exact value.

Marks are added up as integers: a *unit* is such a part of a point that every mark of the contest, and every mean of
them that can occur, is a whole number of units.

What is outside the total (a weight of 0) is marked and computed beside it: its share of the full score is kept, and it
has no part in totals, in what diverges, in which reviews count, or in what passes.

What an expert cannot judge (:attr:`Review.abstained`) has no mark: its criterion is aggregated without that review, and
the review's own total is scaled up (:mod:`judging.domain.review_totals`). A review that staff set aside, or whose
expert says that the project is out of scope, does not count. Where the rules say so, the agreed score of a lead expert
counts in the place of the reviews.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm

from judging.domain.aggregates import AGGREGATES as AGGREGATES
from judging.domain.countable import agreed_scores, submission
from judging.domain.countable import countable as countable
from judging.domain.countable import countable_reviews as countable_reviews
from judging.domain.record import (
    AgreedReview,
    Application,
    Conflict,
    ContestRecord,
    ContestTerms,
    Decision,
    Review,
)
from judging.domain.review_totals import points_by_mark, upscale
from judging.domain.review_totals import review_total as review_total
from judging.domain.review_totals import rounded_totals as rounded_totals
from judging.domain.rounding import round_half_up as round_half_up
from judging.domain.rubric import (
    FULL_BAND_SCORE,
    BelowPass,
    Criterion,
    ExpertCriterion,
    counting_criteria,
    expert_criteria,
    in_total,
)
from judging.domain.rules import AdditionalRule, Divergence
from judging.domain.shares import ZERO, calculator
from judging.domain.thresholds import floors_of, missed_floors, passes, worst
from judging.domain.thresholds import least_enough as least_enough
from judging.domain.thresholds import reaches as reaches


class Needs(StrEnum):
    """What keeps an application from having a final total."""

    REVIEWS = "reviews"
    ADDITIONAL_REVIEW = "additional_review"
    PANEL = "panel"


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
    full score of what is outside the total, by code; without what has no mark. ``agreed`` is the e-mail of the expert
    whose agreed score counts in the place of all reviews; then none is ``counted``. ``below`` is what follows from the
    thresholds that are missed, whatever the panel said; ``awaits_panel``: the panel has to say so and has not.
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
    agreed: str | None = None
    below: BelowPass | None = None
    awaits_panel: bool = False


@dataclass(frozen=True)
class _Sheet:
    """A review that may count, its marks as units by criterion code, and its weighted total: the sum of what counts.

    ``total`` is None where the expert could judge nothing that counts.
    """

    review: Review
    units: Mapping[str, int]
    total: int | None


@dataclass(frozen=True)
class _Verdict:
    diverged: bool
    needs: Needs | None
    counted: tuple[_Sheet, ...]


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


def floors_missed(criteria: Sequence[Criterion], score: Score) -> frozenset[BelowPass]:
    """Return what follows from the floors that the aggregated marks do not reach; what has no mark reaches none."""
    marked = {code: points for code, points in score.points.items() if code not in score.unmarked}
    return missed_floors(floors_of(expert_criteria(counting_criteria(criteria))), marked)


def score_record(record: ContestRecord) -> tuple[Score, ...]:
    """Score every admitted application of a contest without nominations, or of one of its parts."""
    return score_applications(record.contest, record.applications, record.reviews, record.conflicts, record.agreed)


def score_applications(
    terms: ContestTerms,
    applications: Iterable[Application],
    reviews: Iterable[Review],
    conflicts: Iterable[Conflict],
    agreed: Iterable[AgreedReview] = (),
) -> tuple[Score, ...]:
    """Score every admitted application, in the order given.

    A mark missing from a submitted review is missing, never 0: on that criterion the other counted reviews are
    aggregated without it. The weighted total of such a review, which decides on divergence and on the closest pair,
    is the sum over the marks that it has; what its expert abstained from is made up for. A contest of several
    nominations is scored part by part (domain/parts.py).
    """
    if terms.nominations:
        raise ValueError("a contest with nominations is scored part by part")
    admitted = [item for item in applications if item.status is Decision.ADMITTED]
    conflicts = tuple(conflicts)
    counting, settled = countable_reviews(reviews, conflicts), agreed_scores(terms, agreed, conflicts)
    panel = _Panel(terms, [sheet for item in admitted for sheet in counting[item.number]], settled, _widest(counting))
    computed = calculator(terms, admitted)
    return tuple(panel.score(item, counting[item.number], computed(item)) for item in admitted)


class _Panel:
    """Everything about the expert part that is the same for all applications of a contest."""

    def __init__(
        self, terms: ContestTerms, reviews: Sequence[Review], agreed: Mapping[str, AgreedReview], widest: int
    ) -> None:
        self._terms, self._agreed = terms, agreed
        self._experts = expert_criteria(terms.criteria)
        counting = expert_criteria(counting_criteria(terms.criteria))
        self._outside = tuple(item for item in terms.criteria if not in_total(item))
        self._beside = frozenset(item.code for item in self._outside)
        rows = [*(review.scores for review in reviews), *(item.scores for item in agreed.values())]
        points = points_by_mark(self._experts, rows)
        denominators = {value.denominator for by_mark in points.values() for value in by_mark.values()}
        partial = {review.abstained for review in reviews if review.abstained}
        self._upscales = {codes: upscale(counting, codes) for codes in partial}
        made_up = {factor.denominator for factor in self._upscales.values() if factor is not None}
        self._scale = lcm(*denominators) * lcm(*range(1, max(widest, 2) + 1)) * lcm(*made_up)
        self._units = {
            code: {mark: int(value * self._scale) for mark, value in by_mark.items()}
            for code, by_mark in points.items()
        }
        self._spread = _greatest_spread(terms.rules.divergence, counting, self._scale)
        self._ranges = _telling_ranges(terms.rules.divergence, counting, self._scale)
        self._floors = floors_of(counting)
        self._wanted = tuple(item.code for item in counting if item.required and item.may_abstain)

    def score(self, application: Application, reviews: Sequence[Review], computed: Mapping[str, Fraction]) -> Score:
        """Score one application from the reviews that may count and the points of its computed criteria."""
        rules = self._terms.rules
        agreed = self._agreed.get(application.number)
        verdict = self._judge([self._sheet(review) for review in reviews], agreed)
        units = self._aggregate(verdict.counted) if agreed is None else self._units_of(agreed.scores)
        marked = {code: Fraction(value, self._scale) for code, value in units.items()}
        known = {**computed, **marked}
        outside = {item.code: known.pop(item.code) for item in self._outside if item.code in known}
        points = {item.code: known.get(item.code, ZERO) for item in self._terms.criteria}
        expert = Fraction(self._counted_sum(units), self._scale)
        calculated = sum((known[code] for code in computed if code in known), ZERO)
        rounded = _rounded(points, calculated, expert, self._marks(outside), rules.rounding)
        below = self._below(rounded.total, marked)
        awaits = below is BelowPass.PANEL and application.panel is None
        return Score(
            application=application.number,
            points=points,
            computed=calculated,
            expert=expert,
            total=calculated + expert,
            rounded=rounded,
            unmarked=frozenset(item.code for item in self._experts if item.code not in marked),
            passed=passes(below, application.panel),
            diverged=verdict.diverged,
            needs=verdict.needs or (Needs.PANEL if awaits else None),
            counted=tuple(sheet.review.expert for sheet in verdict.counted),
            outside=outside,
            agreed=None if agreed is None else agreed.expert,
            below=below,
            awaits_panel=awaits,
        )

    def _below(self, total: Decimal, marked: Mapping[str, Fraction]) -> BelowPass | None:
        """Return what follows from the thresholds that are missed."""
        rules = self._terms.rules
        missed = missed_floors(self._floors, marked)
        return worst(missed if reaches(total, rules.pass_total) else missed | {rules.below_pass})

    def _marks(self, outside: Mapping[str, Fraction]) -> Mapping[str, Fraction | None]:
        shares = ((item, outside.get(item.code)) for item in self._outside)
        return {item.code: None if share is None else outside_mark(item, share) for item, share in shares}

    def _counted_sum(self, units: Mapping[str, int]) -> int:
        """Add up what counts in the total."""
        if not self._beside:
            return sum(units.values())
        return sum(value for code, value in units.items() if code not in self._beside)

    def _units_of(self, marks: Mapping[str, Decimal]) -> dict[str, int]:
        return {code: by_mark[marks[code]] for code, by_mark in self._units.items() if code in marks}

    def _sheet(self, review: Review) -> _Sheet:
        units = self._units_of(review.scores)
        total = self._counted_sum(units)
        if not review.abstained:
            return _Sheet(review, units, total)
        factor = self._upscales[review.abstained]
        return _Sheet(review, units, None if factor is None else int(total * factor))

    def _judge(self, sheets: Sequence[_Sheet], agreed: AgreedReview | None) -> _Verdict:
        regular = [sheet for sheet in sheets if not sheet.review.additional]
        additional = [sheet for sheet in sheets if sheet.review.additional]
        diverged = len(regular) > 1 and (self._totals_differ(regular) or self._marks_differ(regular))
        counted = [*regular, *additional]
        if agreed is not None:
            return _Verdict(diverged, self._needs(regular, (), unresolved=False), ())
        if diverged and additional:
            counted = CHOICES[self._terms.rules.additional_review](regular, additional)
        unresolved = diverged and not additional
        return _Verdict(diverged, self._needs(regular, counted, unresolved=unresolved), tuple(counted))

    def _needs(self, regular: Sequence[_Sheet], counted: Sequence[_Sheet], *, unresolved: bool) -> Needs | None:
        if len(regular) < self._terms.rules.experts_per_application or self._unjudged(counted):
            return Needs.REVIEWS
        return Needs.ADDITIONAL_REVIEW if unresolved else None

    def _unjudged(self, counted: Sequence[_Sheet]) -> bool:
        """Say whether there is a required criterion that everybody whose review counts abstained from."""
        return bool(counted) and any(all(code in sheet.review.abstained for sheet in counted) for code in self._wanted)

    def _totals_differ(self, regular: Sequence[_Sheet]) -> bool:
        totals = [sheet.total for sheet in regular if sheet.total is not None]
        return self._spread is not None and len(totals) > 1 and max(totals) - min(totals) > self._spread

    def _marks_differ(self, regular: Sequence[_Sheet]) -> bool:
        given = {code: [sheet.units[code] for sheet in regular if code in sheet.units] for code in self._ranges}
        return any(len(units) > 1 and max(units) - min(units) >= self._ranges[code] for code, units in given.items())

    def _aggregate(self, counted: Sequence[_Sheet]) -> dict[str, int]:
        """Return the units of each criterion that has a mark; exact, since the scale holds every divisor."""
        aggregate = AGGREGATES[self._terms.rules.aggregate]
        given = {code: [sheet.units[code] for sheet in counted if code in sheet.units] for code in self._units}
        return {code: aggregate(units) for code, units in given.items() if units}


def _widest(grouped: Mapping[str, Sequence[Review]]) -> int:
    return max(map(len, grouped.values()), default=0)


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


def _nearness(pair: tuple[_Sheet, _Sheet]) -> tuple[bool, int, int, list[str]]:
    """Order pairs: nearest first, then the higher one, then by e-mail; one with a review without a total last."""
    first, second = pair
    emails = sorted((first.review.expert, second.review.expert))
    if first.total is None or second.total is None:
        return True, 0, 0, emails
    return False, abs(first.total - second.total), -(first.total + second.total), emails


def _latest_additional(regular: Sequence[_Sheet], additional: Sequence[_Sheet]) -> list[_Sheet]:
    return [max(additional, key=lambda sheet: submission(sheet.review))]


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
