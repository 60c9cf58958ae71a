"""The types of what a rule computes with, and of the fields that it may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from judging.domain.errors import N_


class Kind(StrEnum):
    """What a value is.

    In an environment a number is an ``int`` or ``Decimal`` or ``Fraction``, money an ``int`` of kopecks, a date a
    ``date``, a text and a choice a ``str`` (a choice the code of its option), a yes-or-no a ``bool``, choices a
    collection of codes, and a table a sequence of mappings {column: value}. None is what is not answered.
    """

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    YES = "yes"
    CHOICE = "choice"
    CHOICES = "choices"
    TABLE = "table"
    LIST = "list"


WORDS: Mapping[Kind, str] = {
    Kind.NUMBER: N_("a number"),
    Kind.MONEY: N_("a sum of money"),
    Kind.DATE: N_("a date"),
    Kind.TEXT: N_("a text"),
    Kind.YES: N_("a yes or no"),
    Kind.CHOICE: N_("a choice"),
    Kind.CHOICES: N_("several choices"),
    Kind.TABLE: N_("a table"),
    Kind.LIST: N_("a column of a table"),
}
"""For messages; the page translates the parameters as well."""

ORDERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})
"""What is less or greater."""


@dataclass(frozen=True)
class Type:
    """The type of a value; ``options`` of a choice, ``columns`` of a table, ``of`` what the values of a list are."""

    kind: Kind
    options: tuple[str, ...] = ()
    columns: tuple[tuple[str, "Type"], ...] = ()
    of: "Type | None" = None

    @property
    def words(self) -> str:
        """What it is called in messages (English, marked for translation)."""
        return WORDS[self.kind]

    def column(self, name: str) -> "Type | None":
        """The type of a table's column; None where there is none of that name."""
        return dict(self.columns).get(name)


NUMBER, MONEY, DATE, TEXT, YES = (Type(kind) for kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.TEXT, Kind.YES))
