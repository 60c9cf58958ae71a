"""Parts of pages that are kept: each is of its language and of its values as they are written."""

import re
from decimal import Decimal

import pytest
from flask import render_template_string
from flask_babel import force_locale

SCALE = '{% from "components/mark_scale.html" import mark_scale %}{{ mark_scale("E1", "Опыт", marks, value=value) }}'
COUNTER = '{{ kept("components/_counter.html", id="about", limit=5, count="words") }}'


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context("/"):
        yield


def radios(*marks: str, value: str) -> list[str]:
    scale = render_template_string(SCALE, marks=[Decimal(mark) for mark in marks], value=Decimal(value))
    return re.findall(r'id="(E1-[^"]+)" name="E1" value="[^"]+"( checked|)', scale)


def test_scales_of_equal_marks_that_are_written_differently_keep_their_own_names():
    for _again in range(2):
        assert radios("0", "1", "2", value="1") == [("E1-0", ""), ("E1-1", " checked"), ("E1-2", "")]
        assert radios("0.0", "1.0", "2.0", value="1") == [("E1-0.0", ""), ("E1-1.0", " checked"), ("E1-2.0", "")]


def test_a_kept_part_is_of_the_language_of_the_moment():
    said: list[str] = []
    for language in ("ru", "en", "ru"):
        with force_locale(language):
            said += re.findall(r">\s*([^<>]+)</p>", render_template_string(COUNTER))
    assert said == ["Не больше 5 слов", "No more than 5 words", "Не больше 5 слов"]
