"""From bytes to a JSON document, with the faults that JSON itself would let pass.

Python's reader keeps the last of two equal keys and accepts text that no database can store (half of a surrogate
pair, the null character). Both are named here with their place.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from judging.adapters.strict_json.bounds import OF_PAGES, Limits, require_few_keys, require_small
from judging.adapters.strict_json.notation import path_text
from judging.domain.errors import N_, Fault, Refused

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"

TOO_DEEP = N_("not JSON that can be read: nested too deep or a number too long")

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Parsed:
    """A document that can be read on, and the faults found so far."""

    document: dict[str, Any]
    faults: tuple[Fault, ...]


class _Repeated(dict[str, Any]):
    """An object in which some keys were given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs)
        self.repeated = tuple(name for name in self if times[name] > 1)


def parse(data: bytes, limits: Limits = OF_PAGES) -> Parsed:
    """Read UTF-8 JSON whose top level is an object; raise :class:`Refused` where there is nothing to read on."""
    require_small(data, limits)
    try:
        return _parsed(_decoded(data))
    except (RecursionError, OverflowError):
        raise Refused([Fault("", TOO_DEEP)]) from None


def _parsed(text: str) -> Parsed:
    document, repeats = _loaded(text)
    if not isinstance(document, dict):
        raise Refused([Fault("", N_("the top level is not an object"))])
    faults = [*_repeat_faults(document, ())] if repeats else []
    if _SUSPECT.search(text):
        faults += _unstorable_faults(document, ())
        document = _storable(document)
    return Parsed(document, tuple(faults))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault("", N_("not UTF-8 text: byte %(position)s"), {"position": error.start})
        raise Refused([fault]) from None


def _loaded(text: str) -> tuple[Any, bool]:
    """Return the document and whether any object has a key twice."""
    repeats = []

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require_few_keys(len(pairs))
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        repeats.append(_Repeated(pairs))
        return repeats[-1]

    try:
        return json.loads(text, object_pairs_hook=checked, parse_constant=_refuse_constant), bool(repeats)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Refused([Fault("", N_("not JSON: line %(line)s, column %(column)s"), place)]) from None
    except (RecursionError, ValueError):
        raise Refused([Fault("", TOO_DEEP)]) from None


def _refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which Python's reader takes though JSON has none."""
    raise Refused([Fault("", N_("not JSON: %(name)s is no number"), {"name": name})])


def _children(value: Any, steps: Steps) -> Iterator[tuple[Any, Steps]]:
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, child in items:
        yield child, (*steps, step)


def _repeat_faults(value: Any, steps: Steps) -> Iterator[Fault]:
    for name in getattr(value, "repeated", ()):
        yield Fault(path_text(*steps, name), N_("the key is given twice"))
    for child, place in _children(value, steps):
        yield from _repeat_faults(child, place)


def _unstorable_faults(value: Any, steps: Steps) -> Iterator[Fault]:
    texts = [value] if isinstance(value, str) else [*value] if isinstance(value, dict) else []
    if any(_UNSTORABLE.search(text) for text in texts):
        yield Fault(path_text(*_storable([*steps])), N_("text with a character that cannot be stored"))
    for child, place in _children(value, steps):
        yield from _unstorable_faults(child, place)


def _storable(value: Any) -> Any:
    """Replace what cannot be stored, so that the rest can be checked."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
