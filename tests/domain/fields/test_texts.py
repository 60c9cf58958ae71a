"""Texts: one form of what looks alike, nothing unseen, lines where lines are meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.fields.texts import line, paragraphs, squeezed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  край\u200b ", "край"), ("краи\u0306", "край"), ("е\u0308лка", "ёлка"), ("стан\u00adки", "станки"),
        ("\u202eзавод\u202c", "завод"), ("a\x00\x07b", "ab"), ("a\tb\r\nc\u2028d", "a b c d"), ("\u3164\u2800", ""),
        ("№\u00a05 «Сталь»", "№\u00a05 «Сталь»"), ("👩\u200d🔧 завод\u200d", "👩\u200d🔧 завод"), ("a  b", "a  b"),
        ("а\u034fб", "аб"), ("№\u00a0\u3164 5", "№\u00a0 5"),
    ],
)  # fmt: skip
def test_a_line_is_kept_without_what_nobody_sees(typed, kept):
    assert line(typed) == kept


def test_several_lines_keep_their_breaks_of_one_kind():
    assert paragraphs(" a\r\nb\rc\u2029\n\td \n") == "a\nb\nc\n\n\td"


def test_names_have_single_spaces():
    assert squeezed(" Иванов \u00a0 Пётр\t") == "Иванов Пётр"


@given(st.text())
def test_what_is_kept_stays_as_it_is(text):
    for rule in (line, squeezed, paragraphs):
        kept = rule(text)
        assert rule(kept) == kept == unicodedata.normalize("NFC", kept)
    assert "\n" not in line(text)
