"""Saving a section of a draft, at any completeness.

People of one team fill different sections at the same time, so each section has a version of its own: only a change of
the same section is a conflict, and of what two people change in one section only what both changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import KEY
from judging.domain.forms.form import Field, FieldKind, Section
from judging.domain.forms.looking import look
from judging.domain.forms.merging import Base, Merged, Unit, merged
from judging.domain.forms.notation import UNSTORED, answer_json, answer_read, answers_json, text_hash
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, ApplicationSection, Cluster
from judging.queries.answers import StoredSection, answers_of, circumstances_of, section_answers, stored_sections
from judging.queries.applications import open_of_cluster
from judging.queries.forms import compiled_form_of
from judging.services.applications.draft_edit import open_section
from judging.services.applications.journal_notes import note
from judging.services.applications.projection import project
from judging.services.applications.section_edits import ChangedBy, changed_by, edited
from judging.services.concurrency import Stale

LONGEST_IN_JOURNAL = 200
"""Characters of a text that the journal writes down; of a longer one it has the length."""
NOT_ASKED = N_("The form does not ask for this any more: open the section anew.")
MOST_STORED = 500_000
"""Characters of one section as JSON."""


@dataclass(frozen=True)
class TypedSection:
    """What a page of a section sends: typed answers by the code of their field; one that is missing stays as it is.

    ``base``: what the page was filled from, field by field and row by row (:mod:`judging.domain.forms.merging`).
    ``yielding``: where both changed the same, the fields and rows of which the stored version was chosen.
    ``by_itself``: nobody pressed a button, so that what can be merged is kept, and what cannot waits on the page.
    """

    answers: Mapping[str, Any]
    base: Base
    yielding: frozenset[Unit] = frozenset()
    by_itself: bool = False


@dataclass(frozen=True)
class KeptSection:
    """What came of it: the version now, what was merged how, and who changed what meanwhile, by field."""

    version: int
    merged: Merged
    others: Mapping[str, ChangedBy]


def save_section(
    session: Session, application_id: int, code: str, answers: Mapping[str, Any], *, seen: int, by: By
) -> Application:
    """Save answers of one section: typed, by the code of their field; a field that is not among them keeps its answer.

    ``seen``: the version of the section that the form was filled from, 0 where it was never saved. Rows of tables that
    have no key get one; a consent is kept with the hash of its text, the time and the person.

    Of an application that was given back only the section is stored: its columns follow with the next submission.

    Raises :class:`Stale` where the section was saved meanwhile, :class:`NotPossible` where it may not be changed,
    :class:`Refused` for a section or a field that the form does not have.
    """
    change = _Change.of(session, application_id, code, by)
    if seen != change.version:
        raise Stale(change.application)
    change.require(answers)
    _keep(session, change, answers)
    return change.application


def merge_section(session: Session, application_id: int, code: str, typed: TypedSection, *, by: By) -> KeptSection:
    """Save what was typed over what is stored now: what only one of both changed is kept, whoever did.

    Raises as :func:`save_section` does; :class:`Stale` only where both changed the same and a button was pressed, and
    then nothing is kept. What saves by itself keeps all the rest, and names what has to be chosen.
    """
    change = _Change.of(session, application_id, code, by)
    change.require(typed.answers)
    fields = change.section.fields
    stored = _typed(change.section, change.before)
    answers = keyed_answers(fields, typed.answers)
    found = merged(fields, typed.base, answers, stored, typed.yielding)
    if found.conflicts and not typed.by_itself:
        raise Stale(change.application)
    version = _keep(session, change, found.answers, by_itself=typed.by_itself)
    return KeptSection(version, found, changed_by(change.edits, {*found.conflicting, *found.theirs}))


@dataclass(frozen=True)
class _Change:
    """A section that is being changed: locked, with what it holds as JSON."""

    application: Application
    compiled: CompiledForm
    section: Section
    stored: Mapping[str, StoredSection]
    before: Mapping[str, Any]
    edits: Mapping[str, Any]
    by: By

    @classmethod
    def of(cls, session: Session, application_id: int, code: str, by: By) -> "_Change":
        application = open_section(session, application_id, code, now=by.now)
        compiled = compiled_form_of(application.contest)
        section = next((one for one in compiled.form.sections if one.code == code), None)
        if section is None:
            raise Refused([Fault(code, NOT_ASKED)])
        stored = stored_sections(session, application_id)
        known = stored.get(code)
        before = _kept(application, section, known.answers if known else None)
        return cls(application, compiled, section, stored, before, known.edits if known else {}, by)

    @property
    def version(self) -> int:
        known = self.stored.get(self.section.code)
        return 0 if known is None else known.version

    def require(self, answers: Mapping[str, Any]) -> None:
        if not set(answers) <= {one.code for one in self.section.fields if one.kind not in UNSTORED}:
            raise Refused([Fault(self.section.code, NOT_ASKED)])


def _keep(session: Session, change: _Change, answers: Mapping[str, Any], *, by_itself: bool = False) -> int:
    """Store what differs, with its columns and its record; return the version of the section."""
    application, section, by = change.application, change.section, change.by
    after = dict(change.before)
    for field in section.fields:
        if field.code in answers:
            after[field.code] = _stored_answer(field, answers[field.code], change.before.get(field.code), by)
    after = {name: value for name, value in after.items() if value is not None}
    if after == change.before:
        return change.version
    _bound(section.code, after)
    _project(session, change, after)
    names = [one.code for one in section.fields if change.before.get(one.code) != after.get(one.code)]
    edits, to_note = edited(change.edits, names, by, by_itself=by_itself)
    _store(session, application.id, section.code, after, by, edits)
    if to_note:
        changes = {"by_itself": to_note} if by_itself else _changes(names, change.before, after)
        details = {"section": section.code, **changes}
        note(session, application, Event.APPLICATION_CHANGED, by=by, details=details)
    return change.version + 1


def _project(session: Session, change: _Change, after: Mapping[str, Any]) -> None:
    """Let the columns follow, and make it a new version of the whole: every section saved is one."""
    application, by = change.application, change.by
    answers = {**answers_of(application, change.compiled, change.stored), **_typed(change.section, after)}
    today = by.now.astimezone(ZoneInfo(application.contest.timezone)).date()
    look_now = look(change.compiled, answers, circumstances_of(application, today))
    application.updated_at = by.now
    flag_modified(application, "updated_at")
    if application.status == ApplicationStatus.DRAFT:
        with session.no_autoflush:  # one version of the application for all of it
            project(session, application, change.compiled, answers, look_now)


def keyed_answers(fields: Sequence[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed answers whose rows of tables all have a key."""
    tables = {field.code for field in fields if field.kind is FieldKind.TABLE}
    return {code: tuple(map(_keyed, answer)) if code in tables else answer for code, answer in answers.items()}


