"""The one door to openpyxl: the values of a workbook that came back, read as a stream and within limits.

A file from outside is not trusted: what it unpacks to is limited before anything is read, a sheet's own claim of its
size is not believed, and only the columns that are asked for are read. The XML parser (expat 2.4.1 or later) stops
entities that multiply by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from judging.domain.errors import N_, RuleViolation
from judging.exports.workbook.data import MINUS_INFINITY

MOST_PARTS = 1000
UNPACKED_LIMIT = 512 << 20
"""Bytes; the workbook of 5,000 applications × 3 reviews × 6 criteria unpacks to a third of it."""

RUSSIAN = str.maketrans(",.-", "\u00a0,−")
"""From the signs of Python's numbers to those of Russian print."""

Cell = str | int | float | bool | date | time | None
Row = tuple[int, tuple[Cell, ...]]
"""The number of a row in its sheet, and its cells in the order of the columns asked for."""


class NotThisWorkbook(RuleViolation):
    """The file is no workbook, or not one of the kind or of the contest that was expected."""


def read_sheets(file: BinaryIO, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Row]]:
    """Return the rows of the sheets ``wanted`` {sheet: headings of its first columns}; blank rows are left out.

    Formulas are read as the values that were last computed. ``file`` is seekable. Raises :class:`NotThisWorkbook` for
    a file that is damaged, too large, no .xlsx at all, or without one of the sheets and headings.
    """
    try:
        _require_small(file)
        with closing(load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
            return {name: list(_rows(book, name, headings)) for name, headings in wanted.items()}
    except NotThisWorkbook:
        raise
    except Exception as error:  # a damaged file makes the library fail in every way there is
        raise NotThisWorkbook(N_("The file is not an Excel workbook (.xlsx), or it is damaged.")) from error


def _require_small(file: BinaryIO) -> None:
    """Refuse a package that would unpack to too much; a part never gives more bytes than its directory entry says."""
    with ZipFile(file) as package:
        entries = package.infolist()
        if len(entries) > MOST_PARTS:
            raise NotThisWorkbook(N_("The file has too many parts and is not read."))
        if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
            raise NotThisWorkbook(
                N_("The file unpacks to more than %(limit)s MB and is not read."), limit=UNPACKED_LIMIT >> 20
            )
        if "[Content_Types].xml" not in package.namelist():
            raise BadZipFile
    file.seek(0)


def _rows(book: Any, name: str, headings: Sequence[str]) -> Iterator[Row]:
    if name not in book.sheetnames:
        raise NotThisWorkbook(
            N_("This is not a ranking workbook of the system: it has no sheet “%(sheet)s”."), sheet=name
        )
    sheet = book[name]
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=len(headings), values_only=True), start=1)
    _, head = next(rows, (0, ()))
    for index, heading in enumerate(headings):
        if index >= len(head) or head[index] != heading:
            raise NotThisWorkbook(
                N_("This is not a ranking workbook of the system: the sheet “%(sheet)s” has no column “%(column)s”."),
                sheet=name,
                column=heading,
            )
    yield from ((number, tuple(cells)) for number, cells in rows if any(cell is not None for cell in cells))


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
