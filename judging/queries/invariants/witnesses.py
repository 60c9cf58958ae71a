"""Checks of who and when: what a record says of its author and instant is what the row that it left says too.

A record's ``at`` is the instant of the act, as the row's own column is. Where one of both was changed by hand, they
differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from judging.domain.events import CONFLICTS, DECISIONS, Event
from judging.models import (
    Application,
    AssignmentPlan,
    Cluster,
    Conflict,
    Contest,
    Document,
    JournalRecord,
    RankingSnapshot,
    Review,
    ReviewVersion,
    ScheduleChange,
    SignIn,
)
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, start_records


@dataclass(frozen=True)
class Witness:
    """The columns of ``model`` that repeat the last record of ``events`` about the same row."""

    events: tuple[str, ...]
    subject: str
    model: type[Any]
    at: Any
    actor: Any = None
    contest: Any = None


@dataclass(frozen=True)
class Trace:
    """The columns of a frozen ranking that repeat a record: time, author, and the words that are its ``detail``."""

    at: Any
    actor: Any = None
    words: Any = None
    detail: str = ""

    def columns(self) -> Iterator[tuple[str, Any]]:
        """Yield (name, column) of those that are there."""
        return ((one.key, one) for one in (self.at, self.actor, self.words) if one is not None)


SNAPSHOTS: Mapping[str, Trace] = {
    Event.RANKING_FROZEN: Trace(RankingSnapshot.made_at, RankingSnapshot.made_by_id),
    Event.RANKING_APPROVED: Trace(
        RankingSnapshot.approved_at, RankingSnapshot.approved_by_id, RankingSnapshot.approval_words, "words"
    ),
    Event.RANKING_UNFROZEN: Trace(RankingSnapshot.revoked_at, None, RankingSnapshot.revoked_reason, "reason"),
    Event.RESULTS_PUBLISHED: Trace(RankingSnapshot.published_at),
}
WITNESSES: tuple[Witness, ...] = (
    Witness((Event.CONTEST_CREATED,), "contest", Contest, Contest.created_at, None, Contest.id),
    Witness((Event.CONTEST_PUBLISHED,), "contest", Contest, Contest.published_at, None, Contest.id),
    Witness((Event.APPLICATION_CREATED,), "application", Application, Application.created_at, None,
            Application.contest_id),
    Witness((Event.APPLICATION_SUBMITTED,), "application", Application, Application.submitted_at,
            Application.submitted_by_id, Application.contest_id),
    Witness(DECISIONS, "application", Application, Application.decided_at, Application.decided_by_id,
            Application.contest_id),
    Witness((Event.ASSIGNMENT_PROPOSED,), "review", Review, Review.created_at, None, Review.contest_id),
    Witness((Event.NO_CONFLICT_DECLARED,), "review", Review, Review.declared_at, None, Review.contest_id),
    Witness((Event.REVIEW_SAVED,), "review", Review, Review.saved_at, None, Review.contest_id),
    Witness((Event.PLAN_REQUESTED,), "assignmentplan", AssignmentPlan, AssignmentPlan.requested_at,
            AssignmentPlan.requested_by_id, AssignmentPlan.contest_id),
    Witness((Event.PLAN_APPLIED,), "assignmentplan", AssignmentPlan, AssignmentPlan.closed_at, None,
            AssignmentPlan.contest_id),
    Witness((Event.CLUSTER_CHANGED,), "cluster", Cluster, Cluster.changed_at, None, Cluster.contest_id),
    Witness((Event.SIGNED_IN,), "signin", SignIn, SignIn.created_at, SignIn.user_id),
)  # fmt: skip


def false_witnesses(session: Session) -> Iterator[Offence]:
    """Yield rows whose time or author is another than their record's."""
    starts = start_records(session)
    for witness in WITNESSES:
        for row in session.execute(_witnessed(witness)):
            if witness.contest is None or _covers(starts, row.place, row.record_id):
                yield from _disagreement(witness, row)


def false_submissions(session: Session) -> Iterator[Offence]:
    """Yield kept score sheets that are not those of the record of their submission, or have no record."""
    for contest_id, start in contest_starts(session):
        sealed = start.rows("reviews")
        records = _submissions(session, contest_id, start)
        for row in session.execute(_versions(contest_id)):
            record = records.pop((row.review_id, row.number), None)
            if record is not None:
                yield from _version(row, record)
            elif (row.made_by_id is not None or row.review_id not in sealed) and _after(start, row.made_at):
                yield Offence("version", row.id, f"of review {row.review_id}: no record of its submission")
        there = set(session.scalars(select(Review.id).where(Review.contest_id == contest_id)))
        for review_id, number in sorted(records):
            if review_id in there:
                yield Offence("review", review_id, f"the kept version {number} is gone without a record")


