"""Dates and times: as browsers send them and as people type them, to the microsecond."""

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
