"""Roles at one application: who leads it, who fills it in, who only reads."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.teams import ApplicationRole, TeamRole, role_at_application
from judging.models import Application, ApplicationMember, TeamMember
from judging.services.applications.journal_notes import note
from judging.services.holding import hold_application


class NotYours(RuleViolation):
    """Whoever acts has no longer the role that the act takes."""

    def __init__(self) -> None:
        super().__init__(N_("Your role at this application was changed meanwhile: open its page again."))


def role_now(session: Session, application: Application, user_id: int | None) -> ApplicationRole | None:
    """Return what a person is at an application that is held, read anew; None for somebody of another team."""
    if user_id is None or application.team_id is None:
        return None
    member = session.get(TeamMember, (application.team_id, user_id), populate_existing=True)
    if member is None:
        return None
    given = session.get(ApplicationMember, (application.id, user_id), populate_existing=True)
    return role_at_application(TeamRole(member.role), None if given is None else ApplicationRole(given.role))


def require_role(session: Session, application: Application, by: By, *allowed: ApplicationRole) -> None:
    """Raise :class:`NotYours` unless whoever acts is one of ``allowed`` at this moment."""
    if role_now(session, application, by.actor.user_id) not in allowed:
        raise NotYours


def give_role(session: Session, application_id: int, user_id: int, role: ApplicationRole, *, by: By) -> None:
    """Give somebody of the team another role at the application, as its lead; the same one changes nothing.

    What the lead of the whole team and the head of the organisation are there is not given.
    """
    application = hold_application(session, application_id, shared=True)
    require_role(session, application, by, ApplicationRole.LEAD)
    before = role_now(session, application, user_id)
    if before is None:
        raise RuleViolation(N_("This person is not in the team any more."))
    member = session.get_one(TeamMember, (application.team_id, user_id))
    if member.role != TeamRole.MEMBER:
        raise RuleViolation(N_("The lead of the team leads every application, and the head of the organisation reads."))
    if before is role:
        return
    given = session.get(ApplicationMember, (application_id, user_id))
    if given is None:
        session.add(
            ApplicationMember(application_id=application_id, user_id=user_id, role=role.value, given_at=by.now)
        )  # fmt: skip
    else:
        given.role, given.given_at = role.value, by.now
    note(
        session, application, Event.APPLICATION_ROLE_GIVEN, by=by,
        details={"person": member.user.name, "application_role": [before.value, role.value]}, state={"user": user_id},
    )  # fmt: skip


def lead_of_start(session: Session, application: Application, *, by: By) -> None:
    """Make whoever has begun an application its lead; the lead of the team is it anyway. No record of its own."""
    session.flush()
    if by.actor.user_id is None or application.team_id in by.actor.leads:
        return
    lead = ApplicationRole.LEAD.value
    row = ApplicationMember(application_id=application.id, user_id=by.actor.user_id, role=lead, given_at=by.now)
    session.add(row)
