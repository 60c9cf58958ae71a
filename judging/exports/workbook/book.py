"""The one door to XlsxWriter: sheets written row by row, in a quiet look, where text stays text.

XlsxWriter keeps one row of a sheet in memory; rows go down from the top and are never revisited.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from io import BytesIO
from textwrap import wrap
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

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
KEPT_CONTENTS = 20_000
"""Cells of a sheet whose content is kept: numbers of applications, names, marks and words come in row after row."""
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


class PlainSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet in which no text is taken for mark-up, and a carriage return stays one.

    The library holds a row back until the next one begins; ``waiting`` writes in its place a row that was given whole.
    """

    waiting: Callable[[], str | None] | None = None

    def take(self, row: int, written: Callable[[], str | None]) -> None:
        """Take a row; ``written`` returns its XML, or None where it has put the cells into the library's table."""
        self._write_single_row(row)
        self.dim_rowmax, self.waiting = row, written

    def _write_single_row(self, current_row_num: int = 0) -> None:
        written, self.waiting = self.waiting, None
        text = written() if written else None
        if text is None:
            super()._write_single_row(current_row_num)
        else:
            self.fh.write(text)
            self.previous_row = current_row_num

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


def text_cell(text: str) -> str:
    """Return what stands in the element of a text's cell, to the byte as the library writes it."""
    if text.isprintable() and not MARKUP.search(text) and "_x" not in text and text == text.strip():
        return f' t="inlineStr"><is><t>{text}</t></is>'
    safe = str(PlainSheet._escape_control_characters(text))
    rich = safe.startswith("<r>") and safe.endswith("</r>")
    kept = ' xml:space="preserve"' if not rich and _preserve_whitespace(safe) else ""
    return f' t="inlineStr"><is><t{kept}>{escaped(safe)}</t></is>'


def formula_cell(formula: Formula) -> str | None:
    """The same of a formula; None of an array, and where its value is one that the library has a way of its own for."""
    if formula.array:
        return None
    value, text = cached(formula.value), escaped(formula.text)
    if not isinstance(value, str):
        return f"><f>{text}</f><v>{value}</v>"
    if value[:1] in ("", "#"):
        return None
    return f' t="str"><f>{text}</f><v>{escaped(value)}</v>'


def escaped(text: str) -> str:
    """Return a text as it stands in XML."""
    if not MARKUP.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


class _Styles(dict[str, str]):
    """The attribute of a cell by the name of its format; the library numbers formats as they are first used."""

    def __init__(self, formats: Mapping[str, Format]) -> None:
        super().__init__()
        self._formats = formats

    def __missing__(self, name: str) -> str:
        self[name] = style = f' s="{self._formats[name]._get_xf_index()}"'
        return style


class _Contents(dict[Any, str]):
    """What stands in the cells of a sheet by their value, text or number; what comes again and again is made once."""

    def __missing__(self, value: Any) -> str:
        content = text_cell(fitting(value)) if isinstance(value, str) else f"><v>{as_number(value):.16G}</v>"
        if len(self) >= KEPT_CONTENTS:
            self.clear()
        self[value] = content
        return content


class BookSheet:
    """One sheet being written; the next row goes below the last one."""

    def __init__(self, sheet: PlainSheet, columns: Sequence[Column], formats: dict[str, Format]) -> None:
        self._sheet, self._columns, self._formats = sheet, columns, formats
        self._row = 0
        self._names = [column.format for column in columns]
        self._styles = _Styles(formats)
        self._letters = [xl_col_to_name(index) for index in range(len(columns))]
        self._contents = _Contents()
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
        self._sheet.take(self._row, partial(self._written, self._row, values, formats or self._names))

    def _written(self, row: int, values: Sequence[Value], names: Sequence[str]) -> str | None:
        """Return the XML of a row; None where a cell is not a plain one, and the library has been given all of them."""
        number, styles, contents = row + 1, self._styles, self._contents
        cells = [f'<row r="{number}"{row_height(self._height(values))}>']
        for letters, value, name in zip(self._letters, values, names, strict=True):
            content = formula_cell(value) if isinstance(value, Formula) else contents[value]
            if content is None:
                self._give(row, values, names)
                return None
            cells.append(f'<c r="{letters}{number}"{styles[name]}{content}</c>')
        cells.append("</row>")
        return "".join(cells)

    def _height(self, values: Sequence[Value]) -> int:
        """Return how many lines the row has, for its highest cell."""
        height = 1
        for index, column in self._wrapped:
            height = max(height, lines(values[index], column))
        return height

    def _give(self, row: int, values: Sequence[Value], names: Sequence[str]) -> None:
        height = self._height(values)
        if height > 1:
            self._sheet.set_row(row, points(height))
        for index, (value, name) in enumerate(zip(values, names, strict=True)):
            self._write(row, index, value, self._formats[name])

    def mark_where(self, condition: str) -> None:
        """Print in a second look every row for which the formula ``condition``, written for row 2, is true."""
        style = {"type": "formula", "criteria": condition, "format": self._formats["changed"]}
        self._sheet.conditional_format(1, 0, max(self._row, 1), len(self._columns) - 1, style)

    def finish(self) -> None:
        """Set the filter over what has been written."""
        self._sheet.autofilter(0, 0, max(self._row, 1), len(self._columns) - 1)

    def _write(self, row: int, column: int, value: Value, style: Format) -> None:
        sheet = self._sheet
        match value:
            case str():
                sheet._write_string(row, column, fitting(value), style)
            case Formula(array=True):
                sheet.write_array_formula(row, column, row, column, f"{{={value.text}}}", style, cached(value.value))
            case Formula():
                sheet._write_formula(row, column, f"={value.text}", style, cached(value.value))
            case _:
                sheet._write_number(row, column, as_number(value), style)


class Book:
    """A workbook in memory: sheets in order, one look, print set-up for A4 landscape."""

    def __init__(self, decimals: int, footer: str) -> None:
        self._output = BytesIO()
        self._book = new_book(self._output)
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
        sheet = self._book.add_worksheet(name, worksheet_class=PlainSheet)
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


def new_book(output: BytesIO) -> Any:
    """Return an empty workbook of the library, which takes no text for anything else; rows go down from the top."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    book = xlsxwriter.Workbook(output, {"constant_memory": True, **options})
    book.set_calc_mode("auto")
    return book


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


def points(height: int) -> int:
    """Return how high a row of so many lines is."""
    return min(height * LINE, HIGHEST)


@cache
def row_height(height: int) -> str:
    """Return the attributes of a row of so many lines; the library keeps heights in whole pixels."""
    pixels = int(points(height) * 4 / 3 + 0.5)
    return f' ht="{pixels * 0.75:.16g}" customHeight="1"' if height > 1 else ""


def as_number(value: int | Decimal | Fraction | date) -> float:
    """Return a number, a day or a clock reading as a cell holds it."""
    return serial(value) if isinstance(value, date) else float(value)


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
