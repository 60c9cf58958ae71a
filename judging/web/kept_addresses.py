"""Addresses of pages, each built once: a page has a dozen of them, a list a hundred, and most are on the next page too.

An address within the site follows from the view, its plain arguments, and the prefix that the site stands under.
"""

from typing import Any

from flask import Flask, has_request_context, request

from judging.web.nominations import KEEPING, keeping_choice

MOST, LONGEST = 10_000, 100
"""Addresses that are kept, and characters of an argument: what somebody typed into their browser is not kept."""
PLAIN = (str, int, type(None))
"""Types of arguments that are equal only where they are written alike."""


class Addresses:
    """``url_for`` of an application, with a memory."""

    def __init__(self, app: Flask) -> None:
        self._build, self._kept = app.url_for, dict[tuple[Any, ...], str]()

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Build an address; one that is asked for in another way than a path of this site is built anew each time."""
        here = has_request_context()
        if here and endpoint.startswith(KEEPING):
            values = keeping_choice(endpoint, values)
        plain = endpoint[:1] != "." and here and all(map(_is_plain, values.values()))
        if not plain or any(name[:1] == "_" for name in values):
            return self._build(endpoint, **values)
        key = (request.script_root, endpoint, *values.items())
        found = self._kept.get(key)
        if found is None:
            found = self._build(endpoint, **values)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = found
        return found


def _is_plain(value: Any) -> bool:
    return type(value) in PLAIN and (type(value) is not str or len(value) <= LONGEST)


def register(app: Flask) -> None:
    """Let views and templates build their addresses so."""
    addresses = Addresses(app)
    app.url_for = addresses.url_for  # type: ignore[method-assign]  # Flask calls it by this name
    app.jinja_env.globals["url_for"] = addresses.url_for
