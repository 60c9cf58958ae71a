"""The end of a return for correction without a next submission: what was submitted stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.forms.notation import UNSTORED
from judging.models import Application, ApplicationSection, SubmissionReturn
from judging.models.submissions import TEAM
from judging.queries.submissions import Submitted, last_submitted, pending_return
from judging.services import letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.applications.journal_notes import note
from judging.services.applications.signatures import restore_signatures
from judging.services.applications.team_letters import tell_team

LAPSED = letters.Wording(
    N_("Changes of application %(number)s were not submitted"),
    N_(
        "The time for changes is over. The changes that were begun in application %(number)s, “%(title)s”, of the "
        "contest “%(contest)s” were not submitted by %(until)s and do not count.\n\n"
        "The application takes part as it was submitted last; its receipt stays in force."
    ),
)


def end_with_withdrawal(session: Session, application: Application, *, by: By) -> None:
    """End the return of an application that is withdrawn, where it was given back."""
    row = pending_return(session, application.id)
    if row is not None:
        close_return(session, application, row, "ended", {"reason": application.decision_reason}, by)


def close_return(
    session: Session, application: Application, row: SubmissionReturn, outcome: str, details: dict[str, Any], by: By
) -> None:
    """Close a return: sections and files are again what was submitted last; ``details`` go to the record."""
    restore(session, application, last_submitted(session, application), by)
    row.closed_at, row.outcome = by.now, outcome
    application.updated_at = by.now
    facts = {"outcome": outcome, **details}
    note(session, application, Event.APPLICATION_RETURN_ENDED, by=by, details=facts)
    if row.kind == TEAM and outcome == "expired":
        until, key = moscow_text(row.until), f"lapsed-{application.id}-{row.id}"
        tell_team(session, application, LAPSED, now=by.now, key=key, until=until)


def restore(
    session: Session, application: Application, submitted: Submitted, by: By, *, keep_hidden: bool = False
) -> None:
    """Put sections and files back to what was submitted. What came with an archive has only its columns to go by.

    ``keep_hidden``: answers that were not shown, which no submission holds, stay with the sections.
    """
    document = submitted.document
    if document is not None and submitted.at is not None:
        _restore_files(application, document, submitted.at, by.now)
        restore_signatures(session, application, document, submitted.at, by.now)
    if document is None or document["version"] == 1:
        _forget_sections(session, application)
        return
    stored = {
        row.code: row for row in session.scalars(select(ApplicationSection).filter_by(application_id=application.id))
    }
    for section in submitted.form.form.sections:
        codes = {field.code for field in section.fields if field.kind not in UNSTORED}
        answers = {code: value for code, value in document["answers"].items() if code in codes}
        row = stored.pop(section.code, None)
        if row is not None and keep_hidden:
            answers = {**row.answers, **answers}
        if row is None:
            row = ApplicationSection(application_id=application.id, code=section.code, version=0, answers={})
            session.add(row)
        if row.version == 0 or row.answers != answers:
            row.answers, row.version = answers, (row.version or 0) + 1
            row.saved_at, row.saved_by_id = by.now, by.actor.user_id
    if not keep_hidden:
        _empty(stored.values(), by)


def _empty(rows: Iterable[ApplicationSection], by: By) -> None:
    """Take the answers out of sections that the form got after what was submitted."""
    for row in rows:
        if row.answers:
            row.answers, row.version = {}, row.version + 1
            row.saved_at, row.saved_by_id = by.now, by.actor.user_id


def _forget_sections(session: Session, application: Application) -> None:
    for row in session.scalars(select(ApplicationSection).filter_by(application_id=application.id)).all():
        session.delete(row)
    session.flush()


def _restore_files(application: Application, document: Mapping[str, Any], at: datetime, now: datetime) -> None:
    """The files of the submission of that instant count again, those that came later do not, equal ones neither."""
    slot = "slot" if document["version"] == 1 else "field"
    kept = [(one[slot], one["filename"], one["sha256"]) for one in document["documents"]]
    for file in sorted(application.documents, key=lambda one: (one.uploaded_at <= at, one.id), reverse=True):
        name = (file.slot, file.filename, file.sha256)
        if name in kept:
            kept.remove(name)
            file.removed_at = None
        elif file.removed_at is None:
            file.removed_at = now
