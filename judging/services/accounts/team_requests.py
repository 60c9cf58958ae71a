"""A newcomer whose team has the name of another asks to be taken into that one; its leads accept or refuse."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.teams import MOST_REQUESTS, REQUEST_LASTS, TeamRole
from judging.models import Team, TeamMember, TeamRequest, User
from judging.queries.applications import Reader
from judging.queries.teams import open_requests, readers_with, teams_named
from judging.services import audit
from judging.services.accounts import team_letters
from judging.services.accounts.team_members import Place, add_member, hold_team, require_lead


def ask_to_join(session: Session, user: User, name: str, *, by: By, base_url: str) -> list[int]:
    """Ask every team of this name to take somebody in; return the requests, none where no team can take one.

    The caller records it with what it belongs to.
    """
    asked = []
    for team in teams_named(session, name):
        hold_team(session, team.id)
        if len(open_requests(session, team.id, now=by.now)) >= MOST_REQUESTS:
            continue
        until = by.now + REQUEST_LASTS
        request = TeamRequest(team_id=team.id, user_id=user.id, asked_at=by.now, expires_at=until)
        session.add(request)
        session.flush()
        asked.append(request.id)
        team_letters.tell(
            session, readers_with(session, team.id, TeamRole.LEAD), team_letters.ASKS_TO_JOIN,
            key=f"team-request:{request.id}", now=by.now, person=user.name, email=user.email, team=team.name,
            page=f"{base_url}/team",
        )  # fmt: skip
    return asked


def accept_request(session: Session, team_id: int, request_id: int, *, by: By, base_url: str) -> None:
    """Take somebody in who asked for it, as the lead; what they asked of other teams is closed with it."""
    team, request, user = _open(session, team_id, request_id, by)
    if not user.active:
        raise RuleViolation(N_("The account of this person is blocked."))
    request.decided_at, request.decided_by_id, request.outcome = by.now, by.actor.user_id, "accepted"
    add_member(session, team, user, Place(state={"request": request_id}), by=by)
    end_requests_of(session, user.id, by=by)
    _answer(session, team, request, user, accepted=True, by=by, base_url=base_url)


def refuse_request(session: Session, team_id: int, request_id: int, *, by: By, base_url: str) -> None:
    """Do not take somebody in who asked for it, as the lead."""
    team, request, user = _open(session, team_id, request_id, by)
    request.decided_at, request.decided_by_id, request.outcome = by.now, by.actor.user_id, "refused"
    audit.record(
        session, Event.TEAM_REQUEST_ENDED, by=by, subject=user, label=user.email,
        details={"team": team.name, "outcome": "refused"}, state={"team": team_id, "request": request_id},
    )  # fmt: skip
    _answer(session, team, request, user, accepted=False, by=by, base_url=base_url)


def withdraw_requests(session: Session, *, by: By) -> None:
    """Take back everything that one has asked of teams; nothing asked: nothing happens."""
    user = session.get_one(User, by.actor.user_id, with_for_update=True)
    ended = end_requests_of(session, user.id, by=by)
    if ended:
        audit.record(
            session, Event.TEAM_REQUEST_ENDED, by=by, subject=user, label=user.email,
            details={"outcome": "withdrawn"}, state={"requests": ended},
        )  # fmt: skip


def end_requests_of(session: Session, user_id: int, *, by: By) -> list[int]:
    """Take back what a person has asked of teams; return the requests. The caller has locked the person's row."""
    open_ones = select(TeamRequest).where(TeamRequest.user_id == user_id, TeamRequest.decided_at.is_(None))
    ended = session.scalars(open_ones.order_by(TeamRequest.id)).all()
    for request in ended:
        request.decided_at, request.outcome = by.now, "withdrawn"
    session.flush()
    return [request.id for request in ended]


def create_team(session: Session, name: str, *, by: By) -> Team:
    """Make a team of one's own, as somebody who is in none; what was asked of other teams is taken back."""
    user = session.get_one(User, by.actor.user_id, with_for_update=True, populate_existing=True)
    if session.scalar(select(TeamMember.team_id).where(TeamMember.user_id == user.id).limit(1)) is not None:
        raise RuleViolation(N_("You are in a team already."))
    end_requests_of(session, user.id, by=by)
    team = Team(name=name, created_at=by.now)
    team.members.append(TeamMember(user=user, joined_at=by.now, role=TeamRole.LEAD.value))
    session.add(team)
    session.flush()
    audit.record(
        session, Event.TEAM_CREATED, by=by, subject=user, label=user.email, details={"team": name},
        state={"team": team.id},
    )  # fmt: skip
    return team


def _open(session: Session, team_id: int, request_id: int, by: By) -> tuple[Team, TeamRequest, User]:
    """The team and the person, both locked, and the request as it then is: they, too, may end it, or another team."""
    team = hold_team(session, team_id)
    require_lead(session, team_id, by)
    request = session.get(TeamRequest, request_id)
    if request is not None and request.team_id == team_id:
        user = session.get_one(User, request.user_id, with_for_update=True, populate_existing=True)
        session.refresh(request)
        if request.decided_at is None and request.expires_at > by.now:
            return team, request, user
    raise RuleViolation(N_("This request is closed: it was answered, taken back, or has expired."))


def _answer(
    session: Session, team: Team, request: TeamRequest, user: User, *, accepted: bool, by: By, base_url: str
) -> None:
    wording, page = (team_letters.TAKEN_IN, "applications") if accepted else (team_letters.NOT_TAKEN_IN, "team/waiting")
    team_letters.tell(
        session, [Reader(user.id, user.email, user.locale)], wording, key=f"team-answer:{request.id}", now=by.now,
        team=team.name, page=f"{base_url}/{page}",
    )  # fmt: skip
