"""How a change of a form is stored: at once in a draft, after a look at what kind of change it is once published.

Every page of the editor makes another form out of the stored one and hands it here. What the form does not allow is
told beside its controls with everything typed (422); where the contest was changed meanwhile both versions are shown
(409); a change of a published contest is shown in words with its kind, and stored with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext

from judging.domain.errors import Refused, RuleViolation
from judging.domain.forms.change_places import worth_a_letter
from judging.domain.forms.changes import ChangeKind, changes_between, kind_of
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.readers import compile_given
from judging.domain.lifecycle import ContestStatus
from judging.extensions import db
from judging.models import Contest
from judging.queries.form_readers import teams_concerned
from judging.queries.forms import compiled_form_of, nomination_codes
from judging.services.concurrency import Stale
from judging.services.forms.change_letters import NOTHING_TOLD
from judging.services.forms.form_store import FormChange, change_form, require_allowed
from judging.web.access import by_request
from judging.web.clock import arrived
from judging.web.contests.comparison import comparison
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.change_words import KIND_WORDS, change_lines
from judging.web.form_editor.faults import place_faults
from judging.web.form_editor.letter_lines import telling_of
from judging.web.form_editor.row_lists import rows_pressed
from judging.web.forms import new_key
from judging.web.phases import begin_writing
from judging.web.templating import translate

CONFIRMED, BACK, REASON = "confirmed", "back", "reason"
OWN = frozenset({"csrf_token", "request_key", CONFIRMED, BACK, REASON})
LONGEST_REASON = 2000
Answer = Any


@dataclass(frozen=True)
class Edit:
    """A form over a part, its page, and what it makes of the stored form.

    ``base`` is the path of the part in the changed form's file; ``stored`` makes the same form of what is stored now.
    """

    form: StoredForm
    show: Callable[[], str]
    make: Callable[[], ApplicationForm]
    base: Callable[[ApplicationForm], str]
    stored: Callable[[], StoredForm]
    again: str


def carry_out(contest: Contest, edit: Edit, done: str, to: str | Callable[[ApplicationForm], str]) -> Answer:
    """Validate, show what kind of change it is where that matters, store, and lead on."""
    if rows_pressed(edit.form) or BACK in request.form:
        return edit.show()
    if not edit.form.validate():
        return edit.show(), 422
    if edit.form.stated_version != contest.version:
        return _overtaken(contest, edit), 409
    after = edit.make()
    try:
        compiled = compile_given(after, nomination_codes(contest))
    except Refused as refused:
        place_faults(edit.form, refused, edit.base(after), after)
        return edit.show(), 422
    try:
        return store(contest, compiled, edit.form.stated_version, done, to)
    except Stale:
        db.session.rollback()
        return _overtaken(contest, edit), 409


def _overtaken(contest: Contest, edit: Edit) -> str:
    return comparison(contest, edit.form, edit.stored, edit.again)


def store(
    contest: Contest, after: CompiledForm, version: int, done: str, to: str | Callable[[ApplicationForm], str]
) -> Answer:
    """Put a form that is well made in force; a published contest's once its change was looked at."""
    reason = request.form.get(REASON, "").strip()
    if contest.status != ContestStatus.DRAFT and (not reason or CONFIRMED not in request.form):
        return _looked_at(contest, after, asked=CONFIRMED in request.form)
    if len(reason) > LONGEST_REASON:
        return _looked_at(contest, after, asked=True)
    telling = NOTHING_TOLD
    if contest.status != ContestStatus.DRAFT:
        telling = telling_of(compiled_form_of(contest), after)
    begin_writing()
    try:
        change_form(db.session, contest.id, FormChange(after.form, version, reason, telling), by=by_request())
    except Stale:
        raise
    except RuleViolation:
        db.session.rollback()
        return _looked_at(contest, after, asked=False)
    db.session.commit()
    flash(done, "success")
    return redirect(to if isinstance(to, str) else to(after.form), code=303)


def _looked_at(contest: Contest, after: CompiledForm, *, asked: bool) -> Answer:
    """The page of a change before it is stored: its kind, whether it is allowed now, and everything typed, hidden."""
    before = compiled_form_of(contest)
    changes = changes_between(before.form, after.form)
    refused = ""
    try:
        require_allowed(contest, changes, arrived())
    except RuleViolation as refusal:
        refused = translate(refusal.message, **refusal.params)
    reason = request.form.get(REASON, "")
    fault = _reason_fault(reason) if asked and not refused else ""
    page = render_template(
        "form_editor/_confirmation.html",
        contest=contest,
        lines=change_lines(changes, before, after),
        kind=translate(KIND_WORDS[kind_of(changes) or ChangeKind.WORDS]),
        refused=refused,
        reason=reason,
        fault=fault,
        typed=[(name, text) for name, text in request.form.items(multi=True) if name not in OWN],
        request_key=new_key(),
        longest=LONGEST_REASON,
        teams=teams_concerned(db.session, contest) if worth_a_letter(changes) else None,
    )
    return (page, 422) if fault or refused else page


def _reason_fault(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        return gettext("No more than %(max)d characters", max=LONGEST_REASON)
    return "" if reason.strip() else gettext("Give the reason.")
