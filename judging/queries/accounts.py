"""Accounts: the lists of people and of letters, what a person is here, sessions and invitations."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.domain.access import STAFF_ROLES, Role
from judging.domain.letters import MAX_ATTEMPTS, LetterState, letter_state
from judging.models import Contest, Expert, Grant, Letter, Link, SignIn, Team, TeamMember, User
from judging.queries.paging import Page, windowed
from judging.queries.searching import contains, contains_words, ordered

PEOPLE_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "name": User.sort_name.expression,
    "email": User.email.expression,
    "created": User.created_at.expression,
}
BLOCKED = "blocked"
PEOPLE_KINDS = (*(role.value for role in STAFF_ROLES), Role.EXPERT.value, Role.TEAM.value, BLOCKED)


@dataclass(frozen=True)
class Held:
    """A role somebody has: a grant (``grant_id``) in a contest or in all, an expert's card, a team."""

    role: Role
    grant_id: int | None = None
    contest_code: str | None = None
    contest_title: str | None = None
    team: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    name: str
    email: str
    active: bool
    created_at: datetime
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class PeopleFilter:
    """What the list is narrowed to; ``sort`` is a key of :data:`PEOPLE_ORDERS`, with a minus for descending."""

    text: str = ""
    kind: str = ""
    sort: str = "name"
    page: int = 1


_BY_EMAIL = select(User).where(User.email.in_(bindparam("spellings", expanding=True)))
_LOCKED_BY_EMAIL = _BY_EMAIL.with_for_update().execution_options(populate_existing=True)


def user_by_email(session: Session, email: str, *, locked: bool = False) -> User | None:
    """The account of an address in whatever spelling; None where there is none.

    Two old accounts may hold two spellings of one address (the migration to one form tells of them): each is still
    found by its own. ``locked``: read anew, and nobody else changes it until the transaction ends.
    """
    typed, key = email.strip().lower(), address_key(email)
    rows = session.scalars(_LOCKED_BY_EMAIL if locked else _BY_EMAIL, {"spellings": sorted({typed, key})})
    found = {user.email: user for user in rows}
    return found.get(typed) or found.get(key)


def people_page(session: Session, wanted: PeopleFilter) -> Page[PersonRow]:
    """One page of people: three selects, whatever their number."""
    conditions = _people_conditions(wanted)
    total = session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    found = select(User.id, User.name, User.email, User.active, User.created_at, *_belongs()).where(*conditions)
    found = ordered(found, PEOPLE_ORDERS, wanted.sort, "name", User.id)
    rows = session.execute(windowed(found, wanted.page, total)).all()
    granted = _granted_roles(session, [row.id for row in rows])
    people = [
        PersonRow(row.id, row.name, row.email, row.active, row.created_at, _roles(granted[row.id], row)) for row in rows
    ]
    return Page(people, wanted.page, total)


def _people_conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions = contains_words(User.search_text, wanted.text)
    if wanted.kind == BLOCKED:
        conditions.append(User.active.is_(False))
    elif wanted.kind == Role.EXPERT:
        conditions.append(exists().where(Expert.user_id == User.id))
    elif wanted.kind == Role.TEAM:
        conditions.append(exists().where(TeamMember.user_id == User.id))
    elif wanted.kind:
        conditions.append(exists().where(Grant.user_id == User.id, Grant.role == wanted.kind))
    return conditions


def _belongs() -> tuple[Any, Any]:
    return (
        exists().where(Expert.user_id == User.id).label("is_expert"),
        exists().where(TeamMember.user_id == User.id).label("is_team"),
    )


def _granted_roles(session: Session, user_ids: list[int]) -> dict[int, set[Role]]:
    granted: defaultdict[int, set[Role]] = defaultdict(set)
    for user_id, role in session.execute(select(Grant.user_id, Grant.role).where(Grant.user_id.in_(user_ids))):
        granted[user_id].add(Role(role))
    return granted


def _roles(granted: set[Role], row: Any) -> tuple[Role, ...]:
    held = set(granted)
    held |= {Role.EXPERT} if row.is_expert else set()
    held |= {Role.TEAM} if row.is_team else set()
    return tuple(role for role in Role if role in held)


@dataclass(frozen=True)
class PersonCard:
    """What a person is here: staff roles, expert cards, teams."""

    grants: list[Held] = field(default_factory=list)
    experts: list[Held] = field(default_factory=list)
    teams: list[Held] = field(default_factory=list)


def person_card(session: Session, user: User) -> PersonCard:
    """Everything that a person is, in three selects."""
    grants = session.execute(
        select(Grant.id, Grant.role, Contest.code, Contest.title)
        .outerjoin(Contest, Contest.id == Grant.contest_id)
        .where(Grant.user_id == user.id)
        .order_by(Grant.id)
    )
    experts = session.execute(
        select(Contest.code, Contest.title).join(Expert).where(Expert.user_id == user.id).order_by(Contest.id)
    )
    teams = session.execute(
        select(Team.id, Team.name).join(TeamMember).where(TeamMember.user_id == user.id).order_by(Team.id)
    )
    return PersonCard(
        [Held(Role(row.role), row.id, row.code, row.title) for row in grants],
        [Held(Role.EXPERT, contest_code=row.code, contest_title=row.title) for row in experts],
        [Held(Role.TEAM, team=row.name, team_id=row.id) for row in teams],
    )


