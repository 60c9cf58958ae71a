"""What of a posted form can be kept, and the presses of its buttons that only change rows."""

import re
from collections.abc import Mapping
from typing import Any

from judging.web.questionnaire.building import SectionForm
from judging.web.questionnaire.tables import TableField

_PRESSED = re.compile(r"(?P<table>[^:]{1,80}):(?P<place>[0-9]{1,4})(?::(?P<way>up|down))?")


def legible_answers(form: SectionForm) -> dict[str, Any]:
    """The answers of the request that can be kept, by code; a code that is missing keeps what is stored."""
    return {field.asked.code: field.data for field in form.answers() if field.legible}


def over_stored(form: SectionForm, stored: Mapping[str, Any]) -> dict[str, Any]:
    """All answers as they would be if what is legible of the request were kept."""
    return {**stored, **legible_answers(form)}


def reshaped(form: SectionForm, pressed: Mapping[str, str]) -> bool:
    """Carry out a button that adds, removes or moves a row; say whether one was pressed.

    ``add=stages``; ``remove=stages:2``; ``move=stages:2:up``. A button of what is not there changes nothing.
    """
    adding = pressed.get("add")
    press = _PRESSED.fullmatch(pressed.get("remove") or pressed.get("move") or "")
    if adding is None and "remove" not in pressed and "move" not in pressed:
        return False
    table = form._fields.get(adding if adding is not None else press["table"] if press else "")
    if isinstance(table, TableField):
        if adding is not None:
            table.add()
        elif press and "remove" in pressed:
            table.remove(int(press["place"]))
        elif press:
            table.move(int(press["place"]), -1 if press["way"] == "up" else 1)
    return True
