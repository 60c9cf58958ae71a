from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.record import Conflict, ReviewState
from judging.domain.rubric import Scale
from judging.domain.rules import AdditionalRule, Aggregate, Divergence
from judging.domain.scoring import (
    AGGREGATES,
    CHOICES,
    Needs,
    aggregated_mark,
    review_total,
    round_half_up,
    score_applications,
)
from judging.domain.shares import mark_share
from tests.domain.records import START, application, expert_criterion, linear, review, rules, terms

E1 = expert_criterion("E1")


def score(contest, *reviews, conflicts=(), **facts):
    return score_applications(contest, [application("1", **facts)], reviews, conflicts)[0]


def marked(*values, **changes):
    """One review per mark on E1, by experts a, b, c …, an hour apart."""
    return [
        review(chr(ord("a") + index), "1", {"E1": value}, submitted_at=START + timedelta(hours=index), **changes)
        for index, value in enumerate(values)
    ]


def diverging(rule, **changes):
    return terms(E1, rules=rules(divergence=Divergence(criterion_range=Decimal(5)), additional_review=rule, **changes))


# --- rounding


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("2.675", 2, "2.68"),
        ("0.125", 2, "0.13"),
        ("0.124999", 2, "0.12"),
        ("66.605", 2, "66.61"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.125", 2, "-0.13"),
        ("-0.001", 2, "0.00"),
        ("100", 6, "100.000000"),
        ("0", 6, "0.000000"),
    ],
)
def test_halves_are_rounded_up(value, decimals, expected):
    assert str(round_half_up(Fraction(value), decimals)) == expected


