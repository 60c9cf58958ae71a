"""The rows of one sheet, from its XML."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from judging.adapters.markup import BadMarkup, Handlers, Reader
from judging.adapters.spreadsheets.bounds import (
    LONG_TEXT,
    LONGEST_TEXT,
    MANY_ELEMENTS,
    MANY_ROWS,
    MOST_ROWS,
    NO_NUMBER,
    NO_SUCH_PLACE,
    Bounds,
    WrongSpreadsheet,
)
from judging.adapters.spreadsheets.cells import (
    EMPTY,
    Cell,
    Row,
    Value,
    letters_of,
    moment_of,
    number_of,
    place_of,
    written_moment,
)

_SPACES = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
           "http://purl.oclc.org/ooxml/spreadsheetml/main ")  # fmt: skip
_NAMES: Mapping[str, str] = {f"{space}{name}": name for space in _SPACES for name in ("row", "c", "v", "t", "f", "rPh")}


@dataclass(frozen=True)
class Context:
    """What is asked of a sheet, and what its cells refer to."""

    sheet: str
    columns: int
    bounds: Bounds
    text: Callable[[int], str]
    is_date: Callable[[int], bool]
    since_1904: bool
    spent: Callable[[int], None]
    """Told how many elements were looked at."""


def read_rows(pieces: Iterable[bytes], context: Context) -> Iterator[Row]:
    """Yield the rows with anything in the columns asked for."""
    taken = _Sheet(context)
    reader = Reader(Handlers(taken.start, taken.end, taken.characters), elements=context.bounds.elements)
    try:
        for piece in pieces:
            reader.feed(piece)
            yield from taken.take()
        reader.close()
    except BadMarkup as bad:
        if str(bad) == "elements":
            raise WrongSpreadsheet(MANY_ELEMENTS, sheet=context.sheet) from bad
        raise
    finally:
        context.spent(reader.seen())
    yield from taken.take()


class _Sheet:
    """Takes rows and cells as they come."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows: list[Row] = []
        self._count, self._number, self._column = 0, 0, -1
        self._cells: dict[int, Cell] = {}
        self._kind, self._style = "n", 0
        self._formula, self._collecting, self._aloud = False, False, 0
        self._text: list[str] = []
        self._length = 0

    def take(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, element: str, given: Mapping[str, str]) -> None:
        name = _NAMES.get(element)
        if name == "c":
            self._begin_cell(given)
        elif name == "v" or name == "t":
            self._collecting = not self._aloud
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin_row(given.get("r"))
        elif name == "rPh":
            self._aloud += 1

    def end(self, element: str) -> None:
        name = _NAMES.get(element)
        if name == "v" or name == "t":
            self._collecting = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._aloud -= 1

    def characters(self, text: str) -> None:
        if self._collecting and self._column < self._context.columns:
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                raise self._refusal(LONG_TEXT, limit=LONGEST_TEXT)
            self._text.append(text)

    def _begin_row(self, reference: str | None) -> None:
        self._count += 1
        if self._count > self._context.bounds.rows:
            raise WrongSpreadsheet(MANY_ROWS, sheet=self._context.sheet, limit=self._context.bounds.rows)
        number = self._number + 1 if reference is None else _whole(reference)
        if not 0 < number <= MOST_ROWS:
            raise WrongSpreadsheet(NO_SUCH_PLACE, sheet=self._context.sheet, cell=(reference or str(number))[:40])
        self._number, self._column, self._cells = number, -1, {}

    def _end_row(self) -> None:
        if self._cells:
            cells = tuple(self._cells.get(column, EMPTY) for column in range(self._context.columns))
            self._rows.append(Row(self._number, cells))

    def _begin_cell(self, given: Mapping[str, str]) -> None:
        reference = given.get("r")
        if reference is None:
            self._column += 1
        else:
            place = place_of(reference)
            if place is None:
                raise WrongSpreadsheet(NO_SUCH_PLACE, sheet=self._context.sheet, cell=reference[:40])
            self._column = place[1]
        self._kind, self._style = given.get("t", "n"), _whole(given.get("s", "0"))
        self._formula, self._text, self._length = False, [], 0

    def _end_cell(self) -> None:
        if self._column >= self._context.columns:
            return
        value = self._value("".join(self._text))
        if value is not None or self._formula:
            self._cells[self._column] = Cell(value, self._formula, self._kind == "e")

    def _value(self, text: str) -> Value:
        kind = self._kind
        if kind in ("inlineStr", "str", "e"):
            return text if text or kind == "inlineStr" else None
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind == "b":
            return text.strip() in ("1", "true")
        return written_moment(text) if kind == "d" else self._number_or_moment(text)

    def _shared(self, text: str) -> str:
        try:
            return self._context.text(_whole(text))
        except IndexError:
            raise self._refusal(NO_SUCH_PLACE) from None

    def _number_or_moment(self, text: str) -> Value:
        number = number_of(text)
        if number is None:
            raise self._refusal(NO_NUMBER)
        if self._style and self._context.is_date(self._style):
            return moment_of(number, since_1904=self._context.since_1904)
        return number

    def _refusal(self, message: str, **params: object) -> WrongSpreadsheet:
        place = f"{letters_of(self._column)}{self._number}"
        return WrongSpreadsheet(message, sheet=self._context.sheet, cell=place, **params)


def _whole(text: str) -> int:
    """Read a whole number of at most nine digits; what is none is beyond every bound."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1 << 40
