"""What uploads take up, and which replaced files may be cleared."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from judging.domain.quotas import Usage
from judging.models import Application, Document, Submission

HOUR = timedelta(hours=1)


def usage_of(session: Session, *, contest_id: int, team_id: int | None, user_id: int | None, now: datetime) -> Usage:
    """Return what a team and its contest hold, and what a person has uploaded within the last hour."""
    size = func.coalesce(func.sum(Document.size), 0)
    own = func.coalesce(func.sum(Document.size).filter(Application.team_id == team_id), 0)
    held = session.execute(
        select(own, size).join(Document.application).where(Application.contest_id == contest_id, _held())
    ).one()
    recent = session.execute(
        select(func.count(), size).where(Document.uploaded_by_id == user_id, Document.uploaded_at > now - HOUR)
    ).one()
    return Usage(int(held[0]), int(held[1]), int(recent[0]), int(recent[1]))


def team_usage(session: Session, application: Application) -> int:
    """Return the bytes that the application's team holds in its contest."""
    total = session.scalar(
        select(func.coalesce(func.sum(Document.size), 0))
        .join(Document.application)
        .where(Application.contest_id == application.contest_id, Application.team_id == application.team_id, _held())
    )
    return int(total or 0)


def sweepable(session: Session, *, removed_before: datetime) -> Sequence[Document]:
    """Return the files whose bytes may be cleared, in order.

    They were replaced or removed before that instant, and before their application was submitted; no submission of it
    names them, whatever the clock said; something newer came into the same place of the application; and nothing else
    names the same bytes.
    """
    later, other = aliased(Document), aliased(Document)
    succeeded = exists().where(
        later.application_id == Document.application_id, later.slot == Document.slot, later.id > Document.id
    )
    never_handed_in = or_(Application.submitted_at.is_(None), Document.removed_at <= Application.submitted_at)
    found = session.scalars(
        select(Document)
        .join(Document.application)
        .options(contains_eager(Document.application))
        .where(_held(), Document.removed_at < removed_before, never_handed_in, succeeded)
        .order_by(Document.id)
    ).all()
    named_in = submitted_hashes(session, {file.application_id for file in found if file.application.submitted_at})
    candidates = [file for file in found if (file.application_id, file.sha256) not in named_in]
    ids = {file.id for file in candidates}
    keys = {file.storage_key for file in candidates}
    named = session.execute(select(other.id, other.storage_key).where(other.swept_at.is_(None)))
    wanted = {key for ident, key in named if key in keys and ident not in ids}
    return [file for file in candidates if file.storage_key not in wanted]


def submitted_hashes(session: Session, application_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return by application the hashes of the files that its submissions name."""
    columns = select(Submission.application_id, Submission.document["documents"])
    rows = session.execute(columns.where(Submission.application_id.in_(application_ids)))
    return {(application_id, file["sha256"]) for application_id, files in rows for file in files}


def cleared_keys(session: Session, *, since: datetime) -> list[str]:
    """Return the keys of what was swept since that instant and is named by nothing else."""
    other = aliased(Document)
    named = exists().where(other.storage_key == Document.storage_key, other.swept_at.is_(None))
    query = select(Document.storage_key).where(and_(Document.swept_at >= since, ~named)).distinct()
    return list(session.scalars(query.order_by(Document.storage_key)))


def named_keys(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Return those of the keys that a file which is kept names."""
    query = select(Document.storage_key).where(Document.storage_key.in_(keys), _held())
    return frozenset(session.scalars(query))


def _held() -> ColumnElement[bool]:
    return Document.swept_at.is_(None)
