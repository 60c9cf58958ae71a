"""A table of a section's form: its rows, read with bounds out of what was sent, and kept apart by their keys.

A cell is named ``stages-2-till``; the key of its row ``stages-2-_key``. Rows are numbered by whoever sends them; the
order counts, the numbers do not. Cells are no WTForms fields: a table has hundreds of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from wtforms.utils import unset_value

from judging.domain.errors import N_, Unfit
from judging.domain.fields.texts import line
from judging.domain.forms.compiling import CompiledField
from judging.domain.forms.form import MOST_ROWS, Field
from judging.domain.forms.lengths import room_of
from judging.domain.forms.looking import answered
from judging.web.questionnaire.drawn_rows import Line, RowPattern
from judging.web.questionnaire.fields import AnswerField, Choice, choices_of, label_of
from judging.web.questionnaire.kinds import KINDS, in_cell
from judging.web.questionnaire.notation import Typed
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.surroundings import Surroundings
from judging.web.questionnaire.words import total_text
from judging.web.templating import translate

TOO_MANY_ROWS = N_("No more than %(most)s rows can be kept; the table is not saved")
KEY = "_key"
OWN_KEY = re.compile("[0-9a-f]{8}|p[0-9]{1,3}")
"""What a key may be that is not stored: the page gives new rows theirs, and somebody else may have removed the row."""
LONGEST_INDEX, LONGEST_KEY = 4, 64
CHOSEN = Markup(" selected")
LONG = 200
"""Characters of a text that may be long."""
Row = Mapping[str, Any]


class Posted:
    """The names of a request by table, row and column, parted once for all tables of a form."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[int, dict[str, str]]] | None = None

    def rows(self, formdata: Any, table: str) -> dict[int, dict[str, str]]:
        """The rows that were sent of a table: the names of their cells by column."""
        if self._tables is None:
            self._tables = defaultdict(dict)
            for name in formdata:
                head, _, tail = name.partition("-")
                index, apart, column = tail.partition("-")
                if apart and index.isascii() and index.isdigit() and len(index) <= LONGEST_INDEX:
                    self._tables[head].setdefault(int(index), {})[column] = name
        return self._tables.get(table, {})


@dataclass(slots=True)
class Column:
    """A column as the page draws it. ``choices`` are those of an empty cell, ``attributes`` those of its controls."""

    asked: Field
    code: str
    label: Markup
    hint: Markup
    control: str
    choices: list[Choice]
    needed: bool
    head: str
    attributes: Markup
    plain: str

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers, which stand one under the other by their last digit."""
        return self.control in ("money", "decimal")

    @property
    def counted(self) -> bool:
        """Whether it is told how many characters or words are left."""
        return (room_of(self.asked) or 0) >= LONG and self.control in ("text", "textarea")

    @property
    def full(self) -> bool:
        """Whether a card gives it a line of its own."""
        return self.control == "textarea" or (room_of(self.asked) or 0) > LONG


@dataclass(slots=True)
class Cell:
    """A cell: what stands in it, the answer that it says, why this cannot be kept, and what is found about it."""

    column: Column
    name: str
    text: str
    value: Any
    error: str = ""
    notes: list[Any] = field(default_factory=list)

    @property
    def choices(self) -> Sequence[Choice]:
        """What may be chosen in a list; what is chosen and not offered any more stays."""
        if not self.text:
            return self.column.choices
        found = [(value, words, value == self.text) for value, words, _ in self.column.choices]
        return found if any(chosen for _, _, chosen in found) else [*found, (self.text, Markup.escape(self.text), True)]

    @property
    def options(self) -> Markup:
        """The choices as the options of a list."""
        return Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(value, CHOSEN if chosen else "", words)
            for value, words, chosen in self.choices
        )


@dataclass(slots=True)
class TableRow:
    """A row as the page draws it; ``counts``: something is answered in it."""

    index: int | str
    key: str
    cells: list[Cell]
    notes: list[Any] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether anything is in it."""
        return any(answered(cell.column.asked, cell.value) or cell.text.strip() for cell in self.cells)

    def cell(self, code: str) -> Cell | None:
        """The cell of a column."""
        return next((cell for cell in self.cells if cell.column.code == code), None)

    def answer(self) -> dict[str, Any]:
        """The row as an answer."""
        row = {cell.column.code: cell.value for cell in self.cells}
        return row | {"key": self.key} if self.key else row


