"""The production calendar that comes with the product, with the library `holidays` as a witness."""

import json
from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from judging.adapters.workdays import FILE, built_in, read_workdays
from judging.domain.errors import Refused
from judging.domain.workdays import Ended, article_112

YEARS = range(2022, 2028)


def every_day(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=step) for step in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def test_the_years_have_as_many_working_days_as_the_acts_say() -> None:
    days = built_in().days
    assert days.years == set(YEARS)
    assert {year: days.count(year) for year in YEARS} == {
        2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247, 2027: 247,
    }  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_as_an_independent_witness_has_it(year: int) -> None:
    witness, days = holidays.country_holidays("RU", years=year), built_in().days
    assert [day for day in every_day(year) if days.works(day) != witness.is_working_day(day)] == []


def test_the_days_that_everybody_remembers() -> None:
    days = built_in().days
    worked = [date(2025, 11, 1), date(2027, 2, 20), date(2024, 12, 28)]
    free = [date(2025, 11, 3), date(2026, 1, 9), date(2026, 12, 31), date(2027, 2, 22), date(2025, 5, 8)]
    assert ([days.works(day) for day in worked], [days.works(day) for day in free]) == ([True] * 3, [False] * 5)


@pytest.mark.parametrize("year", built_in().years, ids=lambda year: str(year.year))
def test_holidays_are_those_of_the_law_less_those_that_the_act_moved(year: Any) -> None:
    """A holiday at a weekend frees the next working day, unless the act moved that day off elsewhere."""
    moved = {move.start for move in year.moved}
    replaced = article_112(year.year) - set(year.holidays)
    followed = {max(start for start in moved if start < day and (day - start).days <= 2) for day in replaced}
    assert set(year.holidays) <= article_112(year.year)
    assert (len(followed), followed <= moved) == (len(replaced), True)


def test_a_term_that_leaves_the_calendar_is_provisional() -> None:
    days = built_in().days
    assert days.after(date(2027, 12, 28), 2) == Ended(date(2027, 12, 30))
    assert days.after(date(2027, 12, 28), 3) == Ended(date(2028, 1, 10), provisional=True)


def changed(**values: Any) -> bytes:
    document = json.loads(FILE.read_bytes())
    document["years"][3] |= values
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"more": 1}, ["years.3.more: Extra inputs are not permitted"]),
        ({"act": "ПП"}, ["years.3.act: String should have at least 10 characters"]),
        ({"source": "http://x"}, ["years.3.source: String should match pattern '^https://'"]),
        ({"year": 2030}, ["years: must follow one another without a gap"]),
        ({"holidays": ["2025-01-01", "2025-01-01"]}, ["years.2025: a day is named twice"]),
        ({"holidays": ["2025-02-23"]}, ["years.2025: 2025-02-23 is free as a weekend already"]),
        ({"holidays": ["2024-01-01"]}, ["years.2025: 2024-01-01 is of another year"]),
        (
            {"moved": [{"from": "2025-11-05", "to": "2025-11-06"}]},
            ["years.2025: 2025-11-05 is no weekend: nothing can be moved from it"],
        ),
        (
            {"moved": [{"from": "2025-11-01", "to": "2025-11-02"}]},
            ["years.2025: 2025-11-02 is free as a weekend already"],
        ),
    ],
)
def test_the_file_is_read_strictly(values: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_workdays(changed(**values))
    found = list(map(str, refused.value.faults))
    assert [fault for fault in faults if fault not in found] == []


def test_no_year_at_all_is_a_fault() -> None:
    with pytest.raises(Refused, match="without a gap"):
        read_workdays(b'{"format": "workdays", "version": 1, "note": "", "years": []}')
    with pytest.raises(Refused):
        read_workdays(b"{")
