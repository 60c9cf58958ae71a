"""Cluster teams register themselves: the account comes into being when the address is confirmed.

Until then everything waits in the link, so that nobody can take an address by registering it first. Whoever asks gets
the same answer whether or not the address has an account; only the letter differs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import ANONYMOUS, Actor, By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.teams import TeamRole
from judging.models import Letter, Link, Team, TeamMember, User
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
    withdraw_links,
)
from judging.services.accounts.password_hashing import Proof
from judging.services.accounts.team_requests import ask_to_join

CONSENT_VERSION = "2026-2"
"""The version of the text of consent to the processing of personal data shown at registration."""


@dataclass(frozen=True)
class Registration:
    """Who registers which team, the password ``hashed``; letters are in ``locale``."""

    email: str
    name: str
    team: str
    hashed: str
    locale: str = "ru"


def register_team(session: Session, asked: Registration, *, by: By, base_url: str) -> None:
    """Ask for an account with a team; a letter tells how to go on.

    Where the address has an account, its owner is told, at most once an hour. Either way takes the same statements, of
    which some are given up again, so that nobody learns from the time who has an account.
    Raises :class:`Refused` at ``email``.
    """
    email, name, team, locale = normal_email(asked.email), asked.name, asked.team, asked.locale
    payload = {"name": name, "team": team, "password_hash": asked.hashed, "locale": locale}
    payload |= {"consent_version": CONSENT_VERSION, "consent_at": by.now.isoformat()}
    known = user_by_email(session, email)
    once_an_hour = f"already-registered:{known.id if known else 0}:{by.now:%Y%m%d%H}"
    told = session.scalar(select(Letter.id).where(Letter.key == once_an_hour)) is not None
    with session.begin_nested() as work:
        link, token = issue_link(session, "confirm", email=email, now=by.now, payload=payload)
        key, until = f"confirm:{link.id}", moscow_text(link.expires_at)
        audit.record(
            session, Event.ACCOUNT_REGISTERED, by=by.with_actor(ANONYMOUS), subject=link, label=email,
            state={"until": link.expires_at.isoformat()},
        )  # fmt: skip
        session.flush()
        if known is not None:
            work.rollback()
    params = {
        "name": name if known is None else known.name,
        "team": team,
        "link": address_of("confirm", token, base_url),
        "until": until,
        "sign_in": f"{base_url}/sign-in",
        "forgot": f"{base_url}/forgot-password",
    }
    with session.begin_nested() as work:
        letters.write(
            session,
            letter_texts.CONFIRM if known is None else letter_texts.ALREADY_REGISTERED,
            key=key if known is None else f"{once_an_hour}:{token}" if told else once_an_hour,
            recipient=email if known is None else known.email,
            locale=locale if known is None else known.locale,
            params=params,
            now=by.now,
        )
        if told:
            work.rollback()


def confirm_registration(
    session: Session, token: str, *, proof: Proof | None, by: By, join_at: str | None = None
) -> User:
    """Make the account and the team that the link was sent for.

    ``join_at``: the person would rather be taken into the team that has the same name; no team is made, its leads are
    asked by a letter whose links begin with this address.

    ``proof`` must be of the password of the registration: whoever gets the letter of a stranger's registration cannot,
    by a careless press, open an account to which the stranger has the key. Raises :class:`LinkUnusable` where the
    link cannot be used, ``Refused`` at ``password`` without the proof and at ``way`` where no team can be asked.
    """
    link = usable_link(session, "confirm", token, now=by.now, lock=True)
    if user_by_email(session, link.email) is not None:
        raise LinkUnusable
    if proof is None or proof.stored != link.payload["password_hash"]:
        raise Refused([Fault("password", N_("This is not the password that was chosen at registration."))])
    user, name = _account(link, proof.kept, by.now), link.payload["team"]
    session.add(user)
    session.flush()
    actor = Actor(user_id=user.id, name=user.name)
    details, state = _into_team(session, user, name, by.with_actor(actor), join_at)
    link.used_at, link.payload = by.now, {}
    session.flush()
    withdraw_links(session, "confirm", link.email, now=by.now)
    audit.record(
        session,
        Event.ACCOUNT_CONFIRMED,
        by=by.with_actor(actor),
        subject=user,
        label=user.email,
        details={**details, "consent": user.consent_version},
        state={**state, "link": link.id},
    )
    return user


def _into_team(
    session: Session, user: User, name: str, by: By, join_at: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the team, or ask those of its name; return what the record tells of it."""
    if join_at is not None:
        asked = ask_to_join(session, user, name, by=by, base_url=join_at)
        if not asked:
            raise Refused([Fault("way", N_("No team of this name can be asked at the moment: create a new one."))])
        return {"asks_to_join": name}, {"requests": asked}
    team = Team(name=name, created_at=by.now)
    team.members.append(TeamMember(user=user, joined_at=by.now, role=TeamRole.LEAD.value))
    session.add(team)
    session.flush()
    return {"team": team.name}, {"team": team.id}


def _account(link: Link, hashed: str, now: datetime) -> User:
    payload: dict[str, Any] = link.payload
    return User(
        email=link.email,
        name=payload["name"],
        password_hash=hashed,
        locale=payload["locale"],
        consent_version=payload["consent_version"],
        consent_at=datetime.fromisoformat(payload["consent_at"]),
        email_confirmed_at=now,
        created_at=now,
    )
