"""Kopecks as roubles."""

from decimal import Decimal


def roubles(kopecks: int) -> Decimal:
    """Return an integer of kopecks as roubles with two decimals."""
    return Decimal(kopecks).scaleb(-2)
