"""Reports on the firmness of a ranking: asked for, worked out by a worker under a claim, kept by their digest."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.errors import N_
from judging.domain.firmness import Report, to_document
from judging.domain.lifecycle import INITIAL, Action, FirmnessStatus, Subject, advance
from judging.domain.record import ContestRecord
from judging.models import Contest, FirmnessReport
from judging.queries.records import contest_record
from judging.services import claims
from judging.services.audit import Event, record
from judging.services.claims import MOST_ATTEMPTS, SYSTEM, Claim
from judging.services.holding import hold

KEPT = 3
"""So many reports of a contest are kept: for when marks are changed and changed back."""
INTERRUPTED = N_("The calculation was interrupted three times and has been given up. Ask for a new one.")
BROKEN = N_("The report could not be calculated: an error of the system, noted in its log. Ask for a new one.")


def request_report(session: Session, contest: Contest, *, actor: Actor, now: datetime) -> FirmnessReport:
    """Queue a report on the contest as it will be when a worker takes it up; one that waits already is returned."""
    hold(session, contest.id)
    waiting = session.scalar(
        select(FirmnessReport).where(
            FirmnessReport.contest_id == contest.id,
            FirmnessReport.status.in_((FirmnessStatus.QUEUED, FirmnessStatus.RUNNING)),
        )
    )
    if waiting is not None:
        return waiting
    row = FirmnessReport(
        contest_id=contest.id,
        status=INITIAL[Subject.FIRMNESS].value,
        requested_by_id=actor.user_id,
        requested_by=actor.name,
        requested_at=now,
    )
    session.add(row)
    _note(session, Event.FIRMNESS_REQUESTED, row, {}, actor=actor, now=now)
    return row


def claim_report(session: Session, *, now: datetime) -> Claim | None:
    """Take the oldest due report for this worker alone; None where there is none.

    Reports whose lease has ended for the last time are given up.
    """
    for row in claims.exhausted(session, FirmnessReport, now=now):
        _fail(session, row, INTERRUPTED, now)
    return claims.take(session, FirmnessReport, now=now)


def load_task(session: Session, claim: Claim) -> ContestRecord:
    """Read what the claimed report is made from."""
    row = session.get_one(FirmnessReport, claim.id)
    return contest_record(session, row.contest_id)


def waits(session: Session, *, now: datetime) -> bool:
    """Whether there is a report to claim or to give up: a read, for workers that look often."""
    return claims.any_waits(session, FirmnessReport, now=now)


def renew_claim(session: Session, claim: Claim, *, done: int, of: int, now: datetime) -> bool:
    """Prolong the lease and note the progress; False where the claim is lost, and the work is to be given up."""
    return claims.renew(session, FirmnessReport, claim, done=done, of=of, now=now)


def store_report(session: Session, claim: Claim, report: Report, *, now: datetime) -> bool:
    """Store the report in place of one made from the same; False, and nothing stored, where the claim is lost."""
    row = claims.held(session, FirmnessReport, claim)
    if row is None:
        return False
    _make_room(session, row, report.digest)
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.FINISH).value
    claims.let_go(row)
    row.finished_at, row.phases_done = now, row.phases
    row.digest, row.document = report.digest, to_document(report)
    details = {"sha256": report.digest, "applications": len(report.projects), "experts": len(report.experts)}
    _note(session, Event.FIRMNESS_MADE, row, details, actor=SYSTEM, now=now)
    return True


def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """After an error: let the report be tried again, or give it up after the last attempt."""
    row = claims.held(session, FirmnessReport, claim)
    if row is None:
        return
    if row.attempts >= MOST_ATTEMPTS:
        _fail(session, row, BROKEN, now)
        return
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.RELEASE).value
    claims.let_go(row)


def _make_room(session: Session, row: FirmnessReport, digest: str) -> None:
    """Delete what the new report replaces: that of the same digest, failures, and all but the newest few."""
    others = select(FirmnessReport.id).where(
        FirmnessReport.contest_id == row.contest_id, FirmnessReport.id != row.id
    )  # fmt: skip
    ready = others.where(FirmnessReport.status == FirmnessStatus.READY, FirmnessReport.digest != digest)
    kept = session.scalars(ready.order_by(FirmnessReport.id.desc()).limit(KEPT - 1)).all()
    doomed = others.where(FirmnessReport.id.not_in(kept)).where(
        or_(FirmnessReport.status == FirmnessStatus.READY, FirmnessReport.status == FirmnessStatus.FAILED)
    )
    session.execute(
        delete(FirmnessReport).where(FirmnessReport.id.in_(session.scalars(doomed).all())),
        execution_options={"synchronize_session": False},
    )


def _fail(session: Session, row: FirmnessReport, error: str, now: datetime) -> None:
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.FAIL).value
    claims.let_go(row)
    row.finished_at, row.error = now, error
    _note(session, Event.FIRMNESS_FAILED, row, {"attempts": row.attempts}, actor=SYSTEM, now=now)


def _note(
    session: Session, event: Event, row: FirmnessReport, details: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    contest = session.get_one(Contest, row.contest_id)
    record(
        session,
        event,
        actor=actor,
        now=now,
        subject=row,
        label=contest.title,
        contest_id=contest.id,
        details=details,
    )
