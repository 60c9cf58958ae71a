"""The sheet «Проверка»: whether the file still says what the system decided, and the walk down the budget step by step.

Rows, after the control sums: for each application its place, its turn in the queue for money and what it claims; for
each turn how many claimants and winners there were so far and how much was given. The walk is a chain from turn to
turn, so that every rule of the budget is one plain formula; «Рейтинг» reads its outcomes here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from judging.domain.ranking import Needs, Outcome, Placing
from judging.domain.rules import BudgetMode
from judging.exports.facts import NO, OUTCOME_WORDS, PANEL_WORD
from judging.exports.money import roubles
from judging.exports.workbook.book import Book, Column, Formula, Value
from judging.exports.workbook.layout import CHECKS, CRITERIA, FIRST, RANKING, Layout, Span, letters, quoted

LIMIT, THRESHOLD, CAP, MOST_WINNERS = 2, 4, 6, 7
"""The rows of «Бюджет» that formulas read."""
COLUMNS = (Column("Проверка", "text", 46), Column("Ожидалось", "number", 22), Column("Получено", "number", 22),
           Column("Совпадает", "text", 12))  # fmt: skip
SUMS = 9
"""Control sums, between the verdict and the rows by application."""


Line = tuple[str, Value, Value, str]
"""What is checked, what is expected, what is got, and the number format of both."""


@dataclass(frozen=True)
class Queue:
    """The rows of «Проверка» that other sheets read."""

    layout: Layout

    PLACE = "Место заявки "
    TURN = "Очередь заявки "
    CLAIM = "Претендует, ₽: заявка "
    INCOMPLETE = OUTCOME_WORDS[Outcome.INCOMPLETE]

    @cached_property
    def places(self) -> Span:
        """One row an application, in the order of numbers."""
        return self._span(FIRST + 1 + SUMS, len(self.layout.numbers))

    @cached_property
    def turns(self) -> Span:
        """Same order: 1 for the first in the queue."""
        return self._span(self.places.last + 1, len(self.layout.numbers))

    @cached_property
    def claims(self) -> Span:
        """Same order: roubles wanted, «нет» below the threshold, «не завершена» where something is needed."""
        return self._span(self.turns.last + 1, len(self.layout.numbers))

    @cached_property
    def claimants(self) -> Span:
        """One row a turn from 0 on: how many claim money so far."""
        return self._span(self.claims.last + 1, len(self.layout.numbers) + 1)

    @cached_property
    def winners(self) -> Span:
        """One row a turn from 0 on: how many have won so far."""
        return self._span(self.claimants.last + 1, len(self.layout.numbers) + 1)

    @cached_property
    def paid(self) -> Span:
        """One row a turn from 0 on: roubles given so far."""
        return self._span(self.winners.last + 1, len(self.layout.numbers) + 1)

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {number: index for index, number in enumerate(self.layout.queue_order)}

    def position(self, number: str, row: int) -> str:
        """Write the turn of the application in ``row`` of «Рейтинг»."""
        return self._found(self.turns, self.TURN, number, row)

    def claim(self, number: str, row: int) -> str:
        """Write the claim of the application in ``row`` of «Рейтинг»."""
        return self._found(self.claims, self.CLAIM, number, row)

    def in_ranking(self, column: str, number: str) -> str:
        """Write a cell of «Рейтинг» in the application's row."""
        ranked = self.layout.ranked
        if self.layout.by_key:
            return f"INDEX({ranked.column(column)},MATCH({quoted(number)},{ranked.column('B')},0))"
        return f"'{self.layout.sheet(RANKING)}'!{column}{self._ranked_rows[number]}"

    @cached_property
    def _ranked_rows(self) -> dict[str, int]:
        return {number: row for row, number in enumerate(self.layout.numbers, start=self.layout.ranked.first)}

    def _found(self, span: Span, label: str, number: str, row: int) -> str:
        if self.layout.by_key:
            return f'INDEX({span.column("C")},MATCH("{label}"&$B{row},{span.column("A")},0))'
        return f"'{self.layout.sheet(CHECKS)}'!$C${span.first + self._indices[number]}"

    def _span(self, first: int, length: int) -> Span:
        return Span(self.layout.sheet(CHECKS), first, first + length - 1)


