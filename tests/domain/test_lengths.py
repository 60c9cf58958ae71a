"""How long a text is: in characters, or in words that the page counts in the same way (tests/data/word-counts.json)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from judging.domain.forms.form import Counted, Field, FieldKind
from judging.domain.forms.lengths import length_of, room_of, within, words_in

VECTORS = json.loads((Path(__file__).resolve().parents[1] / "data" / "word-counts.json").read_text("utf-8"))
CHARACTERS = Field("about", FieldKind.TEXT, "О проекте", most=10)
WORDS = replace(CHARACTERS, counts=Counted.WORDS)


@pytest.mark.parametrize(("text", "count"), VECTORS)
def test_a_word_stands_between_spaces_and_has_a_letter_or_a_digit(text: str, count: int) -> None:
    assert words_in(text) == count


def test_a_text_of_one_long_run_is_counted_in_time_that_grows_with_it() -> None:
    assert words_in("-" * 20_000) == 0
    assert words_in("- " * 10_000) == 0


def test_a_field_counts_characters_or_words() -> None:
    assert (length_of(CHARACTERS, "два слова"), length_of(WORDS, "два слова")) == (9, 2)
    assert (room_of(CHARACTERS), room_of(WORDS), room_of(replace(WORDS, most=None))) == (10, 80, None)


def test_a_text_is_cut_to_what_its_field_takes() -> None:
    text = "один два три четыре пять шесть семь восемь девять десять одиннадцать"
    assert within(CHARACTERS, text, 300) == "один два т"
    assert within(WORDS, text, 300) == text.removesuffix(" одиннадцать")
    assert within(replace(WORDS, most=None), text, 8) == "один два"
