"""Reading invitations as an expert: those that wait for the answer of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.models import Contest, Link, User


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation as an expert that nobody has answered yet."""

    link_id: int
    contest: str
    inviter: str
    until: datetime


def open_to(session: Session, user_id: int | None, now: datetime) -> list[OpenInvitation]:
    """What waits for an answer at the confirmed address of a person, what ends first coming first: two selects."""
    user = session.get(User, user_id) if user_id is not None else None
    if user is None or user.email_confirmed_at is None:
        return []
    rows = session.execute(
        select(Link, Contest.title)
        .join(Contest, Contest.id == Link.contest_id)
        .where(Link.purpose == "invite", Link.email.in_(spellings(user)))
        .where(Link.used_at.is_(None), Link.expires_at > now)
        .order_by(Link.expires_at, Link.id)
    )
    return [
        OpenInvitation(link.id, title, link.payload["inviter"], link.expires_at)
        for link, title in rows
        if "expert_id" in link.payload
    ]


def is_own(session: Session, link_id: int, user_id: int | None) -> bool:
    """Whether a link invites this person; see :func:`addressed_to`."""
    user = session.get(User, user_id) if user_id is not None else None
    return addressed_to(session.get(Link, link_id), user)


def addressed_to(link: Link | None, user: User | None) -> bool:
    """Whether a link invites this person as an expert, at the address that they have confirmed."""
    if link is None or user is None or link.purpose != "invite" or "expert_id" not in link.payload:
        return False
    return user.email_confirmed_at is not None and link.email in spellings(user)


def spellings(user: User) -> Sequence[str]:
    """The spellings in which a letter to this person may be addressed."""
    return sorted({user.email, address_key(user.email)})
