"""People are invited into a team by a letter; its link opens a page, and only a press on that page accepts.

Whoever invites gets the same answer whether or not the address has an account. Somebody with an account accepts while
signed in to it; a newcomer sets name, consent and password there.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.teams import INVITATION_LASTS, MOST_INVITATIONS, MOST_MEMBERS, TEAM_ROLE_LABELS, TeamRole
from judging.models import Team, TeamInvitation, User
from judging.queries.accounts import user_by_email
from judging.queries.applications import people_of_team
from judging.queries.teams import is_of_trial, members_of, open_invitations, readers_with
from judging.services import audit, letters
from judging.services.accounts import team_letters
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.mailed_links import LinkUnusable, moscow_text
from judging.services.accounts.registration import CONSENT_VERSION
from judging.services.accounts.team_members import (
    NoMember,
    Place,
    add_member,
    as_themselves,
    hold_team,
    membership,
    newcomer,
    require_lead,
)
from judging.services.accounts.team_requests import end_requests_of
from judging.services.accounts.tokens import new_token, token_hash


class NotTheirs(RuleViolation):
    """The invitation is for an address with an account, and somebody else, or nobody, is signed in."""

    def __init__(self) -> None:
        super().__init__(N_("This invitation is for another account: sign in with the address it was sent to."))


@dataclass(frozen=True)
class Mate:
    """Who is invited, and what they become; ``reason`` is given by an administrator."""

    email: str
    name: str
    role: TeamRole = TeamRole.MEMBER
    reason: str = ""


@dataclass(frozen=True)
class Newcomer:
    """What somebody without an account fills in: a name, and a password as its hash. The consent was given."""

    name: str
    hashed: str


def invite_mate(session: Session, team_id: int, mate: Mate, *, by: By, base_url: str) -> TeamInvitation:
    """Invite somebody as one of the team; only its lead invites a head of the organisation.

    An earlier invitation to the same address stops working. Raises :class:`Refused` at ``email``.
    """
    team = hold_team(session, team_id)
    if membership(session, team_id, by.actor.user_id or 0) is None:
        raise NoMember
    if mate.role is not TeamRole.MEMBER:
        require_lead(session, team_id, by)
    return _invite(session, team, mate, by=by, base_url=base_url)


def mend_team(session: Session, team_id: int, mate: Mate, *, by: By, base_url: str) -> TeamInvitation:
    """Invite somebody to lead a team whose people are gone, as an administrator, with a reason; its people are told."""
    team = hold_team(session, team_id)
    if not mate.reason.strip():
        raise Refused([Fault("reason", N_("Give the reason."))])
    if is_of_trial(session, team_id):
        raise RuleViolation(N_("Nobody comes into a team of a trial contest."))
    invitation = _invite(session, team, mate, by=by, base_url=base_url)
    team_letters.tell(
        session, people_of_team(session, team_id), team_letters.MENDED, key=f"team-mended:{invitation.id}", now=by.now,
        team=team.name, person=mate.name, email=invitation.email, reason=mate.reason.strip(),
    )  # fmt: skip
    return invitation


def _invite(session: Session, team: Team, mate: Mate, *, by: By, base_url: str) -> TeamInvitation:
    email, waiting = normal_email(mate.email), open_invitations(session, team.id, now=by.now)
    people = members_of(session, team.id)
    if any(address_key(person.email) == email for person in people):
        raise Refused([Fault("email", N_("This person is in the team already."))])
    older = [one for one in waiting if one.email == email]
    if len(waiting) - len(older) >= MOST_INVITATIONS:
        raise Refused([Fault("email", N_("Too many invitations wait for an answer: revoke some first."))])
    if len(people) >= MOST_MEMBERS:
        raise Refused([Fault("email", N_("A team has no more than %(most)s people."), {"most": MOST_MEMBERS})])
    for one in older:
        one.decided_at, one.outcome = by.now, "revoked"
    token = new_token()
    invitation = TeamInvitation(
        team_id=team.id, token_hash=token_hash(token), email=email, name=mate.name, role=mate.role.value,
        reason=mate.reason.strip(), invited_by_id=by.actor.user_id, invited_by=by.actor.name, sent_at=by.now,
        expires_at=by.now + INVITATION_LASTS,
    )  # fmt: skip
    session.add(invitation)
    details = {"team": team.name, "team_role": mate.role.value}
    details |= {"reason": invitation.reason} if invitation.reason else {}
    _sent(session, team, invitation, token, details, by, base_url)
    return invitation


def resend_invitation(session: Session, team_id: int, invitation_id: int, *, by: By, base_url: str) -> None:
    """Send the letter again with another link; the one before stops working."""
    team, invitation = _open(session, team_id, invitation_id, by)
    token = new_token()
    invitation.token_hash, invitation.sent_at = token_hash(token), by.now
    invitation.expires_at = by.now + INVITATION_LASTS
    _sent(session, team, invitation, token, {"team": team.name, "team_role": invitation.role}, by, base_url)


def revoke_invitation(session: Session, team_id: int, invitation_id: int, *, by: By) -> None:
    """Take an invitation back: its link stops working."""
    team, invitation = _open(session, team_id, invitation_id, by)
    invitation.decided_at, invitation.outcome = by.now, "revoked"
    audit.record(
        session, Event.TEAM_INVITATION_REVOKED, by=by, subject=invitation,
        label=f"{invitation.name} <{invitation.email}>", details={"team": team.name}, state={"team": team_id},
    )  # fmt: skip


def invitation_by_token(session: Session, token: str, *, by: By) -> TeamInvitation:
    """Return the invitation of a link; raise :class:`LinkUnusable` that says why it does not work."""
    invitation = session.scalar(select(TeamInvitation).where(TeamInvitation.token_hash == token_hash(token)))
    if invitation is None or invitation.outcome == "revoked":
        raise LinkUnusable
    if invitation.outcome == "accepted":
        raise LinkUnusable(N_("This link has already been used."))
    if invitation.expires_at <= by.now:
        raise LinkUnusable(N_("This link has expired."))
    return invitation


def accept_team_invitation(session: Session, token: str, *, new: Newcomer | None, by: By) -> User:
    """Accept: come into the team and use the link up; make the account of a newcomer.

    Raises :class:`LinkUnusable`; :class:`NotTheirs` where the address has an account and it is not the one signed in;
    :class:`Refused` at ``password`` where one is needed.
    """
    team = hold_team(session, invitation_by_token(session, token, by=by).team_id)
    session.expire_all()
    invitation = invitation_by_token(session, token, by=by)
    user, made = user_by_email(session, invitation.email, locked=True), False
    if user is None or user.password_hash is None:
        user, made = _account(user, invitation, new, by), user is None
        session.add(user)
        session.flush()
    elif user.id != by.actor.user_id:
        raise NotTheirs
    if not user.active:
        raise RuleViolation(N_("This account is blocked. Write to the organiser of the contest."))
    invitation.decided_at, invitation.outcome = by.now, "accepted"
    told = readers_with(session, team.id, TeamRole.LEAD)
    details = {"consent": CONSENT_VERSION} if made else {}
    place = Place(TeamRole(invitation.role), details, {"invitation": invitation.id})
    add_member(session, team, user, place, by=as_themselves(by, user))
    end_requests_of(session, user.id, by=by)
    team_letters.tell(
        session, told, team_letters.MATE_JOINED, key=f"team-joined:{invitation.id}", now=by.now, person=user.name,
        email=user.email, team=team.name,
    )  # fmt: skip
    return user


def _account(user: User | None, invitation: TeamInvitation, new: Newcomer | None, by: By) -> User:
    """The account of somebody who sets a password only now; a card of an older invitation is filled in."""
    if new is None or not new.hashed:
        raise Refused([Fault("password", N_("Enter a password"))])
    if user is None:
        return newcomer(invitation.email, new.name or invitation.name, new.hashed, CONSENT_VERSION, by.now)
    user.name, user.password_hash = new.name or user.name, new.hashed
    user.consent_version, user.consent_at = CONSENT_VERSION, by.now
    user.email_confirmed_at = user.email_confirmed_at or by.now
    return user


def _open(session: Session, team_id: int, invitation_id: int, by: By) -> tuple[Team, TeamInvitation]:
    """The team, held, and its invitation; raise where whoever acts is gone from it, or the invitation is over."""
    team = hold_team(session, team_id)
    own = membership(session, team_id, by.actor.user_id or 0)
    if own is None:
        raise NoMember
    invitation = session.get(TeamInvitation, invitation_id, populate_existing=True)
    over = invitation is None or invitation.team_id != team_id or invitation.decided_at is not None
    if invitation is None or over or invitation.expires_at <= by.now:
        raise RuleViolation(N_("This invitation is over: it was answered, revoked, or has expired."))
    if invitation.role != TeamRole.MEMBER:
        require_lead(session, team_id, by)
    return team, invitation


def _sent(
    session: Session, team: Team, invitation: TeamInvitation, token: str, details: dict[str, str], by: By, base_url: str
) -> None:
    """Write the letter and the record."""
    session.flush()
    known = user_by_email(session, invitation.email)
    locale = known.locale if known else "ru"
    letters.write(
        session,
        team_letters.INVITE_MATE,
        key=f"team-invitation:{invitation.id}:{invitation.token_hash[:16]}",
        recipient=invitation.email,
        locale=locale,
        params={
            "name": invitation.name,
            "inviter": by.actor.name,
            "team": team.name,
            "role": translated(locale, TEAM_ROLE_LABELS[TeamRole(invitation.role)], {}),
            "link": f"{base_url}/team-invitations/{token}",
            "until": moscow_text(invitation.expires_at),
        },
        now=by.now,
    )
    audit.record(
        session, Event.TEAM_INVITED, by=by, subject=invitation, label=f"{invitation.name} <{invitation.email}>",
        details=details, state={"team": team.id, "until": invitation.expires_at.isoformat()},
    )  # fmt: skip
