"""A flat table as a workbook of one sheet, to be opened by a double click with nothing lost.

Programs that open CSV take a registration number 001 for 1, 1E5 for 100000 and an ИНН for a number without its leading
zero. In a sheet text is text: such cells come out as they are stored.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice

from judging.exports.tables import Cell, Table
from judging.exports.workbook.book import Book, Column, footer_text

SHEET = "Данные"
LOOKED_AT = 200
"""Rows that the formats and widths of the columns are taken from."""
NARROW, WIDE, LONG = 10, 44, 60
POINTS = 2
"""Decimals that most contests round to: numbers with as many are shown with all of them, 36,80 and not 36,8."""
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""The time in the properties of a file that has none of its own."""


def sheet_of(table: Table, title: str, made_at: datetime | None = None, author: str = "") -> bytes:
    """Return the table as .xlsx. ``title`` and ``made_at`` (in the zone it is printed in) stand at the foot of a page.

    Without a time the same table gives the same bytes whenever it is written.
    """
    rows = iter(table.rows)
    first = list(islice(rows, LOOKED_AT))
    columns = [_column(heading, [row[place] for row in first]) for place, heading in enumerate(table.headings)]
    book = Book(decimals=POINTS, footer=footer_text([title, f"{made_at:%d.%m.%Y %H:%M}" if made_at else ""]))
    sheet = book.add(SHEET, columns)
    for row in chain(first, rows):
        formats = [_format(cell, column) for cell, column in zip(row, columns, strict=True)]
        sheet.append(["" if cell is None else cell for cell in row], formats)
    book.describe(title, author, made_at or LONG_AGO)
    return book.close()


def _column(heading: str, cells: Sequence[Cell]) -> Column:
    """A column as wide as what stands in it, in the format of its first cell that is filled."""
    filled = [cell for cell in cells if cell is not None]
    longest = max((len(str(cell)) for cell in filled), default=0)
    kind = _kind(filled[0]) if filled else "text"
    if kind == "text" and longest > LONG:
        return Column(heading, "wrapped", LONG)
    return Column(heading, kind, min(max(longest + 3, min(len(heading) + 4, 24), NARROW), WIDE))


def _format(cell: Cell, column: Column) -> str:
    """The format of a cell: its column's where it is of that sort."""
    kind = column.format if cell is None else _kind(cell)
    return column.format if kind == "text" and column.format == "wrapped" else kind


def _kind(cell: Cell) -> str:
    match cell:
        case str() | None:
            return "text"
        case int():
            return "whole"
        case Decimal():
            return "points" if cell.as_tuple().exponent == -POINTS else "number"
        case datetime():
            return "instant"
        case date():
            return "date"
