"""The sheet «Номинации»: which sheets belong to which nomination, and what was decided in each."""

from collections.abc import Sequence

from judging.domain.ranking import Outcome
from judging.exports.facts import NOTHING
from judging.exports.money import roubles
from judging.exports.workbook.book import Column, Sheets
from judging.exports.workbook.layout import NOMINATIONS, RANKING, Layout

COLUMNS = (
    Column("№", "whole", 6),
    Column("Код", "text", 16),
    Column("Номинация", "wrapped", 50),
    Column("Лист рейтинга", "text", 16),
    Column("Заявок", "whole", 10),
    Column("Победителей", "whole", 14),
    Column("Лимит, ₽", "money", 18),
    Column("Распределено, ₽", "money", 18),
)


def write_nominations(book: Sheets, layouts: Sequence[Layout]) -> None:
    """Write «Номинации»: a row a nomination, in the order of its sheets."""
    sheet = book.add(NOMINATIONS, COLUMNS)
    for layout in layouts:
        export, nomination = layout.export, layout.export.nomination
        rows, budget = export.ranking.rows, export.record.contest.budget
        if nomination is None or layout.place is None:
            raise ValueError("the sheet is of nominations")
        sheet.append(
            (
                layout.place,
                nomination.code,
                nomination.title,
                layout.sheet(RANKING),
                len(rows),
                sum(row.outcome is Outcome.WINNER for row in rows),
                NOTHING if budget is None else roubles(budget),
                roubles(sum(row.amount for row in rows)),
            )
        )
