"""Plain statistics of a handful of marks: how many, mean, median, least, greatest, standard deviation."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

PRECISION = 28
"""Significant digits of the root that the deviation takes; everything before it is exact."""


@dataclass(frozen=True)
class Spread:
    """Statistics of ``count`` values on their own scale; exact but for ``deviation``.

    ``deviation`` is the sample standard deviation (divided by count - 1), None of a single value.
    """

    count: int
    mean: Fraction
    median: Fraction
    least: Fraction
    greatest: Fraction
    deviation: Decimal | None


def spread(values: Sequence[Fraction | Decimal]) -> Spread | None:
    """Return the statistics of ``values``; None of none."""
    if not values:
        return None
    ordered = sorted(Fraction(value) for value in values)
    count, middle = len(ordered), len(ordered) // 2
    mean = sum(ordered, Fraction(0)) / count
    median = ordered[middle] if count % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Spread(count, mean, median, ordered[0], ordered[-1], _deviation(ordered, mean))


def _deviation(values: Sequence[Fraction], mean: Fraction) -> Decimal | None:
    if len(values) < 2:
        return None
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)
    with localcontext(prec=PRECISION):
        return (Decimal(variance.numerator) / variance.denominator).sqrt()
