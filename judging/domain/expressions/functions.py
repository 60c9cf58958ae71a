"""The functions of the language: what each takes and gives, and how it computes.

====================  =================================================================================================
``sum(c)``            the sum of a column of numbers or money; a table without rows gives nought
``count(t)``          how many rows a table has; how many values of a column are answered
``least``/``greatest``  of a column, or of two and more values: numbers, money or dates
``distinct(c)``       whether no two answered values of a column are equal
``within(x, a, b)``   whether a <= x <= b
``share(a, b)``       how many per cent of b are a
``round(x, n)``       to n decimals (0 to 6), half up
``months(a, b)``      whole months from one date to another, never negative
``filled(x)``         whether something is answered; always known
``length(x)``         how many characters a text has
``date("…")``         the date of a text such as 2027-12-31
====================  =================================================================================================
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from judging.domain.errors import N_
from judging.domain.expressions import faults, tree
from judging.domain.expressions.faults import BadExpression
from judging.domain.expressions.types import DATE, NUMBER, ORDERED, YES, Kind, Type
from judging.domain.expressions.values import Evaluate, Value, day_of, measured, rounded, total

MOST_PLACES = 6
SUMMED = frozenset({Kind.NUMBER, Kind.MONEY})


@dataclass(frozen=True)
class Typed:
    """A part of a rule with its type; ``evaluate`` gives its value, None where that is unknown."""

    type: Type
    evaluate: Evaluate
    at: int
    constant: Fraction | str | None = None
    """The value of a literal."""


@dataclass(frozen=True)
class Function:
    """``wanted`` says in words what the function takes."""

    wanted: str
    build: Callable[[Sequence[Typed], int], Typed]


class DoesNotTake(Exception):
    """The arguments are not what the function takes."""


def call(node: tree.Call, arguments: Sequence[Typed]) -> Typed:
    """Type the call of a function; raise :class:`BadExpression` where there is none or it does not take that."""
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise BadExpression(faults.UNKNOWN_FUNCTION, node.at, name=node.name)
    try:
        return function.build(arguments, node.at)
    except DoesNotTake:
        raise BadExpression(faults.ARGUMENTS, node.at, name=node.name, wanted=function.wanted) from None


def _listed(arguments: Sequence[Typed], kinds: frozenset[Kind] | None = None) -> Type:
    """The type of the values of the only argument, a column."""
    of = arguments[0].type.of if len(arguments) == 1 else None
    if of is None or (kinds is not None and of.kind not in kinds):
        raise DoesNotTake
    return of


def _alike(arguments: Sequence[Typed], kinds: frozenset[Kind], number: int | None = None) -> Type:
    """The one type of all arguments."""
    types = {argument.type for argument in arguments}
    if len(types) != 1 or (number is not None and len(arguments) != number):
        raise DoesNotTake
    (only,) = types
    if only.kind not in kinds:
        raise DoesNotTake
    return only


def _known(arguments: Sequence[Typed], compute: Callable[..., Value]) -> Evaluate:
    """What ``compute`` makes of the values where all of them are known."""
    parts = [argument.evaluate for argument in arguments]

    def evaluate(environment: Mapping[str, Any]) -> Value:
        values = [part(environment) for part in parts]
        return None if any(value is None for value in values) else compute(*values)

    return evaluate


def _of_column(column: Typed, compute: Callable[[tuple[Any, ...]], Value]) -> Evaluate:
    """What ``compute`` makes of a column where every value in it is known."""

    def whole(values: tuple[Any, ...]) -> Value:
        return None if any(value is None for value in values) else compute(values)

    return _known([column], whole)


def _sum(arguments: Sequence[Typed], at: int) -> Typed:
    of = _listed(arguments, SUMMED)
    return Typed(of, _of_column(arguments[0], lambda values: measured(total(values))), at)


def _count(arguments: Sequence[Typed], at: int) -> Typed:
    if len(arguments) != 1 or arguments[0].type.kind not in (Kind.TABLE, Kind.LIST):
        raise DoesNotTake
    return Typed(NUMBER, _known(arguments, lambda rows: Fraction(sum(row is not None for row in rows))), at)


def _extreme(choose: Callable[..., Any]) -> Callable[[Sequence[Typed], int], Typed]:
    def build(arguments: Sequence[Typed], at: int) -> Typed:
        if len(arguments) == 1:
            of = _listed(arguments, ORDERED)
            return Typed(of, _of_column(arguments[0], lambda values: choose(values, default=None)), at)
        return Typed(_alike(arguments, ORDERED), _known(arguments, choose), at)

    return build


def _distinct(arguments: Sequence[Typed], at: int) -> Typed:
    _listed(arguments)

    def compute(values: tuple[Any, ...]) -> bool:
        answered = [value for value in values if value is not None]
        return len(set(answered)) == len(answered)

    return Typed(YES, _known(arguments, compute), at)


def _within(arguments: Sequence[Typed], at: int) -> Typed:
    _alike(arguments, ORDERED, 3)
    return Typed(YES, _known(arguments, lambda value, low, high: low <= value <= high), at)


def _share(arguments: Sequence[Typed], at: int) -> Typed:
    _alike(arguments, SUMMED, 2)
    return Typed(NUMBER, _known(arguments, lambda part, whole: measured(part * 100 / whole) if whole else None), at)


def _round(arguments: Sequence[Typed], at: int) -> Typed:
    if len(arguments) != 2 or arguments[0].type.kind is not Kind.NUMBER:
        raise DoesNotTake
    places = arguments[1].constant if arguments[1].type is NUMBER else None
    if not isinstance(places, Fraction) or places.denominator != 1 or places > MOST_PLACES:
        raise DoesNotTake
    return Typed(NUMBER, _known(arguments[:1], lambda number: rounded(number, int(places))), at)


def _months(arguments: Sequence[Typed], at: int) -> Typed:
    _alike(arguments, frozenset({Kind.DATE}), 2)
    return Typed(NUMBER, _known(arguments, months_between), at)


def months_between(first: date, last: date) -> Fraction:
    """Whole months from one date to another: the 31st of January and the 28th of February are no month apart."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return Fraction(max(months, 0))


