"""The arithmetic of a divergence: its figures are those that the scores go by."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.countable import countable_reviews
from judging.domain.divergence import arithmetic, divergence_mark
from judging.domain.review_totals import review_total
from judging.domain.rubric import expert_criteria
from judging.domain.rules import Divergence
from judging.domain.scoring import score_record
from tests.domain.contests import contest, contests
from tests.richer import enriched


def regular_of(record, number):
    counting = countable_reviews(record.reviews, record.conflicts)
    return [review for review in counting[number] if not review.additional]


@given(contests() | st.builds(enriched, contests(), st.randoms(use_true_random=False)))
def test_the_verdict_and_the_totals_are_those_of_the_scores(record):
    for score in score_record(record):
        regular = regular_of(record, score.application)
        found = arithmetic(record.contest, regular)
        assert found.diverged == score.diverged
        assert found.totals == tuple(review_total(record.contest.criteria, review) for review in regular)
        known = [total for total in found.totals if total is not None]
        assert found.apart == (max(known) - min(known) if known else 0)


@given(contests())
def test_a_difference_that_is_just_the_threshold_is_allowed_in_totals_and_too_far_in_marks(record):
    numbers = [item.number for item in record.applications if len(regular_of(record, item.number)) > 1]
    for number in numbers:
        regular = regular_of(record, number)
        by_marks = arithmetic(_with(record.contest, Divergence()), regular)
        apart = max((row.apart for row in by_marks.criteria if row.apart is not None), default=None)
        weights = sum((Fraction(item.weight) for item in expert_criteria(record.contest.criteria)), Fraction(0))
        assert not by_marks.diverged
        if weights and (share := _decimal(by_marks.apart / weights)) is not None:
            assert not arithmetic(_with(record.contest, Divergence(total_share=share)), regular).diverged
        if apart is not None:
            assert arithmetic(_with(record.contest, Divergence(criterion_range=apart)), regular).diverged
            wider = Divergence(criterion_range=apart + Decimal("0.001"))
            assert not arithmetic(_with(record.contest, wider), regular).diverged


def test_reviews_that_were_given_back_and_submitted_again_are_another_divergence():
    record = next(item for item in map(contest, range(100)) if len(item.reviews) > 1)
    reviews = list(record.reviews)
    later = [replace(one, submitted_at=one.submitted_at and one.submitted_at + timedelta(hours=1)) for one in reviews]
    assert divergence_mark(reviews) == divergence_mark(reviews[::-1])
    assert divergence_mark(reviews) != divergence_mark(later)


def _with(terms, divergence):
    return replace(terms, rules=replace(terms.rules, divergence=divergence))


def _decimal(value: Fraction) -> Decimal | None:
    """The fraction as a decimal, where it is one."""
    found = Decimal(value.numerator) / Decimal(value.denominator)
    return found if Fraction(found) == value and found <= 1 else None
