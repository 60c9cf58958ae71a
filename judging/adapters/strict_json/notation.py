"""How single values stand in an archive: decimals, money, instants, and the path of a place.

Every reader here takes the parsed JSON value and raises :class:`~judging.domain.errors.Unfit` where it does not fit.
"""

import json
import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from judging.domain.errors import N_, Unfit
from judging.domain.fields.instants import EARLIEST, FIRST_YEAR, LAST_YEAR, LATEST

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_NAME = re.compile(r"[\w-]+")
_DIGITS = 40
_KOPECKS_IN_ROUBLE = 100
_KOPECK_DIGITS = 2
_GREATEST_STORED_SUM = 10**17
"""Kopecks of documents that were stored before sums were bounded as in forms; what comes in is measured at the door."""


def decimal_value(value: object) -> Decimal:
    """Read a decimal in plain notation: ``-12.50``; no exponent, no plus, no JSON number."""
    if isinstance(value, int | float):
        raise Unfit(N_("not a decimal: numbers are written as text, in quotes"))
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Unfit(N_("not a decimal"))
    if len(value) > _DIGITS:
        raise Unfit(N_("a decimal of more than %(most)s characters"), most=_DIGITS)
    return Decimal(value)


def kopecks_value(value: object) -> int:
    """Read a sum of roubles, at least nought and with at most two decimals, as kopecks."""
    text = decimal_text(decimal_value(value))
    roubles, _, rest = text.partition(".")
    if text.startswith("-"):
        raise Unfit(N_("a sum of money is not negative"))
    if len(rest) > _KOPECK_DIGITS:
        raise Unfit(N_("a sum of money has at most two decimals"))
    kopecks = int(roubles + rest.ljust(_KOPECK_DIGITS, "0"))
    if kopecks > _GREATEST_STORED_SUM:
        raise Unfit(N_("a sum of money beyond all measure"))
    return kopecks


def instant_value(value: object) -> datetime:
    """Read an ISO 8601 instant with an offset, to the microsecond; the answer is in UTC."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unfit(N_("not an instant of the form 2026-03-31T18:00:00+03:00"))
    if match.group(1) is None:
        raise Unfit(N_("an instant needs an offset, such as +03:00"))
    try:
        instant = datetime.fromisoformat(match.group(0))
    except ValueError:
        raise Unfit(N_("there is no such date or time")) from None
    if not EARLIEST <= instant <= LATEST:
        raise Unfit(N_("a year before %(first)s or after %(last)s"), first=FIRST_YEAR, last=LAST_YEAR)
    return instant.astimezone(UTC)


def timezone_value(name: str) -> str:
    """Read the name of a time zone as the IANA database spells it."""
    if name not in _timezones():
        raise Unfit(N_("there is no such time zone"))
    return name


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def decimal_text(value: Decimal) -> str:
    """Write a decimal in plain notation, keeping its trailing zeros."""
    return format(value, "f")


def roubles_text(kopecks: int) -> str:
    """Write kopecks as roubles with two decimals: ``12345`` is ``"123.45"``."""
    roubles, rest = divmod(kopecks, _KOPECKS_IN_ROUBLE)
    return f"{roubles}.{rest:02}"


def instant_text(instant: datetime, zone: tzinfo) -> str:
    """Write an instant as ISO 8601 with the offset that ``zone`` has then."""
    return instant.astimezone(zone).isoformat()


def path_text(*steps: str | int) -> str:
    """Write a place: ``("applications", 3, "requested")`` is ``applications[3].requested``."""
    return "".join(_step_text(step) for step in steps).removeprefix(".")


def _step_text(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"
