"""What does not go together on a sheet is said and keeps nothing back."""

from decimal import Decimal

from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion, Scale
from judging.domain.sheet_hints import (
    AGAINST_HIGH_MARKS,
    AGAINST_THE_FLOOR,
    AGAINST_THE_TOTAL,
    THE_SAME_WORDS,
    Hint,
    sheet_hints,
)
from judging.domain.sheets import Sheet

TEN = Scale(Decimal(0), Decimal(10), Decimal(1))
E1 = ExpertCriterion("E1", "Готовность", Decimal(10), TEN, pass_mark=Decimal(4))
E2 = ExpertCriterion("E2", "Спрос", Decimal(20), TEN, may_abstain=True)
SAME = "Документы подтверждают сказанное."


def hints(sheet: Sheet, pass_total: Decimal | None = Decimal(50)) -> tuple[Hint, ...]:
    return sheet_hints((E1, E2), sheet, pass_total=pass_total, maximum_total=Decimal(100))


def marks(one: int, two: int, verdict: Recommendation) -> Sheet:
    return Sheet({"E1": Decimal(one), "E2": Decimal(two)}, {}, verdict)


def test_a_recommendation_against_the_marks_is_named() -> None:
    assert hints(marks(3, 9, Recommendation.SUPPORT)) == (
        Hint(AGAINST_THE_FLOOR, {"code": "E1", "mark": Decimal(4)}, ("E1",)),
    )
    assert hints(marks(4, 5, Recommendation.SUPPORT_WITH_CONDITIONS)) == (Hint(AGAINST_THE_TOTAL),)
    assert hints(marks(9, 9, Recommendation.DO_NOT_SUPPORT)) == (Hint(AGAINST_HIGH_MARKS),)


def test_what_agrees_is_passed_over_in_silence() -> None:
    silent = [
        marks(5, 5, Recommendation.SUPPORT), marks(0, 0, Recommendation.DO_NOT_SUPPORT),
        Sheet({"E1": Decimal(4)}, {}, Recommendation.SUPPORT),
        Sheet({"E1": Decimal(6)}, {}, Recommendation.SUPPORT, abstained=frozenset({"E2"})),
    ]  # fmt: skip
    assert [hints(sheet) for sheet in silent] == [()] * 4
    assert hints(marks(4, 4, Recommendation.SUPPORT), pass_total=None) == ()


def test_the_same_words_in_two_comments_are_named_and_short_ones_are_not() -> None:
    comments = {"E1": SAME, "E2": f" {SAME.upper()}\n", "group:Спрос": "Да", "group:Рынок": "да"}
    assert hints(Sheet(comments=comments)) == (Hint(THE_SAME_WORDS, {}, ("E1", "E2")),)
    assert hints(Sheet(comments={"E1": SAME}, to_applicant={"E1": SAME}, private={"E2": SAME})) == ()
