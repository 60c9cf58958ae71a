"""Terms in working days: the day of the beginning is not counted, and a term ends as its last day ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.workdays import (
    MOST_DAYS,
    Changes,
    Ended,
    Unit,
    WorkingDays,
    article_112,
    end_of,
    moscow_day,
)

DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
NOVEMBER = WorkingDays(
    frozenset({2025}), frozenset({date(2025, 11, 3), date(2025, 11, 4)}), frozenset({date(2025, 11, 1)})
)
"""The November of 2025: Saturday the 1st is worked, Monday the 3rd and Tuesday the 4th are not."""

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
CALENDARS = st.builds(
    WorkingDays,
    years=st.frozensets(st.integers(2024, 2027)),
    off=st.frozensets(DAYS.filter(lambda day: day.weekday() < 5), max_size=40),
    worked=st.frozensets(DAYS.filter(lambda day: day.weekday() >= 5), max_size=20),
)
COUNTS = st.integers(1, 60)


def test_a_return_of_the_30th_of_october_2025_for_three_working_days_ends_as_the_5th_of_november_ends() -> None:
    ended = NOVEMBER.after(date(2025, 10, 30), 3)
    assert (ended, ended.at) == (Ended(date(2025, 11, 5)), datetime(2025, 11, 5, 21, tzinfo=UTC))
    assert [NOVEMBER.works(date(2025, 11, day)) for day in range(1, 6)] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2025, 11, 5, 20, 59, 59, 999_000, tzinfo=UTC), date(2025, 11, 5)),
        (datetime(2025, 11, 5, 21, tzinfo=UTC), date(2025, 11, 6)),
    ],
)
def test_a_day_is_that_of_moscow(instant: datetime, day: date) -> None:
    assert moscow_day(instant) == day


@given(DAYS)
def test_the_end_of_a_day_is_the_first_instant_of_the_next(day: date) -> None:
    assert (moscow_day(end_of(day) - MILLISECOND), moscow_day(end_of(day))) == (day, day + DAY)


@given(CALENDARS, DAYS, COUNTS)
def test_a_term_has_exactly_its_number_of_working_days_after_the_beginning(
    days: WorkingDays, start: date, count: int
) -> None:
    last = days.after(start, count).day
    between = [start + step * DAY for step in range(1, (last - start).days + 1)]
    assert (sum(map(days.works, between)), days.works(last)) == (count, True)


@given(CALENDARS, DAYS, COUNTS, COUNTS)
def test_terms_follow_one_another(days: WorkingDays, start: date, first: int, second: int) -> None:
    assert days.after(days.after(start, first).day, second).day == days.after(start, first + second).day


@given(CALENDARS, DAYS, COUNTS)
def test_a_longer_term_ends_later_and_a_later_one_never_earlier(days: WorkingDays, start: date, count: int) -> None:
    assert days.after(start, count).day < days.after(start, count + 1).day
    assert days.after(start, count).day <= days.after(start + DAY, count).day


@given(CALENDARS, DAYS, COUNTS)
def test_a_term_is_provisional_exactly_where_it_reaches_into_an_unknown_year(
    days: WorkingDays, start: date, count: int
) -> None:
    ended = days.after(start, count)
    passed = {(start + step * DAY).year for step in range(1, (ended.day - start).days + 1)}
    assert ended.provisional == (not passed <= days.years)


@given(CALENDARS, DAYS, COUNTS)
def test_calendar_days_hang_on_no_calendar(days: WorkingDays, start: date, count: int) -> None:
    assert days.term(start, count, Unit.CALENDAR) == Ended(start + count * DAY)
    assert days.term(start, count, Unit.WORKING) == days.after(start, count)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("count", [-1, 0, MOST_DAYS + 1])
def test_a_term_of_no_days_or_of_too_many_is_a_mistake(unit: Unit, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 400 days"):
        WorkingDays().term(date(2026, 1, 1), count, unit)


def test_article_112_frees_the_next_working_day_for_a_holiday_at_a_weekend_but_not_in_january() -> None:
    expected = {
        2026: "01-01 01-02 01-05 01-06 01-07 01-08 02-23 03-09 05-01 05-11 06-12 11-04",
        2028: "01-03 01-04 01-05 01-06 01-07 02-23 03-08 05-01 05-09 06-12 11-06",
    }
    assert {year: " ".join(f"{day:%m-%d}" for day in sorted(article_112(year))) for year in expected} == expected


def test_a_year_without_a_calendar_is_counted_by_the_law_alone() -> None:
    days = WorkingDays()
    assert days.after(date(2028, 11, 3), 1) == Ended(date(2028, 11, 7), provisional=True)
    assert days.count(2028) == 249


def test_what_is_added_counts_before_what_was_there() -> None:
    added = Changes({date(2025, 11, 1): False, date(2025, 11, 5): False, date(2028, 3, 4): True}, frozenset({2028}))
    days = NOVEMBER.changed(added)
    assert days.years == {2025, 2028}
    assert [days.works(day) for day in added.days] == [False, False, True]
    assert not any(days.works(day) for day in article_112(2028))
    assert days.after(date(2025, 10, 31), 1) == Ended(date(2025, 11, 6))
    assert days.after(date(2028, 11, 3), 1) == Ended(date(2028, 11, 7))
    assert NOVEMBER.changed(Changes()) == NOVEMBER


@given(CALENDARS, st.dictionaries(DAYS, st.booleans(), max_size=10))
def test_every_added_day_is_what_was_added_and_every_other_what_it_was(
    days: WorkingDays, added: dict[date, bool]
) -> None:
    changed = days.changed(Changes(added))
    every = {date(2024, 1, 1) + step * DAY for step in range(3 * 366)}
    assert {day: changed.works(day) for day in every} == {day: added.get(day, days.works(day)) for day in every}
