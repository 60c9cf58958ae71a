"""The reports of a contest that are kept, and the one that is being worked out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, undefer

from judging.domain.firmness import Report, from_document
from judging.domain.jobs import JobKind, key_of
from judging.domain.lifecycle import FirmnessStatus
from judging.domain.ranking import Ranking
from judging.models import FirmnessReport
from judging.queries.firmness.digests import digest_of
from judging.queries.jobs import JobProgress, progress_of_job
from judging.queries.records import contest_record


@dataclass(frozen=True)
class Kept:
    """A stored report: when it was made and for whom."""

    id: int
    report: Report
    made_at: datetime
    requested_by: str


@dataclass(frozen=True)
class Calculation:
    """Where the calculation that was asked for last is; ``error`` is an English sentence, a key of a translation."""

    id: int
    status: FirmnessStatus
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    error: str | None
    job: JobProgress

    @property
    def open(self) -> bool:
        """Whether it waits or is under way."""
        return self.status is FirmnessStatus.QUEUED


def counted_reviews(ranking: Ranking) -> int:
    """Count the reviews that the ranking rests on."""
    return sum(len(row.counted) for row in ranking.rows)


def present_digest(session: Session, contest_id: int) -> str:
    """The digest of the contest as it is now; who has its record at hand calls ``digest_of`` on that."""
    return digest_of(contest_record(session, contest_id))


def stored_report(session: Session, contest_id: int, digest: str) -> Kept | None:
    """The report made from exactly this."""
    return _kept(session, contest_id, FirmnessReport.digest == digest)


def newest_report(session: Session, contest_id: int, nomination: str | None = None) -> Kept | None:
    """The report on a nomination (None: on the whole contest) made last, whatever has changed: its digest tells."""
    return _kept(session, contest_id, FirmnessReport.nomination.is_not_distinct_from(nomination))


def made_at(session: Session, contest_id: int, digest: str) -> datetime | None:
    """When the kept report made from exactly this was finished; None where there is none."""
    return session.scalar(
        select(FirmnessReport.finished_at).where(
            FirmnessReport.contest_id == contest_id,
            FirmnessReport.digest == digest,
            FirmnessReport.status == FirmnessStatus.READY,
        )
    )


def latest_calculation(session: Session, contest_id: int) -> Calculation | None:
    """The calculation that was asked for last."""
    row = session.execute(
        select(
            FirmnessReport.id, FirmnessReport.status, FirmnessReport.requested_by, FirmnessReport.requested_at,
            FirmnessReport.finished_at, FirmnessReport.error,
        )
        .where(FirmnessReport.contest_id == contest_id)
        .order_by(FirmnessReport.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    job = progress_of_job(session, key_of(JobKind.FIRMNESS, row.id))
    return Calculation(
        row.id, FirmnessStatus(row.status), row.requested_by, row.requested_at, row.finished_at, row.error, job
    )


def _kept(session: Session, contest_id: int, wanted: ColumnElement[bool]) -> Kept | None:
    query = (
        select(FirmnessReport)
        .where(FirmnessReport.contest_id == contest_id, FirmnessReport.status == FirmnessStatus.READY, wanted)
        .order_by(FirmnessReport.id.desc())
        .options(undefer(FirmnessReport.document))
        .limit(1)
    )
    row = session.scalar(query)
    if row is None or row.document is None or row.finished_at is None:
        return None
    report = _read(row.document)
    return None if report is None else Kept(row.id, report, row.finished_at, row.requested_by)


def _read(document: dict[str, Any]) -> Report | None:
    """Read a stored report; None where another version of the program wrote it in another way."""
    try:
        return from_document(document)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return None
