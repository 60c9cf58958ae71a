"""Answers are written as JSON and read again as they were; what does not fit is not answered; figures as text."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.forms.form import Field, FieldKind, Option
from judging.domain.forms.indicators import figure_text, figures
from judging.domain.forms.looking import look
from judging.domain.forms.notation import answer_json, answer_read, answers_json, answers_read, text_hash
from tests.forms import NOW, answers, sample

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
CODES = st.lists(TEXTS, min_size=1, max_size=4).map(tuple)
VALUES: dict[FieldKind, st.SearchStrategy[Any]] = {
    FieldKind.TEXT: TEXTS,
    FieldKind.NUMBER: st.decimals(allow_nan=False, allow_infinity=False, places=4),
    FieldKind.MONEY: st.integers(min_value=-(10**17), max_value=10**17),
    FieldKind.DATE: st.dates(),
    FieldKind.YES: st.booleans(),
    FieldKind.CHOICE: TEXTS,
    FieldKind.CHOICES: CODES,
    FieldKind.ORGANISATION: TEXTS,
    FieldKind.OKVED: CODES,
}
COLUMNS = tuple(Field(f"c_{kind}", kind, kind) for kind in VALUES if kind not in (FieldKind.CHOICES, FieldKind.OKVED))
ROWS = st.lists(
    st.fixed_dictionaries({"key": TEXTS}, optional={one.code: VALUES[one.kind] for one in COLUMNS}), min_size=1,
    max_size=4,
).map(tuple)  # fmt: skip
FIELDS = (*(Field(kind, kind, kind) for kind in VALUES), Field("table", FieldKind.TABLE, "Таблица", columns=COLUMNS))


@given(st.fixed_dictionaries({}, optional={**{kind.value: value for kind, value in VALUES.items()}, "table": ROWS}))
def test_what_is_written_is_read_again(given: dict[str, Any]) -> None:
    written = json.loads(json.dumps(answers_json(FIELDS, given), ensure_ascii=False))
    assert answers_read(FIELDS, written) == given


@pytest.mark.parametrize(
    ("kind", "answer", "written"),
    [
        ("text", "Слова", "Слова"),
        ("number", Decimal("1E+3"), "1000"),
        ("number", Decimal("12.50"), "12.50"),
        ("money", 125_000_05, "125000.05"),
        ("money", -5, "-0.05"),
        ("date", date(2027, 3, 1), "2027-03-01"),
        ("yes", False, False),
        ("okved", ("28.41", "28.49.1"), ["28.41", "28.49.1"]),
        ("text", "", None),
        ("choices", (), None),
        ("money", None, None),
    ],
)
def test_an_answer_as_json(kind: str, answer: object, written: object) -> None:
    assert answer_json(Field("x", FieldKind(kind), "X"), answer) == written


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("text", 5), ("number", "много"), ("number", "NaN"), ("number", 5.5), ("money", "1.005"), ("money", [1]),
        ("date", "01.03.2027"), ("date", 20270301), ("yes", "да"), ("choices", [1]), ("okved", 7), ("table", {"a": 1}),
        ("table", [["строка"]]), ("consent", True), ("consent", {"given": True}), ("organisation", {"inn": "1"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_kind_is_not_answered(kind: str, stored: object) -> None:
    options = (Option("a", "А"),)
    assert answer_read(Field("x", FieldKind(kind), "X", options=options, columns=COLUMNS, text="Текст"), stored) is None


def test_a_consent_is_given_to_the_text_that_was_read() -> None:
    asked = Field("consent", FieldKind.CONSENT, "Согласие", text="Согласен.")
    changed = Field("consent", FieldKind.CONSENT, "Согласие", text="Согласен со всем.")
    record = {"given": True, "text_sha256": text_hash(asked), "at": "2026-11-30T12:00:00+00:00", "by": "Иванова"}
    assert answer_json(asked, record) == record
    assert [answer_read(one, record) for one in (asked, changed)] == [True, None]
    assert answer_read(asked, {**record, "given": False}) is None


def test_figures_are_numbers_sums_and_what_is_computed() -> None:
    assert {code: one.field.kind.value for code, one in figures(sample()).items()} == {
        one.code: one.kind.value
        for one in sample().form.fields()
        if one.kind in (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED)
    }


@pytest.mark.parametrize(
    ("formula", "value", "text"),
    [
        ("round(a / 3, 2)", Fraction(1, 3), "0.33"),
        ("round(a / 2, 2)", Fraction(1, 2), "0.50"),
        ("a / 4", Fraction(1, 4), "0.25"),
        ("a / 3", Fraction(2, 3), "0.666667"),
        ("a * 3", Fraction(12), "12"),
    ],
)
def test_a_computed_figure_has_the_decimals_of_its_formula(formula: str, value: Fraction, text: str) -> None:
    from judging.domain.expressions import compile_expression
    from judging.domain.expressions.types import NUMBER
    from judging.domain.forms.compiling import CompiledField
    from judging.domain.forms.looking import Look

    field = CompiledField(Field("x", FieldKind.COMPUTED, "X", formula=formula),
                          formula=compile_expression(formula, {"a": NUMBER}))  # fmt: skip
    assert figure_text(field, Look(frozenset({"x"}), frozenset(), {"x": value})) == text
    assert figure_text(field, Look(frozenset(), frozenset(), {"x": value})) is None


def test_figures_of_an_application_are_decimal_text() -> None:
    seen = look(sample(), answers(), NOW)
    found = {code: figure_text(one, seen) for code, one in figures(sample()).items()}
    assert {code: text for code, text in found.items() if text is not None}["jobs"] == str(answers()["jobs"])
