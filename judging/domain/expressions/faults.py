"""Why a text is no rule, and at which of its characters."""

from judging.domain.errors import N_, Unfit

TOO_LONG = N_("A rule has at most %(most)s characters")
TOO_DEEP = N_("The rule is nested too deeply")
STRANGE_SIGN = N_("“%(sign)s” has no meaning in a rule")
OPEN_TEXT = N_("The text has no closing quotation mark")
UNEXPECTED = N_("“%(found)s” cannot stand here; %(wanted)s is expected")
ENDS_EARLY = N_("The rule ends too early; %(wanted)s is expected")
CHAINED = N_("One comparison at a time: join two with “and”")
UNKNOWN_NAME = N_("There is no field “%(name)s” that this rule may name")
UNKNOWN_COLUMN = N_("“%(table)s” has no column “%(column)s”")
NO_TABLE = N_("“%(name)s” is no table and has no columns")
NO_ROW = N_("“row” is known only in the checks of a table's rows")
UNKNOWN_FUNCTION = N_("There is no function “%(name)s”")
ARGUMENTS = N_("%(name)s takes %(wanted)s")
NOT_ALIKE = N_("%(left)s and %(right)s cannot be put together by “%(operator)s”")
WRONG_TYPE = N_("Here %(wanted)s is expected, not %(found)s")
NO_ORDER = N_("%(found)s has no order: compare it by == or !=")
NO_OPTION = N_("“%(option)s” is no option; there are: %(options)s")
MONEY_UNIT = N_("A sum of money carries its unit: 150 000 000 ₽ or 150 млн ₽")
BY_NOUGHT = N_("This divides by nought")
NO_DATE = N_("“%(text)s” is no date: write it as 2027-12-31")
OPEN_BRACE = N_("“{” has no closing “}”")
NOT_SHOWN = N_("%(found)s cannot be shown in a message")


class BadExpression(Unfit):
    """The text is no rule. ``at`` is the first character that does not fit, counted from 0."""

    def __init__(self, message: str, at: int, **params: object) -> None:
        super().__init__(message, **params)
        self.at = at
