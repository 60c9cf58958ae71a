"""The checks of teams: who is in which is what the records, from the seal of the accounts on, lead to; who leads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.domain.teams import TeamRole
from judging.models import JournalRecord, Team, TeamMember
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, accounts_start

Member = tuple[int, int]
"""(team id, user id)."""
COMING = (Event.ACCOUNT_CONFIRMED, Event.TEAM_CREATED, Event.TEAM_MEMBER_ADDED)
"""Events by which somebody is in a team."""


def false_members(session: Session) -> Iterator[Offence]:
    """Yield persons who came into a team, or are gone from one, without a record."""
    start = accounts_start(session)
    if start is None:
        return
    stored = _stored(session)
    expected, unnamed = _recorded(session, start)
    for (team_id, user_id), row in stored.items():
        registered = unnamed.get(user_id) == row.joined_at
        if (team_id, user_id) not in expected and not registered and not _is_older(start, row.joined_at):
            yield Offence("user", user_id, f"is in the team {team_id} ({row.name}) without a record", "in", "not in")
    for team_id, user_id in sorted(expected - stored.keys()):
        yield Offence("user", user_id, f"is gone from the team {team_id} without a record", "not in", "in")
    there = {user_id for _, user_id in stored}
    for user_id in sorted(unnamed.keys() - there):
        yield Offence("user", user_id, "is gone from the team of the registration without a record", "not in", "in")


def unled(session: Session) -> Iterator[Offence]:
    """Yield teams that have people and nobody who leads."""
    led = exists().where(TeamMember.team_id == Team.id, TeamMember.role == TeamRole.LEAD)
    peopled = exists().where(TeamMember.team_id == Team.id)
    for row in session.execute(select(Team.id, Team.name).where(peopled, ~led).order_by(Team.id)):
        yield Offence("team", row.id, f"{row.name}: nobody leads it")


def false_roles(session: Session) -> Iterator[Offence]:
    """Yield persons who are something else in their team than the records say; of older seals nothing is known."""
    start = accounts_start(session)
    if start is None:
        return
    recorded = _recorded_roles(session, start)
    for (team_id, user_id), row in _stored(session).items():
        expected = recorded.get((team_id, user_id), row.role)
        if row.role != expected:
            yield differs("user", user_id, f"in the team {team_id} ({row.name}) what the person is", row.role, expected)


def _recorded_roles(session: Session, start: Start) -> Mapping[Member, str]:
    roles: dict[Any, str] = {}
    events = (*COMING, Event.TEAM_MEMBER_REMOVED, Event.TEAM_LEAD_CHANGED)
    columns = (JournalRecord.event, JournalRecord.subject_id, JournalRecord.details, JournalRecord.state)
    rows = select(*columns).where(JournalRecord.event.in_(events), JournalRecord.id > start.record_id)
    for row in session.execute(rows.order_by(JournalRecord.id)):
        state = row.state or {}
        member = (state.get("team"), row.subject_id)
        if row.event == Event.TEAM_MEMBER_REMOVED:
            roles.pop(member, None)
        elif row.event == Event.TEAM_MEMBER_ADDED:
            roles[member] = row.details["team_role"]
        else:
            roles[member] = TeamRole.LEAD.value
        if row.event == Event.TEAM_LEAD_CHANGED:
            roles[state.get("team"), state.get("before")] = TeamRole.MEMBER.value
    return roles


def _stored(session: Session) -> Mapping[Member, Row[Any]]:
    rows: Any = session.execute(
        select(TeamMember.team_id, TeamMember.user_id, TeamMember.joined_at, TeamMember.role, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .order_by(TeamMember.team_id, TeamMember.user_id)
    )
    found: dict[Member, Row[Any]] = {(row.team_id, row.user_id): row for row in rows}
    return found


def _recorded(session: Session, start: Start) -> tuple[set[Member], Mapping[int, datetime]]:
    """Return the memberships of seal and records, and the registrations of older records, which name no team's id."""
    members = {(team_id, user_id) for team_id, user_id in start.document.get("members", ())}
    unnamed: dict[int, datetime] = {}
    rows = session.execute(
        select(
            JournalRecord.event, JournalRecord.subject_id, JournalRecord.at, JournalRecord.details, JournalRecord.state
        )
        .where(JournalRecord.event.in_((*COMING, Event.TEAM_MEMBER_REMOVED)), JournalRecord.id > start.record_id)
        .order_by(JournalRecord.id)
    )
    for row in rows:
        team_id = (row.state or {}).get("team")
        if row.event == Event.TEAM_MEMBER_REMOVED:
            members.discard((team_id, row.subject_id))
        elif team_id is not None:
            members.add((team_id, row.subject_id))
        elif "team" in row.details:
            unnamed[row.subject_id] = row.at
    return members, unnamed


def _is_older(start: Start, joined_at: datetime) -> bool:
    """Whether an older seal, which says nothing of teams, may have had this member."""
    return "members" not in start.document and start.at is not None and joined_at <= start.at
