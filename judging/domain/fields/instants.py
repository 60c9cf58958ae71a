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
CENTURY, SHORT = 2000, 2
"""What a year of two digits is counted from."""
EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

_DAY = (
    r"(?:(?P<y>[0-9]{4})[-./](?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})[-./](?P<m2>[0-9]{1,2})[-./](?P<y2>[0-9]{4}))"
)
_MONTHS = (
    "янв(?:ар[яь])?", "февр?(?:ал[яь])?", "мар(?:та?)?", "апр(?:ел[яь])?", "ма[яй]", "июн[яь]?", "июл[яь]?",
    "авг(?:уста?)?", "сент?(?:ябр[яь])?", "окт(?:ябр[яь])?", "но(?:ябр[яь]|яб?)", "дек(?:абр[яь])?",
)  # fmt: skip
"""The months as they are written in a date, with what they are shortened to."""
_ENGLISH = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_MONTH = tuple(re.compile(rf"(?:{russian}|{english})\.?", re.IGNORECASE)
               for russian, english in zip(_MONTHS, _ENGLISH, strict=True))  # fmt: skip
_WORDED = re.compile(
    r"[«\"]?(?P<d>[0-9]{1,2})[»\"]?[ .-]?\s?(?P<word>[^\W\d_]{3,9}\.?)[ .,-]?\s?(?P<y>[0-9]{4}|[0-9]{2})"
)
_SPACED = re.compile(
    r"(?P<d>[0-9]{1,2})(?P<gap>\s?[-./]\s?|\s)(?P<m>[0-9]{1,2})(?P=gap)(?P<y>[0-9]{4}|[0-9]{2})"
    r"|(?P<y2>[0-9]{4})(?P<gap2>\s?[-./]\s?|\s)(?P<m2>[0-9]{1,2})(?P=gap2)(?P<d2>[0-9]{1,2})"
)
_YEAR_WORD = re.compile(r"\s?(?:г(?:\.|од[ау]?)?)$", re.IGNORECASE)
_CLOCK = r"(?P<h>[0-9]{1,2})[:.](?P<min>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,6}))?)?"
_OFFSET = r"(?P<off>Z|[+-][0-9]{2}:?[0-9]{2})?"
_DATE = re.compile(_DAY + r"(?:\s?г\.?)?")
_MOMENT = re.compile(
    _DAY + r"(?:\s?г\.?)?(?:T|,?\s(?:в\s)?)" + _CLOCK + r"(?:\s?(?:мск|msk))?\s?" + _OFFSET, re.IGNORECASE
)
_LONGEST = 60
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


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
    """Read a date: ``31.03.2026``, ``31/3/26``, ``2026-03-31``, ``31 марта 2026 г.``; a short year is of this century.

    The day stands before the month.
    """
    typed = _YEAR_WORD.sub("", squeezed(text[:_LONGEST]).translate(_DASHES))
    found = _of_parts(*_parts(typed))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit(NO_YEAR, first=FIRST_YEAR, last=LAST_YEAR)
    return found


def _parts(typed: str) -> tuple[str, str, str]:
    """Year, month and day of a date in figures, or with the month in words."""
    match = _SPACED.fullmatch(typed)
    if match is not None:
        return match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"]
    match = _WORDED.fullmatch(typed)
    month = match and next((n for n, one in enumerate(_MONTH, 1) if one.fullmatch(match["word"])), None)
    if match is None or month is None:
        raise Unfit(NO_DATE)
    return match["y"], str(month), match["d"]


def _day(match: re.Match[str]) -> date:
    return _of_parts(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])


def _of_parts(year: str, month: str, day: str) -> date:
    try:
        return date(int(year) + (CENTURY if len(year) == SHORT else 0), int(month), int(day))
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
