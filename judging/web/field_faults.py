"""Where the faults that a rule of the domain names stand on a form."""

import re
from typing import Any

from flask_wtf import FlaskForm

from judging.domain.errors import Refused
from judging.web.templating import translate

PLACE = re.compile(r"(?P<list>\w+)\[(?P<index>[0-9]+)\](?:\.(?P<name>\w+))?")


def add_faults(form: FlaskForm, refused: Refused) -> None:
    """Put every fault next to the field that its path names, rows of lists included; the others to the form."""
    for fault in refused.faults:
        text = translate(fault.message, **fault.params)
        fields = fields_at(form, fault.path)
        if not fields:
            form.form_errors.append(text)
            continue
        *lists, field = fields
        field.errors = [*field.errors, text]
        for parent in lists:
            parent.errors = [*parent.errors, {}]


def fields_at(form: Any, path: str) -> list[Any]:
    """The field that ``path`` names, after the list that holds it; empty where the form has no such field.

    A form whose fields are named otherwise than the domain's values says so in its ``PLACES``.
    """
    renamed = getattr(form, "PLACES", {}).get(path, path)
    match = PLACE.fullmatch(renamed)
    if match is None:
        return [form[renamed]] if renamed in form else []
    rows: Any = form._fields.get(match["list"], ())
    if int(match["index"]) >= len(rows):
        return []
    row = rows[int(match["index"])].form
    inner = fields_at(row, match["name"] or next(iter(row._fields)))
    return [rows, *inner] if inner else []
