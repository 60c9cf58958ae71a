"""Texts and money on pages: what the quick tables say is what the libraries say."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from flask import render_template_string
from flask_babel import force_locale, gettext, lazy_gettext
from markupsafe import Markup

from judging.web import kept_texts
from judging.web.templating import decimal, money

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""


@pytest.fixture
def page(app):
    with app.test_request_context("/"):
        yield


def in_both(template: str, **values: object) -> list[str]:
    found = []
    for language in ("ru", "en"):
        with force_locale(language):
            found.append(render_template_string(template, **values))
    return found


@pytest.mark.usefixtures("page")
def test_a_template_speaks_the_language_of_the_moment():
    assert in_both("{{ _('Place') }}, {{ gettext('Number') }}") == ["Место, Рег. номер", "Place, Number"]
    assert in_both("{{ _('In all: %(count)s', count='<5>') }}") == ["Всего: &lt;5&gt;", "In all: &lt;5&gt;"]


@pytest.mark.usefixtures("page")
def test_a_text_without_values_is_filled_too_and_one_that_nobody_translated_stays():
    twice = "{{ _('Between which places the project is with probability 90%%.') }}"
    assert [text.count("%") for text in in_both(twice)] == [1, 1]
    assert in_both("{{ _('<b>No such text</b> %%') }}") == ["<b>No such text</b> %"] * 2


@pytest.mark.usefixtures("page")
def test_values_are_escaped_unless_they_are_markup_and_only_where_a_page_is_written():
    filled = "{{ _('In all: %(count)s', count=words) }}"
    assert in_both(filled, words=Markup("<b>5</b>"))[1] == "In all: <b>5</b>"
    plain = "{% autoescape false %}{{ _('In all: %(count)s', count=words) }}{% endautoescape %}"
    assert in_both(plain, words="<5>")[1] == "In all: <5>"


@pytest.mark.usefixtures("page")
def test_python_speaks_alike_and_late_texts_are_of_the_language_that_is_then():
    late = lazy_gettext("In all: %(count)s", count=3)
    said = []
    for language in ("ru", "en"):
        with force_locale(language):
            said.append((gettext("In all: %(count)s", count=3), gettext("100%"), str(late), kept_texts.language()))
    assert said == [("Всего: 3", "100%", "Всего: 3", "ru"), ("In all: 3", "100%", "In all: 3", "en")]


KOPECKS = (0, 1, -1, 99, 100, -100, 12_345, -1_234_567, 999_999, 100_000_000, 123_456_789_012, 10**15, -(10**15) - 5)


@pytest.mark.usefixtures("page")
def test_money_is_written_as_the_library_writes_it():
    for language in ("ru", "en"):
        with force_locale(language):
            for value in (*KOPECKS, *range(-250_000, 250_000, 7_919)):
                pattern = "#,##0" if value % 100 == 0 else "#,##0.00"
                number = format_decimal(Decimal(value) / 100, format=pattern, locale=language)
                assert (money(value), money(value, sign=False)) == (f"{number}\u00a0₽", number)


@pytest.mark.usefixtures("page")
def test_no_money_is_nothing_and_a_decimal_has_the_comma_of_its_language():
    assert money(None) == ""
    said = []
    for language in ("ru", "en"):
        with force_locale(language):
            said.append([decimal(Decimal("-7.50")), decimal("0.5"), decimal(None), decimal("")])
    assert said == [["−7,50", "0,5", "", ""], ["-7.50", "0.5", "", ""]]
