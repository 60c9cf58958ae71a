"""A workbook of score sheets that came back: what it says in each place, read within bounds, whoever saved it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from judging.adapters.spreadsheets import Book, Bounds, Cell, Row, WrongSpreadsheet
from judging.adapters.spreadsheets.cells import letters_of
from judging.domain.errors import N_, Fault, Unfit
from judging.domain.offline.comparing import Filled
from judging.domain.offline.places import Place
from judging.domain.offline.ticket import Keys, NoTicket, Ticket, read_ticket
from judging.domain.rubric import ExpertCriterion
from judging.exports.score_sheets.layout import MARK, place_at
from judging.exports.score_sheets.paper import TICKET
from judging.exports.score_sheets.words import plain_text, raw_text, read_place

LARGEST = 10 << 20
"""Bytes of a file: a hundred times what twelve applications take."""
BOUNDS = Bounds(
    unpacked=32 << 20,
    parts=2000,
    sheets=300,
    rows=5000,
    elements=150_000,
    in_all=300_000,
    texts=50_000,
    characters=8 << 20,
)
MORE_COLUMNS = 16
"""Columns of a sheet beside those of its places."""
MOST_PIECES = 2000
"""Rows of the ticket."""
LONGEST_RAW = 100
"""Signs that are shown of what cannot be taken."""
MOST_NAMED = 5
"""Cells with a formula that a refusal names."""
TOO_LARGE = N_("The file is larger than %(limit)s MB and is not read.")
MACROS = N_("The workbook has macros and is not read. Save it as an ordinary workbook (.xlsx) without them.")
LINKS = N_("The workbook takes values from other files. Break the links, save it and try again.")
FORMULAS = N_("Formulas stand where marks and comments are expected: %(cells)s. Write the values themselves.")
TWICE = N_("the same place stands in the file twice: here and in %(cell)s")
Found = Mapping[Place, tuple[str, Cell]]


class WrongSheets(WrongSpreadsheet):
    """The workbook holds what a workbook of score sheets may not."""


@dataclass(frozen=True)
class Returned:
    """What came back: the ticket, and the cells of every place by the review."""

    ticket: Ticket
    cells: Mapping[int, Found]
    twice: Mapping[tuple[int, Place], str]

    def filled(self, review_id: int, rules: Sequence[ExpertCriterion]) -> dict[Place, Filled]:
        """Return what the file has in the places of one sheet, read by the rules of its criteria."""
        known = {rule.code: rule for rule in rules}
        cells = self.cells.get(review_id, {})
        return {place: self._read(review_id, place, *cells[place], known) for place in cells}

    def _read(
        self, review_id: int, place: Place, name: str, cell: Cell, known: Mapping[str, ExpertCriterion]
    ) -> Filled:
        again = self.twice.get((review_id, place))
        if again is not None:
            return Filled(name, raw_text(cell)[:LONGEST_RAW], Fault("", TWICE, {"cell": again}))
        try:
            return Filled(name, read_place(place, known.get(place.code), cell))
        except Unfit as unfit:
            return Filled(name, raw_text(cell)[:LONGEST_RAW], Fault("", unfit.message, unfit.params))


def read_workbook(file: BinaryIO, keys: Keys) -> Returned:
    """Read a workbook that came back; ``file`` is seekable.

    Raises ``WrongSpreadsheet`` for what is damaged, beyond the bounds, has macros, links or formulas where something is
    to be filled in, ``NoTicket`` for a file that is not the installation's own.
    """
    if file.seek(0, 2) > LARGEST:
        raise WrongSheets(TOO_LARGE, limit=LARGEST >> 20)
    book = Book(file, BOUNDS)
    if book.has_macros:
        raise WrongSheets(MACROS)
    if book.has_links:
        raise WrongSheets(LINKS)
    ticket = read_ticket(_ticket_text(book), keys)
    return _Reading(ticket).read(book)


def _ticket_text(book: Book) -> str:
    if TICKET not in book.sheets:
        raise NoTicket
    pieces = list[str]()
    for row in book.rows(TICKET, 1):
        value = row.cells[0].value
        if row.number != len(pieces) + 1 or not isinstance(value, str) or len(pieces) == MOST_PIECES:
            raise NoTicket
        pieces.append(value.strip())
    return "".join(pieces)


class _Reading:
    """Takes the cells of the places that the ticket names."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket = ticket
        self._bases = {sheet.review_id: sheet.base for sheet in ticket.sheets}
        self._cells: dict[int, dict[Place, tuple[str, Cell]]] = {review_id: {} for review_id in self._bases}
        self._twice: dict[tuple[int, Place], str] = {}
        self._formulas: list[str] = []

    def read(self, book: Book) -> Returned:
        columns = MORE_COLUMNS + max((len(base) for base in self._bases.values()), default=0) * 4
        for name in book.sheets:
            if name != TICKET:
                self._sheet(name, book.rows(name, columns))
        if self._formulas:
            raise WrongSheets(FORMULAS, cells=", ".join(self._formulas[:MOST_NAMED]))
        return Returned(self._ticket, self._cells, self._twice)

    def _sheet(self, name: str, rows: Iterator[Row]) -> None:
        """Take a sheet that begins with the mark; others are the expert's own."""
        head = next(rows, None)
        if head is None or head.number != 1 or head.cells[0].value != MARK:
            return
        keys = [_key(cell) for cell in head.cells]
        for row in rows:
            own = _key(row.cells[0])
            if own:
                self._row(name, own, keys, row)

    def _row(self, sheet: str, own: str, keys: Sequence[str], row: Row) -> None:
        for column, (key, cell) in enumerate(zip(keys, row.cells, strict=True)):
            found = place_at(own, key) if column and key else None
            if found is None:
                continue
            review_id, place = found
            if review_id not in self._bases:
                raise NoTicket
            if place in self._bases[review_id]:
                self._take(review_id, place, f"{sheet}!{letters_of(column)}{row.number}", cell)

    def _take(self, review_id: int, place: Place, name: str, cell: Cell) -> None:
        if cell.formula:
            self._formulas.append(name)
        if place in self._cells[review_id]:
            self._twice[review_id, place] = name
        else:
            self._cells[review_id][place] = (name, cell)


def _key(cell: Cell) -> str:
    return plain_text(cell.value) if isinstance(cell.value, str) else ""
