"""Both versions of a form that somebody else overtook, in words, field by field."""

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext
from wtforms import BooleanField, FieldList, Form, SelectField

from judging.web.forms import new_key

HIDDEN = ("csrf_token", "request_key", "version", "fingerprint")


def conflict_rows(mine: Form, theirs: Form) -> list[dict[str, str]]:
    """A row for every field: its label, what this person typed, what is stored now."""
    return [
        {"label": str(field.label.text), "mine": field_text(field), "theirs": field_text(theirs[field.short_name])}
        for field in mine
        if field.short_name not in HIDDEN
    ]


def field_text(field: Any) -> str:
    """What a field holds, as people read it; a list of rows one after another."""
    if isinstance(field, FieldList):
        rows = ("; ".join(_texts(entry)) for entry in field)
        return "\n".join(row for row in rows if row)
    if isinstance(field, BooleanField):
        return gettext("Yes") if field.data else gettext("No")
    if isinstance(field, SelectField):
        return _chosen(field)
    return str(field._value() or "")


def kept_fields(mine: Form, **changed: object) -> dict[str, object]:
    """Everything that this person typed, as hidden fields of a form that saves it over the other version."""
    typed = {name: value for name, value in request.form.items() if name not in HIDDEN and name != "stay"}
    return {**typed, "request_key": new_key(), **changed}


def _texts(entry: Any) -> Iterator[str]:
    return (text for text in (field_text(field) for field in entry) if text)


def _chosen(field: SelectField) -> str:
    for choice in field.iter_choices():
        if choice[2] and field.data not in (None, ""):
            return str(choice[1])
    return ""
