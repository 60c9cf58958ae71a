"""Codes: of a contest, of activities (ОКВЭД2), and numbers that are kept as text."""

import re
from collections.abc import Iterable, Iterator

from judging.domain.errors import N_, Unfit
from judging.domain.fields.bounds import MOST_TOPICS
from judging.domain.fields.texts import line
from judging.domain.identifiers import is_okpd2, is_okved
from judging.domain.okved import section_of

CRITERION_CODE = re.compile(r"[A-Za-z0-9_.-]+")
NO_CRITERION_CODE = N_("Latin letters, digits, full stops, hyphens, underscores")
CONTEST_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")
RESERVED_CODES = frozenset({"new", "from-archive"})
"""Words that stand at the place of a code in the addresses of pages."""
NO_CONTEST_CODE = N_("The code is 2 to 40 Latin letters, digits, full stops, hyphens or underscores")
RESERVED_CODE = N_("“%(code)s” is a word of the addresses of pages: choose another code")

NO_OKVED = N_("Not an OKVED2 code: %(codes)s. For example: 28.41")
NO_CLASS = N_("There is no such class in OKVED2: %(codes)s")
ONE_OR_TWO = N_("“%(typed)s”: one code or several? Write a point within a code and a space between codes: 28.41, 25.62")
NO_CLASS_OF_PRODUCTS = N_("There is no such class in OKPD2: %(code)s")
NO_OKPD2 = N_("Not an OKPD2 code: %(code)s. For example: 28.41.11.000")
TOO_MANY_CODES = N_("No more than %(most)s codes")

ONLY_DIGITS = N_("Only the digits 0 to 9 are taken here, and “%(sign)s” is none of them")

_BETWEEN = re.compile(r"[\s;/|]+")
_NUMBERS = r"[0-9]+(?:[.,][0-9]+)*"
_TORN = re.compile(rf"(?P<left>{_NUMBERS})(?:[.,\s]*(?:\s\.|\.\s|\s,)[.,\s]*)(?=(?P<right>{_NUMBERS}))")
"""A space beside a point or before a comma, which may stand within a code as well as between two."""
_WORDS = frozenset({"и", "или", "оквэд", "оквэд2", "оквэд-2", "okved", "okved2"})


def contest_code(text: str) -> str:
    """Return the code of a contest; it stands in addresses and in names of files, and no two differ by case alone."""
    if not CONTEST_CODE.fullmatch(text):
        raise Unfit(NO_CONTEST_CODE)
    if text.lower() in RESERVED_CODES:
        raise Unfit(RESERVED_CODE, code=text)
    return text


def criterion_code(text: str) -> str:
    """Return the code of a criterion; names of fields and addresses hold it."""
    if not CRITERION_CODE.fullmatch(text):
        raise Unfit(NO_CRITERION_CODE)
    return text


def read_okveds(text: str, *, most: int = MOST_TOPICS) -> list[str]:
    """Read ОКВЭД2 codes between spaces, semicolons or commas, each once, in the order typed.

    A comma without a space stands for a point (``28,41``): a class of two digits is never meant by it. Where both
    readings are possible the person is asked, as where a space tears a code apart (``28 ,41``, ``28. 41``).
    """
    codes = list(dict.fromkeys(_codes(text)))
    _require((code for code in codes if not is_okved(code)), NO_OKVED)
    _require((code for code in codes if not section_of(code)), NO_CLASS)
    if len(codes) > most:
        raise Unfit(TOO_MANY_CODES, most=most)
    return codes


def okved(text: str) -> str:
    """Return one code as an archive gives it; raise :class:`Unfit` where the classifier has no such class."""
    if not is_okved(text):
        raise Unfit(NO_OKVED, codes=text)
    if not section_of(text):
        raise Unfit(NO_CLASS, codes=text)
    return text


def read_okpd2(text: str) -> str:
    """Read one ОКПД2 code; raise :class:`Unfit` for what has not its form or lies in no class."""
    code = line(text).rstrip(".")
    if not is_okpd2(code):
        raise Unfit(NO_OKPD2, code=code[:40])
    if not section_of(code):
        raise Unfit(NO_CLASS_OF_PRODUCTS, code=code)
    return code


def digits(text: str) -> str:
    """Return a number that is kept as text without the spaces in it; leading zeros stay."""
    return "".join(line(text).split())


def require_digits(text: str) -> None:
    """Raise :class:`Unfit` that names the first sign which is no digit, though it may look like one."""
    odd = next((sign for sign in text if not (sign.isascii() and sign.isdigit())), None)
    if odd is not None:
        raise Unfit(ONLY_DIGITS, sign=odd)


def _codes(text: str) -> Iterator[str]:
    typed_line = line(text.replace("\n", " "))
    _refuse_torn(typed_line)
    for chunk in _BETWEEN.split(typed_line):
        typed = chunk.strip(",.:")
        if typed and typed.casefold() not in _WORDS:
            yield from _chunk(typed)


def _refuse_torn(text: str) -> None:
    """Raise :class:`Unfit` where numbers on both sides of a doubtful space would make one code together."""
    for torn in _TORN.finditer(text):
        left, right = torn["left"], torn["right"]
        befores, afters = {left, left.rpartition(",")[2]}, {right, right.partition(",")[0]}
        if any(is_okved(f"{one}.{other}".replace(",", ".")) for one in befores for other in afters):
            raise Unfit(ONE_OR_TWO, typed=torn[0] + right)


def _chunk(typed: str) -> list[str]:
    """The codes in what stands between spaces."""
    parts = [part.strip(".") for part in typed.split(",") if part]
    if len(parts) == 1:
        return parts
    if all("." in part for part in parts):
        return parts
    pointed = ".".join(parts)
    if "." not in typed and is_okved(pointed):
        return [pointed]
    if any(char.isalpha() for char in typed):
        return parts
    raise Unfit(ONE_OR_TWO, typed=typed)


def _require(wrong: Iterable[str], message: str) -> None:
    found = ", ".join(wrong)
    if found:
        raise Unfit(message, codes=found[:200])
