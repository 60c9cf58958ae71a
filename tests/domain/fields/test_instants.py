"""Dates and times: as browsers send them and as people type them, to the microsecond."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.errors import Unfit
from judging.domain.fields.instants import read_date, read_instant

MOSCOW = ZoneInfo("Europe/Moscow")
SECONDS = st.integers(
    int(datetime(1981, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2999, 1, 1, tzinfo=UTC).timestamp())
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-03-31T18:00", "2026-03-31T18:00:00+03:00"),
        ("2026-03-31T23:59:59", "2026-03-31T23:59:59+03:00"),
        ("2026-03-31 23:59:59.999999", "2026-03-31T23:59:59.999999+03:00"),
        ("31.03.2026 18:00", "2026-03-31T18:00:00+03:00"),
        ("31.3.2026 9:05:07", "2026-03-31T09:05:07+03:00"),
        ("31.03.2026 в 18:00 МСК", "2026-03-31T18:00:00+03:00"),
        ("31.03.2026 г., 18.00", "2026-03-31T18:00:00+03:00"),
        ("31.03.2026 24:00", "2026-04-01T00:00:00+03:00"),
        ("2026-03-31T18:00:00+05:00", "2026-03-31T18:00:00+05:00"),
        ("2026-03-31T18:00:00Z", "2026-03-31T18:00:00+00:00"),
        ("01.01.1980 03:00", "1980-01-01T03:00:00+03:00"),
        ("01.01.9001 02:59:59.999999", "9001-01-01T02:59:59.999999+03:00"),
    ],
)
def test_instants_are_read(typed, read):
    assert read_instant(typed, MOSCOW).isoformat() == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31.03.2026", "Enter the time as well"), ("31.02.2026 18:00", "no such date"), ("31.03.2026 25:00", "no such"),
        ("31.03.2026 18:60", "no such"), ("31.03.0001 18:00", "A year before 1980"),
        ("01.01.1980 02:59:59", "A year before 1980"), ("01.01.9001 03:00", "after 9000"),
        ("31.12.9999 24:00", "after 9000"), ("9999-12-31T23:59-14:00", "after 9000"),
        ("завтра", "Enter a date and time"),
        ("31.03.26 18:00", "Enter a date and time"), ("2026-03-31T18:00+99:00", "no such"),
        ("", "Enter a date and time"), ("1" * 100_000, "Enter a date and time"),
    ],
)  # fmt: skip
def test_what_is_no_instant_says_why(typed, said):
    with pytest.raises(Unfit) as unfit:
        read_instant(typed, MOSCOW)
    assert unfit.match(said)


@given(SECONDS, st.integers(0, 999_999))
def test_every_instant_is_read_back(second, micro):
    at = datetime.fromtimestamp(second, UTC).replace(microsecond=micro)
    assert read_instant(at.isoformat(), MOSCOW) == at


@pytest.mark.parametrize("typed", ["2026-03-31", "31.03.2026", "31.3.2026", "31/03/2026", "31.03.2026 г."])
def test_dates_are_read(typed):
    assert read_date(typed) == date(2026, 3, 31)


MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
          "декабря")  # fmt: skip
WAYS = (
    lambda day: day.strftime("%d.%m.%Y"),
    lambda day: f"{day.day}/{day.month}/{day.year % 100:02d}" if day.year // 100 == 20 else day.isoformat(),
    lambda day: day.strftime(" %d. %m. %Y года"),
    lambda day: day.strftime("%d %m\u00a0%Y"),
    lambda day: day.strftime("%Y-%m-%d"),
    lambda day: day.strftime("%d\u2011%m\u2011%Y"),
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"«{day.day:02d}» {MONTHS[day.month - 1].upper()} {day.year} г.",
    lambda day: f"{day.day} {MONTHS[day.month - 1][:3]}. {day.year}",
)


@given(st.dates(date(1980, 1, 1), date(2999, 12, 31)), st.sampled_from(WAYS))
def test_a_date_is_read_however_it_is_written(day, way):
    assert read_date(way(day)) == day


@given(st.text("0123456789 ./-«»декабрягод,", max_size=20))
def test_whatever_is_typed_is_a_date_or_refused_in_words(typed):
    with suppress(Unfit):
        read = read_date(typed)
        assert read_date(read.strftime("%d.%m.%Y")) == read


@pytest.mark.parametrize("typed", ["12 50 000", "31.02.2026", "31.12", "31,12,2026", "31.12-2026", "1 мартобря 2026",
                                   "завтра", "13.13.2026", "2026", "31122026"])  # fmt: skip
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(Unfit):
        read_date(typed)