def _filled(arguments: Sequence[Typed], at: int) -> Typed:
    if len(arguments) != 1 or arguments[0].type.kind is Kind.LIST:
        raise DoesNotTake
    part = arguments[0].evaluate
    return Typed(YES, lambda environment: part(environment) not in (None, ()), at)


def _length(arguments: Sequence[Typed], at: int) -> Typed:
    _alike(arguments, frozenset({Kind.TEXT}), 1)
    return Typed(NUMBER, _known(arguments, lambda text: Fraction(len(text))), at)


def _date(arguments: Sequence[Typed], at: int) -> Typed:
    text = arguments[0].constant if len(arguments) == 1 else None
    if not isinstance(text, str):
        raise DoesNotTake
    day = day_of(text)
    if day is None:
        raise BadExpression(faults.NO_DATE, arguments[0].at, text=text)
    return Typed(DATE, lambda _environment: day, at)


FUNCTIONS: Mapping[str, Function] = {
    "sum": Function(N_("a column of numbers or money"), _sum),
    "count": Function(N_("a table or a column"), _count),
    "least": Function(N_("a column, or values of one kind, of numbers, money or dates"), _extreme(min)),
    "greatest": Function(N_("a column, or values of one kind, of numbers, money or dates"), _extreme(max)),
    "distinct": Function(N_("a column"), _distinct),
    "within": Function(N_("a value and two bounds of one kind: numbers, money or dates"), _within),
    "share": Function(N_("two numbers or two sums of money"), _share),
    "round": Function(N_("a number and how many decimals, 0 to 6"), _round),
    "months": Function(N_("two dates"), _months),
    "filled": Function(N_("one value or a table"), _filled),
    "length": Function(N_("a text"), _length),
    "date": Function(N_("a text such as 2027-12-31"), _date),
}
