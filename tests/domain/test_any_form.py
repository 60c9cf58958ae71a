"""A form that was accepted never fails, whatever is answered to it, and every finding has what its words name."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.adapters.forms import form_object, read_form
from judging.domain.expressions import BadExpression, Type, compile_expression
from judging.domain.expressions.types import YES
from judging.domain.forms import findings
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances, types_of
from judging.domain.forms.findings import FormFinding, form_findings
from judging.domain.forms.form import FieldKind
from judging.domain.forms.kinds import type_of
from judging.domain.forms.looking import Look, look
from tests.forms import TODAY, answers, document, field, read

OPTIONS = [{"code": code, "label": f"Вариант {code}"} for code in ("a", "b", 'с "кавычкой" {и} %s')]
SETTINGS: dict[str, list[dict[str, Any]]] = {
    "text": [
        {},
        {"most": 3},
        {"advised": 2, "most": 3},
        {"format": "inn"},
        {"format": "ogrn"},
        {"counts": "words", "advised": 1, "most": 2},
    ],
    "number": [{}, {"min": "-1.5", "max": "2", "decimals": 0}, {"decimals": 2, "unit": "%"}],
    "money": [{}, {"min": "0.01", "max": "10"}],
    "date": [{}, {"min": "2027-01-01", "max": "2027-12-31"}],
    "yes": [{}],
    "choice": [{"options": OPTIONS}, {"options": OPTIONS[:1]}],
    "choices": [{"options": OPTIONS}],
    "organisation": [{}, {"of": "any"}],
    "okved": [{}],
    "file": [{"extensions": ["pdf"]}, {"extensions": ["pdf"], "max_files": 1, "paper": "consent", "signed": True}],
    "consent": [{"text": "Согласен на 100 %s {и} %(label)s"}],
}
ANSWERS: dict[str, list[Any]] = {
    "text": ["", "а", "длинный текст", " ", "{x} %s"],
    "number": [Decimal(0), Decimal("-2.50"), Decimal("1e3"), Decimal("0.1234567"), Decimal(10) ** 30],
    "money": [0, 1, 1_500, 10**17],
    "date": [date(2026, 1, 31), date(2027, 2, 28), date.max, date.min],
    "yes": [True, False],
    "choice": ["", "a", "gone"],
    "choices": [(), ("a",), ("a", "gone")],
    "organisation": ["", "7707083893", "7728168971"],
    "okved": [(), ("24.53",), ("нет такого",)],
    "file": [(), ("один.pdf",), ("один.pdf", "два.pdf")],
    "consent": [True, False],
    "table": [(), [], ({},)],
}
IN_TABLE = ("text", "number", "money", "date", "yes", "choice", "organisation")
RULES = (
    "{x} == {y}", "{x} != {y}", "{x} < {y}", "{x} in ({y})", "{x} in ({y}, {z})", "filled({x})",
    "not {x} or {y} and {z}",
    '{x} == "a"', '"a" in ({x}, {y})', "{x} > 1", "{x} > 1 ₽", '{x} >= date("2027-01-01")', "length({x}) > 2",
    "round({x} / {y}, 2) == {z}", "share({x}, {y}) < 50", "{x} * {y} / {z} > {x}", "months({x}, {y}) > 3",
    "within({x}, {y}, {z})", "least({x}, {y}) <= {z}", "greatest({x}.c0) > {y}", "least({x}.c1) < {y}.c1",
    "sum({x}.c0) == {y}", "sum({x}.c1) / count({x}) > {y}", "count({x}) > 1", "count({x}.c2) == count({y}.c0)",
    "distinct({x}.c0)", "row.c0 == {y}", "row.c0 <= row.c1", "filled(row.c1) or {x}", "row.c2 in ({x}, {y})",
    "-{x} < {y} - {z}", "today < {x}", "requested <= cap and {x}", 'nomination == "small"', "in_time or {x}",
)  # fmt: skip


def plain_field(draw: st.DrawFn, code: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    kind = draw(st.sampled_from(kinds))
    return field(
        code, kind, f"{code} %s %(label)s", required=draw(st.booleans()), **draw(st.sampled_from(SETTINGS[kind]))
    )


def rules(draw: st.DrawFn, names: list[str], known: dict[str, Type], row: dict[str, Type] | None = None) -> list[str]:
    """Rules that can be typed, of those that were drawn."""
    drawn = draw(st.lists(st.tuples(st.sampled_from(RULES), *[st.sampled_from(names)] * 3), max_size=12))
    typed = []
    for text, x, y, z in drawn:
        rule = text.format(x=x, y=y, z=z)
        try:
            compile_expression(rule, known, wanted=YES, row=row)
        except BadExpression:
            continue
        typed.append(rule)
    return typed


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """A form of fields of any kinds, with any rules that can be typed at every place that has rules."""
    raw = document()
    own = [plain_field(draw, f"f{index}", tuple(SETTINGS)) for index in range(draw(st.integers(1, 5)))]
    for index in range(draw(st.integers(0, 2))):
        columns = [plain_field(draw, f"c{inner}", IN_TABLE) for inner in range(3)]
        own.append(
            field(f"t{index}", "table", "Таблица", columns=columns, rows=draw(st.sampled_from([[0, 1], [2, 3]])))
        )
    raw["sections"].append({"code": "own", "title": "Свои", "fields": own})
    made = read(raw)
    known = types_of(("small",)) | {
        one.code: type_of(one) for one in made.fields() if one.kind is not FieldKind.COMPUTED
    }
    names = [one["code"] for one in own]
    columns_of = {one["code"]: {part["code"]: type_of(made.field(one["code"]).column(part["code"]))  # type: ignore[union-attr,arg-type]
                                for part in one["columns"]} for one in own if one["kind"] == "table"}  # fmt: skip
    for index, rule in enumerate(rules(draw, names, known)):
        raw["checks"].append(
            {"code": f"r{index}", "at": draw(st.sampled_from(names)), "rule": rule, "message": "{today} %"}
        )
        raw["checklist"].append({"code": f"{index}", "title": "Пункт", "rule": rule, "note": "{cap}"})
    for table in (one for one in own if one["kind"] == "table"):
        within = rules(draw, names, known, columns_of[table["code"]])
        table["row_checks"] = [
            {"code": f"r{index}", "at": "c0", "rule": rule, "message": "{today}"} for index, rule in enumerate(within)
        ]
        if within:
            table["columns"][2]["required"] = within[0]
    last = own[-1]
    last["shown_when"] = next(iter(rules(draw, names[:-1] or ["title"], known)), None)
    return raw


def typed_answers(draw: st.DrawFn, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Answers to some of the fields; tables with rows that have some of their columns."""
    given: dict[str, Any] = {}
    for one in fields:
        if draw(st.integers(0, 3)) == 0:
            continue
        if one["kind"] == "table" and draw(st.booleans()):
            given[one["code"]] = tuple(typed_answers(draw, one["columns"]) for _ in range(draw(st.integers(0, 4))))
        else:
            given[one["code"]] = draw(st.none() | st.sampled_from(ANSWERS[one["kind"]]))
    return given


