"""Messages with figures: ``The sources do not add up, {total_cost - own_funds} is missing``.

Each figure is a typed rule. It is written with so many decimals that it differs from what it is compared with: 49.995
is not said to be 50.00 where 50 is the bound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from judging.domain.expressions import faults
from judging.domain.expressions.compiling import Expression, compile_expression
from judging.domain.expressions.faults import BadExpression
from judging.domain.expressions.types import Kind, Type
from judging.domain.expressions.values import Environment, Value, rounded

SHOWN = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.TEXT, Kind.CHOICE})
FEWEST, MOST = 2, 12
"""Decimals of a number that has no end."""


@dataclass(frozen=True)
class Figure:
    """A value in a message; ``places`` are the decimals of a number. ``value`` is None where it is unknown."""

    type: Type
    value: Value
    places: int = 0


@dataclass(frozen=True)
class Message:
    """A message as its texts and the rules of its figures, in their order."""

    parts: tuple[str | Expression, ...]

    def fill(self, environment: Environment, bounds: Iterable[Value] = ()) -> tuple[str | Figure, ...]:
        """The message with its figures; ``bounds``: what they must not be rounded to."""
        known = frozenset(bound for bound in bounds if isinstance(bound, Fraction))
        return tuple(part if isinstance(part, str) else _figure(part, environment, known) for part in self.parts)


def compile_message(text: str, fields: Mapping[str, Type], *, row: Mapping[str, Type] | None = None) -> Message:
    """Read and type a message; raise :class:`BadExpression` with the character of the first fault."""
    parts: list[str | Expression] = []
    at = 0
    while (opens := text.find("{", at)) >= 0:
        closes = text.find("}", opens)
        if closes < 0:
            raise BadExpression(faults.OPEN_BRACE, opens)
        if opens > at:
            parts.append(text[at:opens])
        parts.append(_rule(text[opens + 1 : closes], opens + 1, fields, row))
        at = closes + 1
    if at < len(text):
        parts.append(text[at:])
    return Message(tuple(parts))


def _rule(text: str, at: int, fields: Mapping[str, Type], row: Mapping[str, Type] | None) -> Expression:
    try:
        rule = compile_expression(text, fields, row=row)
    except BadExpression as error:
        raise BadExpression(error.message, at + error.at, **error.params) from None
    if rule.type.kind not in SHOWN:
        raise BadExpression(faults.NOT_SHOWN, at, found=rule.type.words)
    return rule


def _figure(rule: Expression, environment: Environment, bounds: frozenset[Fraction]) -> Figure:
    value = rule.evaluate(environment)
    if not isinstance(value, Fraction):
        return Figure(rule.type, value)
    if rule.type.kind is Kind.MONEY:
        value /= 100
        bounds = frozenset(bound / 100 for bound in bounds)
    return Figure(rule.type, value, places_of(value, bounds))


def places_of(number: Fraction, bounds: frozenset[Fraction]) -> int:
    """With how many decimals a number is written: all that it has, or as few as tell it from the bounds."""
    for places in range(FEWEST):
        if rounded(number, places) == number:
            return places
    others = bounds - {number}
    for places in range(FEWEST, MOST):
        shown = rounded(number, places)
        if shown == number or shown not in others:
            return places
    return MOST
