"""Freezing, approving and publishing a ranking: a numbered, hashed copy that never changes.

Source of the habit: ICPC contest systems keep «freeze» and «finalise» apart, and print certificates from the frozen
board alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import to_document
from judging.domain.access import By, may_approve
from judging.domain.canonical import snapshot_hash as snapshot_hash
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.lifecycle import Action, ContestStatus, Subject, advance
from judging.domain.ranking import Needs, Ranking, ranking_document
from judging.models import Contest, RankingSnapshot
from judging.queries import extensions
from judging.queries import rankings as queries
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold

ATTEMPTS = 3
"""How often a ranking that moves while it is frozen is computed."""


class Blocked(Refused):
    """The ranking cannot be frozen yet; every fault is a blocker, its path the name of a list to look at."""


class SamePerson(RuleViolation):
    """Whoever froze the ranking may not approve it."""


class Moved(RuleViolation):
    """Something that moves the ranking was recorded after it was computed: it has to be computed again."""


@dataclass(frozen=True)
class Prepared:
    """A ranking computed before anything is locked, as it will be stored; ``revision``: of the contest at that time."""

    revision: int
    ranking: Ranking
    archive: Mapping[str, Any]
    document: Mapping[str, Any]
    sha256: str


def prepare_snapshot(session: Session, contest_id: int) -> Prepared:
    """Compute the ranking as it is now, with its archive and hash. Reads only: seconds for a large contest."""
    revision = session.scalars(select(Contest.ranking_revision).where(Contest.id == contest_id)).one()
    record, ranking = queries.compute_ranking(session, contest_id)
    archive, document = to_document(record), ranking_document(ranking, record.contest.rules.rounding)
    return Prepared(revision, ranking, archive, document, snapshot_hash(archive, document))


def freeze_ranking(session: Session, contest: Contest, computed: Prepared, *, version: int, by: By) -> RankingSnapshot:
    """Store a ranking as the contest's next snapshot; the contest is held, so that nothing moves it meanwhile.

    Raises :class:`Blocked` with every blocker, :class:`Moved` where the ranking is another one than was computed.
    """
    contest = hold(session, contest.id)
    check_version(contest, version)
    status = advance(Subject.CONTEST, ContestStatus(contest.status), Action.FREEZE_RANKING)
    if contest.ranking_revision != computed.revision:
        raise Moved(N_("The ranking changes at this very moment. Nothing was frozen: look at it and freeze it again."))
    faults = tuple(blockers(session, contest, computed.ranking, by.now))
    if faults:
        raise Blocked(faults, N_("The ranking cannot be frozen yet"))
    contest.status = status
    snapshot = RankingSnapshot(
        contest_id=contest.id,
        number=queries.next_number(session, contest.id),
        record=computed.archive,
        ranking=computed.document,
        sha256=computed.sha256,
        made_at=by.now,
        made_by_id=by.actor.user_id,
    )
    session.add(snapshot)
    _record(session, Event.RANKING_FROZEN, contest, snapshot, by=by)
    return snapshot


def compute_and_freeze(
    session: Session,
    contest_id: int,
    *,
    version: int,
    by: By,
    write: Callable[[], None],
    read: Callable[[], None],
) -> RankingSnapshot:
    """Compute the ranking while nothing is locked, then lock and store it.

    ``write`` begins the caller's write transaction, ``read`` gives it up. Where something that moves the ranking was
    recorded in between, it is computed once more, up to :data:`ATTEMPTS` times; then :class:`Moved` is raised.
    """
    for attempt in range(ATTEMPTS):
        computed = prepare_snapshot(session, contest_id)
        write()
        contest = session.get_one(Contest, contest_id)
        try:
            return freeze_ranking(session, contest, computed, version=version, by=by)
        except Moved:
            if attempt == ATTEMPTS - 1:
                raise
            read()
    raise AssertionError


def blockers(session: Session, contest: Contest, ranking: Ranking, now: datetime) -> Iterator[Fault]:
    """Name everything that keeps the ranking from being final at ``now``.

    Paths: ``applications``, ``reviews``, ``extensions``, ``ranking``.
    """
    pending = queries.pending(session, contest.id)
    if pending.undecided:
        yield Fault("applications", N_("Applications without a decision: %(count)s"), {"count": pending.undecided})
    if pending.open_reviews:
        yield Fault("reviews", N_("Reviews not handed in: %(count)s"), {"count": pending.open_reviews})
    homeless = queries.without_nomination(session, contest.id)
    if homeless:
        yield Fault("applications", N_("Applications without a nomination: %(count)s"), {"count": homeless})
    if extended := extensions.open_for_drafts(session, contest.id, now):
        message = N_("Applications that may still be submitted by an extension: %(count)s")
        yield Fault("extensions", message, {"count": extended})
    awaiting = [row.number for row in ranking.rows if row.needs is Needs.PANEL]
    if awaiting:
        params = {"count": len(awaiting), "numbers": ", ".join(awaiting[:5])}
        yield Fault("ranking", N_("Applications that await the panel's decision: %(count)s (%(numbers)s)"), params)
    unfinished = [row.number for row in ranking.rows if row.needs not in (None, Needs.PANEL)]
    if unfinished:
        params = {"count": len(unfinished), "numbers": ", ".join(unfinished[:5])}
        yield Fault("ranking", N_("Applications that need more reviews: %(count)s (%(numbers)s)"), params)
    if not ranking.rows:
        yield Fault("ranking", N_("No application is admitted: there is nothing to rank"))


def unfreeze_ranking(session: Session, contest: Contest, *, version: int, reason: str, by: By) -> RankingSnapshot:
    """Open a frozen, not yet approved ranking again; the snapshot stays with the reason."""
    contest = hold(session, contest.id)
    check_version(contest, version)
    contest.status = advance(Subject.CONTEST, ContestStatus(contest.status), Action.UNFREEZE_RANKING, reason=reason)
    snapshot = _present(session, contest)
    snapshot.revoked_at, snapshot.revoked_reason = by.now, reason.strip()
    _record(session, Event.RANKING_UNFROZEN, contest, snapshot, by=by, reason=reason.strip())
    return snapshot


def approve_ranking(session: Session, contest: Contest, *, version: int, words: str, by: By) -> RankingSnapshot:
    """Approve the frozen ranking, by another person than the one who froze it (two persons)."""
    contest = hold(session, contest.id)
    check_version(contest, version)
    contest.status = advance(Subject.CONTEST, ContestStatus(contest.status), Action.APPROVE_RANKING)
    snapshot = _present(session, contest)
    if not may_approve(snapshot.made_by_id, by.actor):
        raise SamePerson(N_("You froze this ranking yourself: another person has to approve it."))
    snapshot.approved_at, snapshot.approved_by_id = by.now, by.actor.user_id
    snapshot.approval_words = words.strip() or None
    _record(session, Event.RANKING_APPROVED, contest, snapshot, by=by, words=words.strip())
    return snapshot


def publish_results(session: Session, contest: Contest, *, version: int, by: By) -> RankingSnapshot:
    """Show the approved ranking to everybody."""
    contest = hold(session, contest.id)
    check_version(contest, version)
    contest.status = advance(Subject.CONTEST, ContestStatus(contest.status), Action.PUBLISH_RESULTS)
    snapshot = _present(session, contest)
    snapshot.published_at = by.now
    _record(session, Event.RESULTS_PUBLISHED, contest, snapshot, by=by)
    return snapshot


def _present(session: Session, contest: Contest) -> RankingSnapshot:
    snapshot = queries.present_snapshot(session, contest.id)
    if snapshot is None:
        raise RuleViolation(N_("This contest has no frozen ranking."))
    return snapshot


def _record(
    session: Session,
    event: Event,
    contest: Contest,
    snapshot: RankingSnapshot,
    *,
    by: By,
    **details: str,
) -> None:
    facts = {"snapshot": snapshot.number, "sha256": snapshot.sha256, **details}
    record(session, event, by=by, subject=contest, label=contest.code, contest_id=contest.id, details=facts)
