"""A person's account: the profile, blocking, and the first administrator."""

from sqlalchemy.orm import Session

from judging.domain.access import By, Role
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.models import User
from judging.queries.accounts import user_by_email
from judging.services import audit
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.mailed_links import withdraw_resets
from judging.services.accounts.password_recovery import send_reset
from judging.services.accounts.roles import add_grant, keep_an_administrator
from judging.services.accounts.sessions import end_sessions


def change_profile(session: Session, user: User, *, name: str, locale: str, by: By) -> None:
    """Change name and language; the record says what was before. Nothing changed: no record."""
    changes = {
        field: [getattr(user, field), value]
        for field, value in (("name", name), ("locale", locale))
        if getattr(user, field) != value
    }
    user.name, user.locale = name, locale
    if changes:
        audit.record(session, Event.ACCOUNT_CHANGED, by=by, subject=user, label=user.email, details=changes)


def block_account(session: Session, user: User, *, by: By) -> None:
    """Block an account: its sessions end at once. Not one's own, not the last administrator's."""
    if user.id == by.actor.user_id:
        raise RuleViolation(N_("You cannot block yourself."))
    if not user.active:
        return
    if any(grant.role == Role.ADMINISTRATOR for grant in user.grants):
        keep_an_administrator(session, without=user.id)
    user.active = False
    ended = end_sessions(session, user.id, now=by.now)
    withdraw_resets(session, user, now=by.now)
    audit.record(
        session,
        Event.ACCOUNT_BLOCKED,
        by=by,
        subject=user,
        label=f"{user.name} <{user.email}>",
        details={"sessions": len(ended)},
        state={"ended": ended},
    )


def unblock_account(session: Session, user: User, *, by: By) -> None:
    """Let the person sign in again."""
    if user.active:
        return
    user.active = True
    audit.record(session, Event.ACCOUNT_UNBLOCKED, by=by, subject=user, label=f"{user.name} <{user.email}>")


def create_administrator(session: Session, *, email: str, name: str, by: By, base_url: str) -> str:
    """Make the account if there is none, give it the role, and return the address of a page that sets a password."""
    email = normal_email(email)
    user = user_by_email(session, email)
    if user is None:
        user = User(email=email, name=name, locale="ru", active=True, email_confirmed_at=by.now, created_at=by.now)
        session.add(user)
        session.flush()
    add_grant(session, user, Role.ADMINISTRATOR, None, now=by.now, granted_by_id=None)
    link, address = send_reset(session, user, now=by.now, base_url=base_url)
    audit.record(
        session,
        Event.ROLE_GRANTED,
        by=by,
        subject=user,
        label=f"{user.name} <{user.email}>",
        details={"role": Role.ADMINISTRATOR.value},
        state={"link": link},
    )
    return address
