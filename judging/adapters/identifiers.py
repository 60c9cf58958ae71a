"""Numbers of legal entities and sole traders: ИНН (INN), ОГРН (OGRN) and ОГРНИП (OGRNIP).

Each check takes the text as it was typed and returns the template of a message, or None where the number is right.
Spaces and other separators are not part of a number: what is stored is digits only.
"""

import re

from stdnum.exceptions import InvalidChecksum, InvalidComponent
from stdnum.ru import inn, ogrn

from judging.domain.errors import N_

_INN = re.compile(r"[0-9]{10}(?:[0-9]{2})?")
_OGRN = re.compile(r"[0-9]{13}(?:[0-9]{2})?")
_INN_LENGTH, _OGRN_LENGTH = 10, 13
_TRADERS_INN_LENGTH, _OGRNIP_LENGTH = 12, 15


def inn_fault(number: str) -> str | None:
    """Say what is wrong with an ИНН: 10 digits of an organisation or 12 of a person, leading zeros kept."""
    if not _INN.fullmatch(number):
        return N_("An INN has 10 digits, a sole trader's 12")
    return None if inn.is_valid(number) else N_("The check digit of the INN does not match")


def ogrn_fault(number: str) -> str | None:
    """Say what is wrong with an ОГРН (13 digits) or an ОГРНИП (15 digits)."""
    if not _OGRN.fullmatch(number):
        return N_("An OGRN has 13 digits, an OGRNIP 15")
    try:
        ogrn.validate(number)
    except InvalidComponent:
        return N_("An OGRN does not begin with 0, an OGRNIP begins with 3 or 4")
    except InvalidChecksum:
        return None if _is_ogrnip(number) else N_("The check digit of the OGRN does not match")
    return None


def invented_inn(serial: int) -> str:
    """Return a right ИНН that no organisation has: there is no tax office 0000."""
    digits = f"{serial:09d}"
    return digits + inn.calc_company_check_digit(digits)


def invented_ogrn(serial: int) -> str:
    """Return a right ОГРН that no organisation has: there is no region 00."""
    digits = f"12600{serial:07d}"
    return digits + ogrn_check_digit(digits)


def ogrn_check_digit(digits: str) -> str:
    """Return the check digit of the first twelve digits of an ОГРН."""
    return str(int(digits) % 11 % 10)


def _is_ogrnip(number: str) -> bool:
    """Check the digit that stdnum 2.2 cannot: of a remainder of 10, 11 or 12 the last digit counts.

    Source: the order of keeping the register of sole traders (the check number is the lowest digit of the remainder
    of the first 14 digits divided by 13).
    """
    return len(number) == _OGRNIP_LENGTH and int(number[:-1]) % 13 % 10 == int(number[-1])


def pair_fault(inn_number: str, ogrn_number: str) -> str | None:
    """Say whether an ИНН and an ОГРН, each right by itself, can be of one person: an organisation's or a trader's."""
    lengths = len(inn_number), len(ogrn_number)
    if lengths in ((_INN_LENGTH, _OGRNIP_LENGTH), (_TRADERS_INN_LENGTH, _OGRN_LENGTH)):
        return N_("An organisation has an INN of 10 digits and an OGRN of 13, a sole trader 12 and 15")
    return None
