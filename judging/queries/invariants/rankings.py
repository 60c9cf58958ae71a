"""Checks of frozen rankings: hashes, the ranking computed anew, what the journal says of them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.canonical import snapshot_hash
from judging.domain.errors import RuleViolation
from judging.domain.events import Event
from judging.domain.lifecycle import ContestStatus
from judging.domain.lifecycle.contest import RANKED
from judging.domain.ranking import ranking_document
from judging.models import Contest, JournalRecord, RankingSnapshot
from judging.queries.invariants.checks import Offence
from judging.queries.rankings import present_snapshot, stored_ranking


def false_hashes(session: Session) -> Iterator[Offence]:
    """Yield snapshots whose hash is not that of what they hold."""
    for stored in _snapshots(session):
        if snapshot_hash(stored.record, stored.ranking) != stored.sha256:
            yield Offence("snapshot", stored.id, stored.sha256)


def false_rankings(session: Session) -> Iterator[Offence]:
    """Yield snapshots whose ranking does not follow from the contest they hold."""
    for stored in _snapshots(session):
        try:
            record, ranking = stored_ranking(stored)
        except RuleViolation as refusal:
            yield Offence("snapshot", stored.id, str(refusal))
            continue
        if ranking_document(ranking, record.contest.rules.rounding) != stored.ranking:
            yield Offence("snapshot", stored.id)


def unexplained_snapshots(session: Session) -> Iterator[Offence]:
    """Yield snapshots of which the journal knows nothing, or another hash."""
    journal = {
        (row.contest_id, row.details.get("snapshot")): row.details.get("sha256")
        for row in session.execute(
            select(JournalRecord.contest_id, JournalRecord.details).where(JournalRecord.event == Event.RANKING_FROZEN)
        )
    }
    rows = session.execute(
        select(RankingSnapshot.id, RankingSnapshot.contest_id, RankingSnapshot.number, RankingSnapshot.sha256)
    )
    for row in rows:
        known = journal.get((row.contest_id, row.number))
        if known != row.sha256:
            yield Offence("snapshot", row.id, "no record of the freezing" if known is None else known)


def unfrozen(session: Session) -> Iterator[Offence]:
    """Yield contests with a frozen, approved or published ranking and no snapshot of it in force that says so."""
    for contest_id, status in session.execute(select(Contest.id, Contest.status).where(Contest.status.in_(RANKED))):
        stored = present_snapshot(session, contest_id)
        if stored is None:
            yield Offence("contest", contest_id, f"{status}: no snapshot in force")
        elif status != ContestStatus.RANKING_FROZEN and stored.approved_at is None:
            yield Offence("contest", contest_id, f"{status}: snapshot {stored.number} is not approved")


def _snapshots(session: Session) -> Iterator[RankingSnapshot]:
    """Yield every snapshot, one in memory at a time."""
    for key in session.scalars(select(RankingSnapshot.id).order_by(RankingSnapshot.id)).all():
        stored = session.get_one(RankingSnapshot, key)
        yield stored
        session.expunge(stored)