def false_documents(session: Session) -> Iterator[Offence]:
    """Yield documents that are not those of the record of their upload, have no record, or are gone."""
    for contest_id, start in contest_starts(session):
        sealed, records = start.rows("documents"), _uploads(session, contest_id, start)
        rows = session.execute(
            select(
                Document.id, Document.application_id, Document.slot, Document.filename, Document.size, Document.sha256,
                Document.uploaded_at, Document.uploaded_by_id,
            )
            .join(Application, Application.id == Document.application_id)
            .where(Application.contest_id == contest_id)
            .order_by(Document.id)
            .execution_options(yield_per=1000)
        )  # fmt: skip
        for row in rows:
            record = records.pop(row.id, None)
            if record is not None:
                yield from _document(row, record)
            elif row.id not in sealed:
                yield Offence("document", row.id, f"{row.filename}: no record of its upload")
        for key, record in sorted(records.items()):
            yield Offence("document", key, f"{record.details['filename']} is gone without a record")


def false_snapshots(session: Session) -> Iterator[Offence]:
    """Yield frozen rankings that were made, approved, published or revoked otherwise than on record."""
    columns = {name: column for trace in SNAPSHOTS.values() for name, column in trace.columns()}
    keys = {
        (row.contest_id, row.number): row
        for row in session.execute(
            select(RankingSnapshot.id, RankingSnapshot.contest_id, RankingSnapshot.number, *columns.values())
        )
    }
    records = session.execute(
        select(JournalRecord.event, JournalRecord.contest_id, JournalRecord.details, JournalRecord.at,
               JournalRecord.actor_id)
        .where(JournalRecord.event.in_(SNAPSHOTS))
        .order_by(JournalRecord.id)
    )  # fmt: skip
    for record in records:
        row = keys.get((record.contest_id or 0, record.details.get("snapshot")))
        if row is not None:
            yield from _snapshot(row, record, SNAPSHOTS[record.event])


def false_bars(session: Session) -> Iterator[Offence]:
    """Yield conflicts that were written down at another time or by somebody else than on record."""
    starts = start_records(session)
    records = session.execute(
        select(JournalRecord.id, JournalRecord.subject_id, JournalRecord.contest_id, JournalRecord.state,
               JournalRecord.at, JournalRecord.actor_id)
        .where(JournalRecord.event.in_(CONFLICTS))
        .order_by(JournalRecord.id)
    )  # fmt: skip
    last = {((row.state or {}).get("expert"), row.subject_id): row for row in records}
    for row in session.execute(
        select(Conflict.id, Conflict.expert_id, Conflict.application_id, Conflict.contest_id, Conflict.created_at,
               Conflict.created_by_id)
        .order_by(Conflict.id)
    ):  # fmt: skip
        record = last.get((row.expert_id, row.application_id))
        if record is not None and _covers(starts, row.contest_id, record.id):
            yield from _same("conflict", row.id, "its time", row.created_at, record.at)
            yield from _same("conflict", row.id, "its author", row.created_by_id, record.actor_id)


def false_schedules(session: Session) -> Iterator[Offence]:
    """Yield moved dates that no record moved so, and recorded ones whose line is gone."""
    starts = start_records(session)
    records = session.execute(
        select(JournalRecord.id, JournalRecord.contest_id, JournalRecord.details, JournalRecord.at)
        .where(JournalRecord.event == Event.SCHEDULE_CHANGED)
        .order_by(JournalRecord.id)
    )
    recorded = {
        (row.contest_id, name, row.at): tuple(map(datetime.fromisoformat, change))
        for row in records
        if _covers(starts, row.contest_id or 0, row.id)
        for name, change in row.details.items()
        if isinstance(change, list)
    }
    for row in session.execute(select(ScheduleChange).order_by(ScheduleChange.id)).scalars():
        start, moved = starts.get(row.contest_id), (row.before, row.after)
        known = recorded.pop((row.contest_id, row.field, row.changed_at), None)
        if known is not None and known != moved:
            yield differs("contest", row.contest_id, f"the move of {row.field}", _dates(moved), _dates(known))
        elif known is None and start is not None and _after(start, row.changed_at):
            yield Offence("contest", row.contest_id, f"a move of {row.field} at {row.changed_at} has no record")
    for contest_id, name, at in recorded:
        yield Offence("contest", contest_id or 0, f"the move of {name} at {at.isoformat()} is gone without a record")