@given(st.fractions(-(10**6), 10**6, max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_never_further_than_half_a_step(value, decimals):
    result = round_half_up(value, decimals)
    assert result.as_tuple().exponent == -decimals
    assert abs(Fraction(result) - value) <= Fraction(1, 2 * 10**decimals)


@given(st.decimals(-(10**6), 10**6, places=7), st.integers(0, 6))
def test_rounding_is_that_of_decimals_half_up(value, decimals):
    assert round_half_up(Fraction(value), decimals) == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_exact_tie_is_no_false_order():
    """Marks by three experts that tie at 36 2/3, which rounded means per criterion would tear apart."""
    criteria = [expert_criterion(code, "10") for code in ("E1", "E2")]
    contest = terms(*criteria, rules=rules(experts_per_application=3))
    rows = {"1": ("10 10", "9 9", "9 8"), "2": ("9 10", "9 9", "9 9")}
    reviews = [
        review(name, number, dict(zip(("E1", "E2"), marks_given.split(), strict=True)))
        for number, lines in rows.items()
        for name, marks_given in zip("abc", lines, strict=True)
    ]
    one, other = score_applications(contest, [application("1"), application("2")], reviews, ())
    assert one.total == other.total == Fraction(55, 3)
    assert one.points != other.points
    assert one.rounded.total == other.rounded.total == Decimal("18.33")


def test_total_is_rounded_once_from_the_exact_sum():
    thirds = [linear(f"C{n}", "1", "0", "3") for n in range(1, 4)]
    result = score(terms(*thirds), indicators={"C1": "1", "C2": "1", "C3": "1"})
    assert result.rounded.criteria == {"C1": Decimal("0.33"), "C2": Decimal("0.33"), "C3": Decimal("0.33")}
    assert result.rounded.total == Decimal("1.00")


# --- which reviews count


def test_recusal_a_missing_mark_and_zero_are_three_different_things():
    contest = terms(E1, expert_criterion("E2"))
    full = review("a", "1", {"E1": "8", "E2": "8"})
    recused = review("b", "1", {"E1": "0", "E2": "0"}, state=ReviewState.RECUSED)
    missing = review("b", "1", {"E1": "8"})
    zero = review("b", "1", {"E1": "8", "E2": "0"})
    assert [dict(score(contest, full, other).points) for other in (recused, missing, zero)] == [
        {"E1": 8, "E2": 8},
        {"E1": 8, "E2": 8},
        {"E1": 8, "E2": 4},
    ]
    assert [score(contest, full, other).needs for other in (recused, missing, zero)] == [Needs.REVIEWS, None, None]


def test_criterion_that_nobody_marked_scores_nothing_and_meets_no_floor():
    contest = terms(E1, expert_criterion("E2", pass_mark=Decimal(0)), rules=rules(experts_per_application=1))
    result = score(contest, review("a", "1", {"E1": "8"}))
    assert (result.points, result.unmarked, result.passed) == ({"E1": 8, "E2": 0}, {"E2"}, False)


@pytest.mark.parametrize("state", [ReviewState.ASSIGNED, ReviewState.RECUSED])
def test_only_submitted_reviews_count(state):
    result = score(terms(E1), *marked("8"), review("z", "1", {"E1": "2"}, state=state))
    assert (result.counted, result.total, result.needs) == (("a@example.org",), 8, Needs.REVIEWS)


def test_review_in_conflict_does_not_count_even_if_submitted():
    result = score(terms(E1), *marked("8", "2"), conflicts=[Conflict("b@example.org", "1", "found later")])
    assert (result.counted, result.total, result.needs) == (("a@example.org",), 8, Needs.REVIEWS)


def test_conflict_with_another_application_changes_nothing():
    result = score(terms(E1), *marked("8", "2"), conflicts=[Conflict("b@example.org", "2", "other")])
    assert (result.total, result.needs) == (5, None)


def test_marks_on_unknown_criteria_are_ignored():
    assert score(terms(E1), review("a", "1", {"E1": "8", "E9": "5"})).points == {"E1": 8}


def test_reviews_are_counted_by_time_then_by_email_regular_ones_first():
    reviews = [
        review("d", "1", {"E1": "5"}, additional=True),
        review("c", "1", {"E1": "5"}, submitted_at=START + timedelta(hours=1)),
        review("b", "1", {"E1": "5"}),
        review("a", "1", {"E1": "5"}, submitted_at=START + timedelta(hours=1)),
    ]
    assert score(terms(E1), *reviews).counted == tuple(f"{name}@example.org" for name in "bacd")


# --- aggregates


@pytest.mark.parametrize(
    ("aggregate", "values", "points"),
    [
        (Aggregate.MEAN, ("7", "8"), "7.5"),
        (Aggregate.MEAN, ("7", "8", "8"), "23/3"),
        (Aggregate.MEDIAN, ("1", "8", "9"), "8"),
        (Aggregate.MEDIAN, ("9", "1", "8", "5"), "6.5"),
        (Aggregate.TRIMMED_MEAN, ("0", "5", "6", "10"), "5.25"),
        (Aggregate.TRIMMED_MEAN, ("0", "5", "6", "7", "10"), "6"),
        (Aggregate.TRIMMED_MEAN, ("0", "0", "6", "7", "7", "10"), "5"),
    ],
)
def test_marks_are_aggregated(aggregate, values, points):
    result = score(terms(E1, rules=rules(aggregate=aggregate)), *marked(*values))
    assert result.points == {"E1": Fraction(points)}


def test_no_review_gives_nothing():
    result = score(terms(E1))
    assert (result.total, result.counted, result.needs) == (0, (), Needs.REVIEWS)


def test_every_rule_is_in_its_table():
    assert (set(AGGREGATES), set(CHOICES)) == (set(Aggregate), set(AdditionalRule))


# --- divergence


@pytest.mark.parametrize(("values", "diverged"), [(("5", "10"), True), (("5", "9"), False), (("5",), False)])
def test_range_of_marks_diverges_from_the_stated_difference_on(values, diverged):
    assert score(diverging(AdditionalRule.MEAN_ALL), *marked(*values)).diverged is diverged


@pytest.mark.parametrize(("values", "diverged"), [(("5", "8"), True), (("5", "7.5"), False), (("5", "7"), False)])
def test_totals_diverge_only_above_the_stated_share(values, diverged):
    criterion = expert_criterion(scale=Scale(Decimal(0), Decimal(10), Decimal("0.5")))
    contest = terms(criterion, rules=rules(divergence=Divergence(total_share=Decimal("0.25"))))
    assert score(contest, *marked(*values)).diverged is diverged


def test_share_is_of_the_expert_weights_alone():
    contest = terms(E1, linear(weight="90"), rules=rules(divergence=Divergence(total_share=Decimal("0.25"))))
    assert score(contest, *marked("5", "8")).diverged


def test_opposite_marks_may_have_equal_totals():
    contest = terms(E1, expert_criterion("E2"), rules=rules(divergence=Divergence(total_share=Decimal("0.25"))))
    opposite = [review("a", "1", {"E1": "10", "E2": "0"}), review("b", "1", {"E1": "0", "E2": "10"})]
    assert not score(contest, *opposite).diverged


def test_diverged_application_needs_an_additional_review():
    result = score(diverging(AdditionalRule.MEAN_ALL), *marked("2", "9"))
    assert (result.diverged, result.needs) == (True, Needs.ADDITIONAL_REVIEW)


def test_missing_reviews_are_named_before_the_additional_one():
    contest = diverging(AdditionalRule.MEAN_ALL, experts_per_application=3)
    assert score(contest, *marked("2", "9")).needs is Needs.REVIEWS


def test_additional_review_is_no_regular_one():
    additional = review("z", "1", {"E1": "9"}, additional=True)
    result = score(diverging(AdditionalRule.MEAN_ALL), *marked("2"), additional)
    assert (result.diverged, result.needs, result.total) == (False, Needs.REVIEWS, Fraction("5.5"))


def test_additional_review_in_conflict_resolves_nothing():
    additional = review("z", "1", {"E1": "9"}, additional=True)
    barred = [Conflict("z@example.org", "1", "other")]
    result = score(diverging(AdditionalRule.MEAN_ALL), *marked("2", "9"), additional, conflicts=barred)
    assert (result.needs, result.total) == (Needs.ADDITIONAL_REVIEW, Fraction("5.5"))


@pytest.mark.parametrize(
    ("rule", "counted", "total"),
    [
        (AdditionalRule.MEAN_ALL, "abz", "6"),
        (AdditionalRule.CLOSEST_PAIR, "bz", "8"),
        (AdditionalRule.ADDITIONAL_IS_FINAL, "z", "7"),
    ],
)
def test_additional_review_is_taken_by_the_rule(rule, counted, total):
    result = score(diverging(rule), *marked("2", "9"), review("z", "1", {"E1": "7"}, additional=True))
    assert (result.counted, result.total) == (tuple(f"{name}@example.org" for name in counted), Fraction(total))


@pytest.mark.parametrize("rule", AdditionalRule)
def test_without_divergence_all_reviews_count(rule):
    result = score(diverging(rule), *marked("5", "9"), review("z", "1", {"E1": "1"}, additional=True))
    assert (result.diverged, result.total) == (False, 5)


def test_of_equally_near_pairs_the_greater_counts():
    result = score(
        diverging(AdditionalRule.CLOSEST_PAIR), *marked("2", "8"), review("z", "1", {"E1": "5"}, additional=True)
    )
    assert result.counted == ("b@example.org", "z@example.org")


def test_of_equal_pairs_the_first_emails_count():
    additional = [review(name, "1", {"E1": "8"}, additional=True) for name in ("y", "x")]
    result = score(diverging(AdditionalRule.CLOSEST_PAIR), *marked("2", "8"), *additional)
    assert result.counted == ("b@example.org", "x@example.org")


def test_the_latest_additional_review_is_final_by_time_then_by_email():
    late = START + timedelta(days=1)
    additional = [
        review("x", "1", {"E1": "3"}, additional=True, submitted_at=late),
        review("y", "1", {"E1": "4"}, additional=True, submitted_at=late),
        review("z", "1", {"E1": "9"}, additional=True),
    ]
    result = score(diverging(AdditionalRule.ADDITIONAL_IS_FINAL), *marked("2", "9"), *additional)
    assert (result.counted, result.total) == (("y@example.org",), 4)


# --- thresholds


@pytest.mark.parametrize(("pass_total", "passed"), [(None, True), ("7.50", True), ("7.51", False)])
def test_total_must_reach_the_threshold(pass_total, passed):
    threshold = None if pass_total is None else Decimal(pass_total)
    assert score(terms(E1, rules=rules(pass_total=threshold)), *marked("7", "8")).passed is passed


def test_threshold_is_met_by_the_rounded_total():
    contest = terms(expert_criterion(weight="60"), rules=rules(pass_total=Decimal("38.01"), rounding=2))
    near = terms(expert_criterion(weight="57.007"), rules=rules(pass_total=Decimal("38.00"), rounding=2))
    assert not score(contest, *marked("6", "6", "7")).passed
    assert score(near, *marked("6", "7", "7")).rounded.total == Decimal("38.00")
    assert score(near, *marked("6", "7", "7")).total > Fraction("38")


@pytest.mark.parametrize(("values", "passed"), [(("4", "4"), True), (("3", "5"), True), (("3", "4"), False)])
def test_floor_is_on_the_aggregated_mark(values, passed):
    assert score(terms(expert_criterion(pass_mark=Decimal(4))), *marked(*values)).passed is passed


def test_aggregated_mark_is_on_the_criterions_own_scale():
    criterion = expert_criterion(scale=Scale(Decimal(1), Decimal(5), Decimal(1)))
    result = score(terms(criterion), *marked("2", "5"))
    assert aggregated_mark(criterion, result) == Fraction("3.5")
    assert aggregated_mark(criterion, score(terms(criterion))) is None


def test_total_of_one_review():
    criteria = (E1, linear(), expert_criterion("E2", "20"))
    assert review_total(criteria, review("a", "1", {"E1": "8", "E2": "5"})) == 18
    assert mark_share(E1, Decimal(8)) == Fraction(4, 5)
