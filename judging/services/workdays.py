"""What an administrator adds to the production calendar: a day that is worked or not, a year that is whole."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.workdays import built_in
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.models import CalendarDay, CalendarYear
from judging.queries.workdays import calendar
from judging.services.audit import record

FIRST_YEAR, LAST_YEAR = 1992, 2200


@dataclass(frozen=True)
class DayRequest:
    """A day, whether it is worked, and the act that says so."""

    day: date
    works: bool
    act: str


def add_day(session: Session, wanted: DayRequest, *, by: By) -> CalendarDay:
    """Add a day to the calendar; raise ``Refused`` with the fields ``day`` and ``act``."""
    faults = [] if wanted.act.strip() else [Fault("act", N_("Name the act"))]
    if not FIRST_YEAR <= wanted.day.year <= LAST_YEAR:
        faults.append(Fault("day", N_("A date from %(first)s to %(last)s"), {"first": FIRST_YEAR, "last": LAST_YEAR}))
    if session.scalar(select(CalendarDay.id).where(CalendarDay.day == wanted.day)) is not None:
        faults.append(Fault("day", N_("This day was added already: remove it first")))
    if calendar(session).works(wanted.day) == wanted.works:
        faults.append(Fault("works", N_("The day is so already")))
    if faults:
        raise Refused(faults)
    row = CalendarDay(
        day=wanted.day, works=wanted.works, act=wanted.act.strip(), added_at=by.now, added_by_id=by.actor.user_id
    )
    session.add(row)
    _record(session, row, {"day": [None, wanted.day.isoformat()], "works": wanted.works, "act": row.act}, by)
    return row


def remove_day(session: Session, row: CalendarDay, *, by: By) -> None:
    """Take an added day out of the calendar."""
    _record(session, row, {"day": [row.day.isoformat(), None], "works": row.works, "act": row.act}, by)
    session.delete(row)


def add_year(session: Session, year: int, act: str, *, by: By) -> CalendarYear:
    """Say that a year's calendar is whole with the days that were added; raise ``Refused`` (``year``, ``act``)."""
    faults = [] if act.strip() else [Fault("act", N_("Name the act"))]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults.append(Fault("year", N_("A date from %(first)s to %(last)s"), {"first": FIRST_YEAR, "last": LAST_YEAR}))
    elif year in built_in().days.years or session.scalar(select(CalendarYear.id).where(CalendarYear.year == year)):
        faults.append(Fault("year", N_("The calendar of this year is there already")))
    if faults:
        raise Refused(faults)
    row = CalendarYear(year=year, act=act.strip(), added_at=by.now, added_by_id=by.actor.user_id)
    session.add(row)
    _record(session, row, {"year": [None, year], "act": row.act}, by)
    return row


def remove_year(session: Session, row: CalendarYear, *, by: By) -> None:
    """Take back that a year's calendar is whole."""
    _record(session, row, {"year": [row.year, None], "act": row.act}, by)
    session.delete(row)


def _record(session: Session, row: CalendarDay | CalendarYear, details: dict[str, object], by: By) -> None:
    label = row.day.isoformat() if isinstance(row, CalendarDay) else str(row.year)
    record(session, Event.WORKDAYS_CHANGED, by=by, subject=row, label=label, details=details)
