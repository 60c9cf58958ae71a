"""The rows of a table as HTML: one is drawn by the template, the others differ from it in a few places only.

A table has hundreds of cells, and drawing each cost more than all the rest of the page. So a row is drawn once with
holes where rows differ (its number, its key, what stands in its cells), and every row without faults is filled into it.
What a row looks like is said by the template alone; a test holds both ways of drawing to the same letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from judging.web.patterns import Pattern, hole

INDEX, KEY, NUMBER = (hole(name) for name in ("index", "key", "number"))
Line = Callable[[Any, Any, Any], Markup]
"""The template's macro of a row, called with the table, the row, and its number."""


@dataclass(frozen=True)
class MarkedCell:
    """A cell of the row with holes: it has no fault; its text, or the options of its list, are one."""

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
    """The row with holes."""

    cells: tuple[MarkedCell, ...]
    index: str = INDEX
    key: str = KEY
    notes: tuple[Any, ...] = ()


class RowPattern:
    """A row of a table with holes for what differs."""

    def __init__(self, field: Any, columns: Sequence[Any], line: Line) -> None:
        cells = tuple(
            MarkedCell(column, f"{field.name}-{INDEX}-{column.code}", hole(f"cell{place}"))
            for place, column in enumerate(columns)
        )
        self._field, self._line = field, line
        self._pattern = Pattern(str(line(field, MarkedRow(cells), NUMBER)))

    def drawn(self, row: Any, number: int | str) -> str:
        """The row (:class:`judging.web.questionnaire.tables.TableRow`) as HTML; the template draws one with a fault."""
        if row.notes or any(cell.error or cell.notes for cell in row.cells):
            return str(self._line(self._field, row, number))
        said = {f"cell{place}": _said(cell) for place, cell in enumerate(row.cells)}
        return self._pattern.filled({"index": row.index, "key": escape(row.key), "number": number, **said})


def _said(cell: Any) -> Markup:
    return cell.options if cell.column.control == "select" else escape(cell.text)
