"""The check of requests for staff roles: each was asked for on record, and decided as the records say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import GrantRequest, JournalRecord
from judging.queries.invariants.checks import Offence, differs, records_of
from judging.queries.invariants.people import address_in
from judging.queries.invariants.starts import accounts_start, known_before

ASKED = Event.ROLE_ASKED
ENDED = Event.ROLE_ASKING_ENDED
APPROVED = (Event.ROLE_GRANTED, Event.INVITATION_SENT)
"""Events that carry a request out: which, they say in their ``state`` (older ones do not)."""


@dataclass(frozen=True)
class Decision:
    """What became of a request, when, and by whom."""

    outcome: str
    at: datetime
    actor_id: int | None


@dataclass
class Requests:
    """What the records say: which requests were made, and how they ended."""

    asked: dict[int, Row[Any]] = field(default_factory=dict)
    decided: dict[int, Decision] = field(default_factory=dict)


def false_requests(session: Session) -> Iterator[Offence]:
    """Yield requests that nobody made on record, that are for something else, or ended otherwise."""
    start = accounts_start(session)
    if start is None:
        return
    recorded = _recorded(session)
    for row in session.execute(select(GrantRequest).order_by(GrantRequest.id)).scalars():
        asked = recorded.asked.get(row.id)
        if asked is not None:
            yield from _compared(row, asked)
            yield from _decision(row, recorded.decided.get(row.id))
        elif not known_before(start, "requests", row.id, row.asked_at):
            yield Offence("request", row.id, f"of the role {row.role} for {row.email}: no record that it was made")


def _compared(row: GrantRequest, asked: Row[Any]) -> Iterator[Offence]:
    """Compare a request with the record of it; what an older record does not say is not compared."""
    state, address = asked.state or {}, address_in(asked.subject_label)
    pairs: list[tuple[str, Any, Any]] = [
        ("the role", row.role, asked.details.get("role")), ("the contest", row.contest_id, asked.contest_id),
        ("its author", row.asked_by_id, asked.actor_id), ("its time", row.asked_at, asked.at),
    ]  # fmt: skip
    pairs += [("the address", row.email, address)] if address else []
    pairs += [("the account", row.user_id, state["user"])] if "user" in state else []
    pairs += [("its end", row.expires_at, datetime.fromisoformat(state["until"]))] if "until" in state else []
    for what, stored, recorded in pairs:
        if stored != recorded:
            yield differs("request", row.id, what, stored, recorded)


def _decision(row: GrantRequest, decision: Decision | None) -> Iterator[Offence]:
    """An approval that brought nothing new, or an older one, has no record that names the request."""
    if decision is None:
        if row.outcome in ("refused", "withdrawn"):
            yield differs("request", row.id, "its outcome", row.outcome, None)
        return
    stored = (row.outcome, row.decided_at, row.decided_by_id)
    expected = (decision.outcome, decision.at, decision.actor_id)
    for what, one, other in zip(("its outcome", "the time of it", "its author"), stored, expected, strict=True):
        if one != other:
            yield differs("request", row.id, what, one, other)


def _recorded(session: Session) -> Requests:
    found = Requests()
    rows = records_of(
        session, (ASKED, ENDED, *APPROVED),
        JournalRecord.event, JournalRecord.at, JournalRecord.actor_id, JournalRecord.contest_id,
        JournalRecord.subject_id, JournalRecord.subject_label, JournalRecord.details, JournalRecord.state,
    )  # fmt: skip
    for row in rows:
        _follow(found, row)
    return found


def _follow(found: Requests, row: Row[Any]) -> None:
    if row.event == ASKED:
        found.asked[row.subject_id] = row
    elif row.event == ENDED:
        found.decided[row.subject_id] = Decision(row.details.get("outcome", ""), row.at, row.actor_id)
    elif (row.state or {}).get("request") is not None:
        found.decided[row.state["request"]] = Decision("approved", row.at, row.actor_id)
