"""How far the experts agree, criterion by criterion and on the whole."""

from collections import Counter
from collections.abc import Iterator, Sequence

from judging.domain.firmness import FEWEST_COMPARED, CriterionAgreement, Refusal, figure
from judging.domain.record import Review
from judging.domain.rubric import Criterion, counting_criteria, expert_criteria
from judging.queries.firmness.marks import Marks, lay_out, marks_on, totals


def agreements(criteria: Sequence[Criterion], reviews: Sequence[Review]) -> Iterator[CriterionAgreement]:
    """Yield the agreement on the weighted total, whose code is empty, then on each of its expert criteria."""
    yield _agreement("", "", lay_out(totals(criteria, reviews)))
    for item in expert_criteria(counting_criteria(criteria)):
        yield _agreement(item.code, item.title, lay_out(marks_on(item, reviews)))


def _agreement(code: str, title: str, marks: Marks) -> CriterionAgreement:
    refusal = _refusal(marks)
    projects, scores = len(marks.numbers), len(marks.rows)
    if refusal is not None:
        return CriterionAgreement(code, title, projects, scores, refusal)
    from judging.engines.calibration import agreement

    found = agreement(marks.rater, marks.item, marks.score)
    return CriterionAgreement(
        code=code,
        title=title,
        projects=projects,
        scores=scores,
        alpha=figure(found.alpha_interval),
        alpha_ordinal=figure(found.alpha_ordinal),
        icc1=figure(found.icc1),
        icc1k=figure(found.icc1k),
        kendall_w=figure(found.kendall_w),
    )


def _refusal(marks: Marks) -> Refusal | None:
    """Return why nothing is said; None where it is."""
    compared = sum(marked > 1 for marked in Counter(row.number for row in marks.rows).values())
    tests = {
        Refusal.NO_REVIEWS: not marks.rows,
        Refusal.ONE_PROJECT: len(marks.numbers) == 1,
        Refusal.ONE_SCORE_EACH: compared == 0,
        Refusal.FEW_COMPARED: compared < FEWEST_COMPARED,
        Refusal.IDENTICAL_SCORES: marks.identical,
    }
    return next((refusal for refusal, holds in tests.items() if holds), None)
