import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.funding import MODES, Claim, claim, walk
from judging.domain.rules import BudgetMode
from tests.domain.records import rules

QUEUE = (Claim("a", 120), Claim("b", 80), Claim("c", 150), Claim("d", 60), Claim("e", 40))

CLAIMS = st.lists(st.integers(0, 200), max_size=8).map(
    lambda sums: tuple(Claim(f"{index:03}", wanted) for index, wanted in enumerate(sums))
)


def give(mode, budget=300, winners=None):
    return walk(QUEUE, budget, rules(budget_mode=mode, max_winners=winners))


def test_every_mode_is_in_the_table():
    assert set(MODES) == set(BudgetMode)


@pytest.mark.parametrize(
    ("mode", "winners", "awards"),
    [
        (BudgetMode.STRICT, None, {"a": 120, "b": 80}),
        (BudgetMode.STRICT, 1, {"a": 120}),
        (BudgetMode.SKIP, None, {"a": 120, "b": 80, "d": 60, "e": 40}),
        (BudgetMode.SKIP, 3, {"a": 120, "b": 80, "d": 60}),
        (BudgetMode.PARTIAL, None, {"a": 120, "b": 80, "c": 100}),
        (BudgetMode.PARTIAL, 2, {"a": 120, "b": 80}),
        (BudgetMode.PROPORTIONAL, None, {"a": 80, "b": 53, "c": 100, "d": 40, "e": 26}),
        (BudgetMode.PROPORTIONAL, 3, {"a": 102, "b": 68, "c": 128}),
        (BudgetMode.PROPORTIONAL, 2, {"a": 120, "b": 80}),
    ],
)
def test_money_goes_down_the_list(mode, winners, awards):
    assert give(mode, winners=winners) == awards


@pytest.mark.parametrize("mode", BudgetMode)
def test_what_fits_exactly_is_given(mode):
    assert give(mode, budget=200, winners=2) == {"a": 120, "b": 80}


def test_partial_gives_nothing_where_nothing_is_left():
    assert give(BudgetMode.PARTIAL, budget=200) == {"a": 120, "b": 80}


@pytest.mark.parametrize("mode", BudgetMode)
def test_without_a_limit_all_are_given_what_they_want(mode):
    assert give(mode, budget=None) == {"a": 120, "b": 80, "c": 150, "d": 60, "e": 40}
    assert give(mode, budget=None, winners=2) == {"a": 120, "b": 80}


@pytest.mark.parametrize("mode", BudgetMode)
def test_nobody_wins_nothing(mode):
    assert give(mode, budget=0) == {}
    assert give(mode, winners=0) == {}
    assert walk((), 100, rules(budget_mode=mode)) == {}


def test_claim_is_cut_to_the_cap():
    assert claim("a", 500, 300) == Claim("a", 300)
    assert claim("a", 200, 300) == Claim("a", 200)
    assert claim("a", 500, None) == Claim("a", 500)


@given(CLAIMS, st.integers(0, 800), st.sampled_from(BudgetMode), st.none() | st.integers(0, 5))
def test_money_never_exceeds_the_limit_nor_what_is_wanted_nor_the_number_of_winners(claims, budget, mode, winners):
    awards = walk(claims, budget, rules(budget_mode=mode, max_winners=winners))
    wanted = {item.number: item.wanted for item in claims}
    assert sum(awards.values()) <= budget
    assert all(0 < amount <= wanted[number] for number, amount in awards.items())
    assert winners is None or len(awards) <= winners


@given(CLAIMS, st.integers(0, 800), st.none() | st.integers(0, 5))
def test_skip_gives_to_all_that_strict_gives_to(claims, budget, winners):
    strict = walk(claims, budget, rules(budget_mode=BudgetMode.STRICT, max_winners=winners))
    skip = walk(claims, budget, rules(budget_mode=BudgetMode.SKIP, max_winners=winners))
    assert strict.items() <= skip.items()


@given(CLAIMS, st.integers(0, 800))
def test_proportional_leaves_less_than_a_kopeck_for_each(claims, budget):
    awards = walk(claims, budget, rules(budget_mode=BudgetMode.PROPORTIONAL))
    wanted = sum(item.wanted for item in claims)
    assert min(budget, wanted) - sum(awards.values()) <= len(claims)
