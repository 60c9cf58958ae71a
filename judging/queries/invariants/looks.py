"""The check of looks at marks before their time: each is on record, and none is gone."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import EarlyLook, JournalRecord
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import contest_starts, since

PARTS = ("its time", "who looked", "its end", "its reason", "what was opened")
"""What a look and its record both say."""


def false_looks(session: Session) -> Iterator[Offence]:
    """Yield looks that the records tell otherwise or not at all, and recorded ones that are gone."""
    record, look = JournalRecord, EarlyLook
    for contest_id, start in contest_starts(session):
        columns = (record.subject_id, record.at, record.actor_id, record.details, record.state)
        found = session.execute(
            since(session, contest_id, start, *columns).where(record.event == Event.MARKS_LOOKED_AT)
        )  # fmt: skip
        recorded: dict[int, Any] = {row.subject_id: row for row in found}
        rows = session.scalars(select(look).where(look.contest_id == contest_id).order_by(look.id))
        for row in rows:
            told = recorded.pop(row.id, None)
            if told is None and start.noted and start.at is not None and row.opened_at <= start.at:
                continue
            if told is None:
                yield Offence("look", row.id, "no record of it", row.reason, "")
                continue
            stored = (row.opened_at, row.user_id, row.until.isoformat(), row.reason, row.application_id)
            state = told.state or {}
            wanted = (told.at, told.actor_id, told.details["until"], told.details["reason"], state.get("application"))
            for what, one, other in zip(PARTS, stored, wanted, strict=True):
                if one != other:
                    yield differs("look", row.id, what, one, other)
        for key in sorted(recorded):
            yield Offence("look", key, "is gone without a record")
