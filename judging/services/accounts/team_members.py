"""Who is in a team: taken in, removed, leaving, and the lead that is handed over. There is always somebody who leads.

Every act locks the team first and looks at it anew: two leads who remove each other are told that the second one came
too late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.domain.access import Actor, By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.teams import MOST_MEMBERS, TeamRole
from judging.models import Application, ApplicationMember, SectionWork, Team, TeamInvitation, TeamMember, User
from judging.queries.applications import Reader
from judging.queries.teams import has_applications, open_invitations, readers_with
from judging.services import audit
from judging.services.accounts import team_letters


class NotLead(RuleViolation):
    """Whoever acts does not lead the team (any more)."""

    def __init__(self) -> None:
        super().__init__(N_("You do not lead this team any more."))


class NoMember(RuleViolation):
    """The person is not in the team (any more)."""

    def __init__(self) -> None:
        super().__init__(N_("This person is not in the team any more."))


def hold_team(session: Session, team_id: int) -> Team:
    """Return the team as it is now, its row locked until the transaction ends."""
    session.flush()
    held = select(Team).where(Team.id == team_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).one()


def require_lead(session: Session, team_id: int, by: By) -> None:
    """Raise :class:`NotLead` unless whoever acts leads the team at this moment."""
    member = None if by.actor.user_id is None else membership(session, team_id, by.actor.user_id)
    if member is None or member.role != TeamRole.LEAD:
        raise NotLead


def membership(session: Session, team_id: int, user_id: int) -> TeamMember | None:
    """Return a person's place in a team, read anew."""
    return session.get(TeamMember, (team_id, user_id), populate_existing=True)


@dataclass(frozen=True)
class Place:
    """A place in a team: as what, and what the record tells beside it."""

    role: TeamRole = TeamRole.MEMBER
    details: Mapping[str, object] = field(default_factory=dict)
    state: Mapping[str, object] = field(default_factory=dict)


def add_member(session: Session, team: Team, user: User, place: Place, *, by: By) -> None:
    """Put somebody into a team that is held, and record it; raise :class:`RuleViolation` where it is full."""
    if membership(session, team.id, user.id) is not None:
        raise RuleViolation(N_("This person is in the team already."))
    if len(_roles(session, team.id)) >= MOST_MEMBERS:
        raise RuleViolation(N_("A team has no more than %(most)s people."), most=MOST_MEMBERS)
    session.add(TeamMember(team_id=team.id, user_id=user.id, joined_at=by.now, role=place.role.value))
    session.flush()
    session.expire(user, ["memberships"])
    _end_invitations(session, team.id, lambda one: one.email == address_key(user.email), by)
    audit.record(
        session,
        Event.TEAM_MEMBER_ADDED,
        by=by,
        subject=user,
        label=user.email,
        details={"team": team.name, "team_role": place.role.value, **place.details},
        state={"team": team.id, **place.state},
    )


def remove_member(session: Session, team_id: int, user_id: int, *, by: By) -> None:
    """Remove somebody from the team, as its lead; what they had open loses access with this.

    Raises :class:`NotLead` or :class:`NoMember` where somebody else was quicker.
    """
    team = hold_team(session, team_id)
    require_lead(session, team_id, by)
    if user_id == by.actor.user_id:
        raise RuleViolation(N_("Use “Leave the team” for yourself."))
    member = membership(session, team_id, user_id)
    if member is None:
        raise NoMember
    user = member.user
    number = _take_out(session, team, member, by=by, own_wish=False)
    reader = [Reader(user.id, user.email, user.locale)] if user.active else []
    team_letters.tell(
        session, reader, team_letters.REMOVED, key=f"team-removed:{number}", now=by.now, by=by.actor.name,
        team=team.name,
    )  # fmt: skip


def leave_team(session: Session, team_id: int, *, by: By) -> None:
    """Leave a team. Its last lead hands the lead over first, and nobody leaves applications behind without anybody."""
    team = hold_team(session, team_id)
    member = None if by.actor.user_id is None else membership(session, team_id, by.actor.user_id)
    if member is None:
        raise NoMember
    roles = _roles(session, team_id)
    others = {user_id: role for user_id, role in roles.items() if user_id != member.user_id}
    if others and not any(one.id != member.user_id for one in readers_with(session, team_id, TeamRole.LEAD)):
        raise RuleViolation(N_("You are the only lead of the team: first hand the lead over to somebody."))
    if not others and has_applications(session, team_id):
        raise RuleViolation(
            N_("You are the only person of the team, and it has applications: first invite somebody to lead it.")
        )
    name = member.user.name
    number = _take_out(session, team, member, by=by, own_wish=True)
    team_letters.tell(
        session, readers_with(session, team_id, TeamRole.LEAD), team_letters.MATE_LEFT, key=f"team-left:{number}",
        now=by.now, person=name, team=team.name,
    )  # fmt: skip


