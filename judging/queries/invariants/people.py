"""Checks of accounts: addresses, blocks, staff roles and sessions are what the records lead to; two persons approve."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import GrantRequest, JournalRecord, RankingSnapshot, SignIn, User
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, accounts_start
from judging.queries.states import grants

Role = tuple[int, str, int | None]
"""(user id, role, contest id or None for all)."""

MAKING = (Event.ACCOUNT_CONFIRMED, Event.INVITATION_ACCEPTED, Event.ROLE_GRANTED, Event.TEAM_MEMBER_ADDED)
BLOCKING = {Event.ACCOUNT_BLOCKED: False, Event.ACCOUNT_UNBLOCKED: True}
ADDRESS = re.compile(r"<([^<>]+)>$")
EXPERT = "expert"


@dataclass
class People:
    """What the records say of the accounts: address and whether active, by user; and the roles."""

    users: dict[int, list[Any]] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)


def false_grants(session: Session) -> Iterator[Offence]:
    """Yield staff roles that nobody gave on record, and recorded ones that are gone without one."""
    start = accounts_start(session)
    if start is None:
        return
    recorded, stored = _replayed(session, start).roles, grants(session)
    for user_id, role, contest_id in sorted(stored - recorded, key=str):
        yield Offence("user", user_id, f"has the role {role} ({_where(contest_id)}) without a record", role, "no role")
    for user_id, role, contest_id in sorted(recorded - stored, key=str):
        yield Offence("user", user_id, f"lost the role {role} ({_where(contest_id)}) without a record", "no role", role)


def false_accounts(session: Session) -> Iterator[Offence]:
    """Yield accounts with another address than the recorded one, blocked or unblocked without a record, or unknown."""
    start = accounts_start(session)
    if start is None:
        return
    recorded = _replayed(session, start).users
    for row in session.execute(select(User.id, User.email, User.active).order_by(User.id)):
        known = recorded.get(row.id)
        if known is None:
            yield Offence("user", row.id, f"{row.email}: no record of this account")
            continue
        if known[0] is not None and known[0] != row.email:
            yield differs("user", row.id, "the address", row.email, known[0])
        if known[1] != row.active:
            yield differs("user", row.id, "whether it may sign in", row.active, known[1])


def blocked_sessions(session: Session) -> Iterator[Offence]:
    """Yield live sessions of blocked accounts."""
    blocked = session.execute(
        select(SignIn.id, User.email)
        .join(User, User.id == SignIn.user_id)
        .where(User.active.is_(False), SignIn.revoked_at.is_(None))
        .where(SignIn.expires_at > _last_instant(session))
        .order_by(SignIn.id)
    )
    return (Offence("session", row.id, f"is open although {row.email} is blocked") for row in blocked)


def one_for_two(session: Session) -> Iterator[Offence]:
    """Yield rankings that the same person froze and approved, or that were published without an approval."""
    rows = session.execute(
        select(
            RankingSnapshot.id, RankingSnapshot.contest_id, RankingSnapshot.number, RankingSnapshot.made_by_id,
            RankingSnapshot.approved_by_id, RankingSnapshot.approved_at, RankingSnapshot.published_at,
        ).order_by(RankingSnapshot.id)
    )  # fmt: skip
    actors = _actors(session)
    for row in rows:
        key = (row.contest_id, row.number)
        froze = {row.made_by_id, actors.get((Event.RANKING_FROZEN, *key))} - {None}
        approved = {row.approved_by_id, actors.get((Event.RANKING_APPROVED, *key))} - {None}
        if froze & approved:
            yield Offence("snapshot", row.id, f"user {min(froze & approved)} both froze and approved it")
        if row.published_at is not None and row.approved_at is None:
            yield Offence("snapshot", row.id, "was published and is approved by nobody")


def own_approvals(session: Session) -> Iterator[Offence]:
    """Yield requests for staff roles that were approved by who asked for the role, or by who got it."""
    own = or_(
        GrantRequest.decided_by_id.in_((GrantRequest.user_id, GrantRequest.asked_by_id)),
        and_(GrantRequest.user_id.is_(None), User.email == GrantRequest.email),
    )
    rows = session.execute(
        select(GrantRequest.id, GrantRequest.role, GrantRequest.decided_by_id)
        .join(User, User.id == GrantRequest.decided_by_id)
        .where(GrantRequest.outcome == "approved", own)
        .order_by(GrantRequest.id)
    )
    for row in rows:
        found = f"user {row.decided_by_id} approved the role {row.role} and asked for it, or got it"
        yield Offence("grantrequest", row.id, found)


def _actors(session: Session) -> Mapping[tuple[str, int | None, Any], int | None]:
    rows = session.execute(
        select(JournalRecord.event, JournalRecord.contest_id, JournalRecord.details, JournalRecord.actor_id)
        .where(JournalRecord.event.in_((Event.RANKING_FROZEN, Event.RANKING_APPROVED)))
        .order_by(JournalRecord.id)
    )
    return {(row.event, row.contest_id, row.details.get("snapshot")): row.actor_id for row in rows}


def _last_instant(session: Session) -> Any:
    """The time of the last record: a check reads no clock."""
    return select(func.max(JournalRecord.at)).scalar_subquery()


def _replayed(session: Session, start: Start) -> People:
    users = {int(key): list(value) for key, value in start.document.get("users", {}).items()}
    roles = {(user, role, contest) for user, role, contest in start.document.get("grants", ())}
    people = People(users, roles)
    rows = session.execute(
        select(
            JournalRecord.event, JournalRecord.subject_id, JournalRecord.subject_label, JournalRecord.contest_id,
            JournalRecord.details,
        )
        .where(JournalRecord.id > start.record_id)
        .where(JournalRecord.event.in_((*MAKING, Event.ROLE_REVOKED, *BLOCKING)))
        .order_by(JournalRecord.id)
    )  # fmt: skip
    for row in rows:
        _follow(people, row)
    return people


def _follow(people: People, row: Row[Any]) -> None:
    role = (row.subject_id, row.details.get("role"), row.contest_id)
    if row.event in MAKING:
        people.users.setdefault(row.subject_id, [address_in(row.subject_label), True])
    if row.event in BLOCKING and row.subject_id in people.users:
        people.users[row.subject_id][1] = BLOCKING[row.event]
    if row.event == Event.ROLE_REVOKED:
        people.roles.discard(role)
    elif row.event in (Event.ROLE_GRANTED, Event.INVITATION_ACCEPTED) and role[1] != EXPERT:
        people.roles.add(role)


def address_in(label: str) -> str | None:
    """The address of a label: «name <address>», or the address alone; None where neither can be read."""
    match = ADDRESS.search(label)
    return match[1] if match else label if "@" in label else None


def _where(contest_id: int | None) -> str:
    return "in every contest" if contest_id is None else f"in contest {contest_id}"
