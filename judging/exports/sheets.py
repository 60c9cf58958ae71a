"""A flat table as a workbook of one sheet, to be opened by a double click with nothing lost: the one door to openpyxl.

Programs that open CSV take a registration number 001 for 1, 1E5 for 100000 and an ИНН for a number without its leading
zero. In a sheet text is text: such cells come out as they are stored. There are no formulas, so that the ranked
workbook's writer is not needed (ADR 6); rows are written one by one and not kept.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import escape
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from judging.domain.trials import FILE_MARK
from judging.exports.tables import Cell, Table
from judging.exports.workbook.book import fitting, footer_text

SHEET, TRIAL_SHEET, A4 = "Данные", "Проба – данные вымышлены", 9
LOOKED_AT = 200
"""Rows that the widths of the columns are taken from."""
NARROW, WIDE = 10, 60
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""The time in the properties of a file that has none of its own."""
TEXT, WHOLE, POINTS, INSTANT, DAY = "@", "0", "0.00", "dd.mm.yyyy hh:mm:ss", "dd.mm.yyyy"
HEAD = Font(bold=True)
GROUND = PatternFill("solid", start_color="E9EDF2")
TOP, WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)


def sheet_of(table: Table, title: str, made_at: datetime | None = None, author: str = "") -> bytes:
    """Return the table as .xlsx; ``title`` and ``made_at`` (in the zone it is printed in) stand at its foot.

    A title that says that all is invented (:func:`.facts.marked`) gives the sheet its name, too.
    """
    rows = iter(table.rows)
    first = list(islice(rows, LOOKED_AT))
    book = Workbook(write_only=True)
    page = book.create_sheet(TRIAL_SHEET if title.startswith(FILE_MARK) else SHEET)
    _lay_out(page, table.headings, first)
    page.oddFooter.left.text = footer_text([title, f"{made_at:%d.%m.%Y %H:%M}" if made_at else ""])
    page.append([_head(page, heading) for heading in table.headings])
    count = 0
    for row in chain(first, rows):
        page.append(list(_cells(page, row)))
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(table.headings))}{count + 1}"
    book.properties.title, book.properties.creator = title, author
    book.properties.created = (made_at or LONG_AGO).replace(tzinfo=None)
    return _packed(book)


def _packed(book: Workbook) -> bytes:
    """The file, the same bytes whenever it is written: the library puts the clock on parts and properties."""
    written, output = BytesIO(), BytesIO()
    book.save(written)
    book.properties.modified = book.properties.created
    with ZipFile(written) as parts, ZipFile(output, "w", ZIP_DEFLATED) as package:
        for part in parts.infolist():
            content = tostring(book.properties.to_tree()) if part.filename == ARC_CORE else parts.read(part)
            package.writestr(ZipInfo(part.filename), content, ZIP_DEFLATED)
    return output.getvalue()


def _lay_out(sheet: Any, headings: Sequence[str], first: Sequence[Sequence[Cell]]) -> None:
    """Widths by what stands in the columns, the head frozen and repeated in print, pages across."""
    for place, heading in enumerate(headings):
        longest = max((len(str(row[place])) for row in first if row[place] is not None), default=0)
        width = min(max(longest + 3, min(len(heading) + 4, 24), NARROW), WIDE)
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0


def _head(sheet: Any, heading: str) -> Any:
    cell = _text(sheet, heading)
    cell.font, cell.fill, cell.alignment = HEAD, GROUND, WRAPPED
    return cell


def _cells(sheet: Any, row: Sequence[Cell]) -> Iterator[Any]:
    for value in row:
        if value is None:
            yield None
        elif isinstance(value, str):
            yield _text(sheet, value)
        else:
            yield _number(sheet, value)


def _text(sheet: Any, value: str) -> Any:
    """A text that stays one: it starts no formula, and signs that XML does not know are written as their codes."""
    cell = WriteOnlyCell(sheet, value=escape(fitting(value)))
    cell.data_type, cell.number_format = "s", TEXT
    cell.alignment = WRAPPED if len(value) > WIDE or "\n" in value else TOP
    return cell


def _number(sheet: Any, value: int | Decimal | date) -> Any:
    stored: Any = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    cell = WriteOnlyCell(sheet, value=stored)
    cell.number_format, cell.alignment = _format(value), TOP
    return cell


def _format(value: int | Decimal | date) -> str:
    match value:
        case datetime():
            return INSTANT
        case date():
            return DAY
        case Decimal():
            return POINTS if value.as_tuple().exponent == -2 else "General"
        case _:
            return WHOLE
