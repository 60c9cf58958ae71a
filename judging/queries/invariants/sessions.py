"""The check of sessions: each has its sign-in on record, ends when it was to end, and stays ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import JournalRecord, SignIn
from judging.queries.invariants.checks import Offence, differs, records_of
from judging.queries.invariants.people import blocked_sessions
from judging.queries.invariants.starts import accounts_start, known_before

SIGNED_IN = Event.SIGNED_IN
SIGNED_OUT = Event.SIGNED_OUT
ENDING = (
    Event.SIGNED_OUT_EVERYWHERE, Event.SIGNED_OUT_BY_ADMINISTRATOR, Event.PASSWORD_CHANGED, Event.ACCOUNT_BLOCKED,
)  # fmt: skip
"""Events that end many sessions of their subject: which, they say in their ``state`` (older ones do not)."""


@dataclass
class Sessions:
    """What the records say: whose a session is, until when it goes, when it was ended."""

    owners: dict[int, int | None] = field(default_factory=dict)
    until: dict[int, str] = field(default_factory=dict)
    ended: dict[int, datetime] = field(default_factory=dict)


def false_sessions(session: Session) -> Iterator[Offence]:
    """Yield sessions of blocked accounts, without a sign-in, prolonged, or open after they were ended."""
    yield from blocked_sessions(session)
    start = accounts_start(session)
    if start is None:
        return
    recorded = _recorded(session)
    rows: Any = session.execute(
        select(SignIn.id, SignIn.user_id, SignIn.created_at, SignIn.expires_at, SignIn.revoked_at)
        .order_by(SignIn.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if recorded.owners.get(row.id) == row.user_id:
            yield from _compared(row, recorded)
        elif not known_before(start, "sessions", row.id, row.created_at):
            yield Offence("session", row.id, f"of user {row.user_id}: no record of the sign-in")


def _compared(row: Row[Any], recorded: Sessions) -> Iterator[Offence]:
    ended, until = recorded.ended.get(row.id), recorded.until.get(row.id)
    if ended is not None and row.revoked_at != ended:
        stored = row.revoked_at.isoformat() if row.revoked_at else "never"
        yield differs("session", row.id, f"of user {row.user_id}: its end", stored, ended.isoformat())
    if until is not None and row.expires_at != datetime.fromisoformat(until):
        what = f"of user {row.user_id}: the time until which it goes"
        yield differs("session", row.id, what, row.expires_at.isoformat(), until)


def _recorded(session: Session) -> Sessions:
    found = Sessions()
    rows = records_of(
        session, (SIGNED_IN, SIGNED_OUT, *ENDING),
        JournalRecord.event, JournalRecord.subject_id, JournalRecord.actor_id, JournalRecord.at,
        JournalRecord.state,
    )  # fmt: skip
    for row in rows:
        _follow(found, row)
    return found


def _follow(found: Sessions, row: Row[Any]) -> None:
    state = row.state or {}
    if row.event == SIGNED_IN:
        found.owners[row.subject_id] = row.actor_id
        found.until |= {row.subject_id: state["until"]} if "until" in state else {}
    elif row.event == SIGNED_OUT:
        found.ended[row.subject_id] = row.at
    else:
        found.ended |= dict.fromkeys(state.get("ended", ()), row.at)
