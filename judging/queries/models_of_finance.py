"""The figures of an application beside those of the spreadsheet that came with it, where its cells are named.

A cell that is called as a field of the form (``total_cost``) is compared with the answer to it, in roubles and units as
a person reads them. What has no name is not guessed at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile

from judging.adapters.spreadsheets import Book, Bounds, Cell, WrongSpreadsheet
from judging.adapters.spreadsheets.cells import place_of
from judging.adapters.storage import Storage
from judging.domain.forms.indicators import figure_text, figures
from judging.domain.forms.looking import look
from judging.models import Application, Document
from judging.queries.answers import answers_of, circumstances_of
from judging.queries.applications import current_documents
from judging.queries.forms import compiled_form_of

LARGEST = 20 << 20
"""Bytes of a spreadsheet that is looked at."""
BOUNDS = Bounds(unpacked=128 << 20, rows=20_000, elements=1_000_000, texts=100_000)
IN_MEMORY = 1 << 20
CENT = Decimal("0.01")
"""Figures that differ by less are the same: a spreadsheet rounds what it shows."""


@dataclass(frozen=True)
class ComparedFigure:
    """A figure of the form with what the named cell holds: None where the cell holds no number.

    ``code`` and ``label`` are the field's; ``place`` is like «Баланс!B4»; ``agrees`` within a kopeck or a hundredth.
    """

    code: str
    label: str
    label_en: str
    place: str
    answered: Decimal | None
    held: Decimal | None

    @property
    def agrees(self) -> bool:
        """Whether both are there and the same."""
        return self.answered is not None and self.held is not None and abs(self.answered - self.held) < CENT


@dataclass(frozen=True)
class ComparedModel:
    """A spreadsheet with its named figures; ``fault`` says why it could not be read."""

    filename: str
    figures: tuple[ComparedFigure, ...] = ()
    fault: WrongSpreadsheet | None = None


def compared_models(application: Application, storage: Storage, today: date) -> list[ComparedModel]:
    """Compare every spreadsheet of the application that has named figures, or that could not be read.

    Reads files: to be called outside any transaction that writes. ``today`` by the contest's time zone.
    """
    compiled = compiled_form_of(application.contest)
    answers = answers_of(application, compiled)
    seen = look(compiled, answers, circumstances_of(application, today))
    known = {code.casefold(): (one, figure_text(one, seen)) for code, one in figures(compiled).items()}
    found = []
    for file in current_documents(application):
        if not file.filename.lower().endswith(".xlsx") or file.size > LARGEST:
            continue
        try:
            cells = named_cells(file, storage, set(known))
        except (WrongSpreadsheet, FileNotFoundError) as fault:
            found.append(ComparedModel(file.filename, fault=fault if isinstance(fault, WrongSpreadsheet) else None))
            continue
        lines = tuple(
            ComparedFigure(
                known[name][0].field.code,
                known[name][0].field.label,
                known[name][0].field.label_en,
                place,
                None if known[name][1] is None else Decimal(known[name][1] or 0),
                cell.value if isinstance(cell.value, Decimal) else None,
            )
            for name, (place, cell) in sorted(cells.items())
        )
        if lines:
            found.append(ComparedModel(file.filename, lines))
    return found


def named_cells(file: Document, storage: Storage, wanted: set[str]) -> dict[str, tuple[str, Cell]]:
    """Return the cells of a stored spreadsheet that have one of the names: their place and what they hold."""
    with SpooledTemporaryFile(IN_MEMORY) as copy:
        for piece in storage.read(file.storage_key):
            copy.write(piece)
        book = Book(copy, BOUNDS)  # type: ignore[arg-type]  # it is a binary file, whatever its class is called
        places = {name: place for name, place in book.names.items() if name in wanted}
        return {
            name: (f"{sheet}!{reference}", cell)
            for sheet in {sheet for sheet, _ in places.values()}
            for name, reference, cell in _cells(book, sheet, places)
        }


def _cells(book: Book, sheet: str, places: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str, Cell]]:
    """The wanted cells of one sheet; its rows are read no further than the last of them."""
    wanted = _wanted(sheet, places)
    columns = 1 + max((column for cells in wanted.values() for _, _, column in cells), default=-1)
    for row in book.rows(sheet, columns) if wanted else ():
        for name, reference, column in wanted.pop(row.number, ()):
            yield name, reference, row.cells[column]
        if not wanted:
            break
    for cells in wanted.values():
        yield from ((name, reference, Cell()) for name, reference, _ in cells)


def _wanted(sheet: str, places: dict[str, tuple[str, str]]) -> dict[int, list[tuple[str, str, int]]]:
    """The named cells of one sheet by their row: name, place and column, from 0."""
    wanted: dict[int, list[tuple[str, str, int]]] = {}
    for name, (own, reference) in places.items():
        place = place_of(reference)
        if own == sheet and place is not None:
            wanted.setdefault(place[0], []).append((name, reference, place[1]))
    return wanted
