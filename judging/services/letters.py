"""The outbox: letters are queued beside what they tell of, and sent later by whoever claims them first.

``leased_until`` means two things at once: another worker is sending the letter until then, or the next attempt is not
before then. A worker that dies leaves a lease that ends by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from judging.adapters.addresses import reachable
from judging.adapters.translations import translated
from judging.domain.letters import LEASE, MAX_ATTEMPTS, PAUSES
from judging.models import Letter

ONE_TIME_LINK = re.compile(r"(/(?:confirm|reset-password|invitations)/)[\w-]+")


QUEUED = ("key", "recipient", "subject", "body", "contest_id", "created_at", "attempts", "last_error")
UNREACHABLE = "no mail server takes this address"
"""Stands where a server's own answer would."""


@dataclass(frozen=True)
class Wording:
    """The English templates of a letter's subject and body, marked for translation."""

    subject: str
    body: str


def queue(
    session: Session,
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    contest_id: int | None = None,
) -> int:
    """Put one letter into the outbox and return its number; a second one with the same ``key`` changes nothing.

    A letter to an address that no server takes is given up at once, and stands in the outbox as such.
    """
    session.flush()
    values: dict[str, Any] = {
        "key": key,
        "recipient": recipient,
        "subject": " ".join(subject.split())[:300],
        "body": body,
        "contest_id": contest_id,
        "created_at": now,
        **_given_up(recipient),
    }
    statement = _insert(session.get_bind().dialect.name)
    queued: int | None = session.scalar(statement, values)
    return queued or session.scalars(select(Letter.id).where(Letter.key == key)).one()


@cache
def _insert(dialect: str) -> Any:
    columns: dict[str, Any] = {name: bindparam(name) for name in QUEUED}
    insert: Any = (sqlite if dialect == "sqlite" else postgresql).insert
    letters = cast(Table, Letter.__table__)
    return insert(letters).values(columns).on_conflict_do_nothing(index_elements=["key"]).returning(letters.c.id)


def _given_up(recipient: str) -> dict[str, Any]:
    """The columns of a letter that no server would take: it is known at once, and not tried."""
    if reachable(recipient):
        return {"attempts": 0, "last_error": None}
    return {"attempts": MAX_ATTEMPTS, "last_error": f"{recipient}: {UNREACHABLE}"}


def write(
    session: Session,
    wording: Wording,
    *,
    key: str,
    recipient: str,
    locale: str,
    params: Mapping[str, object],
    now: datetime,
    contest_id: int | None = None,
) -> int:
    """Queue a letter worded in its reader's language ``locale``; ``params`` fill subject and body."""
    return queue(
        session,
        key=key,
        recipient=recipient,
        subject=translated(locale, wording.subject, params),
        body=translated(locale, wording.body, params),
        now=now,
        contest_id=contest_id,
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition of a letter that may be sent at ``now``."""
    return and_(
        Letter.sent_at.is_(None),
        Letter.attempts < MAX_ATTEMPTS,
        or_(Letter.leased_until.is_(None), Letter.leased_until <= now),
    )


def claim(session: Session, *, now: datetime) -> Letter | None:
    """Take the oldest due letter for this worker alone until the lease ends; None where nothing is due."""
    oldest = select(Letter.id).where(is_due(now)).order_by(Letter.id).limit(1).with_for_update(skip_locked=True)
    return session.scalar(
        update(Letter)
        .where(Letter.id == oldest.scalar_subquery(), is_due(now))
        .values(leased_until=now + LEASE, attempts=Letter.attempts + 1)
        .returning(Letter)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def mark_sent(session: Session, letter_id: int, *, now: datetime) -> None:
    """Note that the mail server took the letter; one-time links in it are no more to be read here."""
    letter = session.get_one(Letter, letter_id)
    letter.sent_at, letter.leased_until, letter.last_error = now, None, None
    letter.body = without_secrets(letter.body)


def mark_failed(session: Session, letter_id: int, *, error: str, permanent: bool, now: datetime) -> None:
    """Note why the letter was not taken and when to try again; a ``permanent`` refusal is not tried again."""
    letter = session.get_one(Letter, letter_id)
    letter.last_error = error[:2000]
    if permanent:
        letter.attempts = MAX_ATTEMPTS
    letter.leased_until = now + PAUSES[letter.attempts - 1]


def retry_letter(session: Session, letter_id: int) -> None:
    """Make an unsent letter due at once, with all its attempts before it; a sent one stays as it is."""
    session.execute(
        update(Letter).where(Letter.id == letter_id, Letter.sent_at.is_(None)).values(attempts=0, leased_until=None)
    )


def without_secrets(body: str) -> str:
    """The text with the one-time links in it made useless."""
    return ONE_TIME_LINK.sub(r"\1…", body)