def _snapshot(row: Row[Any], record: Row[Any], trace: Trace) -> Iterator[Offence]:
    yield from _same("snapshot", row.id, record.event, getattr(row, trace.at.key), record.at)
    if trace.actor is not None:
        yield from _same("snapshot", row.id, f"{record.event} by user", getattr(row, trace.actor.key), record.actor_id)
    if trace.words is not None and trace.detail in record.details:
        stored = getattr(row, trace.words.key) or ""
        yield from _same("snapshot", row.id, f"the words of {record.event}", stored, record.details[trace.detail])


def _witnessed(witness: Witness) -> Select[Any]:
    """Select the rows with their last record of the witness's events."""
    last = (
        select(func.max(JournalRecord.id))
        .where(JournalRecord.event.in_(witness.events), JournalRecord.subject_type == witness.subject)
        .group_by(JournalRecord.subject_id)
    )
    columns = [
        JournalRecord.id.label("record_id"), JournalRecord.event, JournalRecord.at, JournalRecord.actor_id,
        witness.model.id, witness.at.label("own_at"),
    ]  # fmt: skip
    columns += [witness.actor.label("own_actor")] if witness.actor is not None else []
    columns += [witness.contest.label("place")] if witness.contest is not None else []
    return (
        select(*columns)
        .join(witness.model, witness.model.id == JournalRecord.subject_id)
        .where(JournalRecord.id.in_(last))
        .order_by(JournalRecord.id)
        .execution_options(yield_per=1000)
    )


def _disagreement(witness: Witness, row: Row[Any]) -> Iterator[Offence]:
    kind = witness.model.__tablename__.removesuffix("s")
    yield from _same(kind, row.id, f"the time of {row.event}", row.own_at, row.at)
    if witness.actor is not None:
        yield from _same(kind, row.id, f"the author of {row.event}", row.own_actor, row.actor_id)


def _covers(starts: Mapping[int, Start], contest_id: int, record_id: int) -> bool:
    start = starts.get(contest_id)
    return start is not None and record_id >= start.record_id


def _after(start: Start, instant: datetime) -> bool:
    return start.at is None or instant > start.at


def _submissions(session: Session, contest_id: int, start: Start) -> dict[tuple[int, Any], Row[Any]]:
    rows = session.execute(
        select(JournalRecord.subject_id, JournalRecord.details, JournalRecord.at, JournalRecord.actor_id)
        .where(JournalRecord.contest_id == contest_id, JournalRecord.event == Event.REVIEW_SUBMITTED)
        .where(JournalRecord.id >= start.record_id)
        .order_by(JournalRecord.id)
    )
    return {(row.subject_id or 0, row.details.get("version")): row for row in rows}


def _versions(contest_id: int) -> Any:
    return (
        select(ReviewVersion.id, ReviewVersion.review_id, ReviewVersion.number, ReviewVersion.sha256,
               ReviewVersion.made_at, ReviewVersion.made_by_id)
        .join(Review, Review.id == ReviewVersion.review_id)
        .where(Review.contest_id == contest_id)
        .order_by(ReviewVersion.id)
        .execution_options(yield_per=1000)
    )  # fmt: skip


def _version(row: Row[Any], record: Row[Any]) -> Iterator[Offence]:
    yield from _same("version", row.id, f"of review {row.review_id}: its hash", row.sha256, record.details["sha256"])
    yield from _same("version", row.id, f"of review {row.review_id}: its time", row.made_at, record.at)
    yield from _same("version", row.id, f"of review {row.review_id}: its author", row.made_by_id, record.actor_id)


def _uploads(session: Session, contest_id: int, start: Start) -> dict[int, Row[Any]]:
    rows = session.execute(
        select(JournalRecord.subject_id, JournalRecord.details, JournalRecord.at, JournalRecord.actor_id)
        .where(JournalRecord.contest_id == contest_id, JournalRecord.event == Event.DOCUMENT_ADDED)
        .where(JournalRecord.id >= start.record_id)
        .order_by(JournalRecord.id)
    )
    return {row.details["document"]: row for row in rows if "document" in row.details}


def _document(row: Any, record: Row[Any]) -> Iterator[Offence]:
    for name in ("slot", "filename", "size", "sha256"):
        yield from _same("document", row.id, f"{row.filename}: {name}", getattr(row, name), record.details.get(name))
    yield from _same("document", row.id, f"{row.filename}: the application", row.application_id, record.subject_id)
    yield from _same("document", row.id, f"{row.filename}: its time", row.uploaded_at, record.at)
    yield from _same("document", row.id, f"{row.filename}: its author", row.uploaded_by_id, record.actor_id)


def _same(subject: str, key: int, what: str, stored: Any, recorded: Any) -> Iterator[Offence]:
    if stored != recorded:
        yield differs(subject, key, what, _text(stored), _text(recorded))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _dates(moved: tuple[datetime, ...]) -> str:
    return " → ".join(one.isoformat() for one in moved)
