"""Reviews that count, as the arrays that the engine takes.

The codes are in the order of numbers and e-mails, so that a report does not depend on the order of a record's lists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from judging.domain.record import ContestRecord, Review
from judging.domain.review_totals import given_points
from judging.domain.rubric import Criterion, ExpertCriterion, expert_criteria
from judging.domain.scoring import Score, countable_reviews
from judging.domain.shares import ZERO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Row(NamedTuple):
    """One score: what the expert gave the application, in points or on a criterion's own scale."""

    number: str
    expert: str
    value: float


@dataclass(frozen=True, eq=False)
class Marks:
    """Scores as arrays of equal length: ``score[n]`` of expert ``experts[rater[n]]`` on ``numbers[item[n]]``."""

    rows: tuple[Row, ...]
    experts: tuple[str, ...]
    numbers: tuple[str, ...]
    rater: "NDArray[np.int64]"
    item: "NDArray[np.int64]"
    score: "NDArray[np.float64]"

    @property
    def identical(self) -> bool:
        """Whether all scores are the same."""
        return len({row.value for row in self.rows}) == 1


def lay_out(rows: Iterable[Row]) -> Marks:
    """Return the rows as arrays, in the order of numbers and e-mails."""
    import numpy as np

    ordered = tuple(sorted(rows))
    experts = tuple(sorted({row.expert for row in ordered}))
    numbers = tuple(sorted({row.number for row in ordered}))
    raters = {email: code for code, email in enumerate(experts)}
    items = {number: code for code, number in enumerate(numbers)}
    return Marks(
        rows=ordered,
        experts=experts,
        numbers=numbers,
        rater=np.array([raters[row.expert] for row in ordered], np.int64),
        item=np.array([items[row.number] for row in ordered], np.int64),
        score=np.array([row.value for row in ordered], np.float64),
    )


def counted_of(record: ContestRecord, scores: Iterable[Score]) -> tuple[Review, ...]:
    """Return the reviews that count in the official total of the admitted applications.

    There are none of an application whose agreed score counts in their place.
    """
    countable = countable_reviews(record.reviews, record.conflicts)
    return tuple(
        review for score in scores for review in countable[score.application] if review.expert in score.counted
    )


def totals(criteria: Sequence[Criterion], reviews: Iterable[Review]) -> Iterator[Row]:
    """Yield the weighted total of each review in points.

    Where a review lacks marks, for its expert could not judge a criterion or for another reason, its total is that of
    the marks it has, in proportion to their weights; a review without any mark is left out.
    """
    experts = expert_criteria(criteria)
    whole = _weight(experts)
    for review in reviews:
        given = _weight(item for item in experts if item.code in review.scores)
        if given:
            yield Row(review.application, review.expert, float(given_points(criteria, review) * whole / given))


def marks_on(criterion: ExpertCriterion, reviews: Iterable[Review]) -> Iterator[Row]:
    """Yield the marks on one criterion, on its own scale."""
    code = criterion.code
    return (Row(item.application, item.expert, float(item.scores[code])) for item in reviews if code in item.scores)


def sameness(criteria: Sequence[Criterion], reviews: Sequence[Review]) -> dict[str, tuple[int, int]]:
    """Return how many of the marks on each criterion are its commonest mark, and how many there are, by its code."""
    found = {}
    for item in expert_criteria(criteria):
        values = Counter(review.scores[item.code] for review in reviews if item.code in review.scores)
        found[item.code] = (max(values.values(), default=0), values.total())
    return found


def panels_of(marks: Marks) -> tuple[Marks, ...]:
    """Return the parts of the marks that no review links, the largest first."""
    from judging.engines.calibration import components

    labels = components(marks.rater, marks.item).rater[marks.rater]
    rows: dict[int, list[Row]] = {}
    for label, row in zip(labels.tolist(), marks.rows, strict=True):
        rows.setdefault(label, []).append(row)
    return tuple(sorted(map(lay_out, rows.values()), key=_size))


def _size(panel: Marks) -> tuple[int, int, str]:
    return -len(panel.numbers), -len(panel.rows), panel.numbers[0]


def _weight(criteria: Iterable[ExpertCriterion]) -> Fraction:
    return sum((Fraction(item.weight) for item in criteria), ZERO)
