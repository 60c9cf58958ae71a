"""Telephones as people write them: with extensions, dashes of every kind, points, and more than one number.

Kept is what was typed (:func:`read_telephone`); :func:`telephones` gives the numbers in it as E.164 has them.
"""

import re
from dataclasses import dataclass

from judging.domain.errors import N_, Unfit
from judging.domain.fields.texts import squeezed

NO_TELEPHONE = N_("Enter a telephone, for example +7 495 123-45-67, ext. 123")
RUSSIAN_DIGITS = N_("A number of Russia has 11 digits with +7 or 8, here are %(digits)s: %(number)s")
DIGITS = N_("A telephone has 6 to 15 digits, here are %(digits)s: %(number)s")
TOO_MANY = N_("No more than %(most)s telephones")

MOST = 4
LONGEST_TELEPHONE = 100
"""Of the text that is kept: two numbers with extensions and words beside them."""
LEAST_DIGITS, MOST_DIGITS, RUSSIAN = 6, 15, 11
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_EXTENSION = re.compile(
    r"[\s,(]*(?:доб(?:ав(?:очный)?)?|вн(?:утр(?:енний)?)?|ext(?:ension)?|x|#)\.?:?\s*(?P<digits>[0-9]{1,6})\s*\)?$",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:тел(?:ефон)?|моб(?:ильный)?|раб(?:очий)?|факс|сот(?:овый)?|т|tel|mob|fax)\.?(?:/факс)?:?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"\+?\s?\(?[0-9](?:[ .()-]{0,3}[0-9])*\)?")
_APART = re.compile(r"\s*[;/\n]\s*|\s+(?:и|или)\s+|\s*,\s*(?=[+(0-9]|тел|моб|раб|факс)", re.IGNORECASE)
_ENDING = re.compile(r"[0-9]{1,2}(?:-[0-9]{2})?")


@dataclass(frozen=True)
class Telephone:
    """A number with its country code where it could be told (``+74951234567``), and an extension."""

    number: str
    extension: str = ""


def read_telephone(text: str) -> str:
    """Return the telephones as they are kept; raise :class:`Unfit` that says what is wrong with which."""
    telephones(text)
    return squeezed(text)


def telephones(text: str) -> tuple[Telephone, ...]:
    """Return every number in what was typed; ``123-45-67/68`` names two that end differently."""
    if len(text) > LONGEST_TELEPHONE * 2:
        raise Unfit(NO_TELEPHONE)
    parts = [part for part in _APART.split(squeezed(text).translate(_DASHES)) if part]
    if not parts:
        raise Unfit(NO_TELEPHONE)
    if len(parts) > MOST:
        raise Unfit(TOO_MANY, most=MOST)
    found: list[Telephone] = []
    for part in parts:
        ending = _ENDING.fullmatch(part)
        found.append(_other_ending(found[-1], part) if ending and found else _telephone(part))
    return tuple(found)


def _other_ending(before: Telephone, part: str) -> Telephone:
    digits = part.replace("-", "")
    return Telephone(before.number[: -len(digits)] + digits)


def _telephone(part: str) -> Telephone:
    extension = _EXTENSION.search(part)
    written = _KIND.sub("", part[: extension.start()] if extension else part, count=1).strip()
    if not _NUMBER.fullmatch(written) or written.count("(") != written.count(")"):
        raise Unfit(NO_TELEPHONE)
    return Telephone(_whole(written), extension["digits"] if extension else "")


def _whole(written: str) -> str:
    digits = re.sub("[^0-9]", "", written)
    russian = re.match(r"\+\s?\(?7|[78][ (.-]", written)
    if russian and len(digits) != RUSSIAN:
        raise Unfit(RUSSIAN_DIGITS, digits=len(digits), number=written)
    if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise Unfit(DIGITS, digits=len(digits), number=written)
    if written.startswith("+"):
        return f"+{digits}"
    if len(digits) == RUSSIAN and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == RUSSIAN - 1 else digits
