"""What an administrator adds to the production calendar counts at once, and is on record."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused
from judging.models import JournalRecord
from judging.queries.workdays import added_days, added_years, calendar
from judging.services import workdays
from judging.services.workdays import DayRequest
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
DAY = date(2026, 4, 30)


def journal(session: Session) -> list[tuple[str, str, Any]]:
    session.flush()
    rows = session.scalars(select(JournalRecord).order_by(JournalRecord.id))
    return [(row.event, row.subject_label, row.details) for row in rows]


def told(act: Any, *args: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, by=BY)
    return list(map(str, refused.value.faults))


def test_an_added_day_counts_until_it_is_removed(session: Session) -> None:
    row = workdays.add_day(session, DayRequest(DAY, works=False, act=" Указ № 1 "), by=BY)
    session.flush()
    assert (calendar(session).works(DAY), [one.day for one in added_days(session)]) == (False, [DAY])
    assert told(workdays.add_day, session, DayRequest(DAY, works=False, act="Указ")) == [
        "day: This day was added already: remove it first", "works: The day is so already",
    ]  # fmt: skip
    workdays.remove_day(session, row, by=BY)
    session.flush()
    assert (calendar(session).works(DAY), added_days(session)) == (True, [])
    assert journal(session) == [
        ("workdays.changed", "2026-04-30", {"day": [None, "2026-04-30"], "works": False, "act": "Указ № 1"}),
        ("workdays.changed", "2026-04-30", {"day": ["2026-04-30", None], "works": False, "act": "Указ № 1"}),
    ]


def test_a_day_that_says_nothing_new_or_names_no_act_is_refused(session: Session) -> None:
    assert told(workdays.add_day, session, DayRequest(DAY, works=True, act=" ")) == [
        "act: Name the act", "works: The day is so already",
    ]  # fmt: skip
    assert told(workdays.add_day, session, DayRequest(date(1900, 1, 9), works=False, act="Указ")) == [
        "day: A date from 1992 to 2200"
    ]


def test_a_year_is_whole_once_it_is_said_so(session: Session) -> None:
    assert calendar(session).after(date(2027, 12, 30), 1).provisional
    row = workdays.add_year(session, 2028, "Постановление", by=BY)
    session.flush()
    assert not calendar(session).after(date(2027, 12, 30), 1).provisional
    assert told(workdays.add_year, session, 2028, "x") == ["year: The calendar of this year is there already"]
    assert told(workdays.add_year, session, 2025, " ") == [
        "act: Name the act", "year: The calendar of this year is there already",
    ]  # fmt: skip
    assert told(workdays.add_year, session, 1, "x") == ["year: A date from 1992 to 2200"]
    workdays.remove_year(session, row, by=BY)
    session.flush()
    assert (added_years(session), calendar(session).years) == ([], set(range(2022, 2028)))
    assert [(label, details["year"]) for _, label, details in journal(session)] == [
        ("2028", [None, 2028]), ("2028", [2028, None]),
    ]  # fmt: skip
