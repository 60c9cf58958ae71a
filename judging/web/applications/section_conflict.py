"""A section that two people changed at once: what both changed, field by field, with the differing words and a choice.

What only one of them changed is merged without asking; only where both say something else is there a choice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import render_template, request
from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.forms.form import FieldKind
from judging.domain.forms.merging import Merged, digest
from judging.domain.word_differences import Piece, word_differences
from judging.extensions import db
from judging.queries import applications
from judging.services.applications.section_edits import changed_by
from judging.web.applications.at_hand import AtHand, at_hand
from judging.web.applications.places import section_url
from judging.web.applications.section_merge import CHOICE, TOGETHER, UNITS, looked_over, page_base
from judging.web.applications.section_words import changed_words
from judging.web.both_versions import typed_again
from judging.web.clock import arrived
from judging.web.questionnaire.building import SectionForm, base_text
from judging.web.questionnaire.fields import AnswerField
from judging.web.questionnaire.phrases import shown
from judging.web.questionnaire.surroundings import Surroundings
from judging.web.questionnaire.tables import TableField
from judging.web.questionnaire.words import SaidTable, said
from judging.web.text_differences import INSERTED, REMOVED, marked

MOST_SHOWN = 30
"""Rows of a table that are shown of those that differ."""


@dataclass(frozen=True)
class Differing:
    """A field that both changed, in the words of both: what only one has is marked.

    ``who``: who changed it last, and when. ``units``: the rows that differ, of a table. ``together``: the text that
    both may be made into, where it is a text.
    """

    code: str
    label: Markup
    mine: Any
    theirs: Any
    who: str
    units: str = ""
    together: str | None = None


def render_comparison(application_id: int, form: SectionForm) -> str:
    """Both versions of what differs, and one form that saves what is chosen."""
    db.session.expire_all()
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    code = form.part.section.code
    found = looked_over(hand, form)
    rows = list(_differing(hand, form, found))
    settled = {**found.settled, **{row.code: _stored_digest(form, hand, row.code) for row in rows if not row.units}}
    again = typed_again(version=hand.version(code), fingerprint=base_text(settled))
    return render_template(
        "applications/_section_conflict.html",
        application=hand.application,
        rows=rows,
        address=section_url(hand.application, code),
        title=shown(form.part.section, "title"),
        fields=[(name, value) for name, value in _pairs(again) if not name.startswith((CHOICE, TOGETHER, UNITS))],
    )


def _stored_digest(form: SectionForm, hand: AtHand, code: str) -> str:
    field = next(one for one in form.answers() if one.asked.code == code)
    return digest(field.asked, hand.answers.get(code))


def _pairs(again: dict[str, object]) -> Iterator[tuple[str, object]]:
    """The fields of the form once more; of those that come several times every value."""
    for name, value in again.items():
        several = request.form.getlist(name)
        yield from ((name, one) for one in several) if len(several) > 1 and value in several else [(name, value)]


def _differing(hand: AtHand, form: SectionForm, found: Merged) -> Iterator[Differing]:
    stored = hand.sections.get(form.part.section.code)
    others = changed_by(stored.edits, set(stored.edits)) if stored else {}
    saved_at = stored.saved_at if stored else hand.application.updated_at
    base = page_base(hand, form)
    for one in form.answers():
        code, keys = one.asked.code, [key for code, key in found.conflicts if code == one.asked.code]
        unread = one.sent and not one.legible and base.get(code) != digest(one.asked, hand.answers.get(code))
        if not keys and (not unread or isinstance(one, TableField)):
            continue
        who = changed_words(others.get(code), saved_at)
        mine, theirs = _said(one, hand.answers.get(code), hand.around)
        label, units = shown(one.asked, "label"), ",".join(map(quote, keys))
        together = one.text if one.asked.kind is FieldKind.TEXT and one.legible else None
        yield Differing(code, label, mine or "—", theirs or "—", who, units, together)


def _said(one: AnswerField, answer: Any, around: Surroundings) -> tuple[Any, Any]:
    """Both versions in words, with what only one of them has marked."""
    typed: Any = said(one.one, one.data, around) if one.legible else Markup("<br>").join(one.raw_data or [])
    kept: Any = said(one.one, answer, around)
    if isinstance(one, TableField):
        return _rows_that_differ(typed, kept)
    if one.asked.kind is FieldKind.TEXT:
        mine, theirs = word_differences(str(one.text), str(answer or ""))
        return _mine(mine), _theirs(theirs)
    return typed, kept


def _mine(pieces: Iterable[Piece]) -> Markup:
    return marked(pieces, INSERTED, gettext("only in yours:"))


def _theirs(pieces: Iterable[Piece]) -> Markup:
    return marked(pieces, REMOVED, gettext("only in the saved one:"))


def _rows_that_differ(mine: Any, theirs: Any) -> tuple[Markup, Markup]:
    """The rows of both tables that the other has not, in words; where they are as many, word by word."""
    both = [_lines(table) for table in (mine, theirs)]
    own = [one for one in both[0] if one not in both[1]]
    other = [one for one in both[1] if one not in both[0]]
    if len(own) != len(other):
        return _listed(own), _listed(other)
    both_texts = [(one.unescape(), another.unescape()) for one, another in zip(own, other, strict=True)]
    pairs = [word_differences(*texts) for texts in both_texts[:MOST_SHOWN]]
    pairs += [((Piece(one, own=True),), (Piece(another, own=True),)) for one, another in both_texts[MOST_SHOWN:]]
    return _listed(_mine(one) for one, _ in pairs), _listed(_theirs(another) for _, another in pairs)


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
