"""What a request may hold at all, before any page looks at it.

PostgreSQL stores no NUL characters and SQLite no integer beyond 64 bits: either would come back as an error of the
server, far from whoever sent it. So neither gets in.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict, iter_multi_items
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1
"""The greatest primary key that the tables can hold."""
NUL, REPLACEMENT = "\x00", "\ufffd"


class IdConverter(IntegerConverter):
    """``<int:…>`` in a route: an integer that a primary key can be; anything greater names nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})


class Parameters(ImmutableMultiDict[str, Any]):
    """Query parameters and form fields with every NUL character replaced by the sign for an unreadable one."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        given = mapping.items(multi=True) if isinstance(mapping, MultiDict) else iter_multi_items(mapping or ())
        super().__init__([(_readable(name), _readable(value)) for name, value in given])


class CleanRequest(Request):
    """A request whose parameters can be stored."""

    parameter_storage_class = Parameters


def is_id(number: int | None) -> bool:
    """Whether a number that somebody sent can be a primary key at all."""
    return number is not None and 0 < number <= LARGEST_ID


def as_id(text: str) -> int:
    """Read a primary key out of a form; raise ``ValueError`` for what cannot be one (``getlist`` leaves it out)."""
    if not is_id(number := int(text)):
        raise ValueError(text)
    return number


def register(app: Flask) -> None:
    """Read requests this way; before the routes are added."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_nul_in_address)


def refuse_nul_in_address() -> None:
    """An address with a NUL character in it leads nowhere."""
    if NUL in request.path:
        abort(404)


def _readable(value: Any) -> Any:
    return value.replace(NUL, REPLACEMENT) if isinstance(value, str) else value