def administrators(session: Session) -> int:
    """How many administrators there are who can sign in."""
    wanted = select(func.count(func.distinct(Grant.user_id))).join(User, User.id == Grant.user_id)
    return session.scalar(wanted.where(Grant.role == Role.ADMINISTRATOR.value, User.active)) or 0


def holds_role(session: Session, user_id: int, role: Role, contest_id: int | None) -> bool:
    """Whether somebody has been given this role in just this contest, or (None) in all."""
    same_contest = Grant.contest_id.is_not_distinct_from(contest_id)
    known = select(Grant.id).where(Grant.user_id == user_id, Grant.role == role.value, same_contest)
    return session.scalar(known.limit(1)) is not None


def contest_choices(session: Session) -> list[tuple[int, str]]:
    """Real contests for a list: (id, «code: title»), newest first."""
    real = select(Contest.id, Contest.code, Contest.title).where(Contest.trial.is_(False))
    rows = session.execute(real.order_by(Contest.id.desc()))
    return [(row.id, f"{row.code}: {row.title}") for row in rows]


def live_sign_ins(session: Session, user_id: int, *, now: datetime) -> list[SignIn]:
    """A person's sessions that have not ended, the newest first; those that rest are among them."""
    live = and_(SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    return list(session.scalars(select(SignIn).where(live).order_by(SignIn.id.desc())))


@dataclass(frozen=True)
class PendingInvitation:
    """An invitation of staff that is not accepted yet."""

    email: str
    name: str
    role: Role
    contest_code: str | None
    created_at: datetime
    expires_at: datetime


def pending_invitations(session: Session, *, now: datetime) -> list[PendingInvitation]:
    """Invitations of staff that still work, newest first (those of experts are on the contest's page of experts)."""
    rows = session.execute(
        select(Link.email, Link.payload, Link.created_at, Link.expires_at, Contest.code)
        .outerjoin(Contest, Contest.id == Link.contest_id)
        .where(Link.purpose == "invite", Link.used_at.is_(None), Link.expires_at > now)
        .order_by(Link.id.desc())
    )
    return [
        PendingInvitation(
            row.email, row.payload["name"], Role(row.payload["role"]), row.code, row.created_at, row.expires_at
        )
        for row in rows
        if "role" in row.payload
    ]


@dataclass(frozen=True)
class LetterFilter:
    """What the list of letters is narrowed to."""

    text: str = ""
    state: LetterState | None = None
    page: int = 1


@dataclass(frozen=True)
class LetterRow:
    """One line of the outbox."""

    id: int
    recipient: str
    subject: str
    created_at: datetime
    sent_at: datetime | None
    state: LetterState


LETTER_CONDITIONS: Mapping[LetterState, ColumnElement[bool]] = {
    LetterState.SENT: Letter.sent_at.is_not(None),
    LetterState.WAITING: and_(Letter.sent_at.is_(None), Letter.last_error.is_(None)),
    LetterState.DELAYED: and_(Letter.sent_at.is_(None), Letter.last_error.is_not(None), Letter.attempts < MAX_ATTEMPTS),
    LetterState.FAILED: and_(Letter.sent_at.is_(None), Letter.last_error.is_not(None), Letter.attempts >= MAX_ATTEMPTS),
}
"""The same as :func:`judging.domain.letters.letter_state`, for the database."""


def held_back() -> ColumnElement[bool]:
    """The condition that a letter is of a trial: it never leaves the system."""
    return exists().where(Contest.id == Letter.contest_id, Contest.trial)


def _addressed(text: str) -> ColumnElement[bool]:
    """The letters whose recipient's address contains what was typed, to the letter or as it is searched."""
    alike = contains_words(func.replace(Letter.recipient, "ё", "е"), text)
    to_the_letter = contains(Letter.recipient.expression, text.casefold())
    return or_(to_the_letter, and_(*alike)) if alike else to_the_letter


def letters_page(session: Session, wanted: LetterFilter) -> Page[LetterRow]:
    """One page of letters, newest first: two selects."""
    found = select(
        Letter.id, Letter.recipient, Letter.subject, Letter.created_at, Letter.sent_at, Letter.attempts,
        Letter.last_error,
    )  # fmt: skip
    conditions = [~held_back()]
    if wanted.text:
        conditions.append(_addressed(wanted.text))
    if wanted.state:
        conditions.append(LETTER_CONDITIONS[wanted.state])
    total = session.scalar(select(func.count()).select_from(Letter).where(*conditions)) or 0
    newest_first = found.where(*conditions).order_by(Letter.created_at.desc(), Letter.id.desc())
    rows = session.execute(windowed(newest_first, wanted.page, total))
    letters = [
        LetterRow(
            row.id, row.recipient, row.subject, row.created_at, row.sent_at,
            letter_state(row.sent_at, row.attempts, row.last_error),
        )
        for row in rows
    ]  # fmt: skip
    return Page(letters, wanted.page, total)


def names_of(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Return the names of these people by id; nothing is asked where there are none."""
    if not user_ids:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))}
