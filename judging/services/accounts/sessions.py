"""Signing in and out. A session is a row: it ends the moment the row says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from judging.domain.access import ANONYMOUS, Actor, By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.models import SignIn, User
from judging.queries.accounts import user_by_email
from judging.services import audit
from judging.services.accounts.mailed_links import withdraw_resets
from judging.services.accounts.password_hashing import Proof
from judging.services.accounts.tokens import new_token, token_hash


class AccountBlocked(RuleViolation):
    """The password is right, but the account is blocked."""

    def __init__(self) -> None:
        super().__init__(N_("This account is blocked. Write to the organiser of the contest."))


@dataclass(frozen=True)
class SigningIn:
    """Who wants to sign in, for how long and with which browser.

    ``proof`` is what came of the password, checked before this transaction; an account that has got another password
    meanwhile is not opened by it.
    """

    email: str
    proof: Proof | None
    lifetime: timedelta
    browser: str


def sign_in(session: Session, asked: SigningIn, *, by: By) -> tuple[SignIn, str] | None:
    """Return a new session and its token, or None where address or password are wrong (recorded in the journal).

    Raises :class:`AccountBlocked` only to those who know the password.
    """
    user, proof = user_by_email(session, asked.email, locked=True), asked.proof
    if user is None or proof is None or not holds(proof, user):
        _record_refusal(session, user, by=by)
        return None
    if not user.active:
        raise AccountBlocked
    user.password_hash = proof.kept
    return open_session(session, user, asked, by=by)


def holds(proof: Proof, user: User) -> bool:
    """Say whether the proof is of the password that the account has now."""
    return proof.user_id == user.id and proof.stored == user.password_hash


def _record_refusal(session: Session, user: User | None, *, by: By) -> None:
    """What was typed for an unknown address is not kept: it may be a password in the wrong field."""
    audit.record(
        session,
        Event.SIGN_IN_REFUSED,
        by=by.with_actor(ANONYMOUS),
        subject=user or User(),
        label=user.email if user else "",
    )


def open_session(session: Session, user: User, asked: SigningIn, *, by: By) -> tuple[SignIn, str]:
    """Return a new session of somebody who has given the password, and its token."""
    token = new_token()
    row = SignIn(
        user=user,
        token_hash=token_hash(token),
        created_at=by.now,
        expires_at=by.now + asked.lifetime,
        address=(by.address or "")[:45],
        browser=asked.browser[:300],
    )
    session.add(row)
    audit.record(
        session,
        Event.SIGNED_IN,
        by=by.with_actor(Actor(user_id=user.id, name=user.name)),
        subject=row,
        label=user.email,
        state={"until": row.expires_at.isoformat()},
    )
    return row, token


def sign_out(session: Session, sign_in_id: int, *, by: By) -> None:
    """End one session; ending one that has ended changes nothing."""
    row = session.get_one(SignIn, sign_in_id)
    if row.revoked_at is None:
        row.revoked_at = by.now
        audit.record(session, Event.SIGNED_OUT, by=by, subject=row, label=row.user.email)


def confirm_session(
    session: Session, sign_in_id: int, *, proof: Proof | None, lifetime: timedelta, by: By, browser: str
) -> bool:
    """Note that the person has given the password in this session; say whether they have.

    A session that rests, because it had its time or was not used for long, begins anew by that (recorded as a sign-in).
    """
    row = session.get_one(SignIn, sign_in_id, with_for_update=True, populate_existing=True)
    if proof is None or row.revoked_at is not None or not row.user.active or not holds(proof, row.user):
        return False
    row.user.password_hash = proof.kept
    row.seen_at = row.confirmed_at = by.now
    if row.expires_at <= by.now:
        row.expires_at, row.browser = by.now + lifetime, browser[:300]
        actor = Actor(user_id=row.user.id, name=row.user.name)
        state = {"until": row.expires_at.isoformat()}
        audit.record(session, Event.SIGNED_IN, by=by.with_actor(actor), subject=row, label=row.user.email, state=state)
    return True


def note_use(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Note when a session was last used; an earlier instant changes nothing. No record: it says nothing of an act."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, or_(SignIn.seen_at.is_(None), SignIn.seen_at < now))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def sign_out_everywhere(session: Session, user: User, *, by: By, but: int | None = None) -> int:
    """End every session of a person (``but`` one); return how many there were."""
    ended = end_sessions(session, user.id, now=by.now, but=but)
    audit.record(
        session,
        Event.SIGNED_OUT_EVERYWHERE,
        by=by,
        subject=user,
        label=user.email,
        details={"sessions": len(ended)},
        state={"ended": ended},
    )
    return len(ended)


def sign_out_person(session: Session, user: User, *, by: By) -> int:
    """End every session of another person, as an administrator, and every link with which a password could be set."""
    ended = end_sessions(session, user.id, now=by.now)
    withdraw_resets(session, user, now=by.now)
    audit.record(
        session,
        Event.SIGNED_OUT_BY_ADMINISTRATOR,
        by=by,
        subject=user,
        label=f"{user.name} <{user.email}>",
        details={"sessions": len(ended)},
        state={"ended": ended},
    )
    return len(ended)


def end_sessions(session: Session, user_id: int, *, now: datetime, but: int | None = None) -> list[int]:
    """End every session of a person (``but`` one), those that rest too; return their ids.

    The caller's own record tells how many there were, and in its ``state`` which.
    """
    session.flush()
    live = select(SignIn.id).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
    ended = [found for found in session.scalars(live.order_by(SignIn.id)) if found != but]
    session.execute(update(SignIn).where(SignIn.id.in_(ended)).values(revoked_at=now))
    return ended
