"""The outbox: letters are queued beside what they tell of, each with the job that sends it later."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from judging.adapters.addresses import reachable
from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.jobs import JobKind, key_of
from judging.domain.letters import MAX_ATTEMPTS
from judging.domain.trials import SUBJECT_MARK
from judging.models import Letter
from judging.queries.contests import is_trial
from judging.services.queue import SYSTEM, ask, ask_again

ONE_TIME_LINK = re.compile(r"(/(?:confirm|reset-password|invitations|team-invitations)/)[\w-]+")


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

    A letter to an address that no server takes is given up at once, and stands in the outbox as such. One of a trial is
    marked and kept: no job sends it.
    """
    session.flush()
    trial = is_trial(session, contest_id)
    values: dict[str, Any] = {
        "key": key,
        "recipient": recipient,
        "subject": f"{SUBJECT_MARK if trial else ''}{' '.join(subject.split())}"[:300],
        "body": body,
        "contest_id": contest_id,
        "created_at": now,
        **_given_up(recipient),
    }
    statement = _insert(session.get_bind().dialect.name)
    queued: int | None = session.scalar(statement, values)
    if queued is None:
        return session.scalars(select(Letter.id).where(Letter.key == key)).one()
    if not values["last_error"] and not trial:
        ask(session, JobKind.LETTERS, {"letter": queued}, key=key_of(JobKind.LETTERS, queued), by=By(SYSTEM, now))
    return queued


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


def unsent(session: Session, letter_id: int) -> Letter | None:
    """The letter, where it is there and has not been sent or given up; never one of a trial."""
    letter = session.get(Letter, letter_id)
    over = letter is None or letter.sent_at is not None or letter.attempts >= MAX_ATTEMPTS
    return None if letter is None or over or is_trial(session, letter.contest_id) else letter


def mark_sent(session: Session, letter_id: int, *, attempts: int, now: datetime) -> None:
    """Note that the mail server took the letter; one-time links in it are no more to be read here."""
    letter = session.get_one(Letter, letter_id)
    letter.sent_at, letter.attempts, letter.last_error = now, attempts, None
    letter.body = without_secrets(letter.body)


def mark_failed(session: Session, letter_id: int, *, error: str, attempts: int) -> None:
    """Note why the letter was not taken; after the last of its attempts it is given up."""
    letter = session.get(Letter, letter_id)
    if letter is not None:
        letter.last_error, letter.attempts = error[:2000], attempts


def retry_letter(session: Session, letter_id: int, *, by: By) -> None:
    """Make an unsent letter due at once, with all its attempts before it; a sent one and a trial's stay as they are."""
    letter = session.get(Letter, letter_id)
    if letter is not None and is_trial(session, letter.contest_id):
        return
    if set_back(session, letter_id):
        key = key_of(JobKind.LETTERS, letter_id)
        ask_again(session, JobKind.LETTERS, {"letter": letter_id}, key=key, by=by)


def set_back(session: Session, letter_id: int) -> bool:
    """Give an unsent letter all its attempts again; False where it was sent or is gone."""
    unsent = update(Letter).where(Letter.id == letter_id, Letter.sent_at.is_(None)).values(attempts=0)
    return bool(session.execute(unsent).rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE


def without_secrets(body: str) -> str:
    """The text with the one-time links in it made useless."""
    return ONE_TIME_LINK.sub(r"\1…", body)
