"""Numbers and sums of money as people type them: exact decimals, never floats.

Digits may stand in groups of three between spaces of every kind or apostrophes; a comma or a point begins the
decimals. Where both stand, the last one begins the decimals and the other parts the groups (``1.250.000,50``,
``1,250,000.50``); one that stands more than once parts groups as well.
"""

import re
import unicodedata
from decimal import Decimal

from judging.domain.errors import N_, Unfit
from judging.domain.fields.texts import line

NO_NUMBER = N_("Enter a number, for example 12,5")
NO_SUM = N_("Enter an amount in roubles, for example 1 250 000,50")
BROKEN_GROUPS = N_("Digits stand in groups of three: 1 250 000. Check the number, a digit may be missing")
NO_DIGIT = N_("“%(sign)s” is not a digit")
IN_FULL = N_("Write the amount in full, in roubles: 1 250 000 instead of 1.25 million")
TOO_FINE = N_("No more than %(places)s decimals; spaces stand between thousands: 1 250 000")
TOO_LONG = N_("A number of more than %(most)s digits")
NEGATIVE = N_("An amount is not negative")
BEYOND = N_("An amount of 10 trillion roubles or more")

MOST_DIGITS = 30
GREATEST_SUM = 10**15
"""Kopecks: 10 trillion roubles, more than any contest has."""
_LONGEST = 100
_MINUS = dict.fromkeys(map(ord, "−–—‐‑‒﹣－"), "-")
_APOSTROPHES = "'’‘`ʼ´′"
_CURRENCY = re.compile(r"\s*(?:₽|руб(?:\.|лей|ль|ля)?|р\.?|rub\.?|rur)$", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(r"(?:₽|руб(?:\.|лей|ль|ля)?|rub\.?|rur)\s*(?=[0-9+-])", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?:тыс|млн|млрд|трлн|т\.\s?р|mln|mil)", re.IGNORECASE)
_SHAPE = re.compile(r"(?P<sign>[+-]?)\s?(?P<body>[0-9., ]+)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<gap>[ .,])[0-9]{3})(?:(?P=gap)[0-9]{3})*|[0-9]*")
_PLAIN = re.compile(r"[0-9]*")


def read_decimal(text: str, *, places: int | None = None, unit: str = "", message: str = NO_NUMBER) -> Decimal:
    """Read an exact decimal with at most ``places`` decimals; the ``unit`` may stand behind it (``12,5 %``)."""
    typed = _spaced(text).removesuffix(unit.strip()).strip() if unit else _spaced(text)
    shape = _SHAPE.fullmatch(typed)
    if shape is None or not any(sign.isdigit() for sign in typed) or len(text) > _LONGEST:
        raise _strange(typed, message)
    whole, fraction = _parted(shape["body"].strip())
    if not _GROUPED.fullmatch(whole) or not _PLAIN.fullmatch(fraction):
        raise Unfit(BROKEN_GROUPS)
    digits = re.sub("[^0-9]", "", whole)
    if len(digits) + len(fraction) > MOST_DIGITS:
        raise Unfit(TOO_LONG, most=MOST_DIGITS)
    if places is not None and len(fraction) > places:
        raise Unfit(TOO_FINE, places=places)
    number = Decimal(f"{digits or 0}.{fraction}" if fraction else digits)
    return -number if shape["sign"] == "-" and number else number


def read_money(text: str) -> int:
    """Read a sum of roubles, at least nought, as kopecks; ₽ or «руб.» may stand behind it or before it."""
    typed = _spaced(text)
    if _MULTIPLE.search(typed):
        raise Unfit(IN_FULL)
    number = read_decimal(_without_currency(typed), places=2, message=NO_SUM)
    if number < 0:
        raise Unfit(NEGATIVE)
    return bounded_sum(int(number * 100))


def bounded_sum(kopecks: int) -> int:
    """Return a sum that a contest may have; raise :class:`Unfit` for a greater one."""
    if kopecks >= GREATEST_SUM:
        raise Unfit(BEYOND)
    return kopecks


def _without_currency(typed: str) -> str:
    """The sum without its ₽ or «руб.», which stands on one side only."""
    before = _CURRENCY_BEFORE.match(typed)
    return typed[before.end() :] if before else _CURRENCY.sub("", typed)


def _spaced(text: str) -> str:
    """The text with every space and apostrophe as one plain space, every dash as a minus."""
    marks = (" " if sign in _APOSTROPHES or sign.isspace() else sign for sign in line(text[: _LONGEST + 1]))
    return " ".join("".join(marks).translate(_MINUS).split())


def _parted(body: str) -> tuple[str, str]:
    """Whole part and decimals, parted at the last comma or point where that begins decimals."""
    places = [place for place, sign in enumerate(body) if sign in ",."]
    if not places:
        return body, ""
    last = body[places[-1]]
    if body.count(last) > 1:
        return body, ""
    return body[: places[-1]], body[places[-1] + 1 :]


def _strange(typed: str, message: str) -> Unfit:
    """Name the sign that only looks like a digit, where that is all that is wrong."""
    odd = [sign for sign in typed if not (sign.isascii() and sign.isdigit()) and sign not in "+-., "]
    if len(odd) == 1 and len(typed) > 1 and (odd[0] in "ОоOoЗзlI" or unicodedata.decimal(odd[0], None) is not None):
        return Unfit(NO_DIGIT, sign=odd[0])
    return Unfit(message)
