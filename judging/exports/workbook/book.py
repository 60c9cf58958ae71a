"""The one door to XlsxWriter: sheets written row by row, in a quiet look, where text stays text.

XlsxWriter keeps one row of a sheet in memory; rows go down from the top and are never revisited.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from textwrap import wrap
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

SPECIAL = re.compile("[\\x00-\\x1f&<>\\ufffe\\uffff]|_x")
"""What the library escapes in a text, or may."""
MARKUP = re.compile("[&<>\\r]")
CONTROLS = re.compile("[\x00-\x1f\ufffe\uffff]|_x")
UNEVEN = re.compile(r"^\s|\s$|\s\s|[^\S ]|-")
"""Where wrapping is more than counting words: other spaces than single ones, and hyphens, after which lines break."""
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 -- day zero of the spreadsheet calendar; the cells hold no zone
LONGEST_TEXT = 32_767
CUT = "… [сокращено: полный текст в CSV]"
A4, GREATEST_WIDTH = 9, 60
LOW, TALL = 18, 33
"""Heights of a header row of one line and of two, in points."""
LINE, HIGHEST = 15, 405
"""The height of a line of text and of the highest row, in points."""
HEADING_ROOM = 4
"""Signs of a heading's column that its bold type and the filter's button take."""
FORMATS: Mapping[str, Mapping[str, object]] = {
    "text": {"num_format": "@", "align": "left", "indent": 1},
    "wrapped": {"num_format": "@", "text_wrap": True, "align": "left", "indent": 1},
    "whole": {"num_format": "0"},
    "money": {"num_format": "#,##0.00"},
    "number": {"num_format": "General"},
    "estimate": {"num_format": "0.00"},
    "share": {"num_format": "0%"},
    "none": {"align": "right", "font_color": "#757575"},
    "band": {"num_format": '[<-999999999999]"−∞";General'},
    "instant": {"num_format": "dd.mm.yyyy hh:mm:ss"},
    "date": {"num_format": "dd.mm.yyyy"},
}
HEADER: Mapping[str, object] = {
    "bold": True,
    "bg_color": "#E9EDF2",
    "bottom": 1,
    "text_wrap": True,
    "valign": "vcenter",
    "align": "left",
    "indent": 1,
}
RIGHT: Mapping[str, object] = {"align": "right", "indent": 0}
LEFT = ("text", "wrapped")
"""The number formats whose columns read from the left."""


@dataclass(frozen=True)
class Formula:
    """A formula and the value that it has now. ``array``: entered with Ctrl+Shift+Enter."""

    text: str
    value: str | int | Decimal | Fraction
    array: bool = False


Value = str | int | Decimal | Fraction | date | datetime | Formula


@dataclass(frozen=True)
class Column:
    """A column: its heading, the name of its number format (``points``: the contest's decimals), its width."""

    heading: str
    format: str = "text"
    width: int = 14


class Rows(Protocol):
    """Where the rows of one sheet go."""

    def append(self, values: Sequence[Value], formats: Sequence[str] = ()) -> None:
        """Take the next row."""

    def mark_where(self, condition: str) -> None:
        """Take the condition under which a row is printed in another look."""


class Sheets(Protocol):
    """Where sheets go: a file (:class:`Book`), or whatever wants to know what would stand in it."""

    def add(self, name: str, columns: Sequence[Column]) -> Rows:
        """Begin a sheet."""

    def name(self, name: str, reference: str) -> None:
        """Take a name that the formulas use."""


class _PlainSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet in which no text is taken for mark-up, and a carriage return stays one.

    Cells that need no escaping, which nearly all are, are written at once, to the byte as the library writes them.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        content = _plain(cell)
        if content is None or not cell.format:
            super()._write_cell(row, col, cell)
        else:
            place = xl_rowcol_to_cell_fast(row, col)
            self.fh.write(f'<c r="{place}" s="{cell.format._get_xf_index()}"{content}</c>')

    def _xml_rich_inline_string(self, string: str, attributes: list[tuple[str, object]]) -> None:
        """Write «<r>…</r>», which the library would copy into the file as mark-up, as the text it is."""
        self._xml_inline_string(string, False, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Take the formula as it is: the library would search it a hundred times for functions we never use."""
        return formula.strip("{}").removeprefix("=")

    @staticmethod
    def _escape_control_characters(data: object) -> object:
        """Leave carriage returns, which XML can hold, to :meth:`_escape_data`. Cached numbers pass here too."""
        if not isinstance(data, str) or not CONTROLS.search(data):
            return data
        return "\r".join(map(Worksheet._escape_control_characters, data.split("\r")))

    def _escape_data(self, data: object) -> object:
        escaped = super()._escape_data(data)
        return escaped.replace("\r", "&#13;") if isinstance(escaped, str) else escaped


def _plain(cell: Any) -> str | None:
    """Return what stands in a cell's element where nothing of it has to be escaped, else None."""
    match cell.__class__.__name__:
        case "String":
            text = cell.string
            odd = SPECIAL.search(text) or text[:1].isspace() or text[-1:].isspace()
            return None if odd else f' t="inlineStr"><is><t>{text}</t></is>'
        case "Number":
            return f"><v>{cell.number:.16G}</v>"
        case "Formula" if not MARKUP.search(cell.formula):
            return _plain_formula(cell.formula, cell.value)
    return None


def _plain_formula(formula: str, value: object) -> str | None:
    if type(value) is float:
        return f"><f>{formula}</f><v>{value}</v>"
    if type(value) is str and value[:1] not in ("", "#") and not MARKUP.search(value):
        return f' t="str"><f>{formula}</f><v>{value}</v>'
    return None


class BookSheet:
    """One sheet being written; the next row goes below the last one."""

    def __init__(self, sheet: Worksheet, columns: Sequence[Column], formats: dict[str, Format]) -> None:
        self._sheet, self._columns, self._formats = sheet, columns, formats
        self._row = 0
        self._names = [column.format for column in columns]
        self._wrapped = [(index, column) for index, column in enumerate(columns) if column.format == "wrapped"]
        tall = any(len(column.heading) + HEADING_ROOM > column.width for column in columns)
        sheet.set_row(0, TALL if tall else LOW)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, min(column.width, GREATEST_WIDTH))
            look = "header" if column.format in LEFT else "header-right"
            sheet.write_string(0, index, column.heading, formats[look])

    def append(self, values: Sequence[Value], formats: Sequence[str] = ()) -> None:
        """Write one row. ``formats`` replaces the columns' own, where a column's rows are of different sorts."""
        self._row += 1
        height = max((lines(values[index], column) for index, column in self._wrapped), default=1)
        if height > 1:
            self._sheet.set_row(self._row, min(height * LINE, HIGHEST))
        for index, (value, name) in enumerate(zip(values, formats or self._names, strict=True)):
            self._write(index, value, self._formats[name])

    def mark_where(self, condition: str) -> None:
        """Print in a second look every row for which the formula ``condition``, written for row 2, is true."""
        style = {"type": "formula", "criteria": condition, "format": self._formats["changed"]}
        self._sheet.conditional_format(1, 0, max(self._row, 1), len(self._columns) - 1, style)

    def finish(self) -> None:
        """Set the filter over what has been written."""
        self._sheet.autofilter(0, 0, max(self._row, 1), len(self._columns) - 1)

    def _write(self, column: int, value: Value, style: Format) -> None:
        sheet, row = self._sheet, self._row
        match value:
            case str():
                sheet._write_string(row, column, fitting(value), style)
            case Formula(array=True):
                sheet.write_array_formula(row, column, row, column, f"{{={value.text}}}", style, cached(value.value))
            case Formula():
                sheet._write_formula(row, column, f"={value.text}", style, cached(value.value))
            case date():
                sheet._write_number(row, column, serial(value), style)
            case _:
                sheet._write_number(row, column, float(value), style)


class Book:
    """A workbook in memory: sheets in order, one look, print set-up for A4 landscape."""

    def __init__(self, decimals: int, footer: str) -> None:
        self._output = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._output,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True},
        )
        self._book.set_calc_mode("auto")
        self._footer = footer
        self._sheets: list[BookSheet] = []
        points: dict[str, object] = {"num_format": f"0.{'0' * decimals}" if decimals else "0"}
        self._formats = {
            name: self._book.add_format({"valign": "top", **options})
            for name, options in {
                **FORMATS,
                "points": points,
                "header": HEADER,
                "header-right": {**HEADER, **RIGHT},
            }.items()
        }
        self._formats["changed"] = self._book.add_format({"bold": True, "italic": True, "font_color": "#9C2A10"})

    def add(self, name: str, columns: Sequence[Column]) -> BookSheet:
        """Add a sheet with its header row frozen and repeated on every printed page."""
        sheet = self._book.add_worksheet(name, worksheet_class=_PlainSheet)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L&8 {self._footer}&R&8 &A · &P / &N")
        self._sheets.append(BookSheet(sheet, columns, self._formats))
        return self._sheets[-1]

    def name(self, name: str, reference: str) -> None:
        """Give ``reference`` a name that formulas of every sheet know."""
        self._book.define_name(name, f"={reference}")

    def describe(self, title: str, author: str, made_at: datetime) -> None:
        """Set the document's properties; the same content at the same instant gives the same bytes."""
        created = made_at.replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": author, "created": created})

    def close(self) -> bytes:
        """Finish every sheet and return the file."""
        for sheet in self._sheets:
            sheet.finish()
        self._book.close()
        return self._output.getvalue()


