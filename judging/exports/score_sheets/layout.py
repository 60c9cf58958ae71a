"""How a workbook of score sheets names its sheets, rows and columns, so that they are found again wherever they stand.

The first row and the first column of a sheet are hidden and hold keys. A row's key is the review's number and, where
the row is of one criterion, its code («17|E1»); a column's key is what stands in it («mark», «panel») and, where it is
of one criterion, its code («mark|E1»). Together they name one place of one sheet.
"""

import re
from collections.abc import Iterable, Sequence

from judging.domain.offline.places import Part, Place

MARK = "judging score sheets 1"
"""Stands in the first cell of every sheet that is read."""
FRONT, OVERVIEW, TABLE = "Как заполнять", "Обзор", "Таблица"
WHOLE = "*"
"""Stands before what is said of the whole application: «17|*recommendation»."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_NAME = 31


def row_key(review_id: int, code: str = "") -> str:
    """Return the key of a row."""
    return f"{review_id}|{code}" if code else str(review_id)


def whole_key(part: Part) -> str:
    """Return how keys name what is said of the whole application."""
    return f"{WHOLE}{part}"


def place_at(row: str, column: str) -> tuple[int, Place] | None:
    """Return the review and the place that the keys of a row and of a column name; None where they name none."""
    review, _, in_row = row.partition("|")
    part, _, in_column = column.partition("|")
    code = in_row or in_column
    if not (review.isascii() and review.isdecimal() and len(review) <= 10 and code):
        return None
    if not code.startswith(WHOLE):
        return (int(review), Place(Part(part), code)) if part in set(Part) else None
    said = {
        Part.MARK: code.removeprefix(WHOLE),
        Part.PANEL: Part.SCOPE_REASON if code == whole_key(Part.SCOPE) else "",
    }.get(part, "")  # type: ignore[call-overload]  # a text that may be one of them
    return (int(review), Place(Part(said))) if said in set(Part) else None


def sheet_names(numbers: Iterable[str], taken: Sequence[str]) -> list[str]:
    """Return a name for the sheet of each application: «Заявка 7», within what spreadsheets allow."""
    used, names = {name.casefold() for name in taken}, list[str]()
    for number in numbers:
        stem = _FORBIDDEN.sub("-", f"Заявка {number}").strip("' ")[:LONGEST_NAME]
        name, count = stem, 1
        while name.casefold() in used:
            count += 1
            name = f"{stem[: LONGEST_NAME - 5]} ({count})"
        used.add(name.casefold())
        names.append(name)
    return names
