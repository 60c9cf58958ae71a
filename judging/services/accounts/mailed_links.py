"""One-time links sent by mail. Opening one changes nothing; a press on its page uses it up."""

from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.domain.errors import N_, RuleViolation
from judging.models import Link, User
from judging.services.accounts.tokens import new_token, token_hash

Purpose = Literal["confirm", "reset", "invite"]
LIFETIMES: dict[Purpose, timedelta] = {
    "confirm": timedelta(days=2),
    "reset": timedelta(hours=2),
    "invite": timedelta(days=14),
}
PATHS: dict[Purpose, str] = {"confirm": "confirm", "reset": "reset-password", "invite": "invitations"}
MOSCOW = timezone(timedelta(hours=3), "МСК")


class LinkUnusable(RuleViolation):
    """The link is unknown, was used, has expired or was replaced by a newer one."""

    def __init__(self, message: str = N_("This link does not work: it is incomplete or was replaced.")) -> None:
        super().__init__(message)


def issue_link(
    session: Session,
    purpose: Purpose,
    *,
    email: str,
    now: datetime,
    user_id: int | None = None,
    contest_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> tuple[Link, str]:
    """Store a link and return it with the token that goes into the letter and nowhere else."""
    token = new_token()
    link = Link(
        purpose=purpose,
        token_hash=token_hash(token),
        email=email,
        user_id=user_id,
        contest_id=contest_id,
        payload=payload or {},
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    session.add(link)
    session.flush()
    return link, token


def address_of(purpose: Purpose, token: str, base_url: str) -> str:
    """The full address that the letter gives."""
    return f"{base_url}/{PATHS[purpose]}/{token}"


def usable_link(session: Session, purpose: Purpose, token: str, *, now: datetime, lock: bool = False) -> Link:
    """Return the link of this token; raise :class:`LinkUnusable` that says why it does not work.

    With ``lock`` a second press at the same time waits for the first and then finds the link used.
    """
    wanted = select(Link).where(Link.purpose == purpose, Link.token_hash == token_hash(token))
    link = session.scalar(wanted.with_for_update() if lock else wanted)
    if link is None:
        raise LinkUnusable
    return require_usable(link, now)


def require_usable(link: Link, now: datetime) -> Link:
    """Return the link where it still works; raise :class:`LinkUnusable` that says why it does not."""
    if link.used_at is not None:
        raise LinkUnusable(N_("This link has already been used."))
    if link.expires_at <= now:
        raise LinkUnusable(N_("This link has expired."))
    return link


def withdraw_links(session: Session, purpose: Purpose, email: str, *, now: datetime) -> None:
    """End every unused link of this purpose sent to ``email``."""
    session.execute(
        update(Link)
        .where(Link.purpose == purpose, Link.email == email, Link.used_at.is_(None), Link.expires_at > now)
        .values(expires_at=now)
    )


def withdraw_resets(session: Session, user: User, *, now: datetime) -> None:
    """End every link with which a new password could be set for this person."""
    session.execute(
        update(Link)
        .where(Link.purpose == "reset", Link.user_id == user.id, Link.used_at.is_(None), Link.expires_at > now)
        .values(expires_at=now)
    )


def moscow_text(instant: datetime) -> str:
    """«22.11.2026 18:00 МСК», for letters: since 2014 Moscow keeps UTC+3 all year."""
    return instant.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M %Z")
