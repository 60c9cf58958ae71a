"""Teams: who is in them, who was invited, who asks to be taken in, and teams of one name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from judging.domain.collation import search_key
from judging.domain.teams import TeamRole
from judging.models import Application, Cluster, Contest, Team, TeamInvitation, TeamMember, TeamRequest, User
from judging.models.base import table_of
from judging.queries.applications import Reader
from judging.queries.paging import Page, windowed
from judging.queries.searching import contains_words

MOST_NAMESAKES = 5
"""Teams of one name that one request goes to."""


@dataclass(frozen=True)
class MemberRow:
    """A person in a team."""

    id: int
    name: str
    email: str
    locale: str
    role: TeamRole
    joined_at: datetime
    active: bool


def members_of(session: Session, team_id: int) -> list[MemberRow]:
    """Return everybody in a team: leads, then members, then heads, each in the order in which they came."""
    rows = [
        MemberRow(row.id, row.name, row.email, row.locale, TeamRole(row.role), row.joined_at, row.active)
        for row in session.execute(_members(), {"team": team_id})
    ]
    return sorted(rows, key=lambda row: list(TeamRole).index(row.role))


@cache
def _members() -> Select[Any]:
    users, members = table_of(User).c, table_of(TeamMember).c
    columns: tuple[Any, ...] = (
        users.id, users.name, users.email, users.locale, users.active, members.role, members.joined_at
    )  # fmt: skip
    joined = table_of(TeamMember).join(table_of(User), users.id == members.user_id)
    return (
        select(*columns)
        .select_from(joined)
        .where(members.team_id == bindparam("team"))
        .order_by(members.joined_at, users.id)
    )


def readers_with(session: Session, team_id: int, role: TeamRole) -> list[Reader]:
    """Return those of a team in one role who can read letters."""
    rows = members_of(session, team_id)
    return [Reader(row.id, row.email, row.locale) for row in rows if row.role is role and row.active]


def teams_by_id(session: Session, team_ids: Collection[int]) -> Sequence[Team]:
    """Return teams in the order in which they were made."""
    return session.scalars(select(Team).where(Team.id.in_(team_ids)).order_by(Team.id)).all()


def open_invitations(session: Session, team_id: int, *, now: datetime) -> Sequence[TeamInvitation]:
    """Return the invitations of a team that still work, the last one first."""
    waiting = (TeamInvitation.team_id == team_id, TeamInvitation.decided_at.is_(None), TeamInvitation.expires_at > now)
    return session.scalars(select(TeamInvitation).where(*waiting).order_by(TeamInvitation.id.desc())).all()


@dataclass(frozen=True)
class RequestRow:
    """Somebody who asks to be taken into a team."""

    id: int
    user_id: int
    name: str
    email: str
    asked_at: datetime


def open_requests(session: Session, team_id: int, *, now: datetime) -> list[RequestRow]:
    """Return who asks to be taken into a team, the first one first."""
    rows = session.execute(
        select(TeamRequest.id, TeamRequest.user_id, User.name, User.email, TeamRequest.asked_at)
        .join(User, User.id == TeamRequest.user_id)
        .where(TeamRequest.team_id == team_id, *_waiting(now))
        .order_by(TeamRequest.id)
    )
    return [RequestRow(*row) for row in rows]


@dataclass(frozen=True)
class OwnRequest:
    """What a person asked for: the name of the team, and what came of it (None while it waits)."""

    team: str
    asked_at: datetime
    outcome: str | None
    open: bool


def requests_of(session: Session, user_id: int, *, now: datetime) -> list[OwnRequest]:
    """Return what a person asked for, the last one first; requests to teams of one name at once are one."""
    rows = session.execute(
        select(Team.name, TeamRequest.asked_at, TeamRequest.outcome, TeamRequest.expires_at)
        .join(Team, Team.id == TeamRequest.team_id)
        .where(TeamRequest.user_id == user_id)
        .order_by(TeamRequest.id.desc())
    )
    found: dict[tuple[str, datetime], OwnRequest] = {}
    for row in rows:
        one = OwnRequest(row.name, row.asked_at, row.outcome, row.outcome is None and row.expires_at > now)
        key = (search_key(row.name), row.asked_at)
        if key not in found or (one.open and not found[key].open):
            found[key] = one
    return list(found.values())


def asks_to_join(session: Session, user_id: int, *, now: datetime) -> bool:
    """Say whether a person waits to be taken into a team."""
    mine = select(TeamRequest.id).where(TeamRequest.user_id == user_id, *_waiting(now))
    return session.scalar(mine.limit(1)) is not None


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (TeamRequest.decided_at.is_(None), TeamRequest.expires_at > now)


def teams_named(session: Session, name: str) -> Sequence[Team]:
    """Return the teams of people with this name, in whatever spelling; those of trials have nobody in them."""
    peopled = exists().where(TeamMember.team_id == Team.id)
    same = select(Team).where(Team.search_name == search_key(name), peopled)
    return session.scalars(same.order_by(Team.id).limit(MOST_NAMESAKES)).all()


def is_of_trial(session: Session, team_id: int) -> bool:
    """Say whether a team works in a trial: nobody comes into it."""
    trial = select(Cluster.id).join(Contest, Contest.id == Cluster.contest_id)
    return session.scalar(trial.where(Cluster.team_id == team_id, Contest.trial).limit(1)) is not None


def is_in_team(session: Session, team_id: int | None, user_id: int) -> bool:
    """Say whether a person is in a team."""
    mine = select(TeamMember.user_id).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    return session.scalar(mine) is not None


def has_applications(session: Session, team_id: int) -> bool:
    """Say whether a team has an application that is not withdrawn."""
    mine = select(Application.id).where(Application.team_id == team_id, Application.status != "withdrawn")
    return session.scalar(mine.limit(1)) is not None


@dataclass(frozen=True)
class TeamRow:
    """A line of the administrator's list of teams."""

    id: int
    name: str
    created_at: datetime
    members: int
    leads: int


def teams_page(session: Session, text: str, page: int) -> Page[TeamRow]:
    """One page of the teams of people, by their name; ``leads`` counts those of their leads who can sign in."""
    trial = exists().where(Cluster.team_id == Team.id, Contest.id == Cluster.contest_id, Contest.trial)
    conditions = [*contains_words(Team.search_name, text), ~trial]
    total = session.scalar(select(func.count()).select_from(Team).where(*conditions)) or 0
    mine = select(func.count()).select_from(TeamMember).where(TeamMember.team_id == Team.id)
    led = mine.join(User, User.id == TeamMember.user_id).where(TeamMember.role == TeamRole.LEAD, User.active)
    found = select(
        Team.id, Team.name, Team.created_at, mine.correlate(Team).scalar_subquery().label("members"),
        led.correlate(Team).scalar_subquery().label("leads"),
    )  # fmt: skip
    rows = session.execute(windowed(found.where(*conditions).order_by(Team.search_name, Team.id), page, total))
    return Page([TeamRow(*row) for row in rows], page, total)
