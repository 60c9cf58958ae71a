"""One application's total, line by line, as values: every figure that a court would ask for.

Nothing is computed here in a second way: shares come from :mod:`judging.domain.shares`, marks and totals from
:mod:`judging.domain.scoring`, places from :mod:`judging.domain.ranking`. Words and the writing of figures are the
caller's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from judging.domain.criterion_groups import CriterionGroup, criterion_groups
from judging.domain.ranking import NO_POINTS, Placing
from judging.domain.record import AgreedReview, Application, Conflict, ContestRecord, Review, ReviewState
from judging.domain.review_totals import review_totals
from judging.domain.rubric import (
    BandsCriterion,
    BelowPass,
    ComputedCriterion,
    Criterion,
    ExpertCriterion,
    computed_criteria,
    counting_criteria,
    expert_criteria,
)
from judging.domain.rules import Tiebreak, tiebreak_of
from judging.domain.scoring import Score, aggregated_mark
from judging.domain.shares import band_at, bases, computed_share
from judging.domain.spread import Spread, spread
from judging.domain.thresholds import floors_of, missed_floors, reaches


class NotCounted(StrEnum):
    """Why a review has no part in a total."""

    NOT_SUBMITTED = "not_submitted"
    RECUSED = "recused"
    CONFLICT = "conflict"
    SET_ASIDE = "set_aside"
    """Another choice of reviews counts by the rule for those that diverge."""
    STAFF_SET_ASIDE = "staff_set_aside"
    """Staff set this very review aside, for :attr:`Review.set_aside`."""
    OUT_OF_SCOPE = "out_of_scope"
    """The expert says that the project is out of the scope of the contest, for :attr:`Review.scope_reason`."""
    AGREED = "agreed"
    """An agreed score counts in the place of the reviews."""
    NOT_RANKED = "not_ranked"
    """The application is not in the ranking at all."""


@dataclass(frozen=True)
class Part:
    """A review and its part in the total; ``conflict`` is the stored reason of one that bars it."""

    review: Review
    why_not: NotCounted | None
    conflict: str = ""

    @property
    def counted(self) -> bool:
        """Whether it counts."""
        return self.why_not is None


@dataclass(frozen=True)
class BandLine:
    """The band that a value lies in: from ``start`` (None: no bound) up to ``end``, which belongs to the next one."""

    start: Decimal | None
    end: Decimal | None
    score: Decimal


@dataclass(frozen=True)
class ComputedLine:
    """A computed criterion: the indicator's ``value``, what it is compared with, the exact share, rounded points.

    ``points`` are None where it is outside the total.
    """

    criterion: ComputedCriterion
    value: Decimal | None
    base: Decimal | None
    band: BandLine | None
    share: Fraction
    points: Decimal | None


@dataclass(frozen=True)
class MarkedLine:
    """An expert criterion: the mark of every submitted review, the exact aggregate of those that count, the points.

    ``mark`` is on the criterion's own scale; None where no counted review has one. ``points`` are None where it is
    outside the total. ``agreed`` is the mark of the agreed score, whether it counts or not. Whoever could not judge the
    criterion is told by :attr:`Review.abstained`.
    """

    criterion: ExpertCriterion
    marks: tuple[tuple[Part, Decimal | None], ...]
    mark: Fraction | None
    points: Decimal | None
    agreed: Decimal | None = None


@dataclass(frozen=True)
class MissedLine:
    """A threshold that is not reached, and what follows: a criterion's passing mark, or (None) the passing total."""

    criterion: ExpertCriterion | None
    follows: BelowPass


@dataclass(frozen=True)
class SpreadLine:
    """How far the counted reviews lie apart: in one criterion's marks, or (``criterion`` None) in their totals."""

    criterion: ExpertCriterion | None
    spread: Spread


@dataclass(frozen=True)
class GroupLine:
    """A group of criteria and the exact points of those in it; the points of all groups add up to the exact total."""

    group: CriterionGroup
    points: Fraction


TieLine = tuple[Tiebreak, str | None, Decimal | int | datetime]
"""A tie-breaker, its criterion if it is one, and this application's value: points, kopecks or an aware instant."""


@dataclass(frozen=True)
class Explanation:
    """Everything that makes one application's total and place.

    ``agreed`` is the agreed score beside or (:attr:`Placing.agreed`) in the place of the reviews.
    """

    parts: tuple[Part, ...]
    computed: tuple[ComputedLine, ...]
    marked: tuple[MarkedLine, ...]
    groups: tuple[GroupLine, ...]
    spreads: tuple[SpreadLine, ...]
    ties: tuple[TieLine, ...]
    missed: tuple[MissedLine, ...] = ()
    agreed: AgreedReview | None = None