def hand_over_lead(session: Session, team_id: int, user_id: int, *, by: By) -> None:
    """Make another member the lead and oneself a member; raise :class:`NotLead` or :class:`NoMember`."""
    team = hold_team(session, team_id)
    require_lead(session, team_id, by)
    member, own = membership(session, team_id, user_id), membership(session, team_id, by.actor.user_id or 0)
    if member is None or own is None:
        raise NoMember
    if member.role == TeamRole.LEAD:
        raise RuleViolation(N_("This person leads the team already."))
    if not member.user.active:
        raise RuleViolation(N_("The account of this person is blocked: hand the lead over to somebody else."))
    member.role, own.role = TeamRole.LEAD.value, TeamRole.MEMBER.value
    user = member.user
    number = audit.record(
        session,
        Event.TEAM_LEAD_CHANGED,
        by=by,
        subject=user,
        label=user.email,
        details={"team": team.name},
        state={"team": team_id, "before": by.actor.user_id},
    )
    team_letters.tell(
        session, [Reader(user.id, user.email, user.locale)], team_letters.LEAD_HANDED, key=f"team-lead:{number}",
        now=by.now, by=by.actor.name, team=team.name,
    )  # fmt: skip


def newcomer(email: str, name: str, hashed: str, consent: str, now: datetime) -> User:
    """Return the account of somebody whose address a letter has shown to be theirs, and who has given the consent."""
    return User(
        email=email, name=name, password_hash=hashed, locale="ru", consent_version=consent, consent_at=now,
        email_confirmed_at=now, created_at=now,
    )  # fmt: skip


def as_themselves(by: By, user: User) -> By:
    """The same request, put down to the person whom a link has shown to be there."""
    return by.with_actor(Actor(user_id=user.id, name=user.name))


def _end_invitations(session: Session, team_id: int, over: Callable[[TeamInvitation], bool], by: By) -> list[int]:
    """Let the links of those of the team's waiting invitations that are ``over`` work no more; return them."""
    ended = [one for one in open_invitations(session, team_id, now=by.now) if over(one)]
    for one in ended:
        one.decided_at, one.outcome = by.now, "revoked"
    return [one.id for one in ended]


def _roles(session: Session, team_id: int) -> dict[int, str]:
    rows = session.execute(select(TeamMember.user_id, TeamMember.role).where(TeamMember.team_id == team_id))
    return {row.user_id: row.role for row in rows}


def _take_out(session: Session, team: Team, member: TeamMember, *, by: By, own_wish: bool) -> int:
    """Take somebody out with everything that was given to them at the team's applications; return the record."""
    user, user_id = member.user, member.user_id
    session.delete(member)
    session.flush()
    session.expire(user, ["memberships"])
    ended = _end_ways_back(session, team.id, user, by, own_wish=own_wish)
    own = select(Application.id).where(Application.team_id == team.id)
    unseen = {"synchronize_session": False}
    given = delete(ApplicationMember).where(
        ApplicationMember.user_id == user_id, ApplicationMember.application_id.in_(own)
    )
    session.execute(given, execution_options=unseen)
    assigned = update(SectionWork).where(SectionWork.assignee_id == user_id, SectionWork.application_id.in_(own))
    session.execute(assigned.values(assignee_id=None), execution_options=unseen)
    return audit.record(
        session,
        Event.TEAM_MEMBER_REMOVED,
        by=by,
        subject=user,
        label=user.email,
        details={"team": team.name, "on_own_wish": own_wish},
        state={"team": team.id, **({"invitations": ended} if ended else {})},
    )


def _end_ways_back(session: Session, team_id: int, user: User, by: By, *, own_wish: bool) -> list[int]:
    """End the invitations by which somebody who is out could come back; return them.

    They are those to their address and, where they were removed, those that they sent. Into a team that nobody is left
    in no link leads but one to lead it.
    """
    nobody, address = not _roles(session, team_id), address_key(user.email)

    def over(one: TeamInvitation) -> bool:
        theirs = one.email == address or (one.invited_by_id == user.id and not own_wish)
        return theirs or (nobody and one.role != TeamRole.LEAD)

    return _end_invitations(session, team_id, over, by)