class TableField(AnswerField):
    """A question whose answer is rows. ``rows`` are those on the page, ``data`` those in which something is answered.

    A cell that cannot be kept leaves what is stored in its place; more rows than can be kept leave the whole table.
    """

    rows: list[TableRow]
    _pattern: RowPattern

    def __init__(self, label: Markup, *, one: CompiledField, _form: Any = None, **kwargs: Any) -> None:
        super().__init__(label, one=one, _form=_form, **kwargs)
        narrow = one.field.look == "grid"
        self.columns = [_column(column, self.name, narrow, self.around) for column in one.columns]
        self._posted: Posted = Posted() if _form is None else _form.posted

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take the stored rows, then those that were sent."""
        self.process_errors = []
        self.object_data = self.stored = () if data is unset_value or data is None else tuple(data)
        self.rows = [self._stored_row(index, row) for index, row in enumerate(self.stored)]
        self.data = self.stored
        if formdata is None:
            return
        sent = self._posted.rows(formdata, self.name)
        self.sent = bool(sent) or self.name in formdata
        if not self.sent:
            return
        self.rows = list(self._sent_rows(formdata, sent))
        self._count()
        if len(self.rows) > MOST_ROWS:
            self.process_errors.append(gettext(TOO_MANY_ROWS, most=MOST_ROWS))
            self.data = self.stored

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Gather why rows, or cells of them, cannot be kept."""
        self.errors = [*self.process_errors, *(cell.error for _, cell in self.wrong_cells())]
        return not self.errors

    def wrong_cells(self) -> Iterator[tuple[TableRow, Cell]]:
        """The cells that cannot be kept."""
        return ((row, cell) for row in self.rows for cell in row.cells if cell.error)

    def counted(self) -> list[TableRow]:
        """The rows of ``data``, in its order: findings name them by their place in it."""
        return [row for row in self.rows if row.counts]

    def shown_rows(self) -> list[TableRow]:
        """The rows on the page; where there is none, as many empty ones as the table has to have."""
        return self.rows or [self._blank(index) for index in range(max(self.asked.rows[0], 1))]

    def blank(self) -> TableRow:
        """An empty row that the page's script copies."""
        return self._blank("__index__")

    def drawn(self, line: Line) -> Markup:
        """The rows as HTML; ``line`` is the template's macro of one."""
        pattern = self._pattern = RowPattern(self, self.columns, line)
        rows = (pattern.drawn(row, number) for number, row in enumerate(self.shown_rows(), 1))
        return Markup("".join(rows))  # noqa: S704 -- what differs is escaped

    def drawn_blank(self) -> Markup:
        """The empty row that the page's script copies, as the rows were drawn."""
        return Markup(self._pattern.drawn(self.blank(), "__number__"))  # noqa: S704 -- what differs is escaped

    def totals(self) -> list[str]:
        """The foot of the table, column by column; empty where a column has no sum."""
        return [total_text(column.asked, self.data) for column in self.columns]

    def has_totals(self) -> bool:
        """Whether a column has a sum."""
        return any(column.asked.total for column in self.columns)

    @property
    def most_rows(self) -> int:
        """How many rows there may be on the page; whoever needs more than the form takes is told so."""
        return MOST_ROWS

    def add(self) -> None:
        """Put an empty row at the end."""
        self.rows = self.shown_rows()
        self.rows.append(self._blank(len(self.rows)))

    def remove(self, place: int) -> None:
        """Take a row out."""
        if 0 <= place < len(self.rows):
            del self.rows[place]
        self._number()

    def move(self, place: int, by: int) -> None:
        """Change a row with its neighbour."""
        if 0 <= place < len(self.rows) and 0 <= place + by < len(self.rows):
            self.rows.insert(place + by, self.rows.pop(place))
        self._number()

    def _number(self) -> None:
        for index, row in enumerate(self.rows):
            row.index = index
            for cell in row.cells:
                cell.name = self._cell_name(index, cell.column)
        self._count()

    def _count(self) -> None:
        self.data = tuple(row.answer() for row in self.counted())

    def _cell_name(self, index: int | str, column: Column) -> str:
        return f"{self.name}-{index}-{column.code}"

    def _blank(self, index: int | str) -> TableRow:
        cells = [
            Cell(column, self._cell_name(index, column), "", KINDS[column.asked.kind].empty) for column in self.columns
        ]
        return TableRow(index, "", cells)

    def _stored_row(self, index: int, row: Row) -> TableRow:
        cells = [
            Cell(column, self._cell_name(index, column), _written(column, row.get(column.code)), row.get(column.code))
            for column in self.columns
        ]
        return TableRow(index, str(row.get("key") or ""), cells)

    def _sent_rows(self, formdata: Any, sent: dict[int, dict[str, str]]) -> Iterator[TableRow]:
        known = {str(row["key"]): row for row in self.stored if row.get("key")}
        taken: set[str] = set()
        for index, number in enumerate(sorted(sent)[: 2 * MOST_ROWS]):
            names = sent[number]
            key = formdata.get(names[KEY], "")[:LONGEST_KEY] if KEY in names else ""
            stored = known.pop(key, None)
            if key in taken or (stored is None and not OWN_KEY.fullmatch(key)):
                key = ""  # it stands twice, or nobody gave it
            taken |= {key} if key else set()
            cells = [self._cell(index, column, names, formdata, stored or {}) for column in self.columns]
            yield TableRow(index, key, cells)

    def _cell(self, index: int, column: Column, names: dict[str, str], formdata: Any, stored: Row) -> Cell:
        name, before = self._cell_name(index, column), stored.get(column.code)
        if column.code not in names:
            return Cell(column, name, _written(column, before), before)
        text = str(formdata.get(names[column.code], ""))
        page = KINDS[column.asked.kind]
        if not text or page.read is None:
            return Cell(column, name, text, page.empty)
        try:
            value = page.read(Typed(column.asked, [text], before, self.around))
        except Unfit as unfit:
            return Cell(column, name, text, before, translate(unfit.message, **unfit.params))
        return Cell(column, name, text if line(text) else "", value)


def _column(one: CompiledField, table: str, narrow: bool, around: Surroundings) -> Column:
    asked = one.field
    control, label = in_cell(asked, narrow=narrow), label_of(asked, column=True)
    return Column(
        asked,
        asked.code,
        label,
        shown(asked, "hint"),
        control,
        choices_of(asked, (), around) if control == "select" else [],
        one.required is not False,
        f"{table}-{asked.code}-head",
        _attributes(control),
        str(label.striptags()),
    )


def _attributes(control: str) -> Markup:
    if control == "day":
        return Markup(' placeholder="{}" data-day="{}"').format(gettext("dd.mm.yyyy"), gettext("Calendar"))
    return ATTRIBUTES.get(control, Markup(""))


ATTRIBUTES = {
    "money": Markup(' inputmode="decimal"'),
    "decimal": Markup(' inputmode="decimal"'),
    "digits": Markup(' inputmode="numeric"'),
    "email": Markup(' inputmode="email"'),
    "tel": Markup(' inputmode="tel"'),
}


def _written(column: Column, answer: Any) -> str:
    page = KINDS[column.asked.kind]
    if answer is None or answer == page.empty or page.write is None:
        return ""
    return str(page.write(column.asked, answer))
