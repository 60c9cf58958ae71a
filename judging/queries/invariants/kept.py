"""Checks of what a seal holds: applications, marks and documents that came with an archive, or were there before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import JournalRecord, Review, ReviewVersion
from judging.queries.invariants.checks import Offence
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.sheets import further_of_version
from judging.queries.states import applications, documents, reviews, sheet_hash

TOUCHES_APPLICATION = (
    Event.APPLICATION_CHANGED,
    Event.APPLICATION_SUBMITTED,
    Event.APPLICATION_MOVED,
    Event.DOCUMENT_ADDED,
    Event.DOCUMENT_REMOVED,
    Event.SIGNATURE_ADDED,
    Event.SIGNATURE_REMOVED,
)
TOUCHES_CLUSTER = (Event.CLUSTER_CHANGED,)
TOUCHES_SHEET = (Event.NO_CONFLICT_DECLARED, Event.REVIEW_SAVED, Event.REVIEW_SUBMITTED, Event.REVIEW_RETURNED)


def changed_applications(session: Session) -> Iterator[Offence]:
    """Yield applications of a seal that hold something else now although no record says that they were changed."""
    for contest_id, start in contest_starts(session):
        sealed = start.rows("applications")
        touched = _touched(session, contest_id, start, TOUCHES_APPLICATION) if sealed else frozenset()
        clusters = _clusters_touched(session, contest_id, start)
        for item in applications(session, contest_id) if sealed else ():
            before = sealed.get(item.id)
            if before is None or item.id in touched or (clusters and _may_follow(before[0], item.status)):
                continue
            if before[2] != item.sha:
                number = item.name or "draft"
                yield Offence("application", item.id, f"{number}: is not what was sealed", item.sha, before[2])


def changed_marks(session: Session) -> Iterator[Offence]:
    """Yield reviews of a seal with other marks, comments or times although no record says that they were changed.

    A review that was returned since has what was sealed as its first kept version.
    """
    for contest_id, start in contest_starts(session):
        sealed = start.rows("reviews")
        if not sealed:
            continue
        touched = _touched(session, contest_id, start, TOUCHES_SHEET)
        for row in reviews(session, contest_id):
            before = sealed.get(row.id)
            if before is not None and row.id not in touched and sheet_hash(row) != before[3]:
                yield Offence("review", row.id, "the sheet is not the one that was sealed", sheet_hash(row), before[3])
        yield from _changed_versions(session, contest_id, sealed, touched)


def changed_documents(session: Session) -> Iterator[Offence]:
    """Yield documents of a seal whose file, name, kind or size is another now, or whose row is gone."""
    for contest_id, start in contest_starts(session):
        sealed = start.rows("documents")
        stored = {item.id: item for item in documents(session, contest_id)} if sealed else {}
        for key, before in sealed.items():
            if key not in stored:
                yield Offence("document", key, f"{before[1]} is gone without a record", "none", before[1])
            elif stored[key].sha != before[2]:
                yield Offence("document", key, f"{before[1]} is not what was sealed", stored[key].sha, before[2])


@dataclass(frozen=True)
class _Sheet:
    """A kept version with the names that a review's row has."""

    scores: Any
    comments: Any
    recommendation: Any
    additional: Any
    submitted_at: datetime | None
    abstained: Any
    notes: Any
    confidence: Any
    in_scope: Any
    scope_reason: Any


def _changed_versions(
    session: Session, contest_id: int, sealed: Mapping[int, Any], touched: frozenset[int]
) -> Iterator[Offence]:
    rows = session.execute(
        select(ReviewVersion.id, ReviewVersion.review_id, ReviewVersion.sheet)
        .join(Review, Review.id == ReviewVersion.review_id)
        .where(Review.contest_id == contest_id, ReviewVersion.number == 1, ReviewVersion.made_by_id.is_(None))
        .order_by(ReviewVersion.id)
        .execution_options(yield_per=500)
    )
    for row in rows:
        before = sealed.get(row.review_id)
        handed_in = before is not None and before[0] == "submitted" and row.review_id in touched
        if handed_in and before is not None and _version_hash(row.sheet) != before[3]:
            yield Offence("version", row.id, "is not the sheet that was sealed", _version_hash(row.sheet), before[3])


def _version_hash(sheet: Mapping[str, Any]) -> str:
    at = sheet.get("submitted_at")
    return sheet_hash(
        _Sheet(
            sheet.get("scores"),
            sheet.get("comments"),
            sheet.get("recommendation"),
            sheet.get("additional"),
            datetime.fromisoformat(at) if at else None,
            **further_of_version(sheet),
        )
    )


def _may_follow(sealed: str, status: str) -> bool:
    """Whether an application goes with its team's organisations: as a draft, or when it was withdrawn."""
    return sealed == "draft" or status == "withdrawn"


def _touched(session: Session, contest_id: int, start: Start, events: tuple[str, ...]) -> frozenset[int]:
    """The subjects of these events since the start: what they hold may be another by right."""
    rows = session.scalars(
        since(session, contest_id, start, JournalRecord.subject_id).where(JournalRecord.event.in_(events))
    )
    return frozenset(key for key in rows if key is not None)


def _clusters_touched(session: Session, contest_id: int, start: Start) -> frozenset[int]:
    return _touched(session, contest_id, start, TOUCHES_CLUSTER)
