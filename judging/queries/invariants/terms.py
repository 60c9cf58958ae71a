"""Checks of milestones and extensions, which rules ask: what is stored is what the records lead to."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.domain.milestones import notation
from judging.models import Extension, JournalRecord, Milestone
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.milestones import row_of

NONE = "none"


class Term(NamedTuple):
    """An extension: until when, why, when it was granted and taken back."""

    until: datetime
    reason: str
    granted_at: datetime
    revoked_at: datetime | None


def false_extensions(session: Session) -> Iterator[Offence]:
    """Yield extensions that are not as on record, or have no record."""
    for contest_id, start in contest_starts(session):
        recorded, stored = _recorded(session, contest_id, start), _stored(session, contest_id)
        for key, term in stored.items():
            if key in recorded and recorded[key] != term:
                yield differs("extension", key, "it", _text(term), _text(recorded[key]))
            elif key not in recorded and not _before(start, term.granted_at):
                yield Offence("extension", key, "no record of its granting", _text(term), NONE)


def false_milestones(session: Session) -> Iterator[Offence]:
    """Yield contests with a milestone that is not the one of the last record of it."""
    for contest_id, start in contest_starts(session):
        recorded: dict[tuple[str, bool], str | None] = {}
        records = since(session, contest_id, start, JournalRecord.details)
        for details in session.scalars(records.where(JournalRecord.event == Event.MILESTONE_CHANGED)):
            recorded[details["milestone"], details["by_hand"]] = details["date"][1]
            if details["date"][1] is None and not details["by_hand"]:
                recorded[details["milestone"], True] = None
        stored = _milestones(session, contest_id)
        for key in sorted(recorded.keys() | (set() if start.noted else stored.keys())):
            if stored.get(key) != recorded.get(key):
                what = f"that {key[0]} came" if key[1] else f"the date of {key[0]}"
                yield differs("contest", contest_id, what, stored.get(key) or NONE, recorded.get(key) or NONE)


def _recorded(session: Session, contest_id: int, start: Start) -> Mapping[int, Term]:
    record, found = JournalRecord, dict[int, Term]()
    rows = since(session, contest_id, start, record.subject_id, record.event, record.details, record.at)
    events = (Event.EXTENSION_GRANTED, Event.EXTENSION_REVOKED)
    for key, event, details, at in session.execute(rows.where(record.event.in_(events))):
        if event == Event.EXTENSION_GRANTED:
            found[key] = Term(datetime.fromisoformat(details["until"]), details["reason"], at, None)
        elif key in found:
            found[key] = found[key]._replace(revoked_at=at)
    return found


def _stored(session: Session, contest_id: int) -> Mapping[int, Term]:
    row = Extension
    columns = (row.id, row.until, row.reason, row.granted_at, row.revoked_at)
    found = session.execute(select(*columns).where(row.contest_id == contest_id).order_by(row.id))
    return {one.id: Term(one.until, one.reason, one.granted_at, one.revoked_at) for one in found}


def _milestones(session: Session, contest_id: int) -> dict[tuple[str, bool], str | None]:
    found: dict[tuple[str, bool], str | None] = {}
    for row in session.scalars(select(Milestone).where(Milestone.contest_id == contest_id)):
        found[row.code, False] = notation(row_of(row).plan)
        found[row.code, True] = row.came_at.isoformat() if row.came_at else None
    return found


def _before(start: Start, at: datetime) -> bool:
    return start.noted and start.at is not None and at <= start.at


def _text(term: Any) -> str:
    """An extension in one line."""
    revoked = f", taken back {term.revoked_at.isoformat()}" if term.revoked_at else ""
    return f"until {term.until.isoformat()}, granted {term.granted_at.isoformat()}, {term.reason}{revoked}"
