"""A form of applications as data: sections, fields, checks across fields, and the points of the formal check.

Everything that people read has a Russian text and may have an English one (``…_en``, empty: the Russian one is shown).
Rules are texts in the language of :mod:`judging.domain.expressions`; a form whose rules all fit is made ready to use by
:func:`judging.domain.forms.compiling.compile_form`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

MOST_ROWS = 500
"""Of a table that sets no limit of its own."""
MOST_FILES = 20
"""Of a field of files that sets no limit of its own."""


class FieldKind(StrEnum):
    """What is asked for."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES = "yes"
    CHOICE = "choice"
    CHOICES = "choices"
    ORGANISATION = "organisation"
    OKVED = "okved"
    FILE = "file"
    CONSENT = "consent"
    TABLE = "table"
    COMPUTED = "computed"


class TextFormat(StrEnum):
    """What a text is: free, with light marks (paragraphs, lists, bold), or of one of the kinds that are looked at."""

    PLAIN = "plain"
    LIGHT = "light"
    TELEPHONE = "telephone"
    EMAIL = "email"
    INN = "inn"
    OGRN = "ogrn"
    OKPD2 = "okpd2"


class PaperKind(StrEnum):
    """A paper that is made of the answers, to be signed and uploaded again."""

    APPLICATION = "application"
    CONSENT = "consent"
    AGREEMENT = "agreement"


class Counted(StrEnum):
    """What the limits of a text count."""

    CHARACTERS = "characters"
    WORDS = "words"


class Level(StrEnum):
    """What a check does that finds something: forbids submission, or asks to look again."""

    STOP = "stop"
    WARNING = "warning"


@dataclass(frozen=True)
class Option:
    """What may be chosen."""

    code: str
    label: str
    label_en: str = ""


@dataclass(frozen=True)
class Check:
    """A rule that has to hold. ``at``: the field (or column, in the checks of a row) beside which it is told.

    ``message`` may hold figures: ``The sources do not add up, {total_cost - own_funds} is missing``.
    """

    code: str
    at: str
    rule: str
    message: str
    message_en: str = ""
    level: Level = Level.STOP


@dataclass(frozen=True)
class Field:
    """One question. ``required`` is yes, no, or a rule; ``shown_when`` a rule, or None for always.

    Of the settings below each kind knows some (:data:`judging.domain.forms.kinds.KINDS`): ``most`` characters or words
    of a text (as it ``counts``), ``advised``: as many, above which it is warned about, ``least``/``greatest`` bounds,
    both included, of a number (``Decimal``), a sum (kopecks) or a date, ``decimals`` of a number, ``options`` of
    choices, ``extensions``, ``max_bytes`` and ``max_files`` of files, ``text`` of a consent, ``columns``, ``rows`` (the
    fewest and the most) and ``row_checks`` of a table, ``formula`` of what is computed. ``paper``: what is made of the
    answers to be signed and put here; ``signed``: every file here needs a qualified electronic signature beside it.
    ``nominations``: only in these; empty: in all.
    """

    code: str
    kind: FieldKind
    label: str
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    required: bool | str = False
    shown_when: str | None = None
    nominations: tuple[str, ...] = ()
    personal: bool = False
    seen_by: Literal["experts", "staff"] = "experts"
    most: int | None = None
    advised: int | None = None
    counts: Counted = Counted.CHARACTERS
    lines: int | None = None
    format: TextFormat = TextFormat.PLAIN
    least: Decimal | int | date | None = None
    greatest: Decimal | int | date | None = None
    decimals: int | None = None
    unit: str = ""
    unit_en: str = ""
    options: tuple[Option, ...] = ()
    of: Literal["cluster", "any"] = "cluster"
    extensions: tuple[str, ...] = ()
    max_bytes: int | None = None
    max_files: int | None = None
    paper: PaperKind | None = None
    signed: bool = False
    text: str = ""
    text_en: str = ""
    columns: tuple["Field", ...] = ()
    rows: tuple[int, int] = (0, MOST_ROWS)
    row_checks: tuple[Check, ...] = ()
    look: Literal["rows", "grid"] = "rows"
    total: bool = False
    formula: str = ""
    half: bool = False
    group: str = ""
    group_en: str = ""
    autocomplete: str = ""

    def column(self, code: str) -> "Field | None":
        """The column of that code; None where there is none."""
        return next((column for column in self.columns if column.code == code), None)


@dataclass(frozen=True)
class Section:
    """A part of the application that is filled and saved by itself. ``nominations``: only in these; empty: in all."""

    code: str
    title: str
    title_en: str = ""
    lead: str = ""
    lead_en: str = ""
    nominations: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Point:
    """A point of the formal check. With a ``rule`` a machine gives a hint; a person decides always.

    ``note`` is shown beside it and may hold figures; ``clause`` names the regulation.
    """

    code: str
    title: str
    title_en: str = ""
    rule: str | None = None
    note: str = ""
    note_en: str = ""
    clause: str = ""


@dataclass(frozen=True)
class ApplicationForm:
    """A whole form. Codes of fields are unique over the form, of columns within their table."""

    sections: tuple[Section, ...]
    checks: tuple[Check, ...] = ()
    checklist: tuple[Point, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field, in the form's order; columns of tables are not among them."""
        return (field for section in self.sections for field in section.fields)

    def places(self) -> Iterator[tuple[int, int, Section, Field]]:
        """Every field with the index of its section and its own within it."""
        for outer, section in enumerate(self.sections):
            for inner, field in enumerate(section.fields):
                yield outer, inner, section, field

    def field(self, code: str) -> Field | None:
        """The field of that code; None where there is none."""
        return next((field for field in self.fields() if field.code == code), None)

    def section_of(self, code: str) -> Section | None:
        """The section that asks for the field of that code."""
        return next((section for _, _, section, field in self.places() if field.code == code), None)
