"""Settings as a document: where two of them differ, and which of their texts name a year that is over."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_UNTOLD = frozenset({"format", "version", "code", "kind", "timezone"})
"""Keys whose values nobody reads as text."""
_DATES = frozenset({"applications_open", "applications_close", "review_close"})


@dataclass(frozen=True)
class Difference:
    """One place at which two documents differ: what stands there in each; None where there is nothing."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class NamedYear:
    """A text that names a year: its place, the text, and the years."""

    path: str
    text: str
    years: tuple[str, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Name every difference; items of lists are known by their code: ``criteria[К1].weight``, else by their place."""
    return tuple(_between("", before, after))


def named_years(document: Mapping[str, Any], years: Collection[int]) -> tuple[NamedYear, ...]:
    """Name every text of the document in which one of the years stands; dates and codes of their own are none."""
    wanted = {str(year) for year in years}
    return tuple(_named("", document, wanted))


def _between(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _between(f"{path}.{key}".removeprefix("."), before.get(key), after.get(key))
    elif _items(before) and _items(after):
        yield from _lists(path, before, after)
    elif before != after:
        yield Difference(path, before, after)


def _lists(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    were, are = _keyed(before), _keyed(after)
    for key in dict.fromkeys((*were, *are)):
        yield from _between(f"{path}[{key}]", were.get(key), are.get(key))
    stayed, stay = [key for key in were if key in are], [key for key in are if key in were]
    if stayed != stay:
        yield Difference(f"{path} (order)", stayed, stay)


def _items(value: Any) -> bool:
    """Whether it is a list of objects, whose items are compared one by one; an empty one goes with any."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _keyed(items: Sequence[Any]) -> dict[str, Any]:
    codes = [item.get("code") for item in items]
    known = all(isinstance(code, str) for code in codes) and len(set(codes)) == len(codes)
    return dict(zip(codes if known else map(str, range(len(items))), items, strict=True))


def _named(path: str, value: Any, wanted: set[str]) -> Iterator[NamedYear]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _UNTOLD and not (path == "terms" and key in _DATES) and key != "milestones":
                yield from _named(f"{path}.{key}".removeprefix("."), item, wanted)
    elif isinstance(value, list):
        keyed = _keyed(value) if _items(value) else dict(zip(map(str, range(len(value))), value, strict=True))
        for key, item in keyed.items():
            yield from _named(f"{path}[{key}]", item, wanted)
    elif isinstance(value, str):
        found = tuple(year for year in dict.fromkeys(_YEAR.findall(value)) if year in wanted)
        if found:
            yield NamedYear(path, value, found)
