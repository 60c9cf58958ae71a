"""Checks of nominations: they read and are well formed, every application is in one, moves are on record."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_nomination
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.lifecycle import ContestStatus
from judging.domain.nominations import Nomination as Value
from judging.domain.nominations import nominations_faults
from judging.models import Application, Contest, JournalRecord, Nomination
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.contests import rubrics_of
from judging.queries.invariants.starts import contest_starts, since


def unfit_nominations(session: Session) -> Iterator[Offence]:
    """Yield nominations that do not read, and contests past their draft whose nominations have faults."""
    read: dict[int, list[Value]] = {}
    rows = session.execute(
        select(Nomination.id, Nomination.contest_id, Nomination.code, Nomination.definition, Contest.status)
        .join(Contest, Contest.id == Nomination.contest_id)
        .order_by(Nomination.contest_id, Nomination.position, Nomination.id)
    )
    for row in rows:
        try:
            found = read_nomination(row.definition)
        except Refused as refusal:
            yield from (Offence("nomination", row.id, str(fault)) for fault in refusal.faults)
            continue
        if found.code != row.code:
            yield differs("nomination", row.id, "the code", row.code, found.code)
        if row.status != ContestStatus.DRAFT:
            read.setdefault(row.contest_id, []).append(found)
    rubrics = rubrics_of(session) if read else {}
    for contest_id, nominations in read.items():
        faults = nominations_faults(nominations, rubrics[contest_id].criteria)
        yield from (Offence("contest", contest_id, str(fault)) for fault in faults)


def homeless(session: Session) -> Iterator[Offence]:
    """Yield submitted applications of contests with nominations that are in none, and any in one of another contest."""
    some = select(Nomination.id).where(Nomination.contest_id == Application.contest_id).exists()
    rows = session.execute(
        select(Application.id, Application.number)
        .where(Application.number.is_not(None), Application.nomination_id.is_(None), some)
        .order_by(Application.id)
    )
    yield from (Offence("application", row.id, f"{row.number}: in no nomination") for row in rows)
    strange = session.scalars(
        select(Application.id)
        .join(Nomination, Nomination.id == Application.nomination_id)
        .where(Nomination.contest_id != Application.contest_id)
        .order_by(Application.id)
    )
    yield from (Offence("application", key, "its nomination is of another contest") for key in strange)


def false_moves(session: Session) -> Iterator[Offence]:
    """Yield applications that were moved on record and are in another nomination than the last record says."""
    for contest_id, start in contest_starts(session):
        query = since(session, contest_id, start, JournalRecord.subject_id, JournalRecord.details)
        records = session.execute(query.where(JournalRecord.event == Event.APPLICATION_MOVED))
        last = {row.subject_id: row.details["nomination"][1] for row in records}
        stored = session.execute(
            select(Application.id, Nomination.code)
            .outerjoin(Nomination, Nomination.id == Application.nomination_id)
            .where(Application.id.in_(last))
            .order_by(Application.id)
        )
        for row in stored:
            if row.code != last[row.id]:
                yield differs("application", row.id, "the nomination", row.code, last[row.id])
