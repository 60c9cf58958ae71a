"""How much a file may hold, so that nobody's file takes the memory or the hours of everybody.

What is beyond the bounds is refused before anything is made of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from judging.domain.errors import N_, Fault, Refused


@dataclass(frozen=True)
class Limits:
    """Bytes of a file, and of its text in memory, where one sign beyond 16 bits makes all of them four bytes wide.

    ``containers`` counts objects and lists, ``values`` commas.
    """

    largest: int
    largest_text: int
    containers: int
    values: int


OF_PAGES = Limits(32 << 20, 64 << 20, 300_000, 1_500_000)
"""Of what comes over the web.

The archive of 5,000 applications with three reviews of six marks has 15 MB, 84,000 objects and lists and 320,000
commas.
"""
OF_CONSOLE = Limits(512 << 20, 1 << 30, 4_000_000, 30_000_000)
"""Of what whoever keeps the server brings: the same contest with what was submitted."""
MOST_KEYS = 2_000
"""Keys of one object, and items of one list within an item of the archive's own lists."""
TOO_MANY = N_("a list of more than %(most)s items")
MOST_FAULTS, ENOUGH_FAULTS = 500, 5_000
"""How many faults are told, and after how many nothing more is read."""
LONGEST_SHOWN = 200
"""Characters of whatever a fault repeats out of the file."""

_WIDE = re.compile(rb"[\xf0-\xf4]")
_ASCII, _TWO = 1, 2


def require_small(data: bytes, limits: Limits) -> None:
    """Refuse a file that is too large, or whose parts would be too many; commas and brackets within texts count too."""
    if len(data) > limits.largest or _width(data) * len(data) > limits.largest_text:
        raise Refused([Fault("", N_("larger than %(limit)s MB"), {"limit": limits.largest >> 20})])
    if data.count(b"{") + data.count(b"[") > limits.containers or data.count(b",") > limits.values:
        raise Refused([Fault("", N_("more objects and values than any contest has"))])


def _width(data: bytes) -> int:
    """Bytes of a character in memory at most; letters beyond ASCII take two bytes in the file as well."""
    if _WIDE.search(data):
        return 4
    return _ASCII if data.isascii() else _TWO


def require_few_keys(count: int) -> None:
    """Refuse an object of too many keys, which would all be unknown ones."""
    if count > MOST_KEYS:
        raise Refused([Fault("", N_("an object of more than %(most)s keys"), {"most": MOST_KEYS})])


def long_lists(raw: object) -> Iterator[str]:
    """Yield the keys of an object whose lists are too long to be read."""
    if isinstance(raw, dict):
        yield from (name for name, value in raw.items() if isinstance(value, list) and len(value) > MOST_KEYS)


def told(faults: Iterable[Fault]) -> list[Fault]:
    """Return as many faults as anybody can read, each of a length that can be read."""
    given = iter(faults)
    shown = [replace(one, path=_cut(one.path), params=_cut_values(one.params)) for one in islice(given, MOST_FAULTS)]
    more = sum(1 for _ in given)
    if more:
        shown.append(Fault("", N_("and %(more)s more faults"), {"more": more}))
    return shown


def _cut_values(params: Any) -> dict[str, object]:
    return {name: _cut(value) if isinstance(value, str) else value for name, value in params.items()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
