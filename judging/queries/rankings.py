"""Reading what a ranking page shows: the computed ranking's context, what is pending, snapshots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_document
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.lifecycle.application import OUT
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.ranking import Ranking, rank, ranking_document
from judging.domain.record import ContestRecord, without_drafts
from judging.models import Application, Nomination, RankingSnapshot, Review, User
from judging.queries.assignment.places import not_barred
from judging.queries.records import contest_record


@dataclass(frozen=True)
class Pending:
    """What is not finished: applications without a decision, reviews of admitted ones not handed in."""

    undecided: int
    open_reviews: int


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot in the list of a contest's snapshots; names are of people, None for the console."""

    number: int
    sha256: str
    made_at: datetime
    made_by: str | None
    approved_at: datetime | None
    approved_by: str | None
    published_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str | None


def compute_ranking(session: Session, contest_id: int) -> tuple[ContestRecord, Ranking]:
    """Read the whole contest and rank it."""
    record = contest_record(session, contest_id)
    return record, rank(record)


def pending(session: Session, contest_id: int) -> Pending:
    """Count what is not finished."""
    undecided = session.scalar(
        select(func.count()).where(
            Application.contest_id == contest_id, Application.status == ApplicationStatus.SUBMITTED
        )
    )
    open_reviews = session.scalar(
        select(func.count())
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.contest_id == contest_id,
            Application.status == ApplicationStatus.ADMITTED,
            Review.status.in_(UNFINISHED),
            not_barred(),
        )
    )
    return Pending(undecided or 0, open_reviews or 0)


def without_nomination(session: Session, contest_id: int) -> int:
    """Count the numbered applications that are in no nomination of a contest that has some."""
    some = select(Nomination.id).where(Nomination.contest_id == contest_id).exists()
    query = select(func.count()).where(
        Application.contest_id == contest_id,
        Application.number.is_not(None),
        Application.nomination_id.is_(None),
        some,
    )
    return session.scalar(query) or 0


def application_ids(session: Session, contest_id: int) -> Mapping[str, int]:
    """The ids of a contest's numbered applications by number, for links."""
    rows = session.execute(
        select(Application.number, Application.id).where(
            Application.contest_id == contest_id, Application.number.is_not(None)
        )
    )
    return {str(row.number): row.id for row in rows}


def next_number(session: Session, contest_id: int) -> int:
    """The number of the next snapshot, as long as the contest is held."""
    last = session.scalar(select(func.max(RankingSnapshot.number)).where(RankingSnapshot.contest_id == contest_id))
    return (last or 0) + 1


def present_snapshot(session: Session, contest_id: int) -> RankingSnapshot | None:
    """The snapshot in force: the newest that was not revoked."""
    return session.scalar(
        select(RankingSnapshot)
        .where(RankingSnapshot.contest_id == contest_id, RankingSnapshot.revoked_at.is_(None))
        .order_by(RankingSnapshot.number.desc())
        .limit(1)
    )


def snapshot(session: Session, contest_id: int, number: int) -> RankingSnapshot | None:
    """One snapshot by its number."""
    return session.scalar(
        select(RankingSnapshot).where(RankingSnapshot.contest_id == contest_id, RankingSnapshot.number == number)
    )


def snapshots(session: Session, contest_id: int) -> Sequence[SnapshotRow]:
    """Every snapshot of a contest without its contents, newest first."""
    made, approved = User.__table__.alias("made"), User.__table__.alias("approved")
    item = RankingSnapshot
    rows = session.execute(
        select(
            item.number, item.sha256, item.made_at, made.c.name.label("made_by"), item.approved_at,
            approved.c.name.label("approved_by"), item.published_at, item.revoked_at, item.revoked_reason,
        )
        .outerjoin(made, made.c.id == item.made_by_id)
        .outerjoin(approved, approved.c.id == item.approved_by_id)
        .where(item.contest_id == contest_id)
        .order_by(item.number.desc())
    )  # fmt: skip
    return [SnapshotRow(**row._mapping) for row in rows]


@dataclass(frozen=True)
class Outside:
    """A rejected or withdrawn application."""

    number: str
    title: str
    status: str
    reason: str | None
    clause: str | None
    decided_at: datetime | None


def outside(session: Session, contest_id: int) -> Sequence[Outside]:
    """Every numbered application that is not ranked because it was rejected or withdrawn, by number."""
    item = Application
    rows = session.execute(
        select(item.number, item.title, item.status, item.decision_reason, item.decision_clause, item.decided_at)
        .where(item.contest_id == contest_id, item.number.is_not(None), item.status.in_(OUT))
        .order_by(item.number)
    )
    return [Outside(str(row[0]), *row[1:]) for row in rows]


def stored_ranking(stored: RankingSnapshot) -> tuple[ContestRecord, Ranking]:
    """The contest and the ranking of a snapshot, ranked anew from its archive.

    Snapshots of earlier versions of the program hold sheets that were not handed in; they are left out here.
    """
    record = without_drafts(read_document(stored.record))
    return record, rank(record)


def differs(stored: RankingSnapshot, ranking: Ranking, rounding: int) -> bool:
    """Whether the present ranking is another than the snapshot's."""
    return ranking_document(ranking, rounding) != stored.ranking
