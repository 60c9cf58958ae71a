"""What is wrong with a form: a place, and for a rule the character as well."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from judging.domain.errors import N_, Fault, Refused
from judging.domain.expressions import BadExpression

MOST_TOLD = 500
REPEATED = N_("the code “%(code)s” is used twice")
BAD_CODE = N_("a code has small Latin letters, digits and underscores, and begins with a letter: %(code)s")
TAKEN_WORD = N_("“%(code)s” means something else in rules; choose another code")
TAKEN_SECTION = N_("the section “%(code)s” is built in; choose another code")
LACKS_FIELD = N_("every form has the field “%(code)s” of the kind “%(kind)s”")
LACKS_COLUMN = N_("the table of partners has the column “%(code)s” of the kind “%(kind)s”")
NEEDS_SETTING = N_("a field of the kind “%(kind)s” needs “%(setting)s”")
NOT_IN_TABLE = N_("a field of the kind “%(kind)s” cannot be a column")
NOT_OF_COLUMN = N_("a column has no “%(setting)s”")
BOUNDS_CROSS = N_("the least value is above the greatest")
TOO_MANY = N_("more than %(most)s")
TOO_LONG_SETTING = N_("at most %(most)s")
ADVISED_ABOVE_MOST = N_("longer than what is allowed at most")
NO_FIELD_AT = N_("there is no field “%(code)s” beside which it could be told")
NO_COLUMN_AT = N_("there is no column “%(code)s” beside which it could be told")
NO_NOMINATION = N_("there is no nomination “%(code)s” in this contest")
NEVER_REQUIRED = N_("what is computed is not asked for")
NO_NUMBER = N_("a formula gives a number, a sum of money or a date, not %(found)s")


@dataclass(frozen=True)
class FormFault(Fault):
    """A fault of a form; ``at`` is the character of a rule, counted from 0, None where the place has no rule."""

    at: int | None = None

    def __str__(self) -> str:
        text = super().__str__()
        return text if self.at is None else f"{text} (character {self.at + 1})"


Result = TypeVar("Result")


class Faults:
    """Collects every fault of a form, so that all are told at once."""

    def __init__(self) -> None:
        self.found: list[FormFault] = []

    def refuse(self) -> None:
        """Raise :class:`Refused` where there are faults, with as many as anybody can read."""
        told, more = self.found[:MOST_TOLD], len(self.found) - MOST_TOLD
        if more > 0:
            told.append(FormFault("", N_("and %(more)s more faults"), {"more": more}))
        if told:
            raise Refused(told)

    def add(self, path: str, message: str, at: int | None = None, **params: object) -> None:
        """Note a fault at a place."""
        self.found.append(FormFault(path, message, params, at))

    def rule(self, path: str, read: Callable[[], Result]) -> Result | None:
        """What ``read`` makes of a rule; None, and a fault with its character, where it is no rule."""
        try:
            return read()
        except BadExpression as bad:
            self.add(path, bad.message, bad.at, **bad.params)
            return None
