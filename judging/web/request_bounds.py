"""What a request may hold at all, before any page looks at it.

PostgreSQL stores no NUL characters and SQLite no integer beyond 64 bits: either would come back as an error of the
server, far from whoever sent it. So neither gets in. Nor does a form that is all fields or all escapes: reading a few
megabytes of those takes a gigabyte and half a minute, which nobody else would get.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

from judging.domain.errors import N_, Fault, Refused

LARGEST_ID = 2**31 - 1
"""The greatest primary key that the tables can hold."""
MOST_CARRIED = 450_000
"""Bytes of a text that a page sends on in a hidden field: Flask takes no field of more than 500,000."""
NUL, REPLACEMENT = "\x00", "\ufffd"
PLAIN_FORM = "application/x-www-form-urlencoded"


class IdConverter(IntegerConverter):
    """``<int:…>`` in a route: an integer that a primary key can be; anything greater names nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})


class Parameters(ImmutableMultiDict[str, Any]):
    """Query parameters, form fields and files with every NUL character replaced by the sign for an unreadable one.

    A part of a form that has no name is nobody's field.
    """

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        given = list(mapping.items(multi=True) if isinstance(mapping, MultiDict) else iter_multi_items(mapping or ()))
        super().__init__([(_readable(name), _readable(value)) for name, value in given if name is not None])
        for nameless in (value for name, value in given if name is None and isinstance(value, FileStorage)):
            nameless.close()


class BoundedForms(FormDataParser):
    """Reads plain forms within the bounds that Flask's settings put on forms with files: ``MAX_FORM_…``."""

    def parse(self, stream: IO[bytes], mimetype: str, *args: Any, **options: Any) -> Any:
        """Read a form; raise :class:`RequestEntityTooLarge` before one is taken apart that is too long or too full."""
        most_bytes, most_fields = self.max_form_memory_size, self.max_form_parts
        if mimetype == PLAIN_FORM and most_bytes is not None and most_fields is not None:
            body = stream.read(most_bytes + 1)
            if len(body) > most_bytes or body.count(b"&") >= most_fields:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, *args, **options)


class CleanRequest(Request):
    """A request whose parameters can be stored, and whose forms are bounded."""

    parameter_storage_class = Parameters
    form_data_parser_class = BoundedForms


def is_id(number: int | None) -> bool:
    """Whether a number that somebody sent can be a primary key at all."""
    return number is not None and 0 < number <= LARGEST_ID


def as_id(text: str) -> int:
    """Read a primary key out of a form; raise ``ValueError`` for what cannot be one (``getlist`` leaves it out)."""
    if not is_id(number := int(text)):
        raise ValueError(text)
    return number


def require_carried(document: str) -> None:
    """Raise :class:`Refused` for a document that is too large for the page that would be sent next."""
    if len(document.encode()) > MOST_CARRIED:
        limit = {"limit": MOST_CARRIED // 1000}
        raise Refused([Fault("", N_("larger than %(limit)s KB: such a file is loaded on the command line"), limit)])


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
