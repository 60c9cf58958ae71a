"""How long a text may be: every field of every form has a greatest length, and so has every query.

A form says its own with ``Length``; what does not gets the one of its kind. What is longer is refused in words beside
the field, and nothing of it is cut off. Browsers are not told: they would cut what is pasted without a word.
"""

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import Length

LONGEST_LINE, LONGEST_TEXT, LONGEST_HIDDEN, LONGEST_SECRET = 500, 4000, 4000, 1000
LONGEST_QUERY = 4000
"""Bytes of a query string; web servers refuse longer lines anyway."""
TOO_LONG = _l("No more than %(max)d characters")
KINDS: tuple[tuple[type[Field], int], ...] = (
    (HiddenField, LONGEST_HIDDEN),
    (PasswordField, LONGEST_SECRET),
    (TextAreaField, LONGEST_TEXT),
    (StringField, LONGEST_LINE),
)


def register(app: Flask) -> None:
    """Refuse queries that are too long before anything reads them."""
    app.before_request(refuse_long_query)


def refuse_long_query() -> None:
    """No page is asked for with more than this."""
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)


def longest_of(field: Field) -> int | None:
    """Return how many characters the field takes: as its form says, else by its kind; None for what is no text."""
    validators: Sequence[object] = field.validators
    stated = [one.max for one in validators if isinstance(one, Length) and one.max > 0]
    return min(stated) if stated else next((longest for kind, longest in KINDS if isinstance(field, kind)), None)


def bound(field: Field) -> Field:
    """Give the field its greatest length where its form says none, and keep it from the browser."""
    longest = longest_of(field)
    if longest is not None:
        if not any(isinstance(one, Length) for one in field.validators):
            limits: list[Any] = [Length(max=longest, message=TOO_LONG)]  # only texts come here
            field.validators = [*field.validators, *limits]
        field.longest = longest  # type: ignore[attr-defined]  # read by worth_reading() and the templates
        field.flags.maxlength = None
    return field


def worth_reading(field: Field, text: str) -> bool:
    """Say whether the text may fit once spaces and unseen signs are gone; what cannot is not looked through."""
    return fits(text, int(field.longest))  # type: ignore[attr-defined]  # set by bound()


def fits(text: str, longest: int) -> bool:
    """Say whether a text may have no more than so many characters once spaces and unseen signs are gone."""
    return len(text) <= 2 * longest + 100
