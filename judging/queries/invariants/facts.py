"""Checks of facts that rules ask and the journal has as well: what was lifted, where a sheet was saved, what moved.

Rules read these rows and never the journal; here the journal says what the rows have to be.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.arrival import STRAY
from judging.domain.events import LEAVES_PLANS, Event
from judging.models import (
    Application,
    AssignmentPlan,
    AssignmentRevision,
    ClockMark,
    ClockStep,
    Contest,
    Expert,
    JournalRecord,
    LiftedConflict,
    Review,
)
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.journal import SUBMITTED, clock_records
from judging.queries.invariants.starts import Start, contest_starts, since, start_records

Run = tuple[str | None, int | None, int | None]
"""The tab that a sheet was last saved from, and the first and the last version in a row from it."""
NOWHERE: Run = (None, None, None)
Aside = tuple[datetime | None, str | None, int | None]
"""When a review was set aside, why, and by whom."""
COUNTS: Aside = (None, None, None)
Lifting = tuple[int | None, int | None, str, datetime, int | None]
"""(expert, application, reason, instant, who lifted it)."""


def false_liftings(session: Session) -> Iterator[Offence]:
    """Yield conflicts that were lifted without a record, and recorded liftings that are gone."""
    for contest_id, start in contest_starts(session):
        recorded, stored = _recorded_liftings(session, contest_id, start), _stored_liftings(session, contest_id, start)
        there = set(session.scalars(select(Expert.id).where(Expert.contest_id == contest_id)))
        for lifting in sorted((stored - recorded).elements(), key=str):
            found = f"the lifted conflict with expert {lifting[0]} has no record"
            yield Offence("application", lifting[1] or 0, found, lifting[2], "")
        for lifting in sorted((recorded - stored).elements(), key=str):
            if lifting[0] in there:
                found = f"the lifted conflict with expert {lifting[0]} is gone"
                yield Offence("application", lifting[1] or 0, found, "", lifting[2])


def false_tabs(session: Session) -> Iterator[Offence]:
    """Yield score sheets that say of another tab, or of other versions, that they were saved there than the records."""
    for contest_id, start in contest_starts(session):
        recorded = _recorded_tabs(session, contest_id, start)
        rows = session.execute(
            select(Review.id, Review.saved_at, Review.tab, Review.tab_from, Review.tab_to)
            .where(Review.contest_id == contest_id)
            .order_by(Review.id)
        )
        for row in rows:
            stored = (row.tab, row.tab_from, row.tab_to)
            before = start.noted and start.at is not None and row.saved_at is not None and row.saved_at <= start.at
            if not before and stored != recorded.get(row.id, NOWHERE):
                expected = recorded.get(row.id, NOWHERE)
                yield differs("review", row.id, "the tab of its last saves", str(stored), str(expected))


TURNS = (Event.REVIEW_PUT_OFF, Event.REVIEW_SUBMITTED, Event.REVIEW_DECLINED)
"""Events that put a review off, or end that."""


def false_turns(session: Session) -> Iterator[Offence]:
    """Yield reviews that are put off otherwise than their records say."""
    record = JournalRecord
    for contest_id, start in contest_starts(session):
        records = session.execute(
            select(record.subject_id, record.at, record.details)
            .where(record.contest_id == contest_id, record.event.in_(TURNS))
            .order_by(record.id)
        )
        recorded = {row.subject_id: row.at if row.details.get("later") else None for row in records}
        rows = session.execute(select(Review.id, Review.later_at).where(Review.contest_id == contest_id))
        for key, later in rows:
            unknown = start.noted and key not in recorded
            if not unknown and later != recorded.get(key):
                yield differs("review", key, "since when it is put off", str(later), str(recorded.get(key)))


def false_asides(session: Session) -> Iterator[Offence]:
    """Yield reviews that are set aside, or count, otherwise than the last record says: when, by whom and why."""
    for contest_id, start in contest_starts(session):
        recorded = _recorded_asides(session, contest_id, start)
        rows = session.execute(
            select(
                Review.id, Review.created_at, Review.set_aside_at, Review.set_aside_reason, Review.set_aside_by_id
            )
            .where(Review.contest_id == contest_id)
            .order_by(Review.id)
        )  # fmt: skip
        for row in rows:
            stored = (row.set_aside_at, row.set_aside_reason, row.set_aside_by_id)
            came = row.id not in recorded and start.at is not None and row.created_at <= start.at
            if not came and stored != recorded.get(row.id, COUNTS):
                expected = recorded.get(row.id, COUNTS)
                yield differs("review", row.id, "that it is set aside", str(stored), str(expected))


def _recorded_asides(session: Session, contest_id: int, start: Start) -> Mapping[int, Aside]:
    record = JournalRecord
    rows = session.execute(
        since(
            session, contest_id, start, record.event, record.subject_id, record.details, record.at, record.actor_id
        ).where(record.event.in_((Event.REVIEW_SET_ASIDE, Event.REVIEW_COUNTED_AGAIN)))
    )  # fmt: skip
    return {
        row.subject_id: COUNTS
        if row.event == Event.REVIEW_COUNTED_AGAIN
        else (row.at, row.details.get("reason"), row.actor_id)
        for row in rows
    }


def stale_revisions(session: Session) -> Iterator[Offence]:
    """Yield draft plans that pass for up to date, though something was recorded of the contest since."""
    starts = start_records(session)
    records = session.execute(
        select(JournalRecord.id, JournalRecord.subject_id).where(
            JournalRecord.event == Event.PLAN_REQUESTED, JournalRecord.subject_type == "assignmentplan"
        )
    )
    asked: Mapping[int | None, int] = {row.subject_id: row.id for row in records}
    seen = select(JournalRecord.contest_id, func.max(JournalRecord.id)).where(JournalRecord.event.not_in(LEAVES_PLANS))
    last = dict(session.execute(seen.group_by(JournalRecord.contest_id)).all())
    plans = session.execute(
        select(AssignmentPlan.id, AssignmentPlan.contest_id, AssignmentPlan.revision, AssignmentRevision.revision)
        .outerjoin(AssignmentRevision, AssignmentRevision.contest_id == AssignmentPlan.contest_id)
        .order_by(AssignmentPlan.id)
    )
    for key, contest_id, revision, current in plans:
        start, record = starts.get(contest_id), asked.get(key)
        if start is None or record is None or record < start.record_id:
            continue
        if last.get(contest_id, 0) > record and revision == (current or 0):
            found = f"asked for at revision {revision}, which is the present one; something was recorded since"
            yield Offence("plan", key, found, str(revision), "")


def false_clock(session: Session) -> Iterator[Offence]:
    """Yield settings of the clock without a record, recorded ones that are gone, and false marks of submissions."""
    recorded = clock_records(session)
    steps = session.execute(select(ClockStep.id, ClockStep.before, ClockStep.after).order_by(ClockStep.id)).all()
    known: defaultdict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for record, before, after in recorded:
        known[before, after].append(record)
    for step in steps:
        records = known[step.before, step.after]
        if records:
            yield from _marks(session, step, records.pop(0))
        else:
            yield Offence("clock", step.id, f"{_set(step.before, step.after)}: no record")
    for (before, after), records in known.items():
        for record in records:
            yield Offence("record", record, f"{_set(before, after)}: gone")


def _recorded_liftings(session: Session, contest_id: int, start: Start) -> Counter[Lifting]:
    record = JournalRecord
    rows = session.execute(
        since(session, contest_id, start, record.subject_id, record.details, record.state, record.at, record.actor_id)
        .where(record.event == Event.CONFLICT_LIFTED)
    )  # fmt: skip
    return Counter(
        ((row.state or {}).get("expert"), row.subject_id, row.details.get("conflict", ""), row.at, row.actor_id)
        for row in rows
    )


def _stored_liftings(session: Session, contest_id: int, start: Start) -> Counter[Lifting]:
    """What is stored, without what is older than the records that can be followed."""
    row = LiftedConflict
    query = (
        select(row.expert_id, row.application_id, row.reason, row.lifted_at, row.lifted_by_id)
        .join(Application, Application.id == row.application_id)
        .where(row.contest_id == contest_id)
    )
    query = query.where(row.lifted_at > start.at) if start.noted and start.at is not None else query
    return Counter((one[0], one[1], one[2], one[3], one[4]) for one in session.execute(query))


def _recorded_tabs(session: Session, contest_id: int, start: Start) -> Mapping[int, Run]:
    """Return by review where the last save on record came from; those of before an archive was loaded are of others."""
    runs: dict[int, Run] = {}
    record = JournalRecord
    rows = session.execute(
        select(record.subject_id, record.details)
        .join(Review, Review.id == record.subject_id)
        .where(record.contest_id == contest_id, record.event == Event.REVIEW_SAVED)
        .where(record.at >= Review.created_at, record.id > (0 if start.noted else start.record_id))
        .order_by(record.id)
        .execution_options(yield_per=2000)
    )
    for key, details in rows:
        runs[key] = _next(runs.get(key, NOWHERE), details.get("tab"), details.get("version"))
    return runs


def _next(run: Run, tab: str | None, version: int | None) -> Run:
    if not tab or version is None:
        return NOWHERE
    return (tab, run[1], version) if run[0] == tab and run[2] == version - 1 else (tab, version, version)


def _marks(session: Session, step: Any, record: int) -> Iterator[Offence]:
    """Yield marks of a step back that are not the latest submissions that were recorded before it."""
    query = select(ClockMark.contest_id, ClockMark.latest).where(ClockMark.step_id == step.id)
    stored = dict(session.execute(query).all())
    expected: dict[int, datetime] = {}
    if step.after < step.before:
        latest = (
            select(JournalRecord.contest_id, func.max(JournalRecord.at))
            .join(Contest, Contest.id == JournalRecord.contest_id)
            .join(Application, Application.id == JournalRecord.subject_id)
            .where(SUBMITTED, JournalRecord.id < record, JournalRecord.at > step.after - STRAY)
        )
        rows = session.execute(latest.group_by(JournalRecord.contest_id))
        expected = {contest_id: at for contest_id, at in rows if contest_id is not None}
    for contest_id in sorted(stored.keys() | expected.keys()):
        if stored.get(contest_id) != expected.get(contest_id):
            what = f"the latest submission of contest {contest_id} before it"
            yield differs("clock", step.id, what, _text(stored.get(contest_id)), _text(expected.get(contest_id)))


def _set(before: datetime, after: datetime) -> str:
    return f"the clock set from {before.isoformat()} to {after.isoformat()}"


def _text(instant: datetime | None) -> str:
    return instant.isoformat() if instant else "none"
