"""What the address of a list chooses: search, filters, order and page.

Each value is checked against what the list knows; what it does not know counts as not given.
"""

from collections.abc import Container, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from judging.domain.errors import Unfit
from judging.domain.fields.instants import read_date

LONGEST_SEARCH = 200
LAST_PAGE = 10_000
LONGEST_ID = 9
"""Digits of an id that the database can hold whatever they are."""
E = TypeVar("E", bound=StrEnum)
Args = Mapping[str, str]


def search_of(args: Args, name: str = "q", longest: int = LONGEST_SEARCH) -> str:
    """Read what is searched for."""
    return args.get(name, "").strip()[:longest]


def one_of(args: Args, name: str, known: Container[str], default: str = "") -> str:
    """Read one of the ``known`` values."""
    value = args.get(name, default)
    return value if value in known else default


def member_of(args: Args, name: str, kind: type[E]) -> E | None:
    """Read a member of an enumeration; None where none is chosen."""
    value = args.get(name, "")
    return kind(value) if value in set(kind) else None


def id_of(args: Args, name: str) -> int | None:
    """Read an id; None where there is none."""
    value = args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= LONGEST_ID else None


def day_of(args: Args, name: str) -> date | None:
    """Read a day; None where there is none."""
    try:
        return read_date(args.get(name, ""))
    except Unfit:
        return None


def sort_of(args: Args, orders: Container[str], default: str = "", name: str = "sort") -> str:
    """Read one of the ``orders``, with a minus for the other direction."""
    value = args.get(name, default)
    return value if value.removeprefix("-") in orders else default


def page_of(args: Args, name: str = "page") -> int:
    """Read the number of a page, from 1."""
    value = args.get(name, "")
    return min(max(1, int(value)), LAST_PAGE) if value.isascii() and value.isdecimal() and len(value) < 7 else 1
