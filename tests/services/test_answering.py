"""Invented answers fit what a form asks: numbers of registers are right, and a text keeps to its limit in words."""

from judging.adapters.identifiers import inn_fault, ogrn_fault
from judging.domain.forms.lengths import words_in
from judging.services.rehearsals.answering import Given, answers_to
from tests.forms import TODAY, document, field, read
from tests.strategies import inn


def test_numbers_of_registers_and_texts_limited_in_words_are_answered_rightly() -> None:
    raw = document()
    raw["sections"].append({"code": "own", "title": "Свои", "fields": [
        field("about", "text", "Слова о проекте", counts="words", most=4, required=True),
        field("inn", "text", "ИНН", format="inn", required=True),
        field("ogrn", "text", "ОГРН", format="ogrn", required=True),
    ]})  # fmt: skip
    for number in range(3):
        answers = answers_to(read(raw), Given(number, TODAY, [inn(1), inn(2)], None, {}))["own"]
        assert words_in(answers["about"]) == 4
        assert (inn_fault(answers["inn"]), ogrn_fault(answers["ogrn"])) == (None, None)
