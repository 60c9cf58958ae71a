"""A forgotten password and a changed one."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.models import User
from judging.queries.accounts import user_by_email
from judging.services import audit, letters
from judging.services.accounts import letter_texts
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.mailed_links import (
    LinkUnusable,
    address_of,
    issue_link,
    moscow_text,
    usable_link,
    withdraw_resets,
)
from judging.services.accounts.password_hashing import Proof
from judging.services.accounts.sessions import end_sessions, holds


def ask_reset(session: Session, *, email: str, by: By, base_url: str, spared: bool = False) -> None:
    """Send a link for a new password, where the address has an account that is not blocked; else do nothing.

    ``spared``: the account has had letters enough; nothing is sent, and the link of the last one stays good.
    Nothing takes the same statements as something: they are given up again, so that nobody learns from the time who
    has an account. Raises :class:`Refused` where the text is no address at all.
    """
    email = normal_email(email)
    user = user_by_email(session, email)
    nobody = spared or user is None or not user.active
    asked = User(email=email, name="", locale="ru") if user is None else user
    with session.begin_nested() as work:
        link, _ = send_reset(session, asked, now=by.now, base_url=base_url)
        audit.record(
            session,
            Event.PASSWORD_RESET_ASKED,
            by=by.with_actor(Actor(user_id=asked.id, name=asked.name)),
            subject=asked,
            label=email,
            state={"link": link},
        )
        session.flush()
        if nobody:
            work.rollback()


def send_reset(session: Session, user: User, *, now: datetime, base_url: str) -> tuple[int, str]:
    """Queue the letter with a fresh link, end the older ones, and return the link's id and address."""
    withdraw_resets(session, user, now=now)
    link, token = issue_link(session, "reset", email=user.email, user_id=user.id, now=now)
    address = address_of("reset", token, base_url)
    letters.write(
        session,
        letter_texts.RESET,
        key=f"reset:{link.id}",
        recipient=user.email,
        locale=user.locale,
        params={"name": user.name, "link": address, "until": moscow_text(link.expires_at)},
        now=now,
    )
    return link.id, address


def reset_password(session: Session, token: str, *, hashed: str, by: By, base_url: str) -> User:
    """Set a new password (its hash) by the link from the letter and end every session of the person."""
    link = usable_link(session, "reset", token, now=by.now, lock=True)
    user = session.get(User, link.user_id)
    if user is None or not user.active or user.email != link.email:
        raise LinkUnusable
    link.used_at = by.now
    user.email_confirmed_at = user.email_confirmed_at or by.now
    actor = Actor(user_id=user.id, name=user.name)
    _set_password(session, user, hashed, by=by.with_actor(actor), base_url=base_url, link=link.id)
    return user


def change_password(
    session: Session,
    user: User,
    *,
    proof: Proof | None,
    hashed: str,
    keep_session: int,
    by: By,
    base_url: str,
) -> None:
    """Change one's own password to the one of the hash; every other session ends, and every link for a new password.

    Raises :class:`Refused` at ``current`` without a ``proof`` of the present password.
    """
    if proof is None or not holds(proof, user):
        raise Refused([Fault("current", N_("This is not your present password."))])
    _set_password(session, user, hashed, by=by, base_url=base_url, keep=keep_session)


def _set_password(
    session: Session,
    user: User,
    hashed: str,
    *,
    by: By,
    base_url: str,
    keep: int | None = None,
    link: int | None = None,
) -> None:
    user.password_hash = hashed
    withdraw_resets(session, user, now=by.now)
    ended = end_sessions(session, user.id, now=by.now, but=keep)
    number = audit.record(
        session,
        Event.PASSWORD_CHANGED,
        by=by,
        subject=user,
        label=user.email,
        details={"sessions": len(ended)},
        state={"ended": ended} | ({"link": link} if link else {}),
    )
    letters.write(
        session,
        letter_texts.PASSWORD_CHANGED,
        key=f"password-changed:{number}",
        recipient=user.email,
        locale=user.locale,
        params={"name": user.name, "at": moscow_text(by.now), "forgot": f"{base_url}/forgot-password"},
        now=by.now,
    )
