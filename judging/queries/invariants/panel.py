"""The check of the panel's decisions: what an application bears is what the last record, or the seal, says."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import Application, JournalRecord
from judging.queries.invariants.checks import Offence
from judging.queries.invariants.starts import contest_starts, since
from judging.queries.states import panel_decisions, short


def false_panel_decisions(session: Session) -> Iterator[Offence]:
    """Yield applications whose decision of the panel is not the one that was recorded last, or is on no record."""
    for contest_id, start in contest_starts(session):
        recorded: dict[str, str] = dict(start.document.get("panel", {}))
        query = since(session, contest_id, start, JournalRecord.subject_id, JournalRecord.details)
        for row in session.execute(query.where(JournalRecord.event == Event.PANEL_DECIDED)):
            recorded[str(row.subject_id)] = short([row.details["verdict"][1], row.details["reason"]])
        stored = panel_decisions(session, contest_id)
        known = set(map(str, session.scalars(select(Application.id).where(Application.contest_id == contest_id))))
        for key in sorted(stored.keys() | (recorded.keys() & known), key=int):
            if stored.get(key) != recorded.get(key):
                told = "differs from its record" if key in recorded else "is on no record"
                yield Offence("application", int(key), f"the panel's decision {told}")