def lines(value: Value, column: Column) -> int:
    """Return in how many lines a cell shows its value: not every program makes room for wrapped text by itself."""
    if column.format != "wrapped" or not isinstance(value, str):
        return 1
    room = column.width - 4
    if len(value) <= room and "\n" not in value:
        return 1
    return sum(1 if len(part) <= room else wrapped_lines(part, room) for part in value.split("\n"))


def wrapped_lines(text: str, room: int) -> int:
    """Return into how many lines ``textwrap`` wraps a text: words with single spaces are counted, all else it wraps."""
    if UNEVEN.search(text):
        return len(wrap(text, room))
    found, taken = 1, -1
    for length in map(len, text.split(" ")):
        if length > room:
            return len(wrap(text, room))
        taken += 1 + length
        if taken > room:
            found, taken = found + 1, length
    return found


def cached(value: str | int | Decimal | Fraction) -> Any:
    """Return a formula's value as the library takes it."""
    return value if isinstance(value, str) else float(value)


def serial(day: date) -> float:
    """Return the spreadsheet's number of a day or of a clock reading, whatever its zone."""
    reading = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- see EPOCH
    return (reading.replace(tzinfo=None) - EPOCH).total_seconds() / 86_400


def fitting(text: str) -> str:
    """Return ``text``, cut with a remark where a cell cannot hold it."""
    if len(text) <= LONGEST_TEXT // 2:
        return text
    units = len(text.encode("utf-16-le")) // 2
    if units <= LONGEST_TEXT:
        return text
    room = (LONGEST_TEXT - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT


def footer_text(parts: Iterable[str]) -> str:
    """Join the parts of a footer so that nothing in them is a footer's command and all of it fits in 255 signs."""
    return " · ".join(" ".join(part.split())[:60] for part in parts if part).replace("&", "&&")