def keep_columns(session: Session, application: Application, *, by: By) -> None:
    """Store what the columns know of sections that were never saved and that not every nomination asks in whole.

    Columns follow from what is shown: without this an answer would be lost where another nomination is chosen.
    """
    stored = stored_sections(session, application.id)
    for section in compiled_form_of(application.contest).form.sections:
        partial = section.nominations or any(field.nominations for field in section.fields)
        if partial and section.code not in stored and (answers := _kept(application, section, None)):
            _store(session, application.id, section.code, answers, by)


def rename_inn(session: Session, cluster: Cluster, before: str, after: str, *, now: datetime) -> None:
    """Write the corrected ИНН of an organisation of the cluster into the answers of its drafts and corrections.

    Nothing that was submitted names the organisation: the caller has seen to that.
    """
    for application in open_of_cluster(session, cluster.id):
        compiled = compiled_form_of(application.contest)
        for row in session.scalars(select(ApplicationSection).filter_by(application_id=application.id)).all():
            section = next((one for one in compiled.form.sections if one.code == row.code), None)
            renamed = section and _renamed(section.fields, row.answers, before, after)
            if renamed and renamed != row.answers:
                row.answers, row.version, row.saved_at = renamed, row.version + 1, now


def _renamed(fields: Sequence[Field], answers: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    renamed = dict(answers)
    for field in fields:
        value = renamed.get(field.code)
        if field.kind is FieldKind.ORGANISATION and value == before:
            renamed[field.code] = after
        elif field.kind is FieldKind.TABLE and value:
            renamed[field.code] = [_renamed(field.columns, row, before, after) for row in value]
    return renamed


def _kept(application: Application, section: Section, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the section holds as JSON; where it was never saved, what the columns know of it."""
    if stored is not None:
        return dict(stored)
    typed = section_answers(application, section, None)
    records = {field.code: _consent(field, None) for field in section.fields if field.kind is FieldKind.CONSENT}
    given = {code: record for code, record in records.items() if typed.get(code) is True}
    return answers_json(section.fields, typed | given)


def _stored_answer(field: Field, answer: Any, before: Any, by: By) -> Any:
    """One answer as it is stored."""
    if field.kind is FieldKind.CONSENT:
        if answer is not True:
            return None
        return before if answer_read(field, before) is True else _consent(field, by)
    if field.kind is FieldKind.TABLE:
        answer = tuple(_keyed(row) for row in answer or ())
    return answer_json(field, answer)


def _consent(field: Field, by: By | None) -> dict[str, Any]:
    """What is kept of a consent: that it was given, to which text, and where it is known when and by whom."""
    when = {} if by is None else {"at": by.now.isoformat(), "by": by.actor.name}
    return {"given": True, "text_sha256": text_hash(field), **when}


def _keyed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, KEY: row.get(KEY) or token_hex(4)}


def _typed(section: Section, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the section, and None for each that is not answered any more."""
    return {
        field.code: answer_read(field, stored.get(field.code)) for field in section.fields if field.kind not in UNSTORED
    }


def _bound(code: str, answers: Mapping[str, Any]) -> None:
    if len(repr(answers)) > MOST_STORED:
        raise Refused([Fault(code, N_("The section is too long to be kept. Shorten its texts or tables."))])


def _store(
    session: Session,
    application_id: int,
    code: str,
    answers: dict[str, Any],
    by: By,
    edits: dict[str, Any] | None = None,
) -> None:
    row = session.get(ApplicationSection, (application_id, code))
    if row is None:
        row = ApplicationSection(application_id=application_id, code=code, version=0)
        session.add(row)
    row.answers, row.version = answers, (row.version or 0) + 1
    row.saved_at, row.saved_by_id = by.now, by.actor.user_id
    row.edits = {} if edits is None else edits


def _changes(names: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, for the journal: both values, of a long text its length in characters, of a table its rows."""
    return {name: [_short(before.get(name)), _short(after.get(name))] for name in names}


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_IN_JOURNAL:
        return {"characters": len(value)}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {"rows": len(value)}
    return value
