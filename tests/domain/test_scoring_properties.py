from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from judging.domain.record import ReviewState
from judging.domain.rubric import ExpertCriterion, Scale, expert_criteria, marks
from judging.domain.rules import AdditionalRule
from judging.domain.scoring import least_enough, reaches, round_half_up, score_record
from tests.domain import oracle
from tests.domain.contests import contests, shuffled
from tests.richer import enriched


def scores_of(record):
    return score_record(record)


@given(contests(), st.none() | st.randoms(use_true_random=False))
def test_scores_are_those_of_the_plain_calculation(record, random):
    record = record if random is None else enriched(record, random)
    found = {
        item.application: {
            "total": item.rounded.total,
            "criteria": item.rounded.criteria,
            "counted": item.counted,
            "agreed": item.agreed,
            "diverged": item.diverged,
            "needs": item.needs,
            "passed": item.passed,
        }
        for item in scores_of(record)
    }
    assert found == oracle.scores(record)


@given(contests())
def test_parts_add_up_exactly_and_stay_within_the_weights(record):
    weights = {item.code: Fraction(item.weight) for item in record.contest.criteria}
    for item in scores_of(record):
        assert item.total == item.computed + item.expert == sum(item.points.values())
        assert all(0 <= item.points[code] <= weight for code, weight in weights.items())


@given(contests(), st.randoms(use_true_random=False))
def test_order_of_input_never_matters(record, random):
    by_number = {item.application: item for item in scores_of(shuffled(record, random))}
    assert by_number == {item.application: item for item in scores_of(record)}


def stretched(criterion, factor, shift):
    if not isinstance(criterion, ExpertCriterion):
        return criterion

    def move(mark):
        return None if mark is None else mark * factor + shift

    scale = Scale(move(criterion.scale.minimum), move(criterion.scale.maximum), criterion.scale.step * factor)
    return replace(criterion, scale=scale, pass_mark=move(criterion.pass_mark), comment_required=None)


@given(contests(), st.integers(1, 20), st.integers(-5, 5))
def test_scaling_scale_and_marks_together_changes_nothing(record, factor, shift):
    divergence = record.contest.rules.divergence
    span = divergence.criterion_range
    wider = replace(divergence, criterion_range=None if span is None else span * factor)
    contest = replace(
        record.contest,
        criteria=tuple(stretched(item, factor, shift) for item in record.contest.criteria),
        rules=replace(record.contest.rules, divergence=wider),
    )
    reviews = tuple(
        replace(item, scores={code: mark * factor + shift for code, mark in item.scores.items()})
        for item in record.reviews
    )
    assert scores_of(replace(record, contest=contest, reviews=reviews)) == scores_of(record)


@given(contests(), st.data())
def test_raising_a_mark_never_lowers_the_own_total(record, data):
    experts = {item.code: item for item in expert_criteria(record.contest.criteria)}
    marked_reviews = [index for index, item in enumerate(record.reviews) if item.scores]
    assume(marked_reviews)
    rule = replace(record.contest.rules, additional_review=AdditionalRule.MEAN_ALL)
    record = replace(record, contest=replace(record.contest, rules=rule))
    index = data.draw(st.sampled_from(marked_reviews))
    chosen = record.reviews[index]
    code = data.draw(st.sampled_from(sorted(chosen.scores)))
    higher = [mark for mark in marks(experts[code].scale) if mark >= chosen.scores[code]]
    better = replace(chosen, scores={**chosen.scores, code: data.draw(st.sampled_from(higher))})
    raised = replace(record, reviews=(*record.reviews[:index], better, *record.reviews[index + 1 :]))
    before = {item.application: item.total for item in scores_of(record)}
    after = {item.application: item.total for item in scores_of(raised)}
    assert all(after[number] >= total for number, total in before.items())


@given(contests())
def test_reviews_that_are_not_submitted_or_in_conflict_change_nothing(record):
    barred = {(item.expert, item.application) for item in record.conflicts}
    kept = tuple(
        item
        for item in record.reviews
        if item.state is ReviewState.SUBMITTED and (item.expert, item.application) not in barred
    )
    assert scores_of(replace(record, reviews=kept, conflicts=())) == scores_of(record)


@given(
    st.fractions(0, 120, max_denominator=3000), st.decimals("0", "120", places=3) | st.none(), st.integers(0, 4)
)  # fmt: skip
def test_the_least_total_that_is_enough_is_the_least_that_is_rounded_to_it(
    total: Fraction, threshold: Decimal | None, decimals: int
) -> None:
    least = least_enough(threshold, decimals)
    near = total if least is None else least + (total - 60) / 10**7
    for exact in (total, near, *(() if least is None else (least,))):
        enough = reaches(round_half_up(exact, decimals), threshold)
        assert enough == (least is None or exact >= least)
