"""The production calendar that comes with the product: ``data/workdays.json``, read strictly.

A year has the act that moved its days off. ``holidays`` are the weekdays that article 112 of the Labour Code makes
free, ``moved`` the days off that the act moved from a weekend to a weekday.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from judging.domain.errors import Fault, Refused
from judging.domain.workdays import SATURDAY, WorkingDays

FILE = Path(__file__).resolve().parents[1] / "data" / "workdays.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Move(_Strict):
    """A day off that was moved."""

    start: date = Field(alias="from")
    to: date


class Year(_Strict):
    """A year: the act that moved its days off, where it can be read, and the days."""

    year: Annotated[int, Field(ge=1992, le=2200)]
    act: Annotated[str, Field(min_length=10)]
    source: Annotated[str, Field(pattern=r"^https://")]
    holidays: tuple[date, ...]
    moved: tuple[Move, ...]


class _File(_Strict):
    format: Literal["workdays"]
    version: Literal[1]
    note: str
    years: tuple[Year, ...]


@dataclass(frozen=True)
class BuiltIn:
    """What the file holds: the calendar, and the years with their acts."""

    days: WorkingDays
    years: tuple[Year, ...]


@cache
def built_in() -> BuiltIn:
    """Return the calendar that comes with the product."""
    return read_workdays(FILE.read_bytes())


def read_workdays(data: bytes) -> BuiltIn:
    """Return the calendar of a file; raise ``Refused`` with every fault."""
    try:
        file = _File.model_validate_json(data)
    except ValidationError as refusal:
        raise Refused(
            Fault(".".join(map(str, error["loc"])), error["msg"].replace("%", "%%")) for error in refusal.errors()
        ) from refusal
    faults = [*_order_faults(file.years), *(fault for year in file.years for fault in _day_faults(year))]
    if faults:
        raise Refused(faults)
    holidays = {day for year in file.years for day in year.holidays}
    moves = [move for year in file.years for move in year.moved]
    days = WorkingDays(
        years=frozenset(year.year for year in file.years),
        off=frozenset(holidays | {move.to for move in moves}),
        worked=frozenset(move.start for move in moves if not _free_by_law(move.start)),
    )
    return BuiltIn(days, file.years)


def _free_by_law(day: date) -> bool:
    """A weekend that is a holiday besides: its day off is moved, and it stays free as the holiday."""
    return (day.month, day.day) in _HOLIDAYS


_HOLIDAYS = {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}


def _order_faults(years: tuple[Year, ...]) -> Iterator[Fault]:
    numbers = [year.year for year in years]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True:
        yield Fault("years", "must follow one another without a gap")


def _day_faults(year: Year) -> Iterator[Fault]:
    place = f"years.{year.year}"
    free = [*year.holidays, *(move.to for move in year.moved)]
    for day in (*free, *(move.start for move in year.moved)):
        if day.year != year.year:
            yield Fault(place, f"{day} is of another year")
    if len(set(free)) != len(free) or len({move.start for move in year.moved}) != len(year.moved):
        yield Fault(place, "a day is named twice")
    for day in free:
        if day.weekday() >= SATURDAY:
            yield Fault(place, f"{day} is free as a weekend already")
    for move in year.moved:
        if move.start.weekday() < SATURDAY:
            yield Fault(place, f"{move.start} is no weekend: nothing can be moved from it")
