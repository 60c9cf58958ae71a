"""The rules of a distribution."""

import pytest

from judging.domain.distribution import (
    CHANGE_LABELS,
    GOAL_HINTS,
    GOAL_LABELS,
    RULE_LABELS,
    Change,
    DistributionRules,
    Goal,
    GroupRule,
    distribution_faults,
    input_digest,
)


def test_the_default_rules_have_no_faults() -> None:
    assert distribution_faults(DistributionRules(), 2) == ()


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"other_region_at_least": 2, "methodologists_at_least": 2, "min_load": 1000, "seed": 2**31 - 1}, []),
        ({"other_region_at_least": 3}, ["other_region_at_least"]),
        ({"methodologists_at_least": -1, "min_load": -1}, ["methodologists_at_least", "min_load"]),
        ({"seed": 2**31, "min_load": 1001}, ["min_load", "seed"]),
    ],
)
def test_what_no_plan_could_keep_is_a_fault_at_its_field(values: dict[str, int], fields: list[str]) -> None:
    assert [fault.path for fault in distribution_faults(DistributionRules(**values), 2)] == fields


def test_everything_has_its_label() -> None:
    assert (set(GOAL_LABELS), set(GOAL_HINTS)) == (set(Goal), set(Goal))
    assert (set(CHANGE_LABELS), set(RULE_LABELS)) == (set(Change), set(GroupRule))


def test_the_hash_of_an_input_depends_on_all_that_the_plan_depends_on() -> None:
    asked = {"goal": "fair", "seed": 0, "partial": False, "keep": False}
    changed = [{}, {"goal": "total"}, {"seed": 1}, {"partial": True}, {"keep": True}]
    digests = {input_digest({"experts": []}, **{**asked, **change}) for change in changed}
    assert len(digests | {input_digest({"experts": [1]}, **asked)}) == 6
