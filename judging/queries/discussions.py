"""Reading discussions: their rules, who takes part and under which name, the messages of an audience, what is unread.

Whoever reads gives the audiences that are theirs (:mod:`judging.domain.discussion`): nothing addressed to others is
read from the database, nor counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from judging.domain.access import Role
from judging.domain.discussion import READ_BY, Circle, DiscussionRules, MessageAudience
from judging.domain.lifecycle.contest import PUBLIC
from judging.domain.mentions import expert_key, user_key
from judging.domain.visibility import visibility_of
from judging.models import (
    Application,
    Contest,
    DiscussionMessage,
    DiscussionRead,
    DiscussionVersion,
    Expert,
    Review,
    TeamMember,
    User,
)
from judging.models import DiscussionRules as Stored
from judging.queries.agreed_scores import stands
from judging.queries.agreements import awaiting
from judging.queries.staff import staff_of
from judging.queries.visibility import labels_of

STAFF = (Role.SECRETARY, Role.CHAIR, Role.OBSERVER)
MESSAGE = DiscussionMessage


def discussion_rules(session: Session, contest_id: int) -> DiscussionRules:
    """The rules of a contest's discussions; the defaults where nobody has changed them."""
    row = session.get(Stored, contest_id, populate_existing=True)
    if row is None:
        return DiscussionRules()
    return DiscussionRules(Circle(row.circle), row.edit_minutes, row.version)


@dataclass(frozen=True)
class Participant:
    """Somebody who may read messages about an application; ``number`` is of the label of an expert, else None.

    ``key`` is that of their mentions. ``reads``: the audiences that they read.
    """

    key: str
    user_id: int
    name: str
    email: str
    locale: str
    role: Role
    reads: frozenset[MessageAudience]
    number: int | None = None


def participants(session: Session, application: Application, circle: Circle) -> list[Participant]:
    """Everybody who reads the discussion: the staff, then the experts whose own review stands."""
    found = {}
    for one in staff_of(session, application.contest_id, STAFF):
        if one.user_id not in found:
            found[one.user_id] = Participant(
                user_key(one.user_id), one.user_id, one.name, one.email, one.locale, one.role, READ_BY[one.role]
            )
        else:
            known = found[one.user_id]
            found[one.user_id] = _reading_more(known, READ_BY[one.role])
    members = _team_members(session, application)
    everybody = [*found.values(), *(_experts(session, application) if circle is Circle.EXPERTS else ())]
    return [one for one in everybody if one.user_id not in members]


def _reading_more(known: Participant, audiences: frozenset[MessageAudience]) -> Participant:
    return Participant(
        known.key, known.user_id, known.name, known.email, known.locale, known.role, known.reads | audiences
    )


def _team_members(session: Session, application: Application) -> frozenset[int]:
    """The people of the application's own team, who take no part whatever they are besides."""
    if application.team_id is None:
        return frozenset()
    return frozenset(session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == application.team_id)))


def _experts(session: Session, application: Application) -> list[Participant]:
    numbers = labels_of(session, application.contest, application.id)
    query = (
        select(Review.id, Expert.id.label("expert_id"), Expert.name, User.id.label("user_id"), User.email, User.locale)
        .join(Expert, Expert.id == Review.expert_id)
        .join(User, User.id == Expert.user_id)
        .where(Review.application_id == application.id, User.active, *stands())
        .where(~awaiting(Review.contest_id, Review.expert_id))
    )
    found = [
        Participant(
            expert_key(row.expert_id), row.user_id, row.name, row.email, row.locale, Role.EXPERT,
            READ_BY[Role.EXPERT], numbers.get(row.id),
        )
        for row in session.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.number or 0)


@dataclass(frozen=True)
class MessageRow:
    """A message as its readers may see it; ``text`` is kept text, empty where it was taken back.

    ``expert_number`` is of the label of an author who wrote as an expert. ``earlier`` are the texts before changes.
    """

    id: int
    author_id: int | None
    author_name: str
    role: Role
    expert_id: int | None
    expert_number: int | None
    audience: MessageAudience
    reply_to_id: int | None
    text: str
    version: int
    written_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None
    earlier: tuple[tuple[str, datetime], ...]


def messages(session: Session, application: Application, audiences: Collection[MessageAudience]) -> list[MessageRow]:
    """The messages of these audiences, the oldest first: three selects."""
    if not audiences:
        return []
    rows = session.scalars(
        select(MESSAGE).where(MESSAGE.application_id == application.id, _of(audiences)).order_by(MESSAGE.id)
    ).all()
    earlier = _earlier(session, [row.id for row in rows if row.edited_at and row.removed_at is None])
    numbers = _numbers_of_experts(session, application)
    return [_row(row, numbers, earlier.get(row.id, ())) for row in rows]


