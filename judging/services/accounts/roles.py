"""Staff roles: given and taken away. There is always an administrator who can sign in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import STAFF_ROLES, By, Role
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.models import Grant, User
from judging.queries.contests import is_trial
from judging.services import audit


class LastAdministrator(RuleViolation):
    """Without this person nobody could manage accounts any more."""

    def __init__(self) -> None:
        super().__init__(N_("This is the only administrator. First make somebody else an administrator."))


def add_grant(
    session: Session, user: User, role: Role, contest_id: int | None, *, now: datetime, granted_by_id: int | None
) -> Grant | None:
    """Give the role without a record of its own; None where the person has it already."""
    known = session.scalar(
        select(Grant).where(Grant.user_id == user.id, Grant.role == role, Grant.contest_id == contest_id)
        if contest_id is not None
        else select(Grant).where(Grant.user_id == user.id, Grant.role == role, Grant.contest_id.is_(None))
    )
    if known is not None:
        return None
    grant = Grant(role=role.value, contest_id=contest_id, granted_at=now, granted_by_id=granted_by_id)
    user.grants.append(grant)
    session.flush()
    return grant


def check_role(session: Session, role: Role | None, contest_id: int | None) -> Role:
    """Return the role; raise :class:`Refused` for what is no staff role, an administrator of one contest, or a trial.

    A trial has no staff of its own: those of every contest walk through it, and nobody loses a role when it goes.
    """
    if role not in STAFF_ROLES:
        raise Refused([Fault("role", N_("Choose a role."))])
    if role is Role.ADMINISTRATOR and contest_id is not None:
        raise Refused([Fault("contest_id", N_("An administrator is one for all contests."))])
    if is_trial(session, contest_id):
        raise Refused([Fault("contest_id", N_("A trial contest has no roles of its own."))])
    return role


@dataclass(frozen=True)
class RoleGrant:
    """A staff role in one contest, or (None) in all.

    ``asked_by`` is who asked for it, ``request_id`` the request; the actor approved it. Only the console gives a role
    that nobody asked for.
    """

    role: Role
    contest_id: int | None
    asked_by: str | None = None
    request_id: int | None = None


def grant_role(session: Session, user: User, given: RoleGrant, *, by: By) -> Grant | None:
    """Give a staff role; None and no record where the person has it already."""
    contest_id, asked_by, request_id = given.contest_id, given.asked_by, given.request_id
    role = check_role(session, given.role, contest_id)
    grant = add_grant(session, user, role, contest_id, now=by.now, granted_by_id=by.actor.user_id)
    if grant is not None:
        audit.record(
            session,
            Event.ROLE_GRANTED,
            by=by,
            subject=user,
            label=f"{user.name} <{user.email}>",
            contest_id=contest_id,
            details={"role": role.value} | ({"asked_by": asked_by} if asked_by else {}),
            state={"request": request_id} if request_id else None,
        )
    return grant


def revoke_role(session: Session, grant: Grant, *, by: By) -> None:
    """Take a staff role away; raise :class:`LastAdministrator` where nobody would be left to manage accounts."""
    if grant.role == Role.ADMINISTRATOR:
        keep_an_administrator(session, without=grant.user_id)
    user = grant.user
    audit.record(
        session,
        Event.ROLE_REVOKED,
        by=by,
        subject=user,
        label=f"{user.name} <{user.email}>",
        contest_id=grant.contest_id,
        details={"role": grant.role},
    )
    user.grants.remove(grant)
    session.flush()


def keep_an_administrator(session: Session, *, without: int) -> None:
    """Raise :class:`LastAdministrator` unless another active person is one; locks the rows until the commit."""
    others = session.scalars(
        select(Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.ADMINISTRATOR.value, User.active)
        .with_for_update()
    ).all()
    if not set(others) - {without}:
        raise LastAdministrator
