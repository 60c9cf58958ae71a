"""The team chooses the nomination of its draft."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.forms.looking import look
from judging.models import Application
from judging.queries.answers import answers_of, circumstances_of
from judging.queries.forms import compiled_form_of
from judging.services.applications.draft_edit import require_draft
from judging.services.applications.journal_notes import note
from judging.services.applications.projection import project
from judging.services.applications.section_save import keep_columns
from judging.services.holding import hold_application


def open_draft(session: Session, application_id: int) -> Application:
    """Return the application locked for a change; raise NotPossible unless it is a draft of a running contest."""
    application = hold_application(session, application_id, shared=True)
    require_draft(application)
    return application


def save_nomination(session: Session, application: Application, nomination_id: int | None, *, by: By) -> Application:
    """Choose the nomination of an :func:`open_draft`, or none; raise :class:`Refused` for one the contest has not.

    What was answered to questions of another nomination stays with the draft, and does not count.
    """
    offered = {row.id: row for row in application.contest.nominations}
    if nomination_id is not None and nomination_id not in offered:
        raise Refused([Fault("nomination", N_("Choose one of the contest's nominations"))])
    if nomination_id == application.nomination_id:
        return application
    keep_columns(session, application, by=by)
    before = application.nomination
    chosen = None if nomination_id is None else offered[nomination_id]
    with session.no_autoflush:  # one version of the application for all of it
        application.nomination = chosen
        application.nomination_id = nomination_id
        application.updated_at = by.now
        _project(session, application, by.now)
    codes = [row.code if row else None for row in (before, chosen)]
    details = {"section": "nomination", "nomination": codes}
    note(session, application, Event.APPLICATION_CHANGED, by=by, details=details)
    return application


def _project(session: Session, application: Application, now: datetime) -> None:
    """Let the columns follow: the answers to what the nomination does not ask do not count."""
    compiled = compiled_form_of(application.contest)
    answers = answers_of(application, compiled)
    today = now.astimezone(ZoneInfo(application.contest.timezone)).date()
    project(session, application, compiled, answers, look(compiled, answers, circumstances_of(application, today)))
