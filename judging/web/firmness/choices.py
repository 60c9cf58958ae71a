"""What the address of a page chooses: filters and page; what makes no sense falls back to the default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from judging.domain.collation import search_key
from judging.queries.searching import sought_words

PER_PAGE = 50
LONGEST_SEARCH = 200
FARTHEST = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page of a list of ``found``."""

    rows: Sequence[T]
    found: int
    number: int
    per_page: int


def cut(rows: Sequence[T], number: int, per_page: int = PER_PAGE) -> Page[T]:
    """Cut a page out of a list; a number past the end is the last page's."""
    last = max(1, -(-len(rows) // per_page))
    number = min(number, last)
    return Page(rows[(number - 1) * per_page : number * per_page], len(rows), number, per_page)


def number_of(args: Mapping[str, str], name: str = "page") -> int:
    """Read a page's number, 1 where there is none."""
    text = args.get(name, "")
    return min(max(1, int(text)), FARTHEST) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def search_of(args: Mapping[str, str]) -> str:
    """Read what is searched for."""
    return args.get("q", "").strip()[:LONGEST_SEARCH]


def one_of(args: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    """Read one of the ``known`` values; empty where it is none of them."""
    value = args.get(name, "")
    return value if value in known else ""


def fits(text: str, *places: str) -> bool:
    """Whether every word of a search is in one of the places."""
    where = search_key(" ".join(places))
    return all(word in where for word in sought_words(text))
