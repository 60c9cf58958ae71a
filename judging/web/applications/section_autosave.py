"""What saves by itself while one types: what is legible is kept, and the script is told what is not, and why."""

from collections.abc import Iterator
from typing import Any

from flask import render_template
from flask_babel import gettext

from judging.domain.forms.merging import base_of_field
from judging.extensions import db
from judging.services.applications.draft_edit import require_open_section
from judging.services.applications.section_save import KeptSection
from judging.web.applications.at_hand import AtHand
from judging.web.applications.section_merge import merge_typed
from judging.web.applications.section_words import changed_words, clock, merged_words
from judging.web.applications.sections import form_id_of, too_late_words, typed_form
from judging.web.clock import arrived
from judging.web.questionnaire.building import SectionForm, base_text, section_form
from judging.web.questionnaire.fields import AnswerField
from judging.web.questionnaire.phrases import said
from judging.web.questionnaire.tables import KEY, TableField

MOST_NAMED = 3
"""Fields that a sentence names; of more it says how many there are."""


def autosave(hand: AtHand, code: str) -> dict[str, Any]:
    """Keep what can be kept; return what static/js/autosave expects."""
    part = hand.part(code)
    require_open_section(db.session, hand.application, code, now=arrived())
    form = typed_form(hand, part)
    form.validate()
    kept = merge_typed(hand, form, by_itself=True)
    db.session.commit()
    faults, conflicts = dict(_faults(form)), kept.merged.conflicting
    return {
        "version": kept.version,
        "fingerprint": base_text(kept.merged.base),
        "saved_at_text": _saved_words(form, conflicts),
        "whole": not faults and not conflicts,
        "faults": faults,
        "merged": ". ".join(filter(None, (_merged(kept, conflicts), too_late_words(hand)))),
        "theirs": list(_theirs(hand, form, kept)),
        "conflict": _conflict(form_id_of(hand, form), form, kept) if conflicts else "",
    }


def _saved_words(form: SectionForm, conflicts: frozenset[str]) -> str:
    """When it was saved, and which fields were not."""
    time = clock(arrived())
    left = [said(one.asked, "label") for one in form.answers() if one.errors or one.asked.code in conflicts]
    if not left:
        return time
    if len(left) > MOST_NAMED:
        return gettext("%(time)s, except %(count)s fields: see what is said beside them", time=time, count=len(left))
    return gettext("%(time)s, except: %(fields)s", time=time, fields=", ".join(left))


def _merged(kept: KeptSection, conflicts: frozenset[str]) -> str:
    return merged_words(kept.others, [one for one in kept.merged.theirs if one not in conflicts])


def _faults(form: SectionForm) -> Iterator[tuple[str, str]]:
    """Why something cannot be kept, by the id of its control."""
    for one in form.answers():
        texts = one.process_errors if isinstance(one, TableField) else one.errors
        if texts:
            yield one.id, " ".join(map(str, texts))
        if isinstance(one, TableField):
            yield from ((cell.name, cell.error) for _, cell in one.wrong_cells())


def _theirs(hand: AtHand, form: SectionForm, kept: KeptSection) -> Iterator[dict[str, Any]]:
    """The fields that somebody else changed: what stands in their controls now, and the base that goes with it."""
    some = [code for code in kept.merged.theirs if code not in kept.merged.conflicting]
    if not some:
        return
    answers = kept.merged.answers
    stored = section_form(form.part)({**hand.answers, **answers}, formdata=None, around=hand.around)
    known = {one.asked.code: one for one in stored.answers()}
    wrong = {one.asked.code for one in form.answers() if one.errors}
    for code in some:
        if code not in wrong:
            yield {
                "name": known[code].name,
                "pairs": _pairs(known[code]),
                "base": base_text({code: base_of_field(known[code].asked, answers[code])}),
            }


def _pairs(field: AnswerField) -> list[tuple[str, str]]:
    """The names and values of a field's controls, as the page would send them."""
    if not isinstance(field, TableField):
        return [(field.name, text) for text in field.texts or ([""] if not field.page.unsent else [])]
    cells = [
        pair
        for row in field.rows
        for pair in [(f"{field.name}-{row.index}-{KEY}", row.key), *((cell.name, cell.text) for cell in row.cells)]
    ]
    return [(field.name, "rows"), *cells]


def _conflict(form_id: str, form: SectionForm, kept: KeptSection) -> str:
    """What is said where two changed the same: which fields, who, and the button that leads to the choice."""
    fields = [
        {
            "id": one.id,
            "label": said(one.asked, "label"),
            "who": changed_words(kept.others.get(one.asked.code), arrived()),
        }
        for one in form.answers()
        if one.asked.code in kept.merged.conflicting
    ]
    return render_template("applications/_autosave_conflict.html", fields=fields, form_id=form_id)
