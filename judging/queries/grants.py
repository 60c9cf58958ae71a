"""Reading the roles that were asked for and await approval."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from judging.domain.access import Role
from judging.models import Contest, Grant, GrantRequest, User


@dataclass(frozen=True)
class OpenRequest:
    """A role asked for and not decided. ``user_id`` None: an invitation would be sent to ``email``.

    ``receiver_id``: the account that the role is for, an invited one too.
    """

    id: int
    user_id: int | None
    receiver_id: int | None
    name: str
    email: str
    role: Role
    contest_code: str | None
    contest_title: str | None
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    expires_at: datetime


def open_requests(session: Session, *, now: datetime, user_id: int | None = None) -> list[OpenRequest]:
    """What awaits approval, the oldest first; with ``user_id`` for that person alone."""
    wanted = (
        select(GrantRequest, Contest.code, Contest.title, func.coalesce(GrantRequest.user_id, User.id))
        .outerjoin(Contest, Contest.id == GrantRequest.contest_id)
        .outerjoin(User, User.email == GrantRequest.email)
        .where(GrantRequest.decided_at.is_(None), GrantRequest.expires_at > now)
        .order_by(GrantRequest.asked_at, GrantRequest.id)
    )
    rows = session.execute(wanted if user_id is None else wanted.where(GrantRequest.user_id == user_id))
    return [
        OpenRequest(
            item.id, item.user_id, receiver_id, item.name, item.email, Role(item.role), code, title,
            item.asked_by_id, item.asked_by, item.asked_at, item.expires_at,
        )
        for item, code, title, receiver_id in rows
    ]  # fmt: skip


def count_open(session: Session, *, now: datetime) -> int:
    """How many roles await approval."""
    wanted = select(func.count()).select_from(GrantRequest)
    return session.scalar(wanted.where(GrantRequest.decided_at.is_(None), GrantRequest.expires_at > now)) or 0


@dataclass(frozen=True)
class Addressed:
    """Somebody of the staff whom a letter goes to."""

    id: int
    name: str
    email: str
    locale: str


MOST_ADDRESSED = 20
"""Secretaries of one contest that a letter goes to."""


def secretaries(session: Session, contest_id: int) -> list[Addressed]:
    """The secretaries of a contest, those of all contests too, who can sign in; by number of their account."""
    here = or_(Grant.contest_id == contest_id, Grant.contest_id.is_(None))
    query = (
        select(User.id, User.name, User.email, User.locale)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.role == Role.SECRETARY, here, User.active)
        .distinct()
        .order_by(User.id)
        .limit(MOST_ADDRESSED)
    )
    return [Addressed(*row) for row in session.execute(query)]
