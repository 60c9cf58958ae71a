"""What the commands print: plain text in columns, which no text from a file can turn into commands to the terminal."""

import unicodedata
from collections.abc import Sequence

from judging.domain.ranking import Outcome, Placing, Ranking
from judging.domain.record import ContestRecord

LONGEST = 60
HEADINGS = ("Place", "Number", "Total", "Computed", "Expert", "Outcome", "Amount", "Project")
TO_THE_RIGHT = frozenset({"Place", "Total", "Computed", "Expert", "Amount"})


def printable(text: str) -> str:
    """Show control characters, line ends among them, as escapes: one message is one line."""
    return "".join(
        sign.encode("unicode_escape").decode("ascii") if unicodedata.category(sign).startswith("C") else sign
        for sign in text
    )


def ranking_table(record: ContestRecord, ranking: Ranking) -> str:
    """Lay the ranking out in columns, a line an application; a shared place has an equals sign."""
    titles = {item.number: item.title for item in record.applications}
    rows = [_cells(row, titles[row.number]) for row in ranking.rows]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [_line(cells, widths) for cells in (HEADINGS, ["-" * width for width in widths], *rows)]
    title = _shortened(f"{record.contest.code} {record.contest.title}", 2 * LONGEST)
    return "\n".join([title, "", *lines, "", _summary(record, ranking)]) + "\n"


def _cells(row: Placing, title: str) -> list[str]:
    return [
        f"{row.place}{'=' if row.tied else ''}",
        _shortened(row.number, LONGEST),
        *(f"{figure:f}" for figure in (row.total, row.computed, row.expert)),
        _outcome(row),
        _money(row.amount),
        _shortened(title, LONGEST),
    ]


def _outcome(row: Placing) -> str:
    needs = {None: "", "reviews": " (reviews)", "additional_review": " (additional review)"}
    return row.outcome.value.replace("_", " ") + needs[row.needs]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Put cells into columns: figures to the right, words to the left."""
    sides = (">" if heading in TO_THE_RIGHT else "<" for heading in HEADINGS)
    return "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(cells, sides, widths, strict=True)).rstrip()


def _summary(record: ContestRecord, ranking: Ranking) -> str:
    winners = sum(row.outcome is Outcome.WINNER for row in ranking.rows)
    granted = sum(row.amount for row in ranking.rows)
    budget = record.contest.budget
    limit = "no limit" if budget is None else f"of {_money(budget)}"
    return f"Ranked: {len(ranking.rows)}. Winners: {winners}. Granted: {_money(granted)} ({limit})."


def _money(kopecks: int) -> str:
    """Write a sum in roubles, thousands apart."""
    return f"{kopecks // 100:,}.{kopecks % 100:02}".replace(",", " ")


def _shortened(text: str, most: int) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"
