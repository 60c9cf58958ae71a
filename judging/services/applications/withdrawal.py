"""A draft that is deleted or given up, an application that is withdrawn, and the way back from both until the close.

What was submitted keeps its number, its time and its receipt: the way back leads to the same submission.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act, require
from judging.domain.lifecycle import Action, ApplicationStatus, NotPossible, Subject, advance, allowed
from judging.domain.stages import require_accepting
from judging.models import Application
from judging.queries.drafts import is_empty
from judging.queries.extensions import time_to_submit
from judging.queries.receipts import content
from judging.queries.submissions import last_submitted
from judging.services import letters
from judging.services.applications.journal_notes import note
from judging.services.applications.return_end import end_with_withdrawal
from judging.services.applications.team_letters import tell_team
from judging.services.concurrency import check_version
from judging.services.conflicts import detect_for_application
from judging.services.holding import hold_application

WITHDRAWN = letters.Wording(
    N_("Application %(number)s has been withdrawn"),
    N_(
        "The application has been withdrawn.\n\nContest: %(contest)s\nProject: %(title)s\n"
        "Registration number: %(number)s\nWithdrawn: %(at)s MSK by %(by)s\nReason: %(reason)s\n\n"
        "While applications are accepted the withdrawal can be taken back on the page of the application:\n%(link)s"
    ),
)
RESTORED = letters.Wording(
    N_("The withdrawal of application %(number)s has been taken back"),
    N_(
        "The application takes part in the contest again, as it was submitted.\n\nContest: %(contest)s\n"
        "Project: %(title)s\nRegistration number: %(number)s\nTaken back: %(at)s MSK by %(by)s\n\n"
        "It keeps its number and its time of submission. Its receipt: %(receipt)s"
    ),
)


class NotEmpty(NotPossible):
    """Something was filled in: the draft is given up, not deleted."""


def withdraw_application(
    session: Session, application_id: int, *, reason: str = "", by: By, base_url: str = ""
) -> Application:
    """Withdraw an application with a reason; not once the ranking is frozen. Open changes of it end.

    A draft is given up the same way, without a reason.
    """
    application = hold_application(session, application_id)
    before, said = ApplicationStatus(application.status), reason.strip()
    action = Action.GIVE_UP if before.is_draft else Action.WITHDRAW
    status = advance(Subject.APPLICATION, before, action, reason=said)
    if action is Action.WITHDRAW:
        require(Act.WITHDRAW, application.contest.status)
    details = {"reason": said, "before": before.value} | ({"clause": ""} if application.decision_clause else {})
    _decide(application, status, said, by)
    end_with_withdrawal(session, application, by=by)
    note(session, application, Event.APPLICATION_WITHDRAWN, by=by, details=details)
    if application.number:
        facts = {"by": by.actor.name, "reason": said}
        key = f"withdrawal-{application.id}-{by.now.isoformat()}"
        tell_team(session, application, WITHDRAWN, now=by.now, key=key, base_url=base_url, **facts)
    return application


def undo_withdrawal(session: Session, application_id: int, *, version: int, by: By, base_url: str = "") -> Application:
    """Let a withdrawn application take part again as it was submitted; conflicts are looked for anew.

    Until its time to be submitted is over. Raises :class:`NotPossible` where it never was submitted, or where the
    cluster is another one than it was submitted with.
    """
    application = hold_application(session, application_id, Act.APPLY)
    status = advance(Subject.APPLICATION, ApplicationStatus(application.status), Action.UNDO_WITHDRAWAL)
    if application.number is None or application.submitted_at is None:
        raise NotPossible(N_("The draft was never submitted: take it up and submit it."))
    _require_time(session, application, by.now)
    check_version(application, version)
    if not _as_submitted(session, application):
        raise NotPossible(
            N_("The data of the cluster were changed since: put them back as they were submitted, or apply anew.")
        )
    _decide(application, status, "", by)
    note(session, application, Event.APPLICATION_RESTORED, by=by, details={"reason": "", "clause": ""})
    key = f"restored-{application.id}-{by.now.isoformat()}"
    tell_team(session, application, RESTORED, now=by.now, key=key, base_url=base_url, by=by.actor.name)
    detect_for_application(session, application, by=by)
    return application


def take_up_draft(session: Session, application_id: int, *, version: int, by: By) -> Application:
    """Take up a draft again that was given up, with everything that was filled in, while applications are accepted."""
    application = hold_application(session, application_id, Act.APPLY)
    status = advance(Subject.APPLICATION, ApplicationStatus(application.status), Action.TAKE_UP)
    if application.number is not None:
        raise NotPossible(N_("The application was submitted: its withdrawal can be taken back."))
    _require_time(session, application, by.now)
    check_version(application, version)
    _decide(application, status, "", by)
    note(session, application, Event.APPLICATION_TAKEN_UP, by=by, details={"reason": "", "clause": ""})
    return application


def remove_draft(session: Session, application_id: int, *, by: By) -> None:
    """Delete a draft in which nothing is filled in. Raises :class:`NotEmpty` where something is."""
    application = hold_application(session, application_id)
    allowed(Subject.APPLICATION, ApplicationStatus(application.status), Action.REMOVE)
    if not is_empty(session, application):
        raise NotEmpty(N_("Something was filled in meanwhile: a draft with data is given up, not deleted."))
    note(session, application, Event.APPLICATION_REMOVED, by=by)
    session.delete(application)


def _decide(application: Application, status: ApplicationStatus, reason: str, by: By) -> None:
    application.status = status
    application.decided_at = application.updated_at = by.now
    application.decided_by_id = by.actor.user_id
    application.decision_reason, application.decision_clause = reason or None, None


def _require_time(session: Session, application: Application, now: datetime) -> None:
    require_accepting(time_to_submit(session, application, now).calendar, now)


def _as_submitted(session: Session, application: Application) -> bool:
    """Whether the organisations and the cluster are those of the last submission; of an archive nothing is known."""
    last = last_submitted(session, application)
    if last.document is None or last.at is None or last.document["version"] == 1:
        return True
    anew = content(application, last.form, last.at)
    return all(anew[name] == last.document[name] for name in ("cluster", "organisations"))
