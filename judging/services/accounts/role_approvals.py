"""Staff roles are given by two administrators: one asks, another approves. The console needs nobody.

So no administrator can make himself, or an account of his own, secretary or chair and read what experts wrote; nor can
two in turn, for nobody approves a role that is for himself, whoever asked for it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By, Role
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.models import GrantRequest, User
from judging.queries.accounts import holds_role, user_by_email
from judging.services import audit
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.invitations import Invitation, invite
from judging.services.accounts.roles import RoleGrant, check_role, grant_role

WAITS = timedelta(days=7)


class OwnRequest(RuleViolation):
    """Who asked for a role cannot approve it."""

    def __init__(self) -> None:
        super().__init__(N_("You asked for this role yourself: another administrator has to approve it."))


class OwnRole(RuleViolation):
    """Who would get a role cannot approve it."""

    def __init__(self) -> None:
        super().__init__(N_("This role is for you: an administrator who neither asked for it nor gets it approves it."))


class RequestOver(RuleViolation):
    """The request was decided or has expired."""

    def __init__(self) -> None:
        super().__init__(N_("This request is no longer open: it was decided or has expired."))


def ask_role(session: Session, user: User, role: Role | None, *, contest_id: int | None, by: By) -> GrantRequest | None:
    """Ask for a role of somebody with an account; None and no record where the person has it already."""
    role = check_role(session, role, contest_id)
    if holds_role(session, user.id, role, contest_id):
        return None
    wanted = GrantRequest(user_id=user.id, email=user.email, name=user.name, role=role.value, contest_id=contest_id)
    return _ask(session, wanted, by=by)


def ask_invitation(session: Session, wanted: Invitation, *, by: By) -> GrantRequest:
    """Ask for somebody to be invited to a role. Raises :class:`Refused` at ``email`` or ``role``."""
    role, email = check_role(session, wanted.role, wanted.contest_id), normal_email(wanted.email)
    asked = GrantRequest(email=email, name=wanted.name, role=role.value, contest_id=wanted.contest_id)
    return _ask(session, asked, by=by)


def _ask(session: Session, wanted: GrantRequest, *, by: By) -> GrantRequest:
    same = session.scalar(
        select(GrantRequest.id).where(
            GrantRequest.email == wanted.email,
            GrantRequest.role == wanted.role,
            GrantRequest.contest_id.is_not_distinct_from(wanted.contest_id),
            GrantRequest.decided_at.is_(None),
            GrantRequest.expires_at > by.now,
        )
    )
    if same is not None:
        raise Refused([Fault("role", N_("This role is asked for already and awaits approval."))])
    wanted.asked_by_id, wanted.asked_by = by.actor.user_id, by.actor.name
    wanted.asked_at, wanted.expires_at = by.now, by.now + WAITS
    session.add(wanted)
    state: dict[str, object] = {"user": wanted.user_id, "until": wanted.expires_at.isoformat()}
    _record(session, Event.ROLE_ASKED, wanted, by=by, details={"role": wanted.role}, state=state)
    return wanted


def approve_role(session: Session, request_id: int, *, by: By, base_url: str) -> None:
    """Give what was asked for, or send the invitation to it. Neither who asked for it nor who would get it approves."""
    request = _open_request(session, request_id, by.now)
    if by.actor.user_id is not None and by.actor.user_id == request.asked_by_id:
        raise OwnRequest
    if by.actor.user_id is not None and by.actor.user_id == _receiver_id(session, request):
        raise OwnRole
    _decide(request, "approved", by=by)
    role = Role(request.role)
    user = session.get(User, request.user_id) if request.user_id else None
    if user is not None:
        grant_role(
            session,
            user,
            RoleGrant(role, contest_id=request.contest_id, asked_by=request.asked_by, request_id=request.id),
            by=by,
        )
        return
    invite(
        session,
        Invitation(
            email=request.email,
            name=request.name,
            role=role,
            contest_id=request.contest_id,
            asked_by=request.asked_by,
            request_id=request.id,
        ),
        by=by,
        base_url=base_url,
    )


def _receiver_id(session: Session, request: GrantRequest) -> int | None:
    """The account that the role is for, named or by the address that is to be invited; None where there is none yet."""
    if request.user_id is not None:
        return request.user_id
    invited = user_by_email(session, request.email)
    return None if invited is None else invited.id


def end_request(session: Session, request_id: int, *, by: By) -> None:
    """Refuse what another asked for, or take back what one asked for oneself."""
    request = _open_request(session, request_id, by.now)
    outcome = "withdrawn" if by.actor.user_id == request.asked_by_id else "refused"
    _decide(request, outcome, by=by)
    details = {"role": request.role, "outcome": outcome, "asked_by": request.asked_by}
    _record(session, Event.ROLE_ASKING_ENDED, request, by=by, details=details)


def _open_request(session: Session, request_id: int, now: datetime) -> GrantRequest:
    """The request, locked; raises ``NoResultFound`` where there is none and :class:`RequestOver` where it is over."""
    request = session.get_one(GrantRequest, request_id, with_for_update=True, populate_existing=True)
    if request.decided_at is not None or request.expires_at <= now:
        raise RequestOver
    return request


def _decide(request: GrantRequest, outcome: str, *, by: By) -> None:
    request.outcome, request.decided_by_id, request.decided_at = outcome, by.actor.user_id, by.now


def _record(
    session: Session,
    event: Event,
    request: GrantRequest,
    *,
    by: By,
    details: dict[str, str],
    state: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        event,
        by=by,
        subject=request,
        label=f"{request.name} <{request.email}>",
        contest_id=request.contest_id,
        details=details,
        state=state,
    )
