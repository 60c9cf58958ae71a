"""The workbook being written: its looks, the lists that cells offer, and what is protected."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest
from typing import Any

from judging.exports.workbook.book import (
    A4,
    Column,
    PlainSheet,
    fitting,
    footer_text,
    lines,
    new_book,
    points,
)
from judging.exports.workbook.layout import letters

Value = str | Decimal | int | float
LISTS, TICKET = "Шкалы", "Служебный лист"
"""Sheets that are not shown: what the cells offer, and what the file was made of."""
INPUT: Mapping[str, object] = {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#C9B97A"}
LOOKS: Mapping[str, Mapping[str, object]] = {
    "plain": {"text_wrap": True},
    "strong": {"text_wrap": True, "bold": True},
    "title": {"bold": True, "font_size": 14},
    "quiet": {"text_wrap": True, "font_color": "#5A6470"},
    "head": {"bold": True, "text_wrap": True, "bg_color": "#E9EDF2", "bottom": 1, "valign": "vcenter"},
    "head-panel": {"bold": True, "text_wrap": True, "bg_color": "#DCE9F7", "bottom": 1, "valign": "vcenter"},
    "head-applicant": {"bold": True, "text_wrap": True, "bg_color": "#FBE6CF", "bottom": 1, "valign": "vcenter"},
    "head-private": {"bold": True, "text_wrap": True, "bg_color": "#E9E2F3", "bottom": 1, "valign": "vcenter"},
    "group": {"bold": True, "text_wrap": True, "bg_color": "#F4F6F8"},
    "mark": {**INPUT, "align": "center"},
    "choice": {**INPUT, "text_wrap": True},
    "text": {**INPUT, "text_wrap": True, "num_format": "@"},
    "check": {"text_wrap": True, "font_color": "#9C2A10"},
    "link": {"font_color": "#1F5FA8", "underline": 1},
    "share": {"num_format": "0%"},
    "whole": {"num_format": "0"},
    "closed": {"font_color": "#5A6470"},
}
TOO_LONG_FOR_A_CELL = "Комментарий длиннее, чем вмещает ячейка: он на сайте, и этот файл его не меняет."
MESSAGE = 255
"""Signs of what a cell says when it is chosen, and of a footer."""


class Paper:
    """A workbook with the looks of score sheets; ``digits``: the decimals of points."""

    def __init__(self, digits: int, title: str, footer: Sequence[str]) -> None:
        self._output = BytesIO()
        self._book = new_book(self._output)
        decimals = {"num_format": f"0.{'0' * digits}" if digits else "0"}
        looks = {**LOOKS, "points": decimals, "points-strong": {**decimals, "bold": True}}
        self._looks = {name: self._book.add_format({"valign": "top", **look}) for name, look in looks.items()}
        self._footer, self._lists = footer_text(footer), dict[tuple[Value, ...], int]()
        self._title = title

    def add(self, name: str, widths: Sequence[int]) -> "Page":
        """Begin a sheet that is shown; its first column and its first row hold keys and are hidden."""
        sheet = self._book.add_worksheet(name, worksheet_class=PlainSheet)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8 {self._footer}&R&8 &A · &P / &N")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 4, None, {"hidden": True})
        sheet.set_row(0, None, None, {"hidden": True})
        for column, width in enumerate(widths, start=1):
            sheet.set_column(column, column, width)
        allowed = ("format_columns", "format_rows", "autofilter", "select_locked_cells", "select_unlocked_cells")
        sheet.protect("", dict.fromkeys(allowed, True))
        return Page(self, sheet, self._looks)

    def options(self, values: Sequence[Value]) -> str:
        """Return the reference to a list of answers; equal lists stand once."""
        column = letters(self._lists.setdefault(tuple(values), len(self._lists)))
        return f"'{LISTS}'!${column}$1:${column}${len(values)}"

    def close(self, ticket: Sequence[str], created: Any) -> bytes:
        """Write what is not shown and return the file."""
        lists = self._book.add_worksheet(LISTS, worksheet_class=PlainSheet)
        for row, values in enumerate(zip_longest(*self._lists)):
            Page(self, lists, self._looks).put(row, values, "plain")
        hidden = self._book.add_worksheet(TICKET, worksheet_class=PlainSheet)
        for row, piece in enumerate(ticket):
            Page(self, hidden, self._looks).put(row, [piece], "plain")
        for sheet in (lists, hidden):
            sheet.protect("")
            sheet.very_hidden()
        self._book.set_properties({"title": self._title, "created": created})
        self._book.close()
        return self._output.getvalue()


class Page:
    """One sheet; rows are written from the top down."""

    def __init__(self, paper: Paper, sheet: Any, looks: Mapping[str, Any]) -> None:
        self.paper, self._sheet, self._looks = paper, sheet, looks

    def put(self, row: int, values: Sequence[Value | None], look: str, first: int = 0) -> None:
        """Write values side by side; None is left empty."""
        for column, value in enumerate(values, start=first):
            if value is not None:
                self.write(row, column, value, look)

    def write(self, row: int, column: int, value: Value, look: str) -> None:
        """Write a value; a text stays one, whatever it begins with."""
        if isinstance(value, str):
            if value:
                self._sheet.write_string(row, column, fitting(value), self._looks[look])
            else:
                self._sheet.write_blank(row, column, None, self._looks[look])
        else:
            self._sheet.write_number(row, column, float(value), self._looks[look])

    def words(self, row: int, column: int, text: str) -> None:
        """Write a comment to be gone on with; one that no cell can hold is not to be touched in the file."""
        whole = holds(text)
        self.write(row, column, text if whole else TOO_LONG_FOR_A_CELL, "text" if whole else "closed")

    def formula(self, row: int, column: int, text: str, value: Value, look: str) -> None:
        """Write a formula and what it comes to now."""
        shown = value if isinstance(value, str) else float(value)
        self._sheet.write_formula(row, column, f"={text}", self._looks[look], shown)

    def link(self, row: int, column: int, sheet: str, text: str) -> None:
        """Write a text that leads to another sheet of the file."""
        quoted = sheet.replace("'", "''")
        self._sheet.write_url(row, column, f"internal:'{quoted}'!B2", self._looks["link"], fitting(text))

    def room(self, row: int, texts: Sequence[tuple[str, int]], least: int = 1) -> None:
        """Make a row, before it is written, high enough for texts in columns of these widths."""
        height = max([least, *(lines(text, Column("", "wrapped", width)) for text, width in texts)])
        if height > 1:
            self._sheet.set_row(row, points(height))

    def note(self, row: int, column: int, text: str) -> None:
        """Hang a note on a cell."""
        self._sheet.write_comment(row, column, text[:2000], {"x_scale": 2.5, "y_scale": 2, "font_size": 9})

    def offer(self, row: int, column: int, options: Sequence[Value], title: str, message: str) -> None:
        """Let a cell take one of these answers alone, from a list."""
        rule = {"validate": "list", "source": f"={self.paper.options(options)}"}
        self._validate(row, column, rule, title, message)

    def bound(self, row: int, column: int, formula: str, title: str, message: str) -> None:
        """Let a cell take only that for which a formula is true."""
        self._validate(row, column, {"validate": "custom", "value": f"={formula}"}, title, message)

    def _validate(self, row: int, column: int, rule: Mapping[str, str], title: str, message: str) -> None:
        said = {"input_title": title[:32], "input_message": message[:MESSAGE], "error_title": "Нет такого ответа"}
        stop = {"error_message": "Выберите ответ из списка или оставьте ячейку пустой.", "ignore_blank": True}
        self._sheet.data_validation(row, column, row, column, {**rule, **said, **stop})

    def freeze(self, row: int, column: int) -> None:
        """Keep what is above and to the left in sight."""
        self._sheet.freeze_panes(row, column)

    def repeat(self, row: int) -> None:
        """Print a row on every page."""
        self._sheet.repeat_rows(row)

    def filter(self, row: int, last_row: int, last_column: int) -> None:
        """Let rows be narrowed down."""
        self._sheet.autofilter(row, 1, last_row, last_column)

    def begin(self) -> None:
        """Show this sheet first."""
        self._sheet.activate()


def holds(text: str) -> bool:
    """Say whether a cell can hold a text to its end."""
    return fitting(text) == text


def cell(row: int, column: int) -> str:
    """Return how a formula of the same sheet names a cell."""
    return f"${letters(column)}${row + 1}"
