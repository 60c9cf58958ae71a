"""Where every fact of the workbook lies: addresses for the formulas, in one place.

Two ways of addressing. *By key* (contests of ordinary size): a formula finds its facts by application number and
criterion code, so the data sheets may be sorted. *By place* (large contests, or codes that a spreadsheet would take
for patterns or numbers): a formula names the very rows, which a spreadsheet recalculates in linear time.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from judging.domain.criterion_groups import CriterionGroup, criterion_groups
from judging.domain.rubric import (
    BandsCriterion,
    BelowPass,
    ComputedCriterion,
    Criterion,
    computed_criteria,
    expert_criteria,
    in_total,
)
from judging.domain.rules import BudgetMode
from judging.exports.facts import RankingExport, ReviewFact

RANKING, POINTS, MARKS, INDICATORS = "Рейтинг", "По критериям", "Оценки экспертов", "Показатели"
CRITERIA, BANDS, DIVERGENCES, OUTSIDE = "Критерии", "Шкалы", "Расхождения", "Не допущены"
BUDGET, METHOD, CHECKS, REFERENCE = "Бюджет", "Методика", "Проверка", "Справочно"
NOMINATIONS, GROUP_COMMENTS = "Номинации", "Комментарии к группам"
FIRST = 2
MOST_KEY_COMPARISONS = 30_000_000
"""Cells looked through on one recalculation; about two seconds in LibreOffice."""
PLAIN = re.compile(r"[A-ZА-ЯЁ0-9][A-ZА-ЯЁ0-9/._ -]*", re.IGNORECASE)
NUMERIC = re.compile(r"[0-9]+(?:[.,/ -]?[0-9]+)*(?:E[0-9]+)?", re.IGNORECASE)

LOGICAL = {"TRUE", "FALSE", "ИСТИНА", "ЛОЖЬ"}


@dataclass(frozen=True)
class Span:
    """Rows ``first`` to ``last`` of a sheet, both included; empty where ``last`` is less than ``first``."""

    sheet: str
    first: int
    last: int

    def column(self, letter: str) -> str:
        """Write the span in one column as an absolute reference."""
        return f"'{self.sheet}'!${letter}${self.first}:${letter}${max(self.first, self.last)}"

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Slice:
    """The marks (or values) of one application on one criterion: columns and the keys that pick the rows."""

    span: Span
    keys: tuple[tuple[str, str], ...]

    def conditions(self) -> str:
        """Write the keys as further arguments of COUNTIFS and its kin."""
        return "".join(f",{self.span.column(column)},{key}" for column, key in self.keys)

    def product(self) -> str:
        """Write the keys as factors of an array."""
        return "".join(f"*({self.span.column(column)}={key})" for column, key in self.keys)


@dataclass(frozen=True)
class Layout:
    """The rows of the workbook of one export, or of one of its nominations: ``place`` among them, from 1 on.

    Each nomination has sheets of its own, called «Рейтинг 1», «Рейтинг 2» and so on; no formula reads another's.
    """

    export: RankingExport
    most_comparisons: int = MOST_KEY_COMPARISONS
    place: int | None = None

    def sheet(self, name: str) -> str:
        """Return what the sheet ``name`` is called in the file."""
        return name if self.place is None else f"{name} {self.place}"

    def name(self, name: str) -> str:
        """Return what the defined name is called in the file."""
        return name if self.place is None else f"{name}_{self.place}"

    def budget(self, row: int) -> str:
        """Write the value in a row of «Бюджет»."""
        return f"'{self.sheet(BUDGET)}'!$B${row}"

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The rubric, in its order."""
        return self.export.record.contest.criteria

    @cached_property
    def outside(self) -> tuple[Criterion, ...]:
        """The criteria outside the total."""
        return tuple(item for item in self.criteria if not in_total(item))

    @cached_property
    def groups(self) -> tuple[CriterionGroup, ...]:
        """The groups of criteria, without the run of those that belong to none."""
        return tuple(group for group in criterion_groups(self.criteria) if group.title)

    @cached_property
    def to_panel(self) -> bool:
        """Whether a threshold of the contest leads to the panel."""
        rules, experts = self.export.record.contest.rules, expert_criteria(self.criteria)
        total = rules.below_pass is BelowPass.PANEL
        return total or any(item.below_pass is BelowPass.PANEL for item in experts)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the ranked applications, in the order of the ranking."""
        return tuple(row.number for row in self.export.ranking.rows)

    @cached_property
    def queue_order(self) -> tuple[str, ...]:
        """The same in the order in which applications of one place are listed."""
        return tuple(sorted(self.numbers))

    @cached_property
    def live_budget(self) -> bool:
        """Whether the walk down the budget is written as formulas."""
        return self.export.record.contest.rules.budget_mode is not BudgetMode.PROPORTIONAL

    def marks(self) -> Iterator[tuple[str, str, ReviewFact]]:
        """Yield the rows of the sheet of marks: application, criterion, review."""
        codes = [item.code for item in expert_criteria(self.criteria)]
        for number, reviews in self.export.reviews.items():
            yield from ((number, code, fact) for code in codes for fact in reviews)

    def values(self) -> Iterator[tuple[str, ComputedCriterion]]:
        """Yield the rows of the sheet of indicators: application, criterion."""
        for number in self.numbers:
            yield from ((number, item) for item in computed_criteria(self.criteria))

    @cached_property
    def by_key(self) -> bool:
        """Whether formulas find their facts by key: the sheet is small and no key can be taken for another."""
        formulas = len(self.numbers) * max(1, len(self.criteria))
        rows = self.all_marks.last + self.all_values.last
        keys = [*self.numbers], [item.code for item in self.criteria]
        return formulas * rows <= self.most_comparisons and all(distinct(group) for group in keys)

    @cached_property
    def ranked(self) -> Span:
        """The rows of the ranking; the points stand in the same rows."""
        return Span(self.sheet(RANKING), FIRST, FIRST + len(self.numbers) - 1)

    @cached_property
    def all_marks(self) -> Span:
        """All rows of marks."""
        experts = len(expert_criteria(self.criteria))
        return Span(self.sheet(MARKS), FIRST, FIRST + experts * sum(map(len, self.export.reviews.values())) - 1)

    @cached_property
    def all_values(self) -> Span:
        """All rows of indicators."""
        return Span(
            self.sheet(INDICATORS), FIRST, FIRST + len(computed_criteria(self.criteria)) * len(self.numbers) - 1
        )

    @cached_property
    def _mark_spans(self) -> dict[tuple[str, str], Span]:
        row, spans = FIRST, {}
        for number, reviews in self.export.reviews.items():
            for item in expert_criteria(self.criteria):
                spans[number, item.code] = Span(self.sheet(MARKS), row, row + len(reviews) - 1)
                row += len(reviews)
        return spans

    @cached_property
    def _value_rows(self) -> dict[tuple[str, str], int]:
        return {(number, item.code): row for row, (number, item) in enumerate(self.values(), start=FIRST)}

    def marks_of(self, number: str, code: str, own: str) -> Slice:
        """Return the marks of an application on a criterion; ``own`` is the cell that holds the number."""
        if self.by_key:
            return Slice(self.all_marks, (("A", own), ("C", self.criterion("A", code))))
        return Slice(self._mark_spans[number, code], ())

    def has_marks(self, number: str) -> bool:
        """Say whether the application has any row of marks."""
        return bool(self.export.reviews[number])

    def value_of(self, number: str, code: str, own: str) -> Slice:
        """Return the indicator's value of an application on a computed criterion."""
        if self.by_key:
            return Slice(self.all_values, (("A", own), ("B", self.criterion("A", code))))
        row = self._value_rows[number, code]
        return Slice(Span(self.sheet(INDICATORS), row, row), ())

    @cached_property
    def _criterion_rows(self) -> dict[str, int]:
        return {item.code: row for row, item in enumerate(self.criteria, start=FIRST)}

    def criterion(self, column: str, code: str) -> str:
        """Write the cell of ``column`` in the criterion's row of the rubric."""
        return f"'{self.sheet(CRITERIA)}'!${column}${self._criterion_rows[code]}"

    @cached_property
    def _band_spans(self) -> dict[str, Span]:
        row, spans = FIRST, {}
        for item in self.criteria:
            if isinstance(item, BandsCriterion):
                spans[item.code] = Span(self.sheet(BANDS), row, row + len(item.bands) - 1)
                row += len(item.bands)
        return spans

    def bands(self, code: str) -> Span:
        """Return the rows of a criterion's bands."""
        return self._band_spans[code]

    def points_column(self, code: str) -> str:
        """Return the letters of a criterion's column on the sheet of points."""
        return letters(self._criterion_rows[code] - FIRST + 1)

    @cached_property
    def total_column(self) -> str:
        """The letters of the column «Итог» on the sheet of points."""
        return letters(len(self.criteria) + 1)

    @cached_property
    def points(self) -> Span:
        """The rows of the sheet of points."""
        return Span(self.sheet(POINTS), FIRST, self.ranked.last)


def letters(index: int) -> str:
    """Return the letters of the column with ``index`` counted from 0."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def quoted(text: str) -> str:
    """Write ``text`` as a constant inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def distinct(keys: Iterable[str]) -> bool:
    """Say whether a spreadsheet's criteria tell these keys apart: no patterns, no equal numbers, no equal letters."""
    listed = list(keys)
    plain = all(len(key) <= 64 and PLAIN.fullmatch(key) and key.upper() not in LOGICAL for key in listed)
    numeric = [key for key in listed if NUMERIC.fullmatch(key)]
    return plain and len({key.casefold() for key in listed}) == len(listed) and _distinct_numbers(numeric)


def _distinct_numbers(keys: Sequence[str]) -> bool:
    """Say whether keys that a spreadsheet takes for numbers or dates differ as such: all of one shape, and short."""
    shapes = {re.sub("[0-9]", "0", key) for key in keys}
    return len(keys) < 2 or (len(shapes) == 1 and all("E" not in shape.upper() and len(shape) < 16 for shape in shapes))
