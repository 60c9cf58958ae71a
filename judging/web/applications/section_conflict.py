"""A section that two people changed at once: what differs, field by field, with the choice of each.

What this person did not touch is taken from what is stored; only where both say something else is there a choice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.forms.looking import answered
from judging.extensions import db
from judging.queries import applications
from judging.web.applications.at_hand import at_hand
from judging.web.applications.places import section_url
from judging.web.both_versions import typed_again
from judging.web.clock import arrived
from judging.web.questionnaire.building import SectionForm, changed_since, fingerprint, touched
from judging.web.questionnaire.fields import AnswerField
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.surroundings import Surroundings
from judging.web.questionnaire.tables import TableField
from judging.web.questionnaire.words import SaidTable, said

THEIRS, CHOICE = "theirs", "choice-"
MOST_SHOWN = 30
"""Rows of a table that are shown of those that differ."""


@dataclass(frozen=True)
class Differing:
    """A field that both changed, in the words of both."""

    code: str
    label: Markup
    mine: Any
    theirs: Any


def left_out() -> frozenset[str]:
    """The fields of which the request says that what is stored stays."""
    chosen = (name.removeprefix(CHOICE) for name, value in request.form.items() if value == THEIRS)
    return frozenset([*request.form.getlist(THEIRS), *chosen])


def render_comparison(application_id: int, form: SectionForm) -> str:
    """Both versions of what differs, and one form that saves what is chosen."""
    db.session.expire_all()
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    code, mine = form.part.section.code, touched(form)
    both = mine & changed_since(form, hand.answers)
    differing = list(_differing(form, both, hand.answers, hand.around))
    stored = hand.sections.get(code)
    untouched = [one.asked.code for one in form.answers() if one.asked.code not in mine]
    again = typed_again(version=hand.version(code), fingerprint=fingerprint(form.part, hand.answers))
    return render_template(
        "applications/_section_conflict.html",
        application=hand.application,
        changed_at=stored.saved_at if stored else hand.application.updated_at,
        rows=differing,
        address=section_url(hand.application, code),
        title=shown(form.part.section, "title"),
        fields=[(name, value) for name, value in _pairs(again) if _is_of(name, mine, form)],
        untouched=untouched,
    )


def _pairs(again: dict[str, object]) -> Iterator[tuple[str, object]]:
    """The fields of the form once more; of those that come several times every value."""
    for name, value in again.items():
        several = request.form.getlist(name)
        yield from ((name, one) for one in several) if len(several) > 1 and value in several else [(name, value)]


def _is_of(name: str, mine: frozenset[str], form: SectionForm) -> bool:
    """Whether a name of the request belongs to a field that this person changed, or to none."""
    head = name.partition("-")[0]
    owner = form._fields.get(name) or form._fields.get(head)
    return not isinstance(owner, AnswerField) or owner.asked.code in mine


def _differing(form: SectionForm, both: frozenset[str], stored: Any, around: Surroundings) -> Iterator[Differing]:
    for one in form.answers():
        answer = stored.get(one.asked.code)
        if one.asked.code not in both or (one.legible and _same(one, answer)):
            continue
        typed: Any = said(one.one, one.data, around) if one.legible else Markup("<br>").join(one.raw_data or [])
        kept: Any = said(one.one, answer, around)
        if isinstance(one, TableField):
            typed, kept = _rows_that_differ(typed, kept)
        yield Differing(one.asked.code, shown(one.asked, "label"), typed or "—", kept or "—")


def _same(typed: AnswerField, stored: Any) -> bool:
    """Whether both say the same; what is not answered is nothing, however it is written."""
    some = answered(typed.asked, typed.data), answered(typed.asked, stored)
    return some == (False, False) or (some == (True, True) and typed.data == stored)


def _rows_that_differ(mine: Any, theirs: Any) -> tuple[Markup, Markup]:
    """The rows of both tables that the other has not, in words."""
    both = [_lines(table) for table in (mine, theirs)]
    return _listed(one for one in both[0] if one not in both[1]), _listed(one for one in both[1] if one not in both[0])


def _lines(table: Any) -> list[Markup]:
    if not isinstance(table, SaidTable):
        return []
    return [
        Markup(" · ").join(cell.replace(Markup("<br>"), Markup(" ")) for cell in map(_escaped, row) if cell)
        for row in table.rows
    ]


def _escaped(cell: Any) -> Markup:
    return escape("" if cell is None else cell)


def _listed(lines: Iterable[Markup]) -> Markup:
    some = list(lines)
    more = len(some) - MOST_SHOWN
    rest = [escape(gettext("and %(count)s rows more", count=more))] if more > 0 else []
    return Markup("<br>").join([*some[:MOST_SHOWN], *rest])
