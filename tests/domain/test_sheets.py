"""A score sheet: what it lacks, what it is worth, what changed."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.errors import Fault
from judging.domain.record import Recommendation
from judging.domain.rubric import CommentRule, ExpertCriterion, Scale, marks
from judging.domain.sheets import (
    LONGEST_COMMENT,
    Sheet,
    changed_comments,
    changed_marks,
    marked,
    points,
    scale_faults,
    sheet_faults,
    total,
)

TEN = Scale(Decimal(0), Decimal(10), Decimal(1))
RULE = CommentRule(at_most=Decimal(3), at_least=Decimal(9))
E1 = ExpertCriterion("E1", "Готовность", Decimal(10), TEN, comment_required=RULE)
E2 = ExpertCriterion("E2", "Спрос", Decimal("2.5"), Scale(Decimal(1), Decimal(5), Decimal("0.5")))
CRITERIA = (E1, E2)

on_ten = st.sampled_from(marks(TEN))
on_five = st.sampled_from(marks(E2.scale))
sheets = st.builds(
    Sheet,
    scores=st.fixed_dictionaries({}, optional={"E1": on_ten, "E2": on_five}),
    comments=st.fixed_dictionaries({}, optional={"E1": st.text(max_size=9), "E2": st.text(max_size=9)}),
    recommendation=st.none() | st.sampled_from(Recommendation),
)


def test_every_fault_of_an_empty_sheet_is_named_at_once() -> None:
    assert sheet_faults(CRITERIA, Sheet()) == (
        Fault("mark-E1", "Give a mark"),
        Fault("mark-E2", "Give a mark"),
        Fault("recommendation", "Choose your recommendation"),
    )


def test_an_extreme_mark_needs_a_comment_that_says_something() -> None:
    sheet = Sheet({"E1": Decimal(9), "E2": Decimal(5)}, {"E1": " \n"}, Recommendation.SUPPORT)
    assert sheet_faults(CRITERIA, sheet) == (Fault("comment-E1", "Explain this mark in a comment"),)


def test_a_comment_longer_than_the_limit_is_refused_only_when_handed_in() -> None:
    sheet = Sheet({"E1": Decimal(5), "E2": Decimal(5)}, {"E2": "ж" * (LONGEST_COMMENT + 1)}, Recommendation.SUPPORT)
    message = "The comment is too long: no more than %(limit)s characters"
    assert sheet_faults(CRITERIA, sheet) == (Fault("comment-E2", message, {"limit": LONGEST_COMMENT}),)
    assert scale_faults(CRITERIA, sheet.scores) == ()


def test_marks_off_the_scale_and_of_no_criterion_are_named() -> None:
    faults = scale_faults(CRITERIA, {"E1": Decimal("7.5"), "E2": Decimal("1.5"), "X": Decimal(1)})
    assert [fault.path for fault in faults] == ["mark-E1", "mark-X"]


def test_points_are_exact_and_a_missing_mark_is_worth_nothing_yet() -> None:
    sheet = Sheet({"E2": Decimal("2.5")})
    assert (points(E1, sheet), points(E2, sheet)) == (None, Fraction(15, 16))
    assert (total(CRITERIA, sheet), marked(CRITERIA, sheet.scores)) == (Fraction(15, 16), 1)


@given(sheets, sheets)
def test_the_changes_lead_from_one_sheet_to_the_other_and_back(before: Sheet, after: Sheet) -> None:
    there, back = changed_marks(before, after), changed_marks(after, before)
    assert {code: (new, old) for code, (old, new) in there.items()} == back
    merged = {**before.scores, **{code: new for code, (_, new) in there.items()}}
    assert {code: mark for code, mark in merged.items() if mark is not None} == after.scores
    assert changed_marks(before, before) == changed_comments(after, after) == {}


@given(sheets)
def test_a_sheet_without_faults_has_everything_and_one_with_faults_lacks_something(sheet: Sheet) -> None:
    complete = (
        marked(CRITERIA, sheet.scores) == len(CRITERIA)
        and sheet.recommendation is not None
        and (4 <= sheet.scores["E1"] <= 8 or bool(sheet.comments.get("E1", "").strip()))
    )
    assert (sheet_faults(CRITERIA, sheet) == ()) is complete
    assert 0 <= total(CRITERIA, sheet) <= E1.weight + E2.weight
