"""Spreadsheets (.xlsx) that came from outside, read as a stream within bounds.

``Book`` opens a file, ``book.rows(sheet, columns)`` yields its rows with typed cells: text, exact decimals, truth
values, dates; a formula is told apart from a value, and from a formula that was never computed. Both dialects of the
standard are read (Transitional and Strict). Styles are asked for dates alone, so that what is wrong with colours,
fonts and document properties costs nobody anything.
"""

from judging.adapters.spreadsheets.book import Book
from judging.adapters.spreadsheets.bounds import Bounds, WrongSpreadsheet
from judging.adapters.spreadsheets.cells import EMPTY, Cell, Row, Value

__all__ = ["EMPTY", "Book", "Bounds", "Cell", "Row", "Value", "WrongSpreadsheet"]
