"""A submitted application that its own team opens for changes, until the close.

It is a return of the team's own kind: all sections, no remarks, until the time for the application is over. What was
submitted stands, counts and is what everybody else reads until the next submission, which keeps the number and the
first time of submission. What is not submitted by then, or is given up, leaves everything as it was submitted.
"""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.domain.stages import NotOpen, require_accepting
from judging.models import Application, SubmissionReturn
from judging.models.submissions import TEAM
from judging.queries.checklists import last_submission
from judging.queries.extensions import time_to_change, time_to_submit
from judging.queries.forms import form_of
from judging.queries.submissions import last_submitted, pending_return
from judging.services.applications.journal_notes import note
from judging.services.applications.return_end import close_return, restore
from judging.services.concurrency import check_version
from judging.services.holding import hold_application


def open_own_edit(session: Session, application_id: int, *, version: int, by: By) -> SubmissionReturn:
    """Open a submitted application for changes by its team until its time is over.

    Raises :class:`NotPossible` unless it is submitted and no decision was made on it, and where it is open already;
    ``NotOpen`` after its time, ``Stale``, and ``GateClosed`` where the contest takes no applications any more.
    """
    application = hold_application(session, application_id, Act.APPLY)
    if application.status != ApplicationStatus.SUBMITTED:
        raise NotPossible(N_("Only a submitted application on which no decision was made can be changed."))
    if pending_return(session, application_id) is not None:
        raise NotPossible(N_("The application is open for changes already."))
    require_accepting(time_to_submit(session, application, by.now).calendar, by.now)
    until = time_to_change(session, application, by.now)
    if by.now >= until:
        raise NotOpen(N_("The time for changes is over."))
    check_version(application, version)
    restore(session, application, last_submitted(session, application), by, keep_hidden=True)
    row = SubmissionReturn(
        application_id=application_id,
        submission=last_submission(session, application_id),
        sections=[section.code for section in form_of(application.contest).sections],
        remarks={},
        until=until,
        at=by.now,
        by_id=by.actor.user_id,
        kind=TEAM,
    )
    session.add(row)
    application.updated_at = by.now
    note(session, application, Event.APPLICATION_REOPENED, by=by, details={"until": until.isoformat()})
    return row


def cancel_own_edit(session: Session, application_id: int, *, by: By) -> Application:
    """Give up the changes: sections and files are again what was submitted last."""
    application = hold_application(session, application_id, Act.APPLY)
    row = pending_return(session, application_id)
    if row is None or row.kind != TEAM or application.status != ApplicationStatus.SUBMITTED:
        raise NotPossible(N_("The application is not open for changes."))
    if by.now >= row.until:
        raise NotPossible(N_("The time for changes is over: the application counts as it was submitted."))
    close_return(session, application, row, "ended", {"reason": ""}, by)
    return application
