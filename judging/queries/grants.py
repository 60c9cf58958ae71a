"""Reading who has which role, and the roles that were asked for and await approval."""

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


def holders(session: Session, role: Role, contest_id: int) -> list[User]:
    """Return the accounts in use that have a role in a contest, or in every one; by name."""
    given = select(Grant.user_id).where(
        Grant.role == role, or_(Grant.contest_id == contest_id, Grant.contest_id.is_(None))
    )
    query = select(User).where(User.id.in_(given), User.active.is_(True)).order_by(User.sort_name, User.id)
    return list(session.scalars(query))
