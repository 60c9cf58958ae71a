"""Staff and experts are invited by a letter; the link opens a page, and only a press on that page accepts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.addresses import address_key
from judging.adapters.translations import translated
from judging.domain.access import ROLE_LABELS, Actor, By, Role
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.models import Contest, Expert, Link, User
from judging.queries.accounts import user_by_email
from judging.services import audit, letters
from judging.services.accounts import letter_texts
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.mailed_links import LinkUnusable, address_of, issue_link, moscow_text, usable_link
from judging.services.accounts.roles import add_grant, check_role
from judging.services.holding import hold


@dataclass(frozen=True)
class Invitation:
    """Who is invited: to a staff ``role`` (in one contest or, with None, in all) or as the expert ``expert_id``.

    ``asked_by`` is who asked for it where the actor only approved, ``request_id`` the request.
    """

    email: str
    name: str
    role: Role | None = None
    contest_id: int | None = None
    expert_id: int | None = None
    asked_by: str | None = None
    request_id: int | None = None


def invite(session: Session, invitation: Invitation, *, by: By, base_url: str) -> Link:
    """Invite somebody; an earlier invitation to the same thing stops working.

    Raises :class:`Refused` at ``email`` or ``role``.
    """
    email, name, asked_by = normal_email(invitation.email), invitation.name, invitation.asked_by
    contest_id, expert_id = invitation.contest_id, invitation.expert_id
    payload: dict[str, Any] = {"name": name, "inviter": asked_by or by.actor.name}
    if expert_id is not None:
        expert = session.get_one(Expert, expert_id)
        expert.invited_at, contest_id = by.now, expert.contest_id
        expert.declined_at = expert.declined_reason = None
        payload["expert_id"] = expert_id
    else:
        payload["role"] = check_role(session, invitation.role, contest_id).value
    _replace_older(session, email, contest_id, payload, by.now)
    link, token = issue_link(session, "invite", email=email, now=by.now, contest_id=contest_id, payload=payload)
    _send(session, link, address_of("invite", token, base_url), by.now)
    audit.record(
        session,
        Event.INVITATION_SENT,
        by=by,
        subject=link,
        label=f"{name} <{email}>",
        contest_id=contest_id,
        details={"role": payload.get("role", Role.EXPERT.value)} | ({"asked_by": asked_by} if asked_by else {}),
        state={"expert": expert_id, "until": link.expires_at.isoformat(), "request": invitation.request_id},
    )
    return link


def _replace_older(
    session: Session, email: str, contest_id: int | None, payload: dict[str, Any], now: datetime
) -> None:
    older = session.scalars(
        select(Link).where(Link.purpose == "invite", Link.email == email, Link.used_at.is_(None), Link.expires_at > now)
    )
    aim = (contest_id, payload.get("role"), payload.get("expert_id"))
    for link in older:
        if (link.contest_id, link.payload.get("role"), link.payload.get("expert_id")) == aim:
            link.expires_at = now


def _send(session: Session, link: Link, address: str, now: datetime) -> None:
    known = user_by_email(session, link.email)
    locale = known.locale if known else "ru"
    contest = session.get(Contest, link.contest_id) if link.contest_id else None
    role = link.payload.get("role")
    letters.write(
        session,
        letter_texts.INVITE_STAFF if role else letter_texts.INVITE_EXPERT,
        key=f"invite:{link.id}",
        recipient=link.email,
        locale=locale,
        params={
            "name": link.payload["name"],
            "inviter": link.payload["inviter"],
            "role": translated(locale, ROLE_LABELS[Role(role)], {}) if role else "",
            "contest": contest.title if contest else translated(locale, letter_texts.EVERY_CONTEST, {}),
            "link": address,
            "until": moscow_text(link.expires_at),
        },
        now=now,
        contest_id=link.contest_id,
    )


def invitee_of(session: Session, link: Link) -> User | None:
    """The account that the invited address already has."""
    return user_by_email(session, link.email)


def accept_invitation(session: Session, token: str, *, hashed: str | None, name: str | None, by: By) -> User:
    """Accept: give what was promised and use the link up; make the account if need be, with ``name`` and a hash.

    Raises :class:`LinkUnusable`, or :class:`Refused` at ``password`` where one is needed and not given.
    """
    link = usable_link(session, "invite", token, now=by.now, lock=True)
    return accept_by_link(session, link, hashed=hashed, name=name, by=by)


def accept_by_link(session: Session, link: Link, *, hashed: str | None, name: str | None, by: By) -> User:
    """Accept what a link that works and is locked promises; see :func:`accept_invitation`."""
    user = invitee_of(session, link) or User(
        email=link.email, name=link.payload["name"], created_at=by.now, locale="ru"
    )
    if user.active is False:
        raise RuleViolation(N_("This account is blocked. Write to the organiser of the contest."))
    user.email_confirmed_at = user.email_confirmed_at or by.now
    if user.password_hash is None:
        user.name = name or user.name
        user.password_hash = hashed or _no_password()
    session.add(user)
    session.flush()
    _give(session, link, user, by.now)
    link.used_at = by.now
    audit.record(
        session,
        Event.INVITATION_ACCEPTED,
        by=by.with_actor(Actor(user_id=user.id, name=user.name)),
        subject=user,
        label=user.email,
        contest_id=link.contest_id,
        details={"role": link.payload.get("role", Role.EXPERT.value)},
        state={"expert": link.payload.get("expert_id"), "link": link.id},
    )
    return user


def _no_password() -> str:
    raise Refused([Fault("password", N_("Enter a password"))])


def _give(session: Session, link: Link, user: User, now: datetime) -> None:
    if "role" in link.payload:
        add_grant(session, user, Role(link.payload["role"]), link.contest_id, now=now, granted_by_id=None)
        return
    if link.contest_id is not None:
        hold(session, link.contest_id, shared=True)
    expert = session.get(Expert, link.payload["expert_id"], with_for_update=True, populate_existing=True)
    if expert is None or expert.user_id not in (None, user.id) or address_key(expert.email) != address_key(link.email):
        raise LinkUnusable  # the card was removed, is another person's by now, or its address was corrected
    expert.user_id, expert.accepted_at = user.id, now
