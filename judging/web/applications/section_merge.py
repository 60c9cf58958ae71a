"""What a posted section says: what was typed, what the page was filled from, and what was chosen where two differed."""

from typing import Any
from urllib.parse import unquote

from flask import request
from werkzeug.datastructures import MultiDict

from judging.domain.forms.compiling import CompiledSection
from judging.domain.forms.merging import Merged, Unit, base_of, merged
from judging.extensions import db
from judging.services.applications.section_save import KeptSection, TypedSection, merge_section
from judging.web.access import by_request
from judging.web.applications.at_hand import AtHand
from judging.web.questionnaire.building import SectionForm, asked_of, base_of_page, name_of
from judging.web.questionnaire.kinds import KINDS
from judging.web.questionnaire.reading import legible_answers

THEIRS, BOTH = "theirs", "both"
CHOICE, TOGETHER, UNITS = "choice-", "both-", "units-"
MOST_UNITS = 600


def chosen_data(part: CompiledSection) -> MultiDict[str, str]:
    """The request's fields as the person wants them: with the texts that were made of both versions.

    A field of which the stored version was chosen is as if it had not been sent, where a browser sends an empty one.
    """
    sent = MultiDict(request.form)
    for asked in asked_of(part):
        choice, name = sent.get(f"{CHOICE}{asked.code}"), name_of(asked)
        if choice == BOTH and f"{TOGETHER}{asked.code}" in sent:
            sent[name] = sent[f"{TOGETHER}{asked.code}"]
        elif choice == THEIRS and not KINDS[asked.kind].unsent and asked.code not in _units():
            sent.poplist(name)
    return sent


def yielding() -> frozenset[Unit]:
    """The fields, and the rows of tables, of which the stored version was chosen."""
    units = _units()
    chosen = [name.removeprefix(CHOICE) for name, value in request.form.items() if value == THEIRS]
    return frozenset((code, key) for code in chosen for key in units.get(code, [""]))


def _units() -> dict[str, list[str]]:
    """The rows that differ, of each table with a choice."""
    told = ((name.removeprefix(UNITS), value) for name, value in request.form.items() if name[: len(UNITS)] == UNITS)
    return {code: [unquote(key) for key in value.split(",")[:MOST_UNITS]] for code, value in told}


def page_base(hand: AtHand, form: SectionForm) -> dict[str, Any]:
    """What the page was filled from. One that does not say it is of the version that it names."""
    base = base_of_page(form)
    if base is None and (form.version.data or 0) == hand.version(form.part.section.code):
        return base_of(asked_of(form.part), hand.answers)
    return base or {}


def merge_typed(hand: AtHand, form: SectionForm, *, by_itself: bool = False) -> KeptSection:
    """Keep what is legible of the form over what is stored now; see :func:`merge_section`."""
    typed = TypedSection(legible_answers(form), page_base(hand, form), yielding(), by_itself)
    return merge_section(db.session, hand.application.id, form.part.section.code, typed, by=by_request())


def looked_over(hand: AtHand, form: SectionForm) -> Merged:
    """What merging would come to now; nothing is stored."""
    return merged(asked_of(form.part), page_base(hand, form), legible_answers(form), hand.answers, yielding())
