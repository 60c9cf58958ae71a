"""The check of refused invitations: an expert's card bears the refusal that the last record of it says."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import Expert, JournalRecord
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since

Declined = tuple[datetime, str] | None
OF_LINKS = (Event.INVITATION_SENT, Event.INVITATION_DECLINED, Event.INVITATION_ACCEPTED)
"""Events that say in their ``state`` which card they are of."""


def false_refusals(session: Session) -> Iterator[Offence]:
    """Yield cards on which an invitation is declined, or is not, otherwise than the last record says."""
    for contest_id, start in contest_starts(session):
        recorded = _recorded(session, contest_id, start)
        columns = (Expert.id, Expert.declined_at, Expert.declined_reason)
        for row in session.execute(select(*columns).where(Expert.contest_id == contest_id).order_by(Expert.id)):
            stored = (row.declined_at, row.declined_reason) if row.declined_at else None
            known = row.id in recorded or start.at is None or (stored is not None and row.declined_at > start.at)
            expected = recorded.get(row.id)
            if known and stored != expected:
                yield differs("expert", row.id, "that the invitation is declined", str(stored), str(expected))


def _recorded(session: Session, contest_id: int, start: Start) -> Mapping[int, Declined]:
    """The refusal that each card should bear; without cards of which nothing was recorded."""
    found: dict[int, Declined] = {}
    record = JournalRecord
    query = since(session, contest_id, start, record.event, record.subject_id, record.details, record.state, record.at)
    for row in session.execute(query.where(record.event.in_((*OF_LINKS, Event.EXPERT_CHANGED)))):
        if row.event == Event.EXPERT_CHANGED:
            if "email" in row.details:
                found[row.subject_id] = None
        elif (expert := (row.state or {}).get("expert")) is not None:
            declined = row.event == Event.INVITATION_DECLINED
            found[expert] = (row.at, row.details["reason"]) if declined else None
    return found