def looked_at_one_by_one(compiled: CompiledForm, seen: Look) -> tuple[FormFinding, ...]:
    """The findings without passing over cells that surely have none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(findings, "_fitting", lambda _field: lambda _answer: False)
        return form_findings(compiled, seen)


@settings(max_examples=40)
@given(st.data())
def test_a_form_that_was_accepted_never_fails_whatever_is_answered(data: st.DataObject) -> None:
    raw = data.draw(forms())
    form = read(raw)
    assert read_form(json.dumps(form_object(form)).encode()) == form
    compiled = compile_form(form, ("small",))
    own = data.draw(st.composite(typed_answers)(raw["sections"][-1]["fields"]))
    here = data.draw(
        st.builds(
            Circumstances, st.just(TODAY), cap=st.sampled_from([None, 1_000]),
            nomination=st.sampled_from([None, "small"]),
            cluster=st.sampled_from([None, frozenset({"7707083893"})]), in_time=st.sampled_from([None, True]),
        )
    )  # fmt: skip
    whole = answers() if data.draw(st.booleans()) else {}
    seen = look(compiled, whole | own, here)
    found = form_findings(compiled, seen)
    assert found == looked_at_one_by_one(compiled, seen)
    parts = [form_findings(compiled, seen, part.section.code) for part in compiled.sections]
    assert found == tuple(one for part in parts for one in part)
    for one in found:
        assert bool(one.message) != bool(one.parts)
        assert one.message % one.params or one.parts == one.parts_en
    for point in compiled.points:
        assert point.rule is None or point.rule.evaluate(seen.environment) in (True, False, None)
        bounds = point.rule.bounds if point.rule else ()
        filled = point.note.fill(seen.environment, [bound(seen.environment) for bound in bounds])
        assert len(filled) == len(point.note.parts)
