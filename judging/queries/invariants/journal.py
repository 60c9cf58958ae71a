"""Checks of the journal itself: no record is missing between two others, none was put in, revisions are counted.

These are links and counts, not a chain of hashes: whoever rewrites the links and the counter too, or deletes the last
records of something that leaves no other trace, is not found. :data:`WAITING` lists what waits for the chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from judging.domain.arrival import SLACK, STRAY
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.models import Contest, JournalRecord
from judging.queries.invariants.checks import Offence
from judging.queries.invariants.starts import contest_starts

WAITING = (
    N_("the last records of the journal deleted, where neither a row nor a counter repeats what they say "
       "(downloads, exports, refused sign-ins, reminders)"),
    N_("records deleted or added together with a rewriting of the links and counters of the others"),
    N_("what no row repeats of a record changed: the name of the actor, the address, words of a reason, "
       "an instant moved by less than twenty-five minutes"),
    N_("a row, its record and its seal rewritten together, all hashes made anew"),
    N_("a password, or the token of a session or of a link, put in by hand; a link that a newer one replaced made good "
       "again within its time; the text of a letter changed; lines of the download log"),
)  # fmt: skip
"""What can be done to the data without any check noticing, until every record carries the hash of the one before."""

BEFORE = aliased(JournalRecord)
SUBMITTED = JournalRecord.event == Event.APPLICATION_SUBMITTED


@dataclass(frozen=True)
class SetBack:
    """The clock was set back, by the record ``id``; from ``after`` to ``before`` its instants come again."""

    id: int
    before: datetime
    after: datetime


def missing_records(session: Session) -> Iterator[Offence]:
    """Yield records whose predecessor is not there any more."""
    rows = session.execute(
        select(JournalRecord.id, JournalRecord.previous_id)
        .outerjoin(BEFORE, BEFORE.id == JournalRecord.previous_id)
        .where(JournalRecord.previous_id > 0, BEFORE.id.is_(None))
        .order_by(JournalRecord.id)
        .execution_options(yield_per=1000)
    )
    for row in rows.all():
        last = session.scalar(select(func.max(JournalRecord.id)).where(JournalRecord.id < row.previous_id)) or 0
        found = f"the record {row.previous_id} before it is missing; the last one there is {last or 'none'}"
        yield Offence("record", row.id, found, str(last), str(row.previous_id))


def unlinked_records(session: Session) -> Iterator[Offence]:
    """Yield records without a link, or with one to a later record, among those that have theirs."""
    first = select(func.min(JournalRecord.id)).where(JournalRecord.previous_id.is_not(None)).scalar_subquery()
    rows = session.execute(
        select(JournalRecord.id, JournalRecord.previous_id)
        .where(JournalRecord.id > first)
        .where(JournalRecord.previous_id.is_(None) | (JournalRecord.previous_id >= JournalRecord.id))
        .order_by(JournalRecord.id)
    )
    return (
        Offence("record", row.id, "was not written by the system: it has no link to the one before") for row in rows
    )


def times_running_back(session: Session) -> Iterator[Offence]:
    """Yield records that bear a much earlier time than the one written before them."""
    rows = session.execute(
        select(JournalRecord.id, JournalRecord.at, BEFORE.at.label("before"))
        .join(BEFORE, BEFORE.id == JournalRecord.previous_id)
        .where(JournalRecord.at < BEFORE.at)
        .order_by(JournalRecord.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if row.before - row.at > SLACK:
            found = f"bears {row.at.isoformat()}, but the record before it {row.before.isoformat()}"
            yield Offence("record", row.id, found, row.at.isoformat(), row.before.isoformat())


def submissions_out_of_order(session: Session) -> Iterator[Offence]:
    """Yield applications that came after the clock was set back, and bear an earlier instant than those before it."""
    of_submission = select(JournalRecord.subject_id, JournalRecord.contest_id, JournalRecord.at).where(SUBMITTED)
    for step in (SetBack(*step) for step in clock_records(session) if step[2] < step[1]):
        earlier = select(JournalRecord.contest_id, func.max(JournalRecord.at)).where(SUBMITTED)
        known = dict(
            session.execute(earlier.where(JournalRecord.id < step.id).group_by(JournalRecord.contest_id)).all()
        )
        again = JournalRecord.at.between(step.after - STRAY, step.before)
        for row in session.execute(
            of_submission.where(JournalRecord.id > step.id, again).order_by(JournalRecord.id)
        ).all():
            before = known.get(row.contest_id)
            if before is not None and row.at < before:
                at, latest = row.at.isoformat(), before.isoformat()
                found = f"submitted at {at} after the clock was set back; an earlier one has {latest}"
                yield Offence("application", row.subject_id, found, at, latest)


def clock_records(session: Session) -> list[tuple[int, datetime, datetime]]:
    """Return (record's id, before, after) of every setting of the clock; a record made unreadable is left out."""
    found = []
    query = select(JournalRecord.id, JournalRecord.details).where(JournalRecord.event == Event.CLOCK_SET)
    for row in session.execute(query.order_by(JournalRecord.id)).all():
        try:
            before, after = map(datetime.fromisoformat, row.details["clock"])
        except (KeyError, TypeError, ValueError):
            continue
        found.append((row.id, before, after))
    return found


def missing_revisions(session: Session) -> Iterator[Offence]:
    """Yield contests whose ranking revision is not the number of the records that raised it."""
    revisions = dict(session.execute(select(Contest.id, Contest.ranking_revision)).all())
    for contest_id, start in contest_starts(session):
        begun = start.document.get("ranking_revision", 0)
        counted = session.scalars(
            select(JournalRecord.revision)
            .where(JournalRecord.contest_id == contest_id, JournalRecord.id >= start.record_id)
            .where(JournalRecord.revision.is_not(None))
            .order_by(JournalRecord.revision)
        ).all()
        expected = range(begun + 1, revisions[contest_id] + 1)
        if list(counted) != list(expected):
            yield _miscounted(contest_id, expected, counted)


def _miscounted(contest_id: int, expected: range, counted: object) -> Offence:
    there = [one for one in counted if one is not None] if isinstance(counted, list) else []
    lost = sorted(set(expected) - set(there))
    more = sorted(set(there) - set(expected)) or [one for one in set(there) if there.count(one) > 1]
    words = [f"records of the revisions {_listed(lost)} are missing"] if lost else []
    words += [f"records of the revisions {_listed(more)} are too many"] if more else []
    return Offence("contest", contest_id, "; ".join(words), str(len(there)), str(len(expected)))


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return shown if len(numbers) <= 5 else f"{shown} and {len(numbers) - 5} more"
