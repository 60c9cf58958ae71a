"""Workbooks of score sheets as people fill them: with openpyxl, which keeps what it does not know of a file."""

import io
from typing import Any

import openpyxl

from judging.exports.score_sheets.layout import MARK, place_at


def places(content: bytes) -> dict[tuple[int, str, str], tuple[str, str]]:
    """The sheet and the cell of every place that is unlocked, by review, part and code."""
    book, found = openpyxl.load_workbook(io.BytesIO(content)), {}
    for sheet in book:
        if sheet["A1"].value != MARK:
            continue
        for row in sheet.iter_rows(min_row=2):
            for cell in row[1:]:
                key = sheet.cell(1, cell.column).value
                place = place_at(str(row[0].value or ""), str(key or ""))
                if place and not cell.protection.locked:
                    found[place[0], place[1].part.value, place[1].code] = (sheet.title, cell.coordinate)
    return found


def filled(content: bytes, values: dict[tuple[int, str, str], Any]) -> bytes:
    """The workbook with other values in some places, saved by openpyxl."""
    book, where = openpyxl.load_workbook(io.BytesIO(content)), places(content)
    for place, value in values.items():
        sheet, cell = where[place]
        book[sheet][cell] = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
