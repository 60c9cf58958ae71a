"""What the commands print: plain text in columns, which no text from a file can turn into commands to the terminal."""

import unicodedata
from collections.abc import Iterator, Sequence

from judging.domain.parts import Part, split
from judging.domain.ranking import Outcome, Placing, Ranking
from judging.domain.record import ContestRecord

LONGEST = 60
HEADINGS = (">Place", "Number", ">Total", ">Computed", ">Expert", "Outcome", ">Amount", "Project")


def printable(text: str) -> str:
    """Show control characters, line ends among them, as escapes: one message is one line."""
    return "".join(
        sign.encode("unicode_escape").decode("ascii") if unicodedata.category(sign).startswith("C") else sign
        for sign in text
    )


def ranking_table(record: ContestRecord, ranking: Ranking) -> str:
    """Lay the ranking out in columns, a line an application; a shared place has an equals sign."""
    blocks = [block for part in split(record) for block in _block(part, ranking.within(part.code))]
    return "\n".join([title(record), *blocks]) + "\n"


def _block(part: Part, ranking: Ranking) -> Iterator[str]:
    """Yield the lines of one nomination, or of a contest without any."""
    titles = {item.number: item.title for item in part.record.applications}
    yield ""
    if part.nomination is not None:
        yield from (shortened(f"{part.nomination.code} {part.nomination.title}", 2 * LONGEST), "")
    yield from columns(HEADINGS, [_cells(row, titles[row.number]) for row in ranking.rows])
    yield from ("", _summary(part.record, ranking))


def title(record: ContestRecord) -> str:
    """Name the contest in one line."""
    return shortened(f"{record.contest.code} {record.contest.title}", 2 * LONGEST)


def columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Put printable rows into columns under their headings: words to the left, and to the right under ``>Heading``."""
    names = [heading.removeprefix(">") for heading in headings]
    sides = [">" if heading.startswith(">") else "<" for heading in headings]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    return [
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(cells, sides, widths, strict=True)).rstrip()
        for cells in (names, ["-" * width for width in widths], *rows)
    ]


def shortened(text: str, most: int = LONGEST) -> str:
    """Return ``text`` printable in one line of at most ``most`` signs."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def _cells(row: Placing, project: str) -> list[str]:
    return [
        f"{row.place}{'=' if row.tied else ''}",
        shortened(row.number),
        *(f"{figure:f}" for figure in (row.total, row.computed, row.expert)),
        _outcome(row),
        _money(row.amount),
        shortened(project),
    ]


def _outcome(row: Placing) -> str:
    needs = {None: "", "reviews": " (reviews)", "additional_review": " (additional review)", "panel": " (panel)"}
    return row.outcome.value.replace("_", " ") + needs[row.needs]


def _summary(record: ContestRecord, ranking: Ranking) -> str:
    winners = sum(row.outcome is Outcome.WINNER for row in ranking.rows)
    granted = sum(row.amount for row in ranking.rows)
    budget = record.contest.budget
    limit = "no limit" if budget is None else f"of {_money(budget)}"
    return f"Ranked: {len(ranking.rows)}. Winners: {winners}. Granted: {_money(granted)} ({limit})."


def _money(kopecks: int) -> str:
    """Write a sum in roubles, thousands apart."""
    return f"{kopecks // 100:,}.{kopecks % 100:02}".replace(",", " ")
