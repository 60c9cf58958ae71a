"""Values within a rule: how they are written, and read from its tree."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judging.domain.expressions import Kind
from judging.domain.expressions import tree as parts
from judging.domain.expressions.values import day_of

MOST_PLACES = 12
"""Decimals of a number in a sentence."""
KOPECKS = 100


@dataclass(frozen=True)
class Literal:
    """A value: of a number a ``Decimal``, of a sum kopecks, of a date a ``date``, of a text or a choice a ``str``."""

    kind: Kind
    value: Decimal | int | date | str


def write_literal(literal: Literal) -> str:
    """Return the value as a rule has it."""
    value: Any = literal.value
    if literal.kind is Kind.NUMBER:
        return format(value, "f")
    if literal.kind is Kind.MONEY:
        roubles, kopecks = divmod(abs(value), KOPECKS)
        text = f"{roubles:,}".replace(",", " ") + (f".{kopecks:02d}" if kopecks else "")
        return f"{'-' if value < 0 else ''}{text} ₽"
    return f'date("{value.isoformat()}")' if literal.kind is Kind.DATE else f'"{value}"'


def read_literal(node: parts.Node) -> Literal | None:
    """Return the value that a part of a rule is; None where it is none."""
    if isinstance(node, parts.Number):
        return _number(node.value, node.money)
    if isinstance(node, parts.Unary) and node.operator == "-" and isinstance(node.operand, parts.Number):
        return _number(-node.operand.value, node.operand.money)
    if isinstance(node, parts.Text):
        return Literal(Kind.TEXT, node.value)
    if isinstance(node, parts.Call) and node.name == "date" and len(node.arguments) == 1:
        text = node.arguments[0]
        day = day_of(text.value) if isinstance(text, parts.Text) else None
        return None if day is None else Literal(Kind.DATE, day)
    return None


def _number(value: Fraction, money: bool) -> Literal | None:
    if money:
        return Literal(Kind.MONEY, int(value)) if value.denominator == 1 else None
    for places in range(MOST_PLACES + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return Literal(Kind.NUMBER, Decimal(f"{int(scaled)}e-{places}"))
    return None
