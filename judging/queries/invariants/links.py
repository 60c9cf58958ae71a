"""The check of one-time links: every one was sent on record, to whom and for what it says, and works once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import JournalRecord, Link
from judging.queries.invariants.checks import Offence, differs, records_of
from judging.queries.invariants.people import EXPERT, address_in
from judging.queries.invariants.starts import Start, accounts_start, known_before

SENDING = {Event.INVITATION_SENT: "invite", Event.ACCOUNT_REGISTERED: "confirm"}
"""Events whose subject is the link that was sent."""
RESETTING = (Event.PASSWORD_RESET_ASKED, Event.ROLE_GRANTED)
"""Events of a person to whom a link for a password was sent at that instant: the first administrator's role too."""
USING = (Event.INVITATION_ACCEPTED, Event.INVITATION_DECLINED, Event.ACCOUNT_CONFIRMED, Event.PASSWORD_CHANGED)
"""Events that use a link up: which, they say in their ``state`` (older ones do not)."""


@dataclass
class Sent:
    """What the records say: which links were sent, to whom links for a password, and when links were used.

    A link for a password is named by its record; an older record tells only to whom it was sent, and when.
    """

    links: dict[int, Row[Any]] = field(default_factory=dict)
    resets: dict[tuple[int, datetime], int | None] = field(default_factory=dict)
    used: dict[int, datetime] = field(default_factory=dict)


def false_links(session: Session) -> Iterator[Offence]:
    """Yield links that nobody sent on record, that promise something else, or are open or gone although used."""
    start = accounts_start(session)
    if start is None:
        return
    sent, there = _recorded(session), set()
    rows = session.execute(
        select(
            Link.id, Link.purpose, Link.email, Link.user_id, Link.contest_id, Link.payload, Link.created_at,
            Link.expires_at, Link.used_at,
        )
        .order_by(Link.id)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for row in rows:
        there.add(row.id)
        yield from _link(row, sent, start)
    for key in sorted(sent.used.keys() - there):
        yield Offence("link", key, "was used and is gone without a record")


def _link(row: Row[Any], sent: Sent, start: Start) -> Iterator[Offence]:
    record = sent.links.get(row.id)
    if record is not None and SENDING[record.event] == row.purpose:
        yield from _compared(row, record)
    elif not _is_reset(row, sent) and not known_before(start, "links", row.id, row.created_at):
        yield Offence("link", row.id, f"{_words(row)} to {row.email}: no record of its sending")
    used = sent.used.get(row.id)
    if used is not None and row.used_at != used:
        stored = row.used_at.isoformat() if row.used_at else "never"
        yield differs("link", row.id, "when it was used", stored, used.isoformat())


def _is_reset(row: Row[Any], sent: Sent) -> bool:
    """Whether this is a link for a password that was sent on record."""
    asked = (row.user_id, row.created_at)
    return row.purpose == "reset" and asked in sent.resets and sent.resets[asked] in (None, row.id)


def _compared(row: Row[Any], record: Row[Any]) -> Iterator[Offence]:
    """Compare a link with the record of its sending; what an older record does not say is not compared."""
    state, address = record.state or {}, address_in(record.subject_label)
    pairs: list[tuple[str, Any, Any]] = [("the contest", row.contest_id, record.contest_id)]
    pairs += [("the address", row.email, address)] if address else []
    pairs += [("its time", row.created_at, record.at)]
    if row.purpose == "invite":
        pairs += [("the role", row.payload.get("role", EXPERT), record.details.get("role"))]
        pairs += [("the expert", row.payload.get("expert_id"), state["expert"])] if "expert" in state else []
    for what, stored, recorded in pairs:
        if stored != recorded:
            yield differs("link", row.id, what, stored, recorded)
    until = state.get("until")
    if until is not None and row.expires_at > datetime.fromisoformat(until):
        yield differs("link", row.id, "the time until which it works", row.expires_at.isoformat(), until)


def _words(row: Row[Any]) -> str:
    return f"invitation as {row.payload.get('role', EXPERT)}" if row.purpose == "invite" else row.purpose


def _recorded(session: Session) -> Sent:
    found = Sent()
    rows = records_of(
        session, (*SENDING, *RESETTING, *USING),
        JournalRecord.event, JournalRecord.at, JournalRecord.contest_id, JournalRecord.subject_id,
        JournalRecord.subject_label, JournalRecord.details, JournalRecord.state,
    )  # fmt: skip
    for row in rows:
        _follow(found, row)
    return found


def _follow(found: Sent, row: Row[Any]) -> None:
    if row.event in SENDING:
        found.links[row.subject_id] = row
    elif row.event in RESETTING:
        found.resets[row.subject_id, row.at] = (row.state or {}).get("link")
    elif (row.state or {}).get("link") is not None:
        found.used[row.state["link"]] = row.at
