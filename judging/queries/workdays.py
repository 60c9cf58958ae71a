"""The production calendar in force: the one that comes with the product, and what administrators added to it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.workdays import built_in
from judging.domain.workdays import Changes, WorkingDays
from judging.models import CalendarDay, CalendarYear


def calendar(session: Session) -> WorkingDays:
    """Return the calendar in force."""
    days = dict(session.execute(select(CalendarDay.day, CalendarDay.works)).all())
    years = frozenset(session.scalars(select(CalendarYear.year)))
    return built_in().days.changed(Changes(days, years)) if days or years else built_in().days


def added_days(session: Session) -> Sequence[CalendarDay]:
    """Return the days that were added, in their order."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day)).all()


def added_years(session: Session) -> Sequence[CalendarYear]:
    """Return the years that were added, in their order."""
    return session.scalars(select(CalendarYear).order_by(CalendarYear.year)).all()