class Checks:
    """Writes «Проверка»."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._queue = layout, Queue(layout)
        self._placings = {row.number: row for row in layout.export.ranking.rows}
        self._rules = layout.export.record.contest.rules

    def write(self, book: Book) -> None:
        """Write the sheet; the first row sums it up."""
        lines = [*self._sums(), *self._lines()]
        sheet = book.add(self._layout.sheet(CHECKS), COLUMNS)
        matches = f"D{3}:D{len(lines) + 2}"
        verdict = Formula(f'IF(COUNTIF({matches},"нет")=0,"совпадает","не совпадает")', "совпадает")
        head: Line = ("Файл и система", "совпадает", verdict, "text")
        for row, (label, expected, got, style) in enumerate([head, *lines], FIRST):
            match = Formula(f'IF(B{row}=C{row},"да","нет")', "да")
            sheet.append((label, expected, got, match), ("text", style, style, "text"))

    def _sums(self) -> Iterator[Line]:
        """Yield the control sums, exactly ``SUMS`` of them."""
        yield from self._sums_of_data()
        ranked, placings = self._layout.ranked, self._placings.values()
        total = sum((row.total for row in placings), Decimal(0))
        money = roubles(sum(row.amount for row in placings))
        gaps = self._layout.points.column(letters(len(self._layout.criteria) + 3))
        yield _sum("Заявок в рейтинге", len(placings), f"COUNTA({ranked.column('B')})", "whole")
        yield _sum("Сумма итогов", total, f"ROUND(SUM({ranked.column('M')}),6)")
        yield _sum("Заявок с другим итогом", 0, f'COUNTIF({gaps},"<>0")-COUNTBLANK({gaps})', "whole")
        yield _sum("Распределено, ₽", money, f"ROUND(SUM({ranked.column('Q')}),2)", "money")

    def _sums_of_data(self) -> Iterator[Line]:
        layout = self._layout
        facts = [(fact.review.scores.get(code), fact.counted) for _, code, fact in layout.marks()]
        marks = sum((mark for mark, _ in facts if mark is not None), Decimal(0))
        values = sum((value for value in self._values() if value is not None), Decimal(0))
        weights = sum((item.weight for item in layout.criteria), Decimal(0))
        rows, data, last = layout.all_marks, layout.all_values, len(layout.criteria) + 1
        used = f'COUNTIF({rows.column("H")},"да")'
        yield _sum("Строк оценок", len(facts), f"COUNTA({rows.column('A')})", "whole")
        yield _sum("Учтённых строк оценок", sum(counted for _, counted in facts), used, "whole")
        yield _sum("Сумма баллов экспертов", marks, f"ROUND(SUM({rows.column('D')}),6)")
        yield _sum("Сумма показателей", values, f"ROUND(SUM({data.column('D')}),6)")
        yield _sum("Сумма весов", weights, f"ROUND(SUM('{layout.sheet(CRITERIA)}'!$D$2:$D${last}),6)")

    def _values(self) -> Iterator[Decimal | None]:
        known = {item.number: item.indicators for item in self._layout.export.record.applications}
        yield from (known[number].get(item.indicator) for number, item in self._layout.values())

    def _lines(self) -> Iterator[Line]:
        yield from self._place_lines()
        if self._layout.live_budget and self._placings:
            yield from self._turn_lines()
            yield from self._claim_lines()
            yield from self._chain_lines()

    def _place_lines(self) -> Iterator[Line]:
        for number in self._layout.queue_order:
            now = self._placings[number].place
            yield Queue.PLACE + number, now, Formula(self._queue.in_ranking("A", number), now), "whole"

    def _turn_lines(self) -> Iterator[Line]:
        """A turn is the place and, where a place is shared, how many of it have a smaller number."""
        turns = {number: turn for turn, number in enumerate(self._layout.numbers, start=1)}
        first = self._queue.places.first
        for row, number in enumerate(self._layout.queue_order, start=first):
            before = f"+COUNTIF(C${first}:C{row - 1},C{row})" if row > first else ""
            yield Queue.TURN + number, turns[number], Formula(f"C{row}{before}", turns[number]), "whole"

    def _claim_lines(self) -> Iterator[Line]:
        wanted = self._claims()
        for number in self._layout.queue_order:
            now = wanted[number]
            if self._placings[number].needs not in (None, Needs.PANEL):
                yield Queue.CLAIM + number, now, now, "text"
                continue
            claim = f"MIN({self._queue.in_ranking('J', number)},{self._layout.budget(CAP)})"
            passed = self._queue.in_ranking("N", number)
            otherwise = f'IF({passed}="{PANEL_WORD}","{Queue.INCOMPLETE}","нет")' if self._layout.to_panel else '"нет"'
            text = f'IF({passed}="да",{claim},{otherwise})'
            yield Queue.CLAIM + number, now, Formula(text, now), "money"

    def _claims(self) -> dict[str, str | Decimal]:
        cap = self._rules.cap_per_application
        requested = {item.number: item.requested for item in self._layout.export.record.applications}
        return {
            number: _claim(row, requested[number] if cap is None else min(requested[number], cap))
            for number, row in self._placings.items()
        }

    def _chain_lines(self) -> Iterator[Line]:
        claims, placings = self._claims(), list(self._placings.values())
        claiming = [not isinstance(claims[row.number], str) and claims[row.number] != 0 for row in placings]
        winning = [row.outcome is Outcome.WINNER for row in placings]
        paid = [roubles(row.amount) for row in placings]
        yield from self._chain("Претендентов после очереди ", self._queue.claimants, claiming, "whole")
        yield from self._chain("Победителей после очереди ", self._queue.winners, winning, "whole")
        yield from self._chain("Распределено, ₽, после очереди ", self._queue.paid, paid, "money")

    def _chain(self, label: str, span: Span, steps: Sequence[bool | Decimal], style: str) -> Iterator[Line]:
        sofar = Decimal(0)
        yield f"{label}0", sofar, sofar, style
        for turn, step in enumerate(steps, start=1):
            sofar += step
            yield f"{label}{turn}", sofar, Formula(self._step(span, turn), sofar), style

    def _step(self, span: Span, turn: int) -> str:
        """Write how one turn changes what is counted in ``span``; every operand stands in the row before."""
        queue = self._queue
        turns, claims = (f"C${part.first}:C${part.last}" for part in (queue.turns, queue.claims))
        want = f"N(INDEX({claims},MATCH({turn},{turns},0)))"
        chains = (queue.claimants, queue.winners, queue.paid)
        claimants, winners, paid = (f"C{part.first + turn - 1}" for part in chains)
        if span == queue.claimants:
            return f"{claimants}+IF({want}>0,1,0)"
        limit, most = self._layout.budget(LIMIT), self._layout.budget(MOST_WINNERS)
        left = f"IF(ISNUMBER({limit}),ROUND({limit}-{paid},2),1E+15)"
        if span == queue.winners:
            room = f"IF(ISNUMBER({most}),{winners}<{most},TRUE)"
            return f"{winners}+IF(AND({want}>0,{room},{self._fits(want, left, claimants, winners)}),1,0)"
        won = f"C{queue.winners.first + turn}>C{queue.winners.first + turn - 1}"
        award = f"MIN({want},{left})" if self._rules.budget_mode is BudgetMode.PARTIAL else want
        return f"IF({won},ROUND({paid}+{award},2),{paid})"

    def _fits(self, want: str, left: str, claimants: str, winners: str) -> str:
        """Write the rule of the budget's mode. Strict and partial end at the first that did not win."""
        if self._rules.budget_mode is BudgetMode.SKIP:
            return f"{want}<={left}"
        enough = f"{left}>0" if self._rules.budget_mode is BudgetMode.PARTIAL else f"{want}<={left}"
        return f"{claimants}={winners},{enough}"


def _claim(row: Placing, wanted: int) -> str | Decimal:
    if row.needs is not None:
        return Queue.INCOMPLETE
    return roubles(wanted) if row.passed else NO


def _sum(label: str, expected: int | Decimal, formula: str, style: str = "number") -> Line:
    return label, expected, Formula(formula, expected), style
