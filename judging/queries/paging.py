"""One page of a list: its rows, its number and how many rows the whole list has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

Row = TypeVar("Row")
Other = TypeVar("Other")
PER_PAGE = 100
TALL_PER_PAGE = 50
"""Rows on a page of a list whose rows are several lines high, or stand under a chart."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, ``number`` from 1, of a list of ``total`` rows; past the end it is the last page."""

    rows: Sequence[Row]
    number: int
    total: int
    per_page: int = PER_PAGE

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", fitting(self.number, self.total, self.per_page))

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty list has one."""
        return last_page(self.total, self.per_page)

    def with_rows(self, rows: Sequence[Other]) -> "Page[Other]":
        """The same page with its rows as something else."""
        return Page(rows, self.number, self.total, self.per_page)


def last_page(total: int, per_page: int = PER_PAGE) -> int:
    """The number of the last page of a list, 1 where it is empty."""
    return max(1, -(-total // per_page))


def fitting(number: int, total: int, per_page: int = PER_PAGE) -> int:
    """The number of the page that is shown: the last one's where the list has become shorter than was asked for."""
    return min(number, last_page(total, per_page))


def windowed(
    query: Select[*tuple[Any, ...]], number: int, total: int, per_page: int = PER_PAGE
) -> Select[*tuple[Any, ...]]:
    """The query for the rows of one page alone; a number past the end is the last page's."""
    return query.limit(per_page).offset((fitting(number, total, per_page) - 1) * per_page)


def cut(rows: Sequence[Row], number: int, per_page: int = PER_PAGE) -> Page[Row]:
    """Cut a page out of a list at hand; a number past the end is the last page's."""
    number = fitting(number, len(rows), per_page)
    return Page(rows[(number - 1) * per_page : number * per_page], number, len(rows), per_page)
