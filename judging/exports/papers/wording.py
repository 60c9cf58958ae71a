"""Answers as papers have them, in Russian: every kind of field in words, and a section as rows and tables."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from judging.domain.forms.form import Field, FieldKind, Section, TextFormat
from judging.domain.forms.looking import answered
from judging.exports.papers.amounts import NARROW, figures
from judging.exports.papers.source import Block, Source, heading

_MARKS = re.compile(r"\*\*(.+?)\*\*")
LONGEST_PLAIN = 4
"""Digits of a number that is not grouped: a year, above all."""
TALLEST = 900
"""Letters of a row above which it may be broken between two pages."""
NUMERIC = frozenset({FieldKind.NUMBER, FieldKind.MONEY})


def plain_number(number: Decimal) -> str:
    """A number with the comma and groups of three digits."""
    whole, _, rest = format(number, "f").partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", NARROW) if len(digits) > LONGEST_PLAIN else digits
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def _text(field: Field, answer: str, _source: Source) -> list[str]:
    plain = _MARKS.sub(r"\1", answer) if field.format is TextFormat.LIGHT else answer
    return [line for line in plain.splitlines() if line.strip()] or [plain]


def _number(field: Field, answer: Decimal, _source: Source) -> list[str]:
    return [f"{plain_number(answer)}{NARROW}{field.unit}".rstrip()]


def _option(field: Field, code: str) -> str:
    return next((one.label for one in field.options if one.code == code), code)


def _organisation(_field: Field, answer: str, source: Source) -> list[str]:
    return [source.name_of(answer), source.numbers_of(answer)]


def _computed(field: Field, answer: str, _source: Source) -> list[str]:
    try:
        return [f"{plain_number(Decimal(answer))}{NARROW}{field.unit}".rstrip()]
    except ArithmeticError:
        return [answer]


SAY: Mapping[FieldKind, Callable[[Field, Any, Source], list[str]]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: lambda _field, kopecks, _source: [f"{figures(kopecks)}{NARROW}руб."],
    FieldKind.DATE: lambda _field, day, _source: [day.strftime("%d.%m.%Y")],
    FieldKind.YES: lambda _field, answer, _source: ["да" if answer else "нет"],
    FieldKind.CHOICE: lambda field, code, _source: [_option(field, code)],
    FieldKind.CHOICES: lambda field, codes, _source: [_option(field, code) for code in codes],
    FieldKind.ORGANISATION: _organisation,
    FieldKind.OKVED: lambda _field, codes, _source: [", ".join(codes)],
    FieldKind.COMPUTED: _computed,
}
"""Kinds that are said in lines; consents, tables and files are drawn otherwise."""


def said(field: Field, source: Source) -> list[str]:
    """An answer in lines; empty where there is none."""
    answer = source.computed.get(field.code) if field.kind is FieldKind.COMPUTED else source.answers.get(field.code)
    return SAY[field.kind](field, answer, source) if field.kind in SAY and answered(field, answer) else []


def section_blocks(section: Section, source: Source) -> Iterator[Block]:
    """A section: its heading, rows of what is answered, and its tables; nothing of one without answers."""
    rows: list[list[Any]] = []
    blocks: list[Block] = []
    for field in section.fields:
        if field.kind is FieldKind.TABLE and source.answers.get(field.code):
            blocks += [{"kind": "facts", "rows": rows}] if rows else []
            blocks += table_blocks(field, source)
            rows = []
        elif lines := said(field, source):
            rows.append([field.label, lines])
    blocks += [{"kind": "facts", "rows": rows}] if rows else []
    if blocks:
        yield heading(section.title)
        yield from blocks


def table_blocks(field: Field, source: Source) -> list[Block]:
    """A table with its heading, and the sums of its columns in the foot."""
    rows = source.answers[field.code]
    body = [[_cell(column, row.get(column.code), source) for column in field.columns] for row in rows]
    totals = [_total(column, rows) for column in field.columns]
    head = ["".join([column.label, _unit(column)]) for column in field.columns]
    foot = ["Всего", *totals[1:]] if any(totals) and not totals[0] else totals
    return [
        {"kind": "label", "text": f"{field.label}:"},
        {
            "kind": "table",
            "head": head,
            "rows": body,
            "foot": foot if any(totals) else [],
            "widths": widths(head, [*body, [[one] for one in totals]]),
            "whole": all(sum(len(line) for cell in row for line in cell) < TALLEST for row in body),
            "numeric": [place for place, column in enumerate(field.columns) if column.kind in NUMERIC],
        },
    ]


def widths(head: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> list[float]:
    """The widths of columns: room for the longest word of each, and more for those that hold long texts."""
    found = []
    for place, title in enumerate(head):
        cells = [" ".join(row[place]) for row in rows]
        words = [len(word) for text in (title, *cells) for word in text.split(" ")]
        usual = sum(map(len, cells)) / max(1, len(cells))
        found.append(float(max(min(max(words), 16) + 2, 7, min(usual, 50) * 0.6)))
    return found


def _unit(column: Field) -> str:
    if column.kind is FieldKind.MONEY:
        return ", руб."
    return f", {column.unit}" if column.unit else ""


def _cell(column: Field, answer: Any, source: Source) -> list[str]:
    if not answered(column, answer):
        return ["—"]
    if column.kind is FieldKind.MONEY:
        return [figures(answer)]
    if column.kind is FieldKind.NUMBER:
        return [plain_number(answer)]
    return SAY[column.kind](column, answer, source)


def _total(column: Field, rows: Any) -> str:
    if not column.total:
        return ""
    answers = [row[column.code] for row in rows if row.get(column.code) is not None]
    return figures(sum(answers)) if column.kind is FieldKind.MONEY else plain_number(sum(answers, Decimal(0)))
