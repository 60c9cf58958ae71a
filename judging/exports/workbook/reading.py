"""The values of a ranked workbook that came back, read within bounds that follow from what is expected of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import BinaryIO

from judging.adapters import spreadsheets
from judging.adapters.spreadsheets import Book, Bounds, WrongSpreadsheet
from judging.domain.errors import N_
from judging.exports.workbook.data import MINUS_INFINITY

RUSSIAN = str.maketrans(",.-", "\u00a0,−")
"""From the signs of Python's numbers to those of Russian print."""

Cell = str | int | float | bool | date | time | None
Row = tuple[int, tuple[Cell, ...]]
"""The number of a row in its sheet, and its cells in the order of the columns asked for."""


class NotThisWorkbook(WrongSpreadsheet):
    """The file is no workbook, or not one of the kind or of the contest that was expected."""


@dataclass(frozen=True)
class Wanted:
    """What is read of a sheet: the headings of its first columns, and how many rows are expected about."""

    headings: Sequence[str]
    rows: int


def read_sheets(file: BinaryIO, wanted: Mapping[str, Wanted]) -> dict[str, list[Row]]:
    """Return the rows of the sheets ``wanted``; rows with nothing in the wanted columns are left out.

    Formulas are read as the values that were last computed. ``file`` is seekable. Raises :class:`WrongSpreadsheet` for
    a file that is damaged, holds far more than is expected, is no .xlsx at all, lacks one of the sheets and headings,
    or has formulas that were never computed.
    """
    book = Book(file, bounds_for(wanted))
    if book.has_links:
        raise NotThisWorkbook(N_("The workbook takes values from other files. Break the links, save it and try again."))
    return {name: list(_rows(book, name, sheet.headings)) for name, sheet in wanted.items()}


def bounds_for(wanted: Mapping[str, Wanted]) -> Bounds:
    """Return bounds that a workbook of this size, edited and saved by any program, keeps many times over."""
    rows = sum(sheet.rows for sheet in wanted.values())
    return Bounds(
        unpacked=(32 << 20) + 6_000 * rows,
        rows=2_000 + 2 * rows,
        elements=200_000 + 100 * rows,
        texts=20_000 + 20 * rows,
        characters=(4 << 20) + 2_000 * rows,
    )


def _rows(book: Book, name: str, headings: Sequence[str]) -> Iterator[Row]:
    if name not in book.sheets:
        raise NotThisWorkbook(
            N_("This is not a ranking workbook of the system: it has no sheet “%(sheet)s”."), sheet=name
        )
    rows = book.rows(name, len(headings))
    head = next(rows, spreadsheets.Row(0, ()))
    for index, heading in enumerate(headings):
        if index >= len(head.cells) or head.cells[index].value != heading:
            raise NotThisWorkbook(
                N_("This is not a ranking workbook of the system: the sheet “%(sheet)s” has no column “%(column)s”."),
                sheet=name,
                column=heading,
            )
    for row in rows:
        yield row.number, tuple(_plain(cell, name, row.number) for cell in row.cells)


def _plain(cell: spreadsheets.Cell, sheet: str, row: int) -> Cell:
    """Return the value alone, a number as a spreadsheet computes with it."""
    if cell.uncomputed:
        raise NotThisWorkbook(
            N_(
                "The formulas of this workbook are not computed (sheet “%(sheet)s”, row %(row)s): "
                "open it in Excel or LibreOffice, save it there and send what was saved."
            ),
            sheet=sheet,
            row=row,
        )
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value


def shown(value: Cell) -> str:
    """Write a cell's value as people read it: thousands apart, a comma in decimals, no trace of binary notation."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int | float):
        return "−∞" if value <= MINUS_INFINITY else f"{value:,.15g}".translate(RUSSIAN)
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M:%S}"
    return str(value)
