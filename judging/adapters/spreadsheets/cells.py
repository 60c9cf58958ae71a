"""Cells and what stands in them."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from judging.adapters.spreadsheets.bounds import MOST_COLUMNS, MOST_ROWS

Value = str | Decimal | bool | date | time | None

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LONGEST_NUMBER = 40
_MOST_DIGITS = 308
"""Before the point: beyond that a spreadsheet has no numbers."""
_FIRST_DAY, _FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 -- a sheet knows no zones
_LEAP_1900 = 60
"""The day that spreadsheets believe in and no calendar has: 29 February 1900."""
_SECONDS = 86_400


class Cell(NamedTuple):
    """What stands in a cell.

    ``value`` is text, an exact decimal, a truth value, a date or time, or None where nothing stands. ``formula``: it is
    worked out by a formula; then None means that no program has worked it out yet. ``error``: the value is the name of
    an error such as «#DIV/0!».
    """

    value: Value = None
    formula: bool = False
    error: bool = False

    @property
    def uncomputed(self) -> bool:
        """Whether a formula stands here whose value nobody has worked out."""
        return self.formula and self.value is None


EMPTY = Cell()


class Row(NamedTuple):
    """A row's number in its sheet, from 1, and its first cells, as many as were asked for."""

    number: int
    cells: tuple[Cell, ...]


def column_of(letters: str) -> int:
    """Return the number of a column, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """Return the letters of a column."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(reference: str) -> tuple[int, int] | None:
    """Read «B7» as row 7 and column 1; None for what no sheet has."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        return None
    row, column = int(match[2]), column_of(match[1])
    return (row, column) if row <= MOST_ROWS and column < MOST_COLUMNS else None


def number_of(text: str) -> Decimal | None:
    """Read a number as the file has it, exactly; None for what is none or beyond what a spreadsheet can hold."""
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _MOST_DIGITS else None


def moment_of(number: Decimal, *, since_1904: bool) -> Value:
    """Read a number as the date or time that a spreadsheet means by it; a number out of the calendar stays one."""
    if not 0 <= number < 2_958_466:
        return number
    day, rest = int(number), timedelta(seconds=round(float(number % 1) * _SECONDS * 1000) / 1000)
    if number < 1:
        return (_FIRST_DAY + rest).time()
    if not since_1904 and day < _LEAP_1900:
        day += 1
    moment = (_FIRST_DAY_1904 if since_1904 else _FIRST_DAY) + timedelta(days=day) + rest
    return moment if rest else moment.date()


def written_moment(text: str) -> Value:
    """Read a date as the strict dialect writes it (ISO 8601); text that is none stays text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if "T" in text else moment.date()
