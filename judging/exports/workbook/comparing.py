"""Whether a workbook that came back still says what the system decided, and where it does not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isclose
from typing import BinaryIO

from judging.domain.errors import N_
from judging.exports.facts import NOTHING, RankingExport
from judging.exports.workbook.book import Column, Formula, Value, cached, fitting
from judging.exports.workbook.data import write_bands, write_budget, write_criteria, write_indicators, write_marks
from judging.exports.workbook.formulas import precision
from judging.exports.workbook.layout import BANDS, BUDGET, CRITERIA, INDICATORS, MARKS, METHOD, RANKING, Layout
from judging.exports.workbook.ranking import RankingSheets
from judging.exports.workbook.reading import Cell, NotThisWorkbook, Row, Wanted, read_sheets, shown

ABSENT = "строки нет"
PRESENT = "строка есть"
REPEATED = "строка повторяется"
TEXT_FOR_NUMBER, NUMBER_FOR_TEXT, TRUTH = "текст вместо числа", "число вместо текста", "логическое значение"
OTHER_SPACES = "отличается пробелами"
CONTEST = "Конкурс"
"""The row of «Методика» that names the contest."""
_NUMBER = re.compile(r"\s*[-−+]?[0-9\s]+(?:[.,][0-9]+)?\s*")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """What of a sheet is compared: rows are found by the columns ``keys``; ``values`` are the columns that count."""

    sheet: str
    keys: tuple[str, ...]
    values: tuple[str, ...]


COMPARED = (
    Compared(MARKS, ("Рег. номер", "Критерий", "Эксперт"), ("Балл", "Учтена")),
    Compared(INDICATORS, ("Рег. номер", "Критерий", "Показатель"), ("Значение",)),
    Compared(
        CRITERIA,
        ("Код",),
        ("Вид", "Вес", "Минимум", "Максимум", "Шаг", "Порог", "Показатель", "Ноль при", "Полный балл при"),
    ),
    Compared(BANDS, ("Критерий", "От"), ("Балл",)),
    Compared(BUDGET, ("Показатель",), ("Значение",)),
    Compared(
        RANKING,
        ("Рег. номер",),
        ("Место", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Исход", "Сумма, ₽"),
    ),
)
"""What was decided and what it was decided from; the order is that of the differences."""


@dataclass(frozen=True)
class Difference:
    """A cell, or a whole row, that is not the system's.

    ``row`` is the row's number in the file, None where the file has no such row; ``key`` says which row it is;
    ``column`` is empty where the whole row is meant; ``before`` is what the system has, ``after`` what the file has.
    """

    sheet: str
    row: int | None
    key: str
    column: str
    before: str
    after: str


def compare_workbook(file: BinaryIO, export: RankingExport) -> tuple[Difference, ...]:
    """Return every difference between a ranked workbook and the ranking; empty where the file says the same.

    Marks, indicator values, weights, scales, limits and flags are compared, and the computed places, totals, outcomes
    and sums as the file's formulas last gave them. Raises WrongSpreadsheet, of which :class:`NotThisWorkbook` is one.
    """
    layouts = _layouts(export)
    expected = _expected(layouts)
    compared = [replace(item, sheet=layout.sheet(item.sheet)) for layout in layouts for item in COMPARED]
    wanted = {name: expected.headings[name] for name in (item.sheet for item in compared)}
    sheets = {name: Wanted(headings, len(expected.rows[name])) for name, headings in wanted.items()}
    methods = [layout.sheet(METHOD) for layout in layouts]
    found = read_sheets(file, {**dict.fromkeys(methods, Wanted(("Раздел", "Содержание"), 100)), **sheets})
    for method in methods:
        _require_contest(found[method], export.record.contest.code)
    return tuple(
        difference
        for item in compared
        for difference in _differences(item, wanted[item.sheet], expected.rows[item.sheet], found[item.sheet])
    )


def _layouts(export: RankingExport) -> Sequence[Layout]:
    """Return the layout of the workbook, or those of its nominations."""
    if not export.record.contest.nominations:
        return (Layout(export),)
    return [Layout(part, place=place) for place, part in enumerate(export.parts, start=1)]


class _Expected:
    """Takes the sheets as a file would, and keeps the values."""

    def __init__(self) -> None:
        self.headings: dict[str, tuple[str, ...]] = {}
        self.rows: dict[str, list[Row]] = {}

    def add(self, name: str, columns: Sequence[Column]) -> "_Kept":
        self.headings[name] = tuple(column.heading for column in columns)
        self.rows[name] = []
        return _Kept(self.rows[name])

    def name(self, name: str, reference: str) -> None:
        """Names are for formulas alone."""


class _Kept:
    """The rows of one sheet, numbered as in the file."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def append(self, values: Sequence[Value], formats: Sequence[str] = ()) -> None:
        self._rows.append((len(self._rows) + 2, tuple(map(_cell, values))))

    def mark_where(self, condition: str) -> None:
        """Looks are not compared."""


