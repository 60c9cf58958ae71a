"""What a rule computes with while it runs: exact values, and None for what is unknown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judging.domain.expressions.types import Kind

MOST_BITS = 2_048
"""Of the numerator and of the denominator of what a rule computes: some 600 digits."""
Value = Fraction | date | str | bool | tuple[Any, ...] | frozenset[str] | None
Environment = Mapping[str, Any]
"""Answers by the code of their field, ``row`` the row at hand; None or a missing key is what is not answered."""
Evaluate = Callable[[Environment], Value]


def exactly(kind: Kind) -> Callable[[Any], Value]:
    """How an answer of a kind becomes what a rule computes with; None where it is not answered, as an empty text is."""
    return _EXACTLY.get(kind, _as_it_is)


def _number(answer: Any) -> Value:
    return None if answer is None or answer == "" else Fraction(answer)


def _several(answer: Any) -> Value:
    return None if answer is None or answer == "" else frozenset(answer) or None


def _as_it_is(answer: Any) -> Value:
    return None if answer == "" else answer  # the form's reader has given it its type


_EXACTLY: Mapping[Kind, Callable[[Any], Value]] = {Kind.NUMBER: _number, Kind.MONEY: _number, Kind.CHOICES: _several}


def column(rows: Sequence[Mapping[str, Any]] | None, name: str, read: Callable[[Any], Value]) -> Value:
    """The values of a column, row by row; None where the table itself is not known."""
    return None if rows is None else tuple([read(row.get(name)) for row in rows])


def total(numbers: Sequence[Fraction]) -> Fraction:
    """The sum, exactly; numbers over the same denominator are added up as whole ones, which is many times as fast."""
    tops: dict[int, int] = {}
    for number in numbers:
        top, bottom = number.as_integer_ratio()
        tops[bottom] = tops.get(bottom, 0) + top
    return sum((Fraction(top, bottom) for bottom, top in tops.items()), Fraction(0))


def day_of(text: str) -> date | None:
    """The date of a text such as 2027-12-31, in this notation alone; None where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def measured(number: Fraction) -> Fraction | None:
    """The number, unknown where it is beyond all measure: formulas that multiply each other grow without end."""
    return number if max(number.numerator.bit_length(), number.denominator.bit_length()) <= MOST_BITS else None


def rounded(number: Fraction, places: int) -> Fraction:
    """Round half up (away from nought) to so many decimals, exactly."""
    scaled = abs(number) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Fraction(whole if number >= 0 else -whole, 10**places)


def written(number: Fraction, places: int) -> Decimal:
    """The number with so many decimals, rounded half up."""
    return Decimal(f"{int(rounded(number, places) * 10**places)}e-{places}")