def _row(row: DiscussionMessage, numbers: Mapping[int, int], earlier: Sequence[tuple[str, datetime]]) -> MessageRow:
    return MessageRow(
        id=row.id,
        author_id=row.author_id,
        author_name=row.author_name,
        role=Role(row.role),
        expert_id=row.expert_id,
        expert_number=None if row.expert_id is None else numbers.get(row.expert_id),
        audience=MessageAudience(row.audience),
        reply_to_id=row.reply_to_id,
        text="" if row.removed_at else row.text,
        version=row.version,
        written_at=row.written_at,
        edited_at=row.edited_at,
        removed_at=row.removed_at,
        earlier=tuple(earlier),
    )


def _numbers_of_experts(session: Session, application: Application) -> Mapping[int, int]:
    """The number of the label of each expert who has, or had, a task on the application."""
    numbers = labels_of(session, application.contest, application.id)
    query = select(Review.id, Review.expert_id).where(Review.application_id == application.id)
    return {row.expert_id: numbers[row.id] for row in session.execute(query) if row.id in numbers}


def _earlier(session: Session, ids: Sequence[int]) -> Mapping[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = {}
    if ids:
        query = (
            select(DiscussionVersion).where(DiscussionVersion.message_id.in_(ids)).order_by(DiscussionVersion.number)
        )
        for one in session.scalars(query):
            found.setdefault(one.message_id, []).append((one.text, one.until))
    return found


def names_for_expert(session: Session, contest: Contest) -> bool:
    """Whether experts of the contest see each other's names."""
    return visibility_of(contest.visibility).names


def last_read(session: Session, application_id: int, user_id: int | None) -> int:
    """Up to which message somebody has read; 0 for nobody and nothing."""
    if user_id is None:
        return 0
    known = session.get(DiscussionRead, (application_id, user_id), populate_existing=True)
    return 0 if known is None else known.last_id


@dataclass(frozen=True)
class Discussion:
    """An application with messages that somebody reads: how many, how many of them unread, when the last came."""

    application_id: int
    number: str
    title: str
    contest_title: str
    messages: int
    unread: int
    last_at: datetime | None


def of_contest(
    session: Session,
    contest_id: int,
    audiences: Collection[MessageAudience],
    user_id: int | None,
    application_id: int | None = None,
) -> list[Discussion]:
    """The discussions of a contest, or that of one application, as somebody of the staff sees them: one select."""
    if not audiences:
        return []
    query = _discussions(audiences, user_id).where(Application.contest_id == contest_id)
    if application_id is not None:
        query = query.where(Application.id == application_id)
    return [Discussion(**row._mapping) for row in session.execute(query)]


def of_cards(session: Session, expert_ids: Collection[int], user_id: int | None) -> list[Discussion]:
    """The discussions that somebody takes part in as an expert, those without a message too: one select.

    Of contests that let experts in, on applications where their own review stands and they are in no conflict.
    """
    if not expert_ids:
        return []
    mine = (
        select(Review.application_id)
        .where(Review.expert_id.in_(expert_ids), *stands(), ~awaiting(Review.contest_id, Review.expert_id))
    )  # fmt: skip
    query = (
        _discussions(READ_BY[Role.EXPERT], user_id, outer=True)
        .join(Stored, Stored.contest_id == Application.contest_id)
        .where(Application.id.in_(mine), Stored.circle == Circle.EXPERTS, Contest.status.in_(PUBLIC))
    )
    return [Discussion(**row._mapping) for row in session.execute(query)]


def _discussions(audiences: Collection[MessageAudience], user_id: int | None, *, outer: bool = False) -> Select[Any]:
    fresh = and_(
        MESSAGE.id > func.coalesce(DiscussionRead.last_id, 0),
        MESSAGE.removed_at.is_(None),
        or_(MESSAGE.author_id.is_(None), MESSAGE.author_id != user_id),
    )
    unread = func.coalesce(func.sum(case((fresh, 1), else_=0)), 0)
    mine = and_(DiscussionRead.application_id == Application.id, DiscussionRead.user_id == user_id)
    last = func.max(MESSAGE.written_at)
    return (
        select(
            Application.id.label("application_id"), Application.number, Application.title,
            Contest.title.label("contest_title"), func.count(MESSAGE.id).label("messages"), unread.label("unread"),
            last.label("last_at"),
        )
        .select_from(Application)
        .join(Contest, Contest.id == Application.contest_id)
        .join(MESSAGE, and_(MESSAGE.application_id == Application.id, _of(audiences)), isouter=outer)
        .outerjoin(DiscussionRead, mine)
        .group_by(Application.id, Application.number, Application.title, Contest.title)
        .order_by(unread.desc(), last.desc(), Application.id)
    )  # fmt: skip


def _of(audiences: Collection[MessageAudience]) -> ColumnElement[bool]:
    return MESSAGE.audience.in_([audience.value for audience in audiences])
