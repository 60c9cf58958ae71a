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

MOST_NUMBERS = 4
LONGEST_TELEPHONE = 100
"""Of the text that is kept: two numbers with extensions and words beside them."""
LEAST_DIGITS, MOST_DIGITS, RUSSIAN = 6, 15, 11
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_EXTENSION = re.compile(
    r"[\s,(]*(?<![^\W\d_])(?:доб(?:ав(?:очный)?)?|вн(?:утр(?:енний)?)?|ext(?:ension)?|x|#)\.?:?"
    r"\s*(?:номер|тел\.?|№)?:?\s*(?P<digits>[0-9]{1,6})\s*\)?$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"(?<=[0-9])\s*\(\s*(?P<digits>[0-9]{1,6})\s*\)$")
_ANOTHER_EXTENSION = re.compile(r"(?P<digits>[0-9]{1,5})\s*\)?")
_KIND = r"(?:тел(?:ефон)?|моб(?:ильный)?|раб(?:очий)?|факс|сот(?:овый)?|дом(?:ашний)?|т|tel|mob|fax)\.?"
_KIND_BEFORE = re.compile(rf"^(?:{_KIND}:?\s*)+(?=[+(0-9])", re.IGNORECASE)
_KIND_BEHIND = re.compile(rf"[\s,]*\(\s*{_KIND}(?:\s*{_KIND})?\s*\)$|\s+{_KIND}$", re.IGNORECASE)
_BOTH = re.compile(
    r"(?<![^\W\d_])(?:(?:теле?(?:фон)?|т)\.?:?\s?[/-]?\s?(?:факс|ф)|факс\.?:?\s?[/-]?\s?тел(?:ефон)?|tel\.?/fax)"
    r"(?![^\W\d_])\.?",
    re.IGNORECASE,
)
"""Telephone and fax in one: its bar parts no numbers."""
_NUMBER = re.compile(r"\+?\s?\(?[0-9](?:[ .()-]{0,3}[0-9])*\)?")
_APART = re.compile(r"\s*[;/\n]\s*|\s+(?:и|или)\s+|\s*,\s*(?=\+|\(?\s?[0-9]|тел|моб|раб|факс|сот|дом)", re.IGNORECASE)
_ENDING = re.compile(r"[0-9]{1,2}(?:-[0-9]{2})?")


@dataclass(frozen=True)
class Telephone:
    """A number with its country code where it could be told (``+74951234567``), and its extensions: ``123, 124``."""

    number: str
    extension: str = ""


def read_telephone(text: str) -> str:
    """Return the telephones as they are kept; raise :class:`Unfit` that says what is wrong with which."""
    telephones(text)
    return squeezed(text)


def telephones(text: str) -> tuple[Telephone, ...]:
    """Return every number in what was typed; ``123-45-67/68`` names two that end differently.

    A short number after an extension is another extension of the same telephone, never the ending of a second one.
    """
    if len(text) > LONGEST_TELEPHONE * 2:
        raise Unfit(NO_TELEPHONE)
    typed = _BOTH.sub("тел.", squeezed(text).translate(_DASHES))
    found: list[Telephone] = []
    for part in filter(None, _APART.split(typed)):
        found[-1:] = _with(found[-1] if found else None, part)
    if not found:
        raise Unfit(NO_TELEPHONE)
    if len(found) > MOST_NUMBERS:
        raise Unfit(TOO_MANY, most=MOST_NUMBERS)
    return tuple(found)


def _with(before: Telephone | None, part: str) -> list[Telephone]:
    """The telephone ``before`` and what the next part makes of it: an extension more, or another telephone."""
    if before is None:
        return [_telephone(part)]
    another = _ANOTHER_EXTENSION.fullmatch(part) if before.extension else None
    if another:
        return [Telephone(before.number, f"{before.extension}, {another['digits']}")]
    if _ENDING.fullmatch(part) and not before.extension:
        digits = part.replace("-", "")
        return [before, Telephone(before.number[: -len(digits)] + digits)]
    return [before, _telephone(part)]


def _telephone(part: str) -> Telephone:
    typed = _KIND_BEHIND.sub("", _KIND_BEFORE.sub("", part.strip()))
    extension = _EXTENSION.search(typed) or _bracketed(typed)
    written = _KIND_BEHIND.sub("", typed[: extension.start()] if extension else typed).strip()
    if not _NUMBER.fullmatch(written) or written.count("(") != written.count(")"):
        raise Unfit(NO_TELEPHONE)
    return Telephone(_whole(written), extension["digits"] if extension else "")


def _bracketed(typed: str) -> re.Match[str] | None:
    """An extension in brackets at the end; None where the brackets hold the last digits of the number itself."""
    found = _IN_BRACKETS.search(typed)
    if found is None:
        return None
    digits, before = _digits(typed), _digits(typed[: found.start()])
    if len(digits) == RUSSIAN - 1 or (len(digits) == RUSSIAN and digits[0] in "78"):
        return None
    foreign = typed.startswith("+") and digits[0] != "7"
    return found if len(before) >= (RUSSIAN if foreign else LEAST_DIGITS) else None


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _whole(written: str) -> str:
    digits = _digits(written)
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
