"""Lists of rows within the editor's forms: several of them on a page, each with buttons that name their list.

``add=parts`` and ``remove=parts:2`` are presses of buttons that store nothing; the page is shown again.
"""

from collections.abc import Iterator
from typing import Any

from flask import request
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm

LONGEST_NUMBER = 5
"""As many digits no row's number has."""
ROW_NUMBER = "__index__"
"""Stands for the number of a row in the blank one that a script copies."""


def lists_in(form: PlainForm) -> "Iterator[FieldList[Any]]":
    """Every list of the form, those of its parts included; rows have none."""
    for field in form:
        if isinstance(field, FieldList):
            yield field
        elif isinstance(field, FormField):
            yield from lists_in(field.form)


def rows_pressed(form: PlainForm) -> bool:
    """Carry out a button that adds or removes a row; say whether one was pressed."""
    adding, removing = request.form.get("add"), request.form.get("remove")
    if adding is None and removing is None:
        return False
    name, _, number = (removing or "").rpartition(":")
    for rows in lists_in(form):
        if adding == rows.name:
            rows.append_entry()
        elif removing is not None and name == rows.name:
            _remove(rows, number)
    return True


def _remove(rows: "FieldList[Any]", number: str) -> None:
    if number.isdecimal() and len(number) < LONGEST_NUMBER and int(number) < len(rows.entries):
        del rows.entries[int(number)]


def blank_row(rows: "FieldList[Any]") -> Any:
    """An empty row for the script to copy."""
    name = f"{rows.name}-{ROW_NUMBER}"
    bind: Any = rows.unbound_field.bind  # the stubs want a form; WTForms does with the form's meta
    row = bind(form=None, name=name, prefix="", id=name, _meta=rows.meta)
    row.process(None)
    return row
