from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rules import (
    ADDITIONAL_RULE_LABELS,
    AGGREGATE_LABELS,
    BUDGET_MODE_LABELS,
    TIEBREAK_LABELS,
    AdditionalRule,
    Aggregate,
    BudgetMode,
    Divergence,
    Tiebreak,
    rules_faults,
    tiebreak_of,
)
from tests import strategies
from tests.domain.records import expert_criterion, golden, linear, rules

CRITERIA = (linear("C1"), expert_criterion("E1"))


def faults(**changes):
    return [str(fault) for fault in rules_faults(rules(**changes), CRITERIA)]


@pytest.mark.parametrize(
    ("enumeration", "labels"),
    [
        (Aggregate, AGGREGATE_LABELS),
        (AdditionalRule, ADDITIONAL_RULE_LABELS),
        (BudgetMode, BUDGET_MODE_LABELS),
        (Tiebreak, TIEBREAK_LABELS),
    ],
)
def test_every_choice_has_its_label(enumeration, labels):
    assert list(labels) == list(enumeration)
    assert all(labels.values())


@given(st.data())
def test_rules_that_fit_have_no_faults(data):
    criteria = data.draw(strategies.rubrics())
    assert rules_faults(data.draw(strategies.rules(criteria)), criteria) == ()


def test_golden_rules_have_no_faults():
    contest = golden().contest
    assert rules_faults(contest.rules, contest.criteria) == ()


def test_every_fault_of_the_rules_is_named():
    assert faults(
        experts_per_application=0,
        rounding=7,
        pass_total=Decimal(-1),
        max_winners=-1,
        cap_per_application=-1,
        divergence=Divergence(Decimal("1.01"), Decimal(-1)),
        tie_breakers=("criterion:C9", "criterion", "requested:C1", "lottery", "criterion:C1"),
    ) == [
        "rules.experts_per_application: At least one expert is needed per application",
        "rules.rounding: The number of decimals must be between 0 and 6",
        "rules.pass_total: The passing total may not be negative",
        "rules.max_winners: The number of winners may not be negative",
        "rules.cap_per_application: The limit per application may not be negative",
        "rules.divergence.total_share: The share must be between 0 and 1",
        "rules.divergence.criterion_range: The difference of marks may not be negative",
        "rules.tie_breakers[0]: There is no criterion with the code C9",
        "rules.tie_breakers[1]: There is no such tie breaker: criterion",
        "rules.tie_breakers[2]: There is no such tie breaker: requested:C1",
        "rules.tie_breakers[3]: There is no such tie breaker: lottery",
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_endless_numbers_are_faults(number):
    endless = Decimal(number)
    assert faults(pass_total=endless, divergence=Divergence(endless, endless)) == [
        "rules.pass_total: The passing total may not be negative",
        "rules.divergence.total_share: The share must be between 0 and 1",
        "rules.divergence.criterion_range: The difference of marks may not be negative",
    ]


def test_bounds_themselves_are_allowed():
    at_bounds = {"experts_per_application": 1, "max_winners": 0, "cap_per_application": 0, "pass_total": Decimal(0)}
    assert faults(**at_bounds, rounding=6, divergence=Divergence(Decimal(1), Decimal(0))) == []


def test_tie_breaker_is_a_kind_and_perhaps_a_code():
    assert tiebreak_of("criterion:C:1") == (Tiebreak.CRITERION, "C:1")
    assert tiebreak_of("requested") == (Tiebreak.REQUESTED, None)
    assert tiebreak_of("submitted_at") == (Tiebreak.SUBMITTED_AT, None)
