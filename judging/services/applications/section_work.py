"""Who is to fill in which section of an application, and what is marked as done."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.environment import CLUSTER
from judging.domain.teams import ApplicationRole
from judging.models import Application, SectionWork, User
from judging.queries.forms import form_of
from judging.services.applications.application_roles import NotYours, require_role, role_now
from judging.services.applications.draft_edit import require_open_section
from judging.services.applications.journal_notes import note
from judging.services.holding import hold_application

WRITERS = (ApplicationRole.LEAD, ApplicationRole.CONTRIBUTOR)


def assign_section(session: Session, application_id: int, code: str, user_id: int | None, *, by: By) -> None:
    """Say who is to fill in a section, None for nobody; the same person changes nothing.

    The lead of the application names anybody who fills in; others take one that is nobody's, or give up their own.
    """
    application, work, role = _held(session, application_id, code, by)
    before = work.assignee_id
    if before == user_id:
        return
    if role is not ApplicationRole.LEAD and not {before, user_id} <= {None, by.actor.user_id}:
        raise RuleViolation(N_("Only the lead of the application gives a section to somebody else."))
    if user_id is not None and role_now(session, application, user_id) not in WRITERS:
        raise RuleViolation(N_("This person does not fill in the application: choose somebody else."))
    names = [session.get_one(User, one).name if one else None for one in (before, user_id)]
    work.assignee_id = user_id
    details = {"section": code, "assignee": names}
    note(session, application, Event.SECTION_ASSIGNED, by=by, details=details, state={"user": user_id})


def mark_section(session: Session, application_id: int, code: str, *, done: bool, by: By) -> None:
    """Mark a section as done, or take the mark back: one's own, or any as the lead. As it is already: nothing changes.

    A mark put once more, by whoever it may be, counts from now: what was changed since the one before has been seen.
    """
    application, work, role = _held(session, application_id, code, by)
    if not done and work.done_at is None:
        return
    if not done and role is not ApplicationRole.LEAD and work.done_by_id != by.actor.user_id:
        raise RuleViolation(N_("Only who marked the section, or the lead of the application, takes the mark back."))
    work.done_at, work.done_by_id = (by.now, by.actor.user_id) if done else (None, None)
    note(session, application, Event.SECTION_MARKED, by=by, details={"section": code, "done": done})


def _held(session: Session, application_id: int, code: str, by: By) -> tuple[Application, SectionWork, ApplicationRole]:
    """The application, held; its section, which has to be one that can be changed now; and what whoever acts is."""
    application = hold_application(session, application_id)
    require_role(session, application, by, *WRITERS)
    known = code == CLUSTER or code in {section.code for section in form_of(application.contest).sections}
    if not known:
        raise RuleViolation(N_("The form has no such section any more: open the page anew."))
    require_open_section(session, application, code, now=by.now)
    work = session.get(SectionWork, (application_id, code), populate_existing=True)
    if work is None:
        work = SectionWork(application_id=application_id, code=code)
        session.add(work)
    role = role_now(session, application, by.actor.user_id)
    if role is None:
        raise NotYours
    return application, work, role