def explain(record: ContestRecord, application: Application, placing: Placing, score: Score) -> Explanation:
    """Explain the total of one ranked application; ``placing`` and ``score`` are its own, of this very record."""
    own = [review for review in record.reviews if review.application == application.number]
    parts = tuple(parts_of(own, placing.counted, record.conflicts, agreed=placing.agreed is not None))
    agreed = next((item for item in record.agreed if item.application == application.number), None)
    return Explanation(
        parts=parts,
        computed=tuple(_computed(record, application, placing)),
        marked=tuple(_marked(record.contest.criteria, parts, placing, score, agreed)),
        groups=tuple(_groups(record.contest.criteria, score)),
        spreads=tuple(_spreads(record.contest.criteria, [part.review for part in parts if part.counted])),
        ties=tuple(_ties(record.contest.rules.tie_breakers, application, placing)),
        missed=tuple(_missed(record, score)),
        agreed=agreed,
    )


def parts_of(
    reviews: Iterable[Review],
    counted: Collection[str] | None,
    conflicts: Iterable[Conflict],
    *,
    agreed: bool = False,
) -> Iterator[Part]:
    """Yield the part of each review of one application.

    ``counted`` are the e-mails of those whose reviews count (:attr:`Placing.counted`), None where the application is
    not ranked; ``agreed``: an agreed score counts in their place.
    """
    reasons = {(item.expert, item.application): item.reason for item in conflicts}
    for review in reviews:
        reason = reasons.get((review.expert, review.application))
        why_not = _why_not(review, counted, barred=reason is not None)
        yield Part(review, NotCounted.AGREED if agreed and why_not is NotCounted.SET_ASIDE else why_not, reason or "")


def _why_not(review: Review, counted: Collection[str] | None, *, barred: bool) -> NotCounted | None:
    if counted is not None and review.expert in counted:
        return None
    if review.state is ReviewState.ASSIGNED:
        return NotCounted.NOT_SUBMITTED
    if review.state is ReviewState.RECUSED:
        return NotCounted.RECUSED
    if barred:
        return NotCounted.CONFLICT
    if review.set_aside is not None:
        return NotCounted.STAFF_SET_ASIDE
    if review.in_scope is False:
        return NotCounted.OUT_OF_SCOPE
    return NotCounted.NOT_RANKED if counted is None else NotCounted.SET_ASIDE


def _computed(record: ContestRecord, application: Application, placing: Placing) -> Iterator[ComputedLine]:
    terms = record.contest
    compared = bases(terms.criteria, record.applications, terms.frozen_base)
    for criterion in computed_criteria(terms.criteria):
        value, base = application.indicators.get(criterion.indicator), compared.get(criterion.code)
        band = _band(criterion, value) if isinstance(criterion, BandsCriterion) and value is not None else None
        share = computed_share(criterion, value, base)
        yield ComputedLine(criterion, value, base, band, share, placing.criteria.get(criterion.code))


def _band(criterion: BandsCriterion, value: Decimal) -> BandLine | None:
    index = band_at(criterion, value)
    if index is None:
        return None
    band, *following = criterion.bands[index:]
    return BandLine(band.start, following[0].start if following else None, band.score)


def _marked(
    criteria: Sequence[Criterion],
    parts: Sequence[Part],
    placing: Placing,
    score: Score,
    agreed: AgreedReview | None,
) -> Iterator[MarkedLine]:
    submitted = [part for part in parts if part.review.state is ReviewState.SUBMITTED]
    for criterion in expert_criteria(criteria):
        marks = tuple((part, part.review.scores.get(criterion.code)) for part in submitted)
        own = agreed.scores.get(criterion.code) if agreed else None
        mark, points = aggregated_mark(criterion, score), placing.criteria.get(criterion.code)
        yield MarkedLine(criterion, marks, mark, points, own)


def _missed(record: ContestRecord, score: Score) -> Iterator[MissedLine]:
    """Yield the thresholds that are not reached."""
    rules = record.contest.rules
    marked = {code: points for code, points in score.points.items() if code not in score.unmarked}
    for criterion in expert_criteria(counting_criteria(record.contest.criteria)):
        if missed_floors(floors_of((criterion,)), marked):
            yield MissedLine(criterion, criterion.below_pass)
    if not reaches(score.rounded.total, rules.pass_total):
        yield MissedLine(None, rules.below_pass)


def _groups(criteria: Sequence[Criterion], score: Score) -> Iterator[GroupLine]:
    for group in criterion_groups(criteria):
        yield GroupLine(group, sum((score.points[code] for code in group.codes), Fraction(0)))


def _spreads(criteria: Sequence[Criterion], counted: Sequence[Review]) -> Iterator[SpreadLine]:
    found = spread(review_totals(criteria, counted))
    if found is not None:
        yield SpreadLine(None, found)
    for criterion in expert_criteria(criteria):
        found = spread([review.scores[criterion.code] for review in counted if criterion.code in review.scores])
        if found is not None:
            yield SpreadLine(criterion, found)


def _ties(tie_breakers: Iterable[str], application: Application, placing: Placing) -> Iterator[TieLine]:
    values: Mapping[Tiebreak, Decimal | int | datetime] = {
        Tiebreak.REQUESTED: application.requested,
        Tiebreak.SUBMITTED_AT: application.submitted_at,
    }
    for text in tie_breakers:
        kind, code = tiebreak_of(text)
        yield kind, code, placing.criteria.get(code, NO_POINTS) if code else values[kind]