def _expected(layouts: Iterable[Layout]) -> _Expected:
    """Write the sheets that are compared, with the very functions that write the file."""
    expected = _Expected()
    for layout in layouts:
        terms = layout.export.record.contest
        RankingSheets(layout, precision(terms.criteria, terms.rules.rounding)).write_ranking(expected)
        for write in (write_marks, write_indicators, write_criteria, write_bands, write_budget):
            write(expected, layout)
    return expected


def _cell(value: Value) -> Cell:
    """Return a value as it is read back from a file."""
    if isinstance(value, Formula):
        return _cell(value.value)
    if isinstance(value, str):
        return fitting(value)
    return value if isinstance(value, date) else float(cached(value))


def _require_contest(method: Iterable[Row], code: str) -> None:
    named = next((shown(cells[1]) for _, cells in method if cells[0] == CONTEST), "")
    if not named.startswith(f"{code}. "):
        raise NotThisWorkbook(N_("This is the workbook of another contest: %(contest)s"), contest=named or NOTHING)


def _differences(
    item: Compared, headings: Sequence[str], expected: Iterable[Row], found: Iterable[Row]
) -> Iterator[Difference]:
    """Yield the differences of one sheet: row by row as the file has them, then the rows that it lacks."""
    known = dict(_keyed(item, headings, expected))
    seen: set[Key] = set()
    for key, (number, cells) in _keyed(item, headings, found):
        words = ", ".join(key)
        if key in seen or key not in known:
            yield Difference(item.sheet, number, words, "", ABSENT, REPEATED if key in seen else PRESENT)
            continue
        seen.add(key)
        row = known[key][1]
        for index in (headings.index(name) for name in item.values):
            if not _same(row[index], cells[index]):
                yield Difference(
                    item.sheet, number, words, headings[index], shown(row[index]), _told(row[index], cells[index])
                )
    for key in known:
        if key not in seen:
            yield Difference(item.sheet, None, ", ".join(key), "", PRESENT, ABSENT)


def _keyed(item: Compared, headings: Sequence[str], rows: Iterable[Row]) -> Iterator[tuple[Key, Row]]:
    places = [headings.index(name) for name in item.keys]
    for number, cells in rows:
        yield tuple(shown(cells[place]) for place in places), (number, cells)


def _same(expected: Cell, found: Cell) -> bool:
    """Say whether two cells hold the same; a spreadsheet keeps fifteen significant digits of a number."""
    if isinstance(expected, float) and isinstance(found, int | float) and not isinstance(found, bool):
        return isclose(expected, found, rel_tol=1e-14, abs_tol=1e-9)
    return expected == found


def _told(expected: Cell, found: Cell) -> str:
    """Write what the file has, and what is wrong with it where it looks like what it is not."""
    text = shown(found)
    remark = _remark(expected, found, text)
    return f"{text} ({remark})" if remark else text


def _remark(expected: Cell, found: Cell, text: str) -> str:
    if isinstance(found, bool):
        return TRUTH
    if isinstance(found, str) and isinstance(expected, int | float):
        return TEXT_FOR_NUMBER if _NUMBER.fullmatch(text) else ""
    if not isinstance(expected, str) or text.split() != expected.split():
        return ""
    return NUMBER_FOR_TEXT if isinstance(found, int | float) else OTHER_SPACES


__all__ = ["COMPARED", "Compared", "Difference", "NotThisWorkbook", "compare_workbook"]
