"""How far the regular reviews of one application lie apart, figure by figure, against the rule of the contest.

It is the arithmetic behind :attr:`judging.domain.scoring.Score.diverged`, laid out to be read: every figure is exact,
and a property holds the verdict here to the one there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from judging.domain.canonical import digest
from judging.domain.record import ContestTerms, Review
from judging.domain.review_totals import review_total
from judging.domain.rubric import ExpertCriterion, counting_criteria, expert_criteria
from judging.domain.shares import ZERO


@dataclass(frozen=True)
class MarkRange:
    """A criterion: the mark of each review (None: it has none), how far they lie apart, from where on that is too far.

    ``apart`` is None where fewer than two reviews have a mark; ``limit`` None: the rules set none for criteria.
    """

    criterion: ExpertCriterion
    marks: tuple[Decimal | None, ...]
    apart: Decimal | None
    limit: Decimal | None

    @property
    def too_far(self) -> bool:
        """Whether the marks differ too much."""
        return self.apart is not None and self.limit is not None and self.apart >= self.limit


@dataclass(frozen=True)
class Arithmetic:
    """The totals of the reviews in their order, what they may differ by at most (None: by anything), the criteria.

    A review whose expert could judge nothing that counts has no total.
    """

    totals: tuple[Fraction | None, ...]
    most: Fraction | None
    criteria: tuple[MarkRange, ...]

    @property
    def apart(self) -> Fraction:
        """By how much the greatest and the least total differ."""
        known = [total for total in self.totals if total is not None]
        return max(known) - min(known) if known else ZERO

    @property
    def totals_too_far(self) -> bool:
        """Whether the totals differ too much."""
        return self.most is not None and self.apart > self.most

    @property
    def diverged(self) -> bool:
        """Whether an additional review is needed."""
        return len(self.totals) > 1 and (self.totals_too_far or any(row.too_far for row in self.criteria))


def arithmetic(terms: ContestTerms, reviews: Sequence[Review]) -> Arithmetic:
    """Lay out how far the regular reviews that count lie apart; ``terms`` are those of the application's own part."""
    rule = terms.rules.divergence
    counting = expert_criteria(counting_criteria(terms.criteria))
    weights = sum((Fraction(item.weight) for item in counting), ZERO)
    return Arithmetic(
        totals=tuple(review_total(counting, review) for review in reviews),
        most=None if rule.total_share is None else Fraction(rule.total_share) * weights,
        criteria=tuple(_range(item, reviews, rule.criterion_range) for item in counting),
    )


def _range(criterion: ExpertCriterion, reviews: Sequence[Review], limit: Decimal | None) -> MarkRange:
    marks = tuple(review.scores.get(criterion.code) for review in reviews)
    given = [mark for mark in marks if mark is not None]
    return MarkRange(criterion, marks, max(given) - min(given) if len(given) > 1 else None, limit)


def divergence_mark(reviews: Sequence[Review]) -> str:
    """Return the hash that names one divergence: of which reviews, submitted when, with which marks.

    Reviews that were given back and submitted again are another divergence, whatever their marks.
    """
    return digest(
        {
            "reviews": sorted(
                [
                    review.expert,
                    review.submitted_at.isoformat() if review.submitted_at else "",
                    sorted((code, f"{mark.normalize():f}") for code, mark in review.scores.items()),
                ]
                for review in reviews
            )
        }
    )
