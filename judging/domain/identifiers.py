"""The form of codes. Check digits of ИНН and ОГРН are checked where organisations enter the system."""

import re
from collections.abc import Sequence
from itertools import takewhile

from judging.domain.regions import REGIONS

OKVED = re.compile(r"[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?")
"""ОКВЭД2: class XX, subclass XX.X, group XX.XX, subgroup XX.XX.X, kind XX.XX.XX."""
OKPD2 = re.compile(r"[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2}(\.[0-9]{3})?)?)?")
"""ОКПД2: as ОКВЭД2 as far as the kind XX.XX.XX, then the category or subcategory XX.XX.XX.XXX."""
KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
LAST_DIGITS = re.compile(r"[0-9]{1,9}$")


def is_okved(code: str) -> bool:
    """Say whether ``code`` has the form of an ОКВЭД2 code."""
    return OKVED.fullmatch(code) is not None


def is_okpd2(code: str) -> bool:
    """Say whether ``code`` has the form of an ОКПД2 code."""
    return OKPD2.fullmatch(code) is not None


def is_kpp(code: str) -> bool:
    """Say whether ``code`` has the form of a КПП."""
    return KPP.fullmatch(code) is not None


def is_region(code: str) -> bool:
    """Say whether ``code`` is the two-digit code of a subject of the Federation."""
    return code in REGIONS


def common_digits(one: str, other: str) -> int:
    """Return how many leading digits two ОКВЭД2 codes share: 0 nothing, 2 the class, 4 the group."""
    digits = zip(one.replace(".", ""), other.replace(".", ""), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], digits))


def numbers_given(numbers: Sequence[str]) -> int:
    """Return how many registration numbers count as given, so that the next is new whatever form these have."""
    endings = (LAST_DIGITS.search(number) for number in numbers)
    return max([len(numbers), *(int(ending[0]) for ending in endings if ending)])
