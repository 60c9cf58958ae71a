"""A score sheet: what it lacks, what it is worth, what changed."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.errors import Fault
from judging.domain.record import Recommendation, Review, ReviewState
from judging.domain.review_totals import review_total
from judging.domain.rubric import AnswerStyle, CommentRule, ExpertCriterion, Scale, marks
from judging.domain.sheet_rules import Asked, Audience, Confidence, SheetRules
from judging.domain.sheets import (
    LONGEST_COMMENT,
    Sheet,
    changed_comments,
    changed_marks,
    comment_path,
    comment_places,
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


E3 = ExpertCriterion("E3", "Рынок", Decimal(4), TEN, group="Спрос", may_abstain=True,
                     comment_required=CommentRule(at_most=Decimal(3), shortest=10))  # fmt: skip
E4 = ExpertCriterion("E4", "Охрана труда", Decimal(0), Scale(Decimal(0), Decimal(1), Decimal(1)), group="Спрос",
                     answers=AnswerStyle.YES_NO, required=False)  # fmt: skip
RICH = (E1, E3, E4)
ASKED = SheetRules(confidence=Asked.REQUIRED, scope=True, audiences=(Audience.APPLICANT, Audience.PRIVATE), groups=True)
GROUP = "group:Спрос"


def test_a_rich_sheet_names_what_it_lacks_in_the_order_of_the_page() -> None:
    assert sheet_faults(RICH, Sheet(), ASKED) == (
        Fault("in_scope", "Say whether the project is within the scope of the contest"),
        Fault("mark-E1", "Give a mark"),
        Fault("mark-E3", "Give a mark, or say that you cannot judge the criterion"),
        Fault("confidence", "Say how sure you are of your marks"),
        Fault("recommendation", "Choose your recommendation"),
    )
    short = Sheet({"E1": Decimal(5), "E3": Decimal(2)}, {"E3": "  мало  "}, in_scope=True, confidence=Confidence.LOW)
    optional = SheetRules(recommendation=Asked.OPTIONAL, confidence=Asked.OPTIONAL, scope=True)
    message = "Explain this mark in more words: at least %(shortest)s characters"
    assert sheet_faults(RICH, short, optional) == (Fault("comment-E3", message, {"shortest": 10}),)


def test_only_what_may_be_left_unjudged_is_and_never_beside_a_mark() -> None:
    sheet = Sheet({"E3": Decimal(7)}, abstained=frozenset({"E1", "E3"}), recommendation=Recommendation.SUPPORT)
    assert sheet_faults(RICH, sheet) == (
        Fault("mark-E1", "This criterion has to be judged: give a mark"),
        Fault("mark-E3", "Either give a mark or say that you cannot judge the criterion"),
    )
    fine = Sheet({"E1": Decimal(7)}, abstained=frozenset({"E3"}), recommendation=Recommendation.SUPPORT)
    assert sheet_faults(RICH, fine) == ()


def test_outside_the_scope_nothing_but_the_reason_is_asked_for() -> None:
    sheet = Sheet({"E1": Decimal(5)}, in_scope=False)
    assert sheet_faults(RICH, sheet, ASKED) == (
        Fault("scope_reason", "Say why the project is outside the scope of the contest"),
    )
    assert sheet_faults(RICH, Sheet(in_scope=False, scope_reason="Не совместный проект"), ASKED) == ()
    assert len(sheet_faults(RICH, Sheet(in_scope=False, scope_reason="Не совместный проект"))) == 3


def test_comments_on_groups_stand_after_the_criteria_and_every_reader_has_a_limit() -> None:
    assert comment_places(RICH, ASKED) == ("E1", "E3", "E4", GROUP)
    assert comment_path("E1", Audience.PRIVATE) == "private-E1"
    long = "ж" * (LONGEST_COMMENT + 1)
    sheet = Sheet({"E1": Decimal(5), "E3": Decimal(5)}, {}, Recommendation.SUPPORT, to_applicant={"E1": long},
                  private={GROUP: long}, in_scope=True, confidence=Confidence.HIGH)  # fmt: skip
    assert [fault.path for fault in sheet_faults(RICH, sheet, ASKED)] == [
        "applicant-E1", comment_path(GROUP, Audience.PRIVATE),
    ]  # fmt: skip
    assert " " not in comment_path("group:Спрос и рынок")


@given(
    st.fixed_dictionaries({}, optional={"E1": on_ten, "E3": on_ten, "E2": on_five}),
    st.frozensets(st.sampled_from(["E1", "E2", "E3"])),
)
def test_the_total_is_the_one_that_rankings_reckon_with(scores: dict[str, Decimal], abstained: frozenset[str]) -> None:
    given_marks = {code: mark for code, mark in scores.items() if code not in abstained}
    review = Review("e@example.org", "N", ReviewState.SUBMITTED, None, given_marks, abstained=abstained)
    criteria = (E1, E2, E3)
    assert total(criteria, Sheet(given_marks, abstained=abstained)) == review_total(criteria, review)
