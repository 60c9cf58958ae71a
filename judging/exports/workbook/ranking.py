"""The sheets «Рейтинг» and «По критериям»: the decision, live."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from judging.domain.ranking import Outcome
from judging.domain.record import PanelVerdict
from judging.domain.rubric import BelowPass, Criterion, ExpertCriterion
from judging.domain.scoring import outside_mark
from judging.domain.shares import ZERO
from judging.exports.facts import (
    NOTHING,
    OUTCOME_WORDS,
    PANEL_WORD,
    PANEL_WORDS,
    PREVIOUS_TOTAL,
    RankedApplication,
    moscow,
    passed_word,
    yes_no,
)
from judging.exports.money import roubles
from judging.exports.workbook.book import Column, Formula, Sheets, Value
from judging.exports.workbook.checks import LIMIT, THRESHOLD, Queue
from judging.exports.workbook.formulas import Points, Precision, place
from judging.exports.workbook.layout import FIRST, POINTS, RANKING, Layout, letters

UNLIMITED = "без ограничения"
RANKING_COLUMNS = (
    Column("Место", "whole", 8),
    Column("Рег. номер", "text", 15),
    Column("Подана (МСК)", "instant", 19),
    Column("Кластер", "wrapped", 30),
    Column("Регион", "text", 9),
    Column("Инициатор", "wrapped", 24),
    Column("ИНН", "text", 14),
    Column("Проект", "wrapped", 34),
    Column("Стоимость, ₽", "money", 17),
    Column("Запрошено, ₽", "money", 17),
    Column("Расчётные баллы", "points", 12),
    Column("Экспертные баллы", "points", 13),
    Column("Итог", "points", 9),
    Column("Порог пройден", "text", 10),
    Column("Делит место", "text", 9),
    Column("Исход", "text", 15),
    Column("Сумма, ₽", "money", 17),
    Column("Остаток лимита, ₽", "money", 18),
)


PANEL = Column("Решение комиссии", "text", 16)
PANEL_CELL = "$S"
"""Its column, the first behind the others; only where a threshold leads to the panel."""
PASSES, REJECTS = PANEL_WORDS[PanelVerdict.PASS], PANEL_WORDS[PanelVerdict.REJECT]


class RankingSheets:
    """Writes both sheets row by row; a row of the one stands beside the same row of the other."""

    def __init__(self, layout: Layout, exact: Precision) -> None:
        export = layout.export
        self._layout, self._exact, self._rows = layout, exact, export.rows
        self._terms = export.record.contest
        self._points = Points(layout, self._terms.rules.aggregate, exact)
        self._queue = Queue(layout)

    def write_ranking(self, book: Sheets) -> None:
        """Write «Рейтинг»; rows whose place has changed since the export are printed in another look."""
        totals = self._layout.export.previous_totals
        beside = () if totals is None else (Column(PREVIOUS_TOTAL, "points", 14),)
        beside = (*((PANEL,) if self._layout.to_panel else ()), *beside)
        sheet = book.add(self._layout.sheet(RANKING), (*RANKING_COLUMNS, *beside))
        left = self._remaining()
        for row, entry in enumerate(self._rows, start=FIRST):
            earlier = () if totals is None else (totals.get(entry.placing.number, NOTHING),)
            known, scored = self._known(row, entry), self._scored(row, entry)
            panel = (_panel_cell(entry),) if self._layout.to_panel else ()
            sheet.append((*known, *scored, *self._money(row, entry, next(left)), *panel, *earlier))
        if self._rows:
            places = self._queue.places
            numbers, before = self._layout.name("ЗаявкиПриВыгрузке"), self._layout.name("МестаПриВыгрузке")
            book.name(numbers, places.column("A"))
            book.name(before, places.column("B"))
            label = f'MATCH("{self._queue.PLACE}"&$B2,{numbers},0)'
            sheet.mark_where(f"=$A2<>INDEX({before},{label})")

    def write_points(self, book: Sheets) -> None:
        """Write «По критериям»: unrounded points, shown to the contest's decimals, and their rounded sum.

        Behind them stand the points of each group of criteria and the mark of each criterion outside the total.
        """
        criteria = self._layout.criteria
        columns = [Column(item.code, "points", max(10, len(item.code) + 3)) for item in criteria]
        tail = [Column(name, "points", 14) for name in ("Итог", "Итог системы", "Расхождение")]
        further = [Column(heading, "points", 16) for heading in self._headings_beside()]
        sheet = book.add(self._layout.sheet(POINTS), [Column("Рег. номер", "text", 16), *columns, *tail, *further])
        total, system = letters(len(criteria) + 1), letters(len(criteria) + 2)
        last = letters(len(criteria))
        for row, entry in enumerate(self._rows, start=FIRST):
            points = [self._criterion(item, row, entry) for item in criteria]
            sum_ = Formula(self._exact.rounded(f"SUM(B{row}:{last}{row})"), entry.placing.total)
            gap = Formula(f"ROUND({total}{row}-{system}{row},{self._exact.decimals})", 0)
            beside = (*self._groups(row, entry), *self._outside(row, entry))
            sheet.append([entry.placing.number, *points, sum_, entry.placing.total, gap, *beside])

    def _headings_beside(self) -> Iterator[str]:
        yield from (f"Группа: {group.title}" for group in self._layout.groups)
        yield from (f"{item.code}: балл вне итога" for item in self._layout.outside)

    def _groups(self, row: int, entry: RankedApplication) -> Iterator[Formula]:
        """The points of each group; its criteria stand side by side."""
        for group in self._layout.groups:
            first, last = (self._layout.points_column(code) for code in (group.codes[0], group.codes[-1]))
            points = sum((entry.score.points[code] for code in group.codes), ZERO)
            yield Formula(f"SUM({first}{row}:{last}{row})", points)

    def _outside(self, row: int, entry: RankedApplication) -> Iterator[Formula]:
        """The mark of each criterion outside the total."""
        for item in self._layout.outside:
            share = entry.score.outside.get(item.code)
            mark = NOTHING if share is None else outside_mark(item, share)
            array = self._points.array and isinstance(item, ExpertCriterion)
            yield Formula(self._points.outside(item, entry.placing.number, f"$A{row}"), mark, array)

    def _criterion(self, criterion: Criterion, row: int, entry: RankedApplication) -> Formula:
        now, own, name = entry.score.points[criterion.code], f"$A{row}", entry.placing.number
        if isinstance(criterion, ExpertCriterion):
            return Formula(self._points.expert(criterion, name, own), now, self._points.array)
        return Formula(self._points.computed(criterion, name, own), now)

    def _known(self, row: int, entry: RankedApplication) -> Iterator[Value]:
        application = entry.application
        breakers = self._terms.rules.tie_breakers
        yield Formula(place(self._layout, self._exact, breakers, row, self._own_row(row)), entry.placing.place)
        yield from (application.number, moscow(application.submitted_at), entry.cluster.name, entry.cluster.region)
        yield from (entry.initiator.name, entry.initiator.inn, application.title)
        yield from (roubles(application.total_cost), roubles(application.requested))

    def _scored(self, row: int, entry: RankedApplication) -> Iterator[Value]:
        placing = entry.placing
        computed = [item for item in self._layout.criteria if not isinstance(item, ExpertCriterion)]
        expert = [item for item in self._layout.criteria if isinstance(item, ExpertCriterion)]
        yield Formula(self._part(computed, row), placing.computed)
        yield Formula(self._part(expert, row), placing.expert)
        yield Formula(self._own_point(self._layout.total_column, row), placing.total)
        yield self._passed(expert, row, entry)
        places = self._layout.ranked.column("A").partition("!")[2]
        yield Formula(f'IF(COUNTIF({places},A{row})>1,"да","нет")', yes_no(placing.tied))

    def _passed(self, expert: Sequence[ExpertCriterion], row: int, entry: RankedApplication) -> Formula:
        floors = [item for item in expert if item.pass_mark is not None]
        tests: dict[BelowPass, list[str]] = {follows: [] for follows in BelowPass}
        threshold = self._layout.budget(THRESHOLD)
        tests[self._terms.rules.below_pass].append(f"IF(ISNUMBER({threshold}),M{row}>={threshold},TRUE)")
        for item in floors:
            tests[item.below_pass].append(self._points.floor(item, entry.placing.number, f"$B{row}"))
        array = self._points.array and bool(floors)
        rejecting, panel = (",".join(tests[follows]) for follows in (BelowPass.REJECT, BelowPass.PANEL))
        if not panel:
            return Formula(f'IF(AND({rejecting}),"да","нет")', passed_word(entry.placing), array)
        said = f'IF({PANEL_CELL}{row}="{PASSES}","да",IF({PANEL_CELL}{row}="{REJECTS}","нет","{PANEL_WORD}"))'
        told = f'IF(AND({panel}),"да",{said})'
        text = f'IF(AND({rejecting}),{told},"нет")' if rejecting else told
        return Formula(text, passed_word(entry.placing), array)

    def _money(self, row: int, entry: RankedApplication, left: str | Decimal) -> Iterator[Value]:
        placing = entry.placing
        outcome, amount = OUTCOME_WORDS[placing.outcome], roubles(placing.amount)
        if not self._layout.live_budget:
            yield from (outcome, amount, left)
            return
        queue, position = self._queue, self._queue.position(placing.number, row)
        now, before = f"{position}+1", position
        winners, paid = queue.winners.column("C"), queue.paid.column("C")
        won = f"INDEX({winners},{now})>INDEX({winners},{before})"
        fate = f'IF(N{row}="нет","{OUTCOME_WORDS[Outcome.BELOW_THRESHOLD]}",IF({won},"победитель","резерв"))'
        complete = queue.claim(placing.number, row)
        yield Formula(f'IF({complete}="{queue.INCOMPLETE}","{queue.INCOMPLETE}",{fate})', outcome)
        yield Formula(f"ROUND(INDEX({paid},{now})-INDEX({paid},{before}),2)", amount)
        limit = self._layout.budget(LIMIT)
        yield Formula(f'IF(ISNUMBER({limit}),ROUND({limit}-INDEX({paid},{now}),2),"{UNLIMITED}")', left)

    def _remaining(self) -> Iterator[str | Decimal]:
        """Yield what is left of the limit after each row."""
        left = self._terms.budget
        for entry in self._rows:
            if left is not None:
                left -= entry.placing.amount
            yield UNLIMITED if left is None else roubles(left)

    def _part(self, criteria: Sequence[Criterion], row: int) -> str:
        """Sum the points of ``criteria``, run by run of neighbouring columns."""
        if not criteria:
            return "0"
        columns = [self._layout.points_column(item.code) for item in criteria]
        return self._exact.rounded(f"SUM({','.join(self._own_point(column, row) for column in columns)})")

    def _own_row(self, row: int) -> str:
        """Return the application's row within the sheet of points, found anew after «Рейтинг» is sorted."""
        return f"MATCH($B{row},{self._layout.points.column('A')},0)" if self._layout.by_key else str(row - FIRST + 1)

    def _own_point(self, column: str, row: int) -> str:
        if self._layout.by_key:
            return f"INDEX({self._layout.points.column(column)},{self._own_row(row)})"
        return f"'{self._layout.sheet(POINTS)}'!{column}{row}"


def _panel_cell(entry: RankedApplication) -> str:
    panel = entry.application.panel
    return NOTHING if panel is None else PANEL_WORDS[panel.verdict]
