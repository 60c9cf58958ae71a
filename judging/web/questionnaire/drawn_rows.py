"""The rows of a table as HTML: one is drawn by the template, the others differ from it in a few places only.

A table has hundreds of cells, and drawing each costs more than all the rest of the page. So a row is drawn once with
marks where rows differ (its number, its key, what stands in its cells), and every row without faults is filled into it.
What a row looks like is said by the template alone; a test holds both ways of drawing to the same letter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from markupsafe import Markup, escape

MARK = f"\ue000{token_hex(8)}"
"""Nobody types it: it is another one in every process."""
_PLACES = re.compile(rf"{MARK}([a-z0-9]+);")
INDEX, KEY, NUMBER = (f"{MARK}{name};" for name in ("index", "key", "number"))
Line = Callable[[Any, Any, Any], Markup]
"""The template's macro of a row, called with the table, the row, and its number."""


@dataclass(frozen=True)
class MarkedCell:
    """A cell of the row with marks: it has no fault, and its text and its options are marks."""

    column: Any
    name: str
    text: str
    error: str = ""
    notes: tuple[Any, ...] = ()

    @property
    def options(self) -> Markup:
        """What would be chosen from."""
        return Markup.escape(self.text)


@dataclass(frozen=True)
class MarkedRow:
    """The row with marks."""

    cells: tuple[MarkedCell, ...]
    index: str = INDEX
    key: str = KEY
    notes: tuple[Any, ...] = ()


class RowPattern:
    """A row with places for what differs."""

    def __init__(self, field: Any, columns: Sequence[Any], line: Line) -> None:
        names = [f"{field.name}-{INDEX}-{column.code}" for column in columns]
        cells = tuple(
            MarkedCell(column, name, f"{MARK}{place};")
            for place, (column, name) in enumerate(zip(columns, names, strict=True))
        )
        self._field, self._line = field, line
        self._parts = _PLACES.split(str(line(field, MarkedRow(cells), NUMBER)))

    def drawn(self, row: Any, number: int | str) -> str:
        """The row (:class:`judging.web.questionnaire.tables.TableRow`) as HTML; the template draws one with a fault."""
        if row.notes or any(cell.error or cell.notes for cell in row.cells):
            return str(self._line(self._field, row, number))
        filled: Mapping[str, str] = {
            "index": str(row.index), "key": str(escape(row.key)), "number": str(number),
            **{str(place): _said(cell) for place, cell in enumerate(row.cells)},
        }  # fmt: skip
        parts = self._parts.copy()
        parts[1::2] = [filled[name] for name in parts[1::2]]
        return "".join(parts)


def _said(cell: Any) -> str:
    return str(cell.options if cell.column.control == "select" else escape(cell.text))
