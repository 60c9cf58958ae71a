"""Rows of a list in a form: added and removed by a POST of their own where scripts do not run."""

from collections.abc import Callable
from typing import Any

from flask import request
from wtforms import FieldList


def blank_row(rows: "FieldList[Any]") -> Any:
    """An empty row for the script to copy; its fields are numbered ``__index__``."""
    name = f"{rows.short_name}-__index__"
    bind: Callable[..., Any] = rows.unbound_field.bind  # the stubs want a form; WTForms does with the form's meta
    row = bind(form=None, name=name, prefix="", id=name, _meta=rows.meta)
    row.process(None)
    return row


def rows_changed(*lists: "FieldList[Any]") -> bool:
    """Carry out an «add» or «remove» button; say whether it was one, so that the page is shown again unsaved."""
    asked_add, asked_remove = request.form.get("add"), request.form.get("remove")
    for rows in lists:
        if asked_add == rows.name:
            rows.append_entry()
            return True
    if asked_remove is None or not lists:
        return False
    position = int(asked_remove) if asked_remove.isdecimal() and len(asked_remove) < 4 else -1
    if 0 <= position < len(lists[0].entries):
        del lists[0].entries[position]
    return True
