from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rubric import (
    BEST_LABELS,
    KIND_LABELS,
    KINDS,
    CommentRule,
    Criterion,
    Scale,
    comment_needed,
    computed_criteria,
    expert_criteria,
    is_on_scale,
    mark_fault,
    marks,
    maximum_total,
)
from judging.domain.rubric_faults import base_faults, rubric_faults
from tests.domain.records import bands, expert_criterion, golden, linear, relative
from tests.strategies import SCALES, rubrics


def faults(*criteria):
    return [str(fault) for fault in rubric_faults(criteria)]


def scaled(minimum, maximum, step, **changes):
    return expert_criterion(scale=Scale(Decimal(minimum), Decimal(maximum), Decimal(step)), **changes)


def test_every_kind_is_in_the_table_with_its_label():
    assert set(KINDS.values()) == set(Criterion.__args__)
    assert {name: kind.kind for name, kind in KINDS.items()} == {name: name for name in KINDS}
    assert set(KIND_LABELS) == set(KINDS)
    assert set(BEST_LABELS) == {"max", "min"}


@given(rubrics())
def test_well_formed_rubric_has_no_faults(criteria):
    assert rubric_faults(criteria) == ()


def test_golden_rubric_has_no_faults_and_reaches_a_hundred():
    criteria = golden().contest.criteria
    assert rubric_faults(criteria) == ()
    assert maximum_total(criteria) == Decimal(100)


def test_weights_need_not_add_up_to_a_hundred():
    criteria = (expert_criterion("E1", "0.3"), linear("C1", "0.5"))
    assert (rubric_faults(criteria), maximum_total(criteria)) == ((), Decimal("0.8"))


def test_rubric_without_criteria_is_a_fault():
    assert faults() == ["criteria: The rubric has no criteria"]


def test_every_fault_is_named_at_its_place():
    broken = (
        scaled("0", "10", "3", pass_mark=Decimal(11), comment_required=CommentRule(Decimal(-1), Decimal(12))),
        replace(linear("E1", weight="-2", zero_at="5", full_at="5"), title=" ", indicator=""),
        bands(("1", "11"), ("5", "-1"), ("5", "3"), (None, "4"), ("7", "1"), code="C3", weight="-1"),
        replace(bands(code="C4"), code=""),
        replace(relative("C5"), best="most"),
    )
    assert faults(*broken) == [
        "criteria[1].code: The code E1 is used twice",
        "criteria[0].scale.step: The step does not divide the scale",
        "criteria[0].pass: The mark 11 is outside the scale",
        "criteria[0].comment_required.at_most: The mark -1 is outside the scale",
        "criteria[0].comment_required.at_least: The mark 12 is outside the scale",
        "criteria[1].title: The title is empty",
        "criteria[1].indicator: The indicator is empty",
        "criteria[1].weight: The weight may not be negative",
        "criteria[1].full_at: The value for the full score equals the value for zero",
        "criteria[2].weight: The weight may not be negative",
        "criteria[2].bands[0].from: The first band must have no start: values below it would have no score",
        "criteria[2].bands[2].from: The band must start above the one before it",
        "criteria[2].bands[3].from: Only the first band may have no start",
        "criteria[2].bands[0].score: The score must be between 0 and 10",
        "criteria[2].bands[1].score: The score must be between 0 and 10",
        "criteria[3].code: The code is empty",
        "criteria[3].bands: There are no bands",
        "criteria[4].best: The best value must be max or min",
    ]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (("5", "5", "1"), ["criteria[0].scale.max: The greatest mark must be greater than the smallest"]),
        (("0", "5", "0"), ["criteria[0].scale.step: The step must be greater than zero"]),
        (("0", "5", "-1"), ["criteria[0].scale.step: The step must be greater than zero"]),
        (("0", "1", "0.3"), ["criteria[0].scale.step: The step does not divide the scale"]),
        (("0", "0.3", "0.1"), []),
        (("-1.5", "1.5", "0.75"), []),
    ],
)
def test_scale_must_be_made_of_whole_steps(scale, expected):
    assert faults(scaled(*scale)) == expected


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_endless_numbers_are_faults_wherever_they_stand(number):
    assert faults(
        scaled(number, "10", "1", pass_mark=Decimal(number)),
        linear("C1", weight=number),
        linear("C2", zero_at=number),
        bands((None, number), (number, "3"), code="C3"),
    ) == [
        "criteria[0].scale.min: Not a finite number",
        "criteria[0].pass: Not a finite number",
        "criteria[1].weight: Not a finite number",
        "criteria[2].zero_at: Not a finite number",
        "criteria[3].bands[0].score: Not a finite number",
        "criteria[3].bands[1].from: Not a finite number",
    ]


def test_frozen_base_of_an_unknown_criterion_is_a_fault():
    base = {"C1": Decimal(1), "C2": Decimal(1), "C9": Decimal(1)}
    found = base_faults((relative("C1"), linear("C2")), base)
    assert [str(fault) for fault in found] == [
        "frozen_base.C2: There is no relative criterion with this code",
        "frozen_base.C9: There is no relative criterion with this code",
    ]
    assert base_faults((relative("C1"),), None) == ()


def test_marks_are_exact():
    scale = Scale(Decimal("0"), Decimal("0.3"), Decimal("0.1"))
    assert [str(mark) for mark in marks(scale)] == ["0.0", "0.1", "0.2", "0.3"]
    assert [str(mark) for mark in marks(Scale(Decimal(1), Decimal(5), Decimal(2)))] == ["1", "3", "5"]


@given(st.sampled_from(SCALES))
def test_every_mark_is_on_its_scale_and_ends_are_marks(scale):
    found = marks(scale)
    assert (found[0], found[-1]) == (scale.minimum, scale.maximum)
    assert all(is_on_scale(scale, mark) for mark in found)


@pytest.mark.parametrize("mark", ["-1", "11", "0.5", "NaN", "Infinity"])
def test_mark_off_the_scale_is_a_fault_in_words(mark):
    assert str(mark_fault(expert_criterion("E4"), Decimal(mark))) == (
        f"E4: The mark {mark} is not on the scale from 0 to 10 with the step 1"
    )


@pytest.mark.parametrize("mark", ["0", "10", "7.0"])
def test_mark_on_the_scale_is_no_fault(mark):
    assert mark_fault(expert_criterion(), Decimal(mark)) is None


def test_comment_is_needed_at_the_bounds_and_beyond():
    criterion = expert_criterion(comment_required=CommentRule(Decimal(3), Decimal(9)))
    needed = [mark for mark in marks(criterion.scale) if comment_needed(criterion, mark)]
    assert needed == [0, 1, 2, 3, 9, 10]


def test_comment_is_not_needed_without_a_mark_or_a_rule():
    assert not comment_needed(expert_criterion(comment_required=CommentRule(Decimal(3), None)), None)
    assert not comment_needed(expert_criterion(comment_required=CommentRule()), Decimal(0))
    assert not comment_needed(expert_criterion(), Decimal(0))


def test_rubric_divides_into_expert_and_computed_criteria():
    criteria = (linear("C1"), expert_criterion("E1"), relative("C2"))
    assert expert_criteria(criteria) == (criteria[1],)
    assert computed_criteria(criteria) == (criteria[0], criteria[2])
