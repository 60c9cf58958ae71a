"""How the page of a section is shown and how it is saved: the same way for every section of any form."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from judging.domain.forms.compiling import CompiledSection
from judging.domain.forms.findings import form_findings
from judging.domain.forms.form import Section
from judging.domain.stages import time_left
from judging.extensions import db
from judging.queries import applications
from judging.queries.extensions import time_to_submit
from judging.queries.submissions import ReturnLine
from judging.services.applications.draft_edit import require_open_section
from judging.services.applications.section_save import KeptSection
from judging.web.applications.at_hand import AtHand, at_hand, returned_of
from judging.web.applications.files import file_context
from judging.web.applications.places import section_url
from judging.web.applications.section_conflict import render_comparison
from judging.web.applications.section_merge import chosen_data, merge_typed
from judging.web.applications.section_words import merged_words
from judging.web.applications.work import work_context
from judging.web.clock import arrived
from judging.web.copies import acknowledged
from judging.web.editing import Edit, carry_out
from judging.web.forms import new_key
from judging.web.questionnaire.building import SectionForm, base_text, section_form
from judging.web.questionnaire.pages import SectionPage, section_page
from judging.web.questionnaire.reading import over_stored, reshaped


def save(hand: AtHand, code: str) -> Any:
    """Save what was typed, or show it again with what is wrong; where two changed the same, both versions."""
    part = hand.part(code)
    require_open_section(db.session, hand.application, code, now=arrived())
    form = typed_form(hand, part, chosen_data(part))
    if reshaped(form, request.form):
        return render_section(hand, form)
    application_id, done = hand.application.id, list[KeptSection]()

    def keep() -> KeptSection:
        done.append(merge_typed(hand, form))
        return done[-1]

    edit = Edit(
        form,
        show=partial(render_section, hand, form),
        compare=partial(render_comparison, application_id, form),
        partly=lambda: _what_is_left(application_id, form, done[-1]),
    )
    return carry_out(edit, keep, partial(_done_words, hand), lambda _: acknowledged(_onward(hand, code)))


def _done_words(hand: AtHand, kept: KeptSection) -> str:
    """That it was saved, and with whose changes; after the close, that it can be submitted no more."""
    if too_late_words(hand):
        return gettext("The section is saved in the draft. The time for applications is over: it cannot be submitted.")
    merged = merged_words(kept.others, kept.merged.theirs)
    saved = str(gettext("The section is saved."))
    return f"{saved} {merged}." if merged else saved


def too_late_words(hand: AtHand) -> str:
    """That a draft can be submitted no more, once its time is over; before that nothing."""
    application, moment = hand.application, arrived()
    if application.submitted_at is not None or moment < time_to_submit(db.session, application, moment).window.ends:
        return ""
    return gettext("The time for applications is over: the draft cannot be submitted")


def _what_is_left(application_id: int, form: SectionForm, kept: KeptSection) -> str:
    """The page after what is legible was saved: the rest stands typed beside its messages, over what is stored now."""
    db.session.expire_all()
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    version = hand.version(form.part.section.code)
    form.version.data, form.version.raw_data = version, [str(version)]
    form.fingerprint.data = base_text(kept.merged.base)
    form.request_key.data = new_key()
    return render_section(hand, form, kept=True)


def _onward(hand: AtHand, code: str) -> str:
    """Back to the section, to the page of checks where the person came from there, or to the list of sections."""
    if request.form.get("stay"):
        return section_url(hand.application, code)
    page = "check" if request.args.get("from") == "check" else "show"
    return url_for(f"applications.{page}", application_id=hand.application.id)


def form_id_of(hand: AtHand, form: SectionForm) -> str:
    """The id of the form of a section, which names the record: copies in the browser are told by it."""
    return f"section-{hand.application.id}-{form.part.section.code}"


def typed_form(hand: AtHand, part: CompiledSection, sent: MultiDict[str, str] | None = None) -> SectionForm:
    """The section's form with what the request brings, or with what was ``sent``."""
    brought = {} if sent is None else {"formdata": sent}
    return section_form(part)(hand.answers, around=hand.around, seen=hand.version(part.section.code), **brought)


def stored_form(hand: AtHand, part: CompiledSection) -> SectionForm:
    """The section's form with what is stored, whatever the request brings."""
    seen = hand.version(part.section.code)
    return section_form(part)(hand.answers, formdata=None, around=hand.around, seen=seen)


def looked_at(hand: AtHand, form: SectionForm) -> SectionPage:
    """The page of what was typed, over what is stored of the other sections."""
    answers = over_stored(form, hand.answers)
    seen = hand.look(answers)
    found = form_findings(hand.compiled, seen, form.part.section.code)
    return section_page(form, hand.compiled.sections, seen, found, answers)


def render_section(
    hand: AtHand, form: SectionForm, *, kept: bool = False, refused: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The section's page: its questions with what is found, and its places for files.

    ``kept``: all but what is named as wrong has just been saved; ``refused``: why files were not taken, by slot.
    """
    page, moment = looked_at(hand, form), arrived()
    stored, returned = hand.sections.get(form.part.section.code), returned_of(hand.application)
    until = returned.until if returned else time_to_submit(db.session, hand.application, moment).window.ends
    before, after = _neighbours(hand, form.part, returned)
    return render_template(
        "applications/section.html",
        application=hand.application,
        page=page,
        form_id=form_id_of(hand, form),
        kept=kept,
        returned=returned,
        remarked={} if returned is None else _beside(form.part.section, returned),
        closes=until,
        left=time_left(until, moment),
        too_late=returned is None and moment >= until,
        saved_at=stored.saved_at if stored else None,
        before=before,
        after=after,
        lacking=[line for line in page.lacking if page.has_controls or not line["href"].startswith("#slot-")],
        warnings=page.warnings,
        section_address=partial(section_url, hand.application),
        **work_context(hand, form.part.section.code),
        **file_context(hand, page, refused or {}),
    )


def _beside(section: Section, returned: ReturnLine) -> dict[str, str]:
    """The organiser's remarks on questions of the section, by the code of the question."""
    places = {field.code: f"{section.code}.{field.code}" for field in section.fields}
    return {code: returned.remarks[place] for code, place in places.items() if place in returned.remarks}


def _neighbours(
    hand: AtHand, part: CompiledSection, returned: ReturnLine | None
) -> tuple[Section | None, Section | None]:
    """The sections before and after this one; of an application that was given back those that may be corrected."""
    counting = hand.seen.sections
    parts = [one.section for one in hand.compiled.sections if one.section.code in counting]
    if returned is not None:
        parts = [one for one in parts if one.code in returned.sections or one is part.section]
    place = parts.index(part.section)
    return parts[place - 1] if place else None, parts[place + 1] if place + 1 < len(parts) else None
