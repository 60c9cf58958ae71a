"""Working days by the Russian production calendar, and terms that are counted in days.

The day on which a term begins is not counted; a term ends as its last day ends, so the instant that closes it is
00:00 of the next day by Moscow time, and that instant itself is already late. Of a year that has no calendar only
article 112 of the Labour Code is known; a term of working days that reaches into such a year is ``provisional``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from judging.domain.errors import N_

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = timedelta(days=1)
SATURDAY = 5
MOST_DAYS = 400
"""No term of a contest is longer."""


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING = "working"
    CALENDAR = "calendar"


UNIT_LABELS = {Unit.WORKING: N_("working days"), Unit.CALENDAR: N_("calendar days")}


@dataclass(frozen=True)
class Ended:
    """The last day of a term; ``provisional`` where it was counted over a year without a calendar."""

    day: date
    provisional: bool = False

    @property
    def at(self) -> datetime:
        """The instant at which the day is over, exclusive, in UTC."""
        return end_of(self.day)


@dataclass(frozen=True)
class WorkingDays:
    """The calendar: of ``years`` every day is known; ``off`` are weekdays that are not worked, ``worked`` weekends."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Say whether the day is worked, as far as is known."""
        if day in self.worked:
            return True
        if day in self.off or day.weekday() >= SATURDAY:
            return False
        return day.year in self.years or day not in article_112(day.year)

    def after(self, start: date, days: int) -> Ended:
        """Return the last of ``days`` working days that follow ``start``."""
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"a term has 1 to {MOST_DAYS} days, not {days}")
        day, left = start, days
        while left:
            day += DAY
            left -= self.works(day)
        return Ended(day, not set(range((start + DAY).year, day.year + 1)) <= self.years)

    def term(self, start: date, days: int, unit: Unit) -> Ended:
        """Return the last day of a term of working or calendar days that begins on ``start``."""
        if unit is Unit.WORKING:
            return self.after(start, days)
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"a term has 1 to {MOST_DAYS} days, not {days}")
        return Ended(start + days * DAY)

    def count(self, year: int) -> int:
        """Return how many days of a year are worked, as far as is known."""
        return sum(self.works(day) for day in _days_of(year))

    def changed(self, changes: "Changes") -> "WorkingDays":
        """Return the calendar with days and years that were added to it; what is added later counts."""
        off = {day for day, works in changes.days.items() if not works}
        worked = changes.days.keys() - off
        new = changes.years - self.years
        return WorkingDays(
            years=self.years | new,
            off=frozenset(self.off.union(off, *map(article_112, new)) - worked),
            worked=frozenset((self.worked | worked) - off),
        )


@dataclass(frozen=True)
class Changes:
    """What an administrator added: days that are worked or not, and years whose calendar is whole with them."""

    days: dict[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()


def end_of(day: date) -> datetime:
    """Return the instant at which a day is over by Moscow time, exclusive, in UTC."""
    return datetime.combine(day + DAY, time(), MOSCOW).astimezone(UTC)


def moscow_day(instant: datetime) -> date:
    """Return the day of an instant by Moscow time."""
    return instant.astimezone(MOSCOW).date()


@cache
def article_112(year: int) -> frozenset[date]:
    """Return the weekdays that the Labour Code makes free by itself, before any decree moves days.

    A holiday that falls on a weekend frees the next working day, except from the 1st to the 8th of January.
    """
    january = {date(year, 1, day) for day in range(1, 9)}
    others = [date(year, 2, 23), date(year, 3, 8), date(year, 5, 1), date(year, 5, 9), date(year, 6, 12),
              date(year, 11, 4)]  # fmt: skip
    free = january | set(others)
    for holiday in others:
        if holiday.weekday() >= SATURDAY:
            day = holiday
            while day in free or day.weekday() >= SATURDAY:
                day += DAY
            free.add(day)
    return frozenset(day for day in free if day.weekday() < SATURDAY)


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY
