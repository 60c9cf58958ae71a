"""When milestones come, what hangs on what, and the windows of one team or expert to the millisecond."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.adapters.workdays import built_in
from judging.domain.milestones import (
    COLUMNS,
    LATENESS_LABELS,
    SOFT,
    TABLE,
    After,
    Code,
    Lateness,
    Resolved,
    Row,
    Window,
    chain,
    correction_window,
    hanging_on,
    plan_faults,
    resolve,
)
from judging.domain.stages import Calendar
from judging.domain.workdays import MOST_DAYS, Unit

DAYS = built_in().days
MILLISECOND = timedelta(milliseconds=1)
CALENDAR = Calendar(
    datetime(2025, 9, 1, 6, tzinfo=UTC), datetime(2025, 10, 30, 15, tzinfo=UTC), datetime(2025, 12, 15, 15, tzinfo=UTC)
)
CLOSE = CALENDAR.applications_close
"""Thursday the 30th of October 2025, 18:00 in Moscow."""
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def after(code: Code, days: int, unit: Unit = Unit.WORKING) -> Row:
    return Row(After(code, days, unit))


def midnight(day: date) -> datetime:
    """The instant at which a day of Moscow begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)


def test_the_table_has_every_milestone_in_its_order_and_the_contest_has_three_of_them() -> None:
    assert list(TABLE) == list(Code)
    assert [code.value for code in COLUMNS] == ["applications_open", "applications_close", "review_close"]
    assert {soft: hard for soft, hard in SOFT.items() if list(Code).index(soft) > list(Code).index(hard)} == {}
    assert list(LATENESS_LABELS) == list(Lateness)


def test_a_contest_without_more_has_its_three_dates() -> None:
    assert resolve(CALENDAR, {}, DAYS) == {
        Code.APPLICATIONS_OPEN: Resolved(CALENDAR.applications_open, date(2025, 9, 1)),
        Code.APPLICATIONS_CLOSE: Resolved(CLOSE, date(2025, 10, 30)),
        Code.REVIEW_CLOSE: Resolved(CALENDAR.review_close, date(2025, 12, 15)),
    }


def test_terms_are_counted_from_one_another_over_the_moved_days_of_november() -> None:
    rows = {
        Code.OPENING_PROTOCOL: after(Code.APPLICATIONS_CLOSE, 1),
        Code.FORMAL_CHECK: after(Code.OPENING_PROTOCOL, 5),
        Code.CORRECTIONS: after(Code.FORMAL_CHECK, 3),
        Code.MEETING: Row(datetime(2025, 12, 20, 7, tzinfo=UTC)),
        Code.RESULTS: after(Code.MEETING, 10, Unit.CALENDAR),
    }
    found = resolve(CALENDAR, rows, DAYS)
    assert {code: (found[code].at, found[code].day) for code in rows} == {
        Code.OPENING_PROTOCOL: (midnight(date(2025, 11, 1)), date(2025, 10, 31)),
        Code.FORMAL_CHECK: (midnight(date(2025, 11, 11)), date(2025, 11, 10)),
        Code.CORRECTIONS: (midnight(date(2025, 11, 14)), date(2025, 11, 13)),
        Code.MEETING: (datetime(2025, 12, 20, 7, tzinfo=UTC), date(2025, 12, 20)),
        Code.RESULTS: (midnight(date(2025, 12, 31)), date(2025, 12, 30)),
    }
    assert list(found) == [code for code in Code if code in found]


def test_a_deadline_at_midnight_belongs_to_the_day_that_ends_and_a_beginning_to_the_day_that_begins() -> None:
    at = midnight(date(2025, 11, 6))
    dates = replace(CALENDAR, applications_close=at)
    rows = {Code.OPENING_PROTOCOL: after(Code.APPLICATIONS_CLOSE, 1), Code.BRIEFING: Row(at), Code.MEETING: Row(at)}
    found = resolve(dates, rows | {Code.RESULTS: after(Code.MEETING, 1)}, DAYS)
    days = [
        found[code].day.day for code in (Code.APPLICATIONS_CLOSE, Code.OPENING_PROTOCOL, Code.MEETING, Code.RESULTS)
    ]
    assert days == [5, 6, 6, 7]


def test_what_came_by_hand_counts_from_then() -> None:
    came = datetime(2025, 11, 6, 9, tzinfo=UTC)
    rows = {
        Code.OPENING_PROTOCOL: replace(after(Code.APPLICATIONS_CLOSE, 1), came_at=came),
        Code.FORMAL_CHECK: after(Code.OPENING_PROTOCOL, 1),
    }
    found = resolve(CALENDAR, rows, DAYS)
    assert found[Code.OPENING_PROTOCOL] == Resolved(came, date(2025, 11, 6))
    assert found[Code.FORMAL_CHECK].day == date(2025, 11, 7)


def test_what_is_counted_over_an_unknown_year_is_provisional_with_all_that_follows_and_binds_nothing() -> None:
    dates = replace(CALENDAR, review_close=datetime(2027, 12, 30, 9, tzinfo=UTC))
    rows = {
        Code.MEETING: after(Code.REVIEW_CLOSE, 5),
        Code.RESULTS: after(Code.MEETING, 2, Unit.CALENDAR),
        Code.NOTIFICATION: after(Code.REVIEW_CLOSE, 5, Unit.CALENDAR),
    }
    found = resolve(dates, rows, DAYS)
    assert {code: (found[code].provisional, found[code].binding is None) for code in rows} == {
        Code.MEETING: (True, True), Code.RESULTS: (True, True), Code.NOTIFICATION: (False, False),
    }  # fmt: skip


def test_what_hangs_on_nothing_that_is_there_has_no_date() -> None:
    rows = {Code.RESULTS: after(Code.MEETING, 1), Code.NOTIFICATION: after(Code.RESULTS, 1)}
    assert list(resolve(CALENDAR, rows, DAYS)) == list(COLUMNS)


def test_circles_and_milestones_without_a_date_are_refused() -> None:
    rows = {
        Code.MEETING: after(Code.REVIEW_CLOSE, 3),
        Code.RESULTS: after(Code.MEETING, 3),
        Code.NOTIFICATION: after(Code.RESULTS, 3),
    }

    def told(code: Code, plan: After) -> list[str]:
        return [str(fault) for fault in plan_faults(code, plan, rows)]

    circle = "after: The milestones would go round in a circle"
    assert told(Code.MEETING, After(Code.NOTIFICATION, 1, Unit.WORKING)) == [circle]
    assert told(Code.MEETING, After(Code.MEETING, 1, Unit.WORKING)) == [circle]
    assert told(Code.FEEDBACK, After(Code.FEEDBACK, 1, Unit.WORKING)) == [circle]
    assert told(Code.FEEDBACK, After(Code.BRIEFING, 1, Unit.WORKING)) == [
        "after: This milestone has no date itself: give it one first"
    ]
    assert told(Code.FEEDBACK, After(Code.NOTIFICATION, MOST_DAYS + 1, Unit.WORKING)) == [
        "days: A whole number from 1 to 400"
    ]
    assert told(Code.FEEDBACK, After(Code.NOTIFICATION, 1, Unit.WORKING)) == []
    assert plan_faults(Code.MEETING, CLOSE, rows) == ()
    assert chain(Code.NOTIFICATION, rows) == (Code.NOTIFICATION, Code.RESULTS, Code.MEETING, Code.REVIEW_CLOSE)
    assert hanging_on(Code.MEETING, rows) == (Code.RESULTS,)


def test_a_stored_circle_is_left_out_and_followed_once() -> None:
    rows = {Code.MEETING: after(Code.RESULTS, 1), Code.RESULTS: after(Code.MEETING, 1)}
    assert list(resolve(CALENDAR, rows, DAYS)) == list(COLUMNS)
    assert chain(Code.MEETING, rows) == (Code.MEETING, Code.RESULTS)


PLANS = st.one_of(
    st.builds(Row, INSTANTS),
    st.builds(
        lambda code, days, unit: Row(After(code, days, unit)),
        st.sampled_from(Code), st.integers(1, 30), st.sampled_from(Unit),
    ),
)  # fmt: skip
OTHERS = [code for code in Code if code not in COLUMNS]


@given(st.dictionaries(st.sampled_from(OTHERS), PLANS))
def test_what_was_set_without_a_fault_always_has_a_date_after_what_it_hangs_on(wanted: dict[Code, Row]) -> None:
    rows: dict[Code, Row] = {}
    for code, row in wanted.items():
        if not plan_faults(code, row.plan, rows):
            rows[code] = row
    found = resolve(CALENDAR, rows, DAYS)
    assert set(found) == {*COLUMNS, *rows}
    for code, row in rows.items():
        if isinstance(row.plan, After):
            assert found[code].day > found[row.plan.code].day
            assert found[code].at > found[row.plan.code].at


SOFT_CLOSE, EXTENDED = CLOSE - timedelta(days=2), CLOSE + timedelta(days=3)
PLAIN = Window(CALENDAR.applications_open, CLOSE)


@pytest.mark.parametrize(
    ("window", "edges"),
    [
        (PLAIN, {CLOSE: (None, "closed")}),
        (replace(PLAIN, soft=SOFT_CLOSE), {SOFT_CLOSE: (None, Lateness.SOFT), CLOSE: (Lateness.SOFT, "closed")}),
        (
            replace(PLAIN, extended=EXTENDED),
            {CLOSE: (None, Lateness.EXTENSION), EXTENDED: (Lateness.EXTENSION, "closed")},
        ),
        (
            replace(PLAIN, soft=SOFT_CLOSE, extended=EXTENDED),
            {
                SOFT_CLOSE: (None, Lateness.EXTENSION),
                CLOSE: (Lateness.EXTENSION, Lateness.EXTENSION),
                EXTENDED: (Lateness.EXTENSION, "closed"),
            },
        ),
        (replace(PLAIN, extended=SOFT_CLOSE), {CLOSE: (None, "closed")}),
        (replace(PLAIN, soft=EXTENDED), {CLOSE: (None, "closed")}),
    ],
    ids=["plain", "soft", "extension", "soft and extension", "an extension that has passed", "soft after the close"],
)
def test_every_edge_of_a_window_to_the_millisecond(
    window: Window, edges: dict[datetime, tuple[Lateness | None, Lateness | str | None]]
) -> None:
    def at(instant: datetime) -> Lateness | str | None:
        return window.lateness(instant) if window.is_open(instant) else "closed"

    assert {edge: (at(edge - MILLISECOND), at(edge)) for edge in edges} == edges
    assert (at(window.opens - MILLISECOND), at(window.opens)) == ("closed", None)


@given(INSTANTS, st.none() | INSTANTS, st.none() | INSTANTS, INSTANTS)
def test_the_later_date_counts_and_a_soft_one_closes_nothing(
    closes: datetime, soft: datetime | None, extended: datetime | None, now: datetime
) -> None:
    opens = datetime(2024, 1, 1, tzinfo=UTC)
    window = Window(opens, closes, soft, extended)
    assert window.ends == max(closes, extended or closes)
    assert window.is_open(now) == (now < window.ends)
    assert window.is_open(now) == Window(opens, closes, None, extended).is_open(now)
    assert window.due <= closes
    assert (window.lateness(now) is None) == (now < window.due)
    assert window.next_end(now) in (window.due, window.ends)


def test_the_deadline_to_show_is_ones_own_then_the_announced_one_then_the_close() -> None:
    soft = replace(PLAIN, soft=SOFT_CLOSE)
    assert [soft.next_end(now) for now in (SOFT_CLOSE - MILLISECOND, SOFT_CLOSE)] == [SOFT_CLOSE, CLOSE]
    assert replace(soft, extended=EXTENDED).next_end(SOFT_CLOSE - MILLISECOND) == EXTENDED


def test_corrections_of_what_was_returned_on_the_30th_of_october_are_open_until_the_6th_of_november() -> None:
    returned = datetime(2025, 10, 30, 9, tzinfo=UTC)
    window = correction_window(returned, 3, Unit.WORKING, DAYS)
    end = midnight(date(2025, 11, 6))
    edges = (returned - MILLISECOND, returned, end - MILLISECOND, end)
    assert window == Window(returned, end)
    assert [window.is_open(instant) for instant in edges] == [False, True, True, False]


@given(INSTANTS, st.integers(1, 30), st.sampled_from(Unit))
def test_a_correction_term_ends_at_midnight_of_moscow_whatever_the_hour_of_the_return(
    returned: datetime, days: int, unit: Unit
) -> None:
    window = correction_window(returned, days, unit, DAYS)
    assert (window.closes + timedelta(hours=3)).timetuple()[3:6] == (0, 0, 0)
    assert window.is_open(window.closes - MILLISECOND)
    assert not window.is_open(window.closes)
