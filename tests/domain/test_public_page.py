"""The self-check and the texts of a contest's public page."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.adapters.preset import read_preset
from judging.domain.public_page import (
    MOST_QUESTIONS,
    AnsweredQuestion,
    CheckQuestion,
    PublicPage,
    number_of,
    page_document,
    page_faults,
    page_of,
    self_checked,
)

REGISTER = CheckQuestion("Включён ли кластер в реестр?", "yes", "Нужен реестр.", "п. 3")
DOUBLE = CheckQuestion("Есть ли другая субсидия?", "no", "Двойного финансирования нет.")
PARTNERS = CheckQuestion("Сколько участников?", "at_least", "Нужны двое.", bound="2")
SHARE = CheckQuestion("Какая доля, %?", "at_most", "Не больше половины.", bound="50")
QUESTIONS = (REGISTER, DOUBLE, PARTNERS, SHARE)
YES_OR_NO = st.sampled_from(["yes", "no"])
NUMBERS = st.decimals(min_value=0, max_value=1000, places=2)


@given(YES_OR_NO, YES_OR_NO, NUMBERS, NUMBERS)
def test_one_can_apply_if_and_only_if_no_answer_stops(register: str, double: str, partners: Decimal, share: Decimal):
    found = self_checked(QUESTIONS, [register, double, str(partners).replace(".", ","), f"{share} %"])
    stops = {
        REGISTER: register == "no", DOUBLE: double == "yes", PARTNERS: partners < 2, SHARE: share > 50,
    }  # fmt: skip
    assert found.stops == tuple(asked for asked in QUESTIONS if stops[asked])
    assert (found.unanswered, found.may_apply) == ((), not any(stops.values()))


@given(st.lists(st.text(max_size=40), min_size=4, max_size=4))
def test_whatever_is_typed_is_an_answer_or_none(answers: list[str]):
    found = self_checked(QUESTIONS, answers)
    assert found.may_apply == (not found.stops and not found.unanswered)
    assert len(found.stops) + len(found.unanswered) <= 4


@pytest.mark.parametrize(
    ("typed", "number"),
    [("50", "50"), (" 1 250,5 ", "1250.5"), ("50%", "50"), ("", None), ("NaN", None), ("1e99", None), ("9" * 40, None)],
)
def test_a_number_is_read_as_people_type_it(typed: str, number: str | None):
    assert number_of(typed) == (None if number is None else Decimal(number))


def test_what_says_nothing_is_left_out_of_the_document():
    page = PublicPage(
        QUESTIONS, (AnsweredQuestion("Можно?", "Да.", "2026-11-30"),), "Организатор", "Телефон", "Политика"
    )
    assert (page_document(PublicPage()), page_of({})) == ({}, PublicPage())
    assert page_of(page_document(page)) == page
    assert page_document(PublicPage((DOUBLE,))) == {
        "self_check": [
            {"text": "Есть ли другая субсидия?", "wants": "no", "words": "Двойного финансирования нет."},
        ]
    }


def test_every_fault_is_named_at_its_place():
    spoilt = (replace(REGISTER, text=" "), replace(SHARE, bound="много"), replace(DOUBLE, wants="perhaps"))
    page = PublicPage(spoilt, (AnsweredQuestion("Можно?", "", ""),), organiser="О" * 501)
    assert [fault.path for fault in page_faults(page)] == [
        "self_check[0].text", "self_check[1].bound", "self_check[2].wants", "answered[0].answer", "answered[0].on",
        "organiser",
    ]  # fmt: skip
    crowded = PublicPage((REGISTER,) * (MOST_QUESTIONS + 1))
    assert [fault.path for fault in page_faults(crowded)] == ["self_check"]


def test_the_preset_has_a_self_check_without_faults():
    public = read_preset().public
    assert (page_faults(public), 5 <= len(public.self_check) <= 8) == ((), True)
    assert [asked.text for asked in public.self_check if not asked.clause] == []
