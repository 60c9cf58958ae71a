"""Dates and times as browsers send them and as people type them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from judging.domain.errors import N_, Unfit
from judging.domain.fields.texts import squeezed

NO_INSTANT = N_("Enter a date and time, for example 31.03.2026 18:00")
NO_TIME = N_("Enter the time as well, for example 31.03.2026 18:00")
NO_DATE = N_("Enter a date, for example 31.03.2026")
NO_SUCH = N_("There is no such date or time")
NO_YEAR = N_("A year before %(first)s or after %(last)s")
FIRST_YEAR, LAST_YEAR = 1980, 9000
"""Of forms and archives: earlier offsets had seconds, which no notation writes; later years are a slip of the pen."""
EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

_DAY = (
    r"(?:(?P<y>[0-9]{4})[-./](?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})[-./](?P<m2>[0-9]{1,2})[-./](?P<y2>[0-9]{4}))"
)
_CLOCK = r"(?P<h>[0-9]{1,2})[:.](?P<min>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,6}))?)?"
_OFFSET = r"(?P<off>Z|[+-][0-9]{2}:?[0-9]{2})?"
_DATE = re.compile(_DAY + r"(?:\s?г\.?)?")
_MOMENT = re.compile(
    _DAY + r"(?:\s?г\.?)?(?:T|,?\s(?:в\s)?)" + _CLOCK + r"(?:\s?(?:мск|msk))?\s?" + _OFFSET, re.IGNORECASE
)
_LONGEST = 60


def read_instant(text: str, zone: tzinfo) -> datetime:
    """Read a date and time in ``zone``, or with an offset of its own; seconds and their parts are kept.

    24:00 is the midnight that ends the day.
    """
    typed = squeezed(text[:_LONGEST])
    match = _MOMENT.fullmatch(typed)
    if match is None:
        raise Unfit(NO_TIME if _DATE.fullmatch(typed) else NO_INSTANT)
    day, (clock, over) = _day(match), _clock(match)
    if day.year > LAST_YEAR + 1:  # its midnight may be beyond the calendar
        raise Unfit(NO_YEAR, first=FIRST_YEAR, last=LAST_YEAR)
    at = datetime.combine(day, clock, tzinfo=_zone(match["off"], zone)) + timedelta(days=over)
    if not EARLIEST <= at <= LATEST:
        raise Unfit(NO_YEAR, first=FIRST_YEAR, last=LAST_YEAR)
    return at


def read_date(text: str) -> date:
    """Read a date: ``2026-03-31``, ``31.03.2026``."""
    match = _DATE.fullmatch(squeezed(text[:_LONGEST]))
    if match is None:
        raise Unfit(NO_DATE)
    found = _day(match)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit(NO_YEAR, first=FIRST_YEAR, last=LAST_YEAR)
    return found


def _day(match: re.Match[str]) -> date:
    parts = (match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
    try:
        return date(*map(int, parts))
    except ValueError:
        raise Unfit(NO_SUCH) from None


def _clock(match: re.Match[str]) -> tuple[time, int]:
    hour, minute, second = int(match["h"]), int(match["min"]), int(match["s"] or 0)
    micro = int((match["f"] or "0").ljust(6, "0"))
    over = int(hour == 24 and not (minute or second or micro))
    try:
        return time(0 if over else hour, minute, second, micro), over
    except ValueError:
        raise Unfit(NO_SUCH) from None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if not offset:
        return zone
    if offset in "Zz":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise Unfit(NO_SUCH)
    return timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
