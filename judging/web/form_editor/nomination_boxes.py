"""In which nominations a part of the form is asked: boxes to tick, where the contest has nominations."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm

from judging.models import Contest
from judging.web.forms import SelectChoice, TickList
from judging.web.templating import localized

Offered = Sequence[tuple[str, str]]
"""Codes of nominations and what they are called."""


def nomination_boxes() -> TickList:
    """The boxes of a form over a part; none ticked means all nominations."""
    return TickList(_l("Only in these nominations"), description=_l("None is ticked: it is asked in all."))


def offered_by(contest: Contest) -> Offered:
    """The nominations of a contest."""
    return [(row.code, localized(row, "title")) for row in contest.nominations]


def offer_nominations(form: PlainForm, offered: Offered) -> None:
    """Give the boxes their nominations; without any there are no boxes."""
    if not offered:
        del form["nominations"]
        return
    boxes: Any = form["nominations"]
    boxes.choices = [SelectChoice(code, words) for code, words in offered]


def asked_in(form: PlainForm, stored: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The setting that the boxes make; nothing where there are none."""
    boxes = form._fields.get("nominations")
    return {"nominations": boxes.ordered(stored)} if isinstance(boxes, TickList) else {}
