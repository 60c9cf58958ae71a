"""Reports on the firmness of a ranking: asked for, worked out by a job, kept by their digest."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.firmness import Report, to_document
from judging.domain.jobs import JobKind, key_of
from judging.domain.lifecycle import INITIAL, Action, FirmnessStatus, Subject, advance
from judging.domain.parts import Part, split
from judging.models import Contest, FirmnessReport
from judging.queries.records import contest_record
from judging.services.calculations import held, note
from judging.services.holding import hold
from judging.services.queue import ask

KEPT = 3
"""So many reports of a contest are kept: for when marks are changed and changed back."""
INTERRUPTED = N_("The calculation was interrupted three times and has been given up. Ask for a new one.")
BROKEN = N_("The report could not be calculated: an error of the system, noted in its log. Ask for a new one.")


def request_report(session: Session, contest: Contest, *, by: By) -> FirmnessReport:
    """Queue a report on the contest as it will be when a worker takes it up; one that waits already is returned."""
    hold(session, contest.id)
    waiting = _waiting(session, contest.id)
    if waiting is not None:
        return waiting
    row = FirmnessReport(
        contest_id=contest.id,
        status=INITIAL[Subject.FIRMNESS].value,
        requested_by_id=by.actor.user_id,
        requested_by=by.actor.name,
        requested_at=by.now,
    )
    session.add(row)
    note(session, row, Event.FIRMNESS_REQUESTED, {}, by=by)
    ask(session, JobKind.FIRMNESS, {"report": row.id}, key=key_of(JobKind.FIRMNESS, row.id), by=by)
    return row


def load_task(session: Session, report_id: int) -> tuple[Part, ...]:
    """Read what the report is made from, nomination by nomination; empty where nobody waits for it any longer."""
    row = session.get(FirmnessReport, report_id)
    if row is None or row.status != FirmnessStatus.QUEUED:
        return ()
    return split(contest_record(session, row.contest_id))


def store_reports(session: Session, report_id: int, reports: Mapping[str | None, Report], *, by: By) -> bool:
    """Store a report on each part of the contest, by the code of its nomination, in place of those made from the same.

    The one that was asked for is the first; the others are rows of their own, asked for and made in the same instant.
    False, and nothing stored, where nobody waits for it.
    """
    row = held(session, FirmnessReport, report_id, FirmnessStatus.QUEUED)
    if row is None:
        return False
    unlike = {report.digest: (code, report) for code, report in reports.items()}
    _make_room(session, row, unlike)
    (code, report), *others = unlike.values()
    _finish(session, row, code, report, by)
    for code, report in others:
        other = FirmnessReport(
            contest_id=row.contest_id, status=INITIAL[Subject.FIRMNESS].value, requested_by_id=row.requested_by_id,
            requested_by=row.requested_by, requested_at=row.requested_at,
        )  # fmt: skip
        session.add(other)
        note(session, other, Event.FIRMNESS_REQUESTED, {}, by=by)
        _finish(session, other, code, report, by)
    return True


def _finish(session: Session, row: FirmnessReport, code: str | None, report: Report, by: By) -> None:
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.FINISH).value
    row.finished_at = by.now
    row.nomination, row.digest, row.document = code, report.digest, to_document(report)
    details = {"sha256": report.digest, "applications": len(report.projects), "experts": len(report.experts)}
    note(session, row, Event.FIRMNESS_MADE, details, by=by)


def give_up(session: Session, report_id: int, *, interrupted: bool, attempts: int, by: By) -> None:
    """After the last attempt: say so on the report, where somebody still waits for it."""
    row = held(session, FirmnessReport, report_id, FirmnessStatus.QUEUED)
    if row is None:
        return
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.FAIL).value
    row.finished_at, row.error = by.now, INTERRUPTED if interrupted else BROKEN
    note(session, row, Event.FIRMNESS_FAILED, {"attempts": attempts}, by=by)


def revive(session: Session, report_id: int, *, by: By) -> bool:
    """Let a report that was given up wait again; False where it is gone, or a newer one was asked for."""
    row = held(session, FirmnessReport, report_id, FirmnessStatus.FAILED)
    if row is None or _waiting(session, row.contest_id) is not None:
        return False
    row.status = advance(Subject.FIRMNESS, FirmnessStatus(row.status), Action.RETRY).value
    row.finished_at, row.error = None, None
    note(session, row, Event.FIRMNESS_RETRIED, {}, by=by)
    return True


def _waiting(session: Session, contest_id: int) -> FirmnessReport | None:
    """The report of the contest that waits for its calculation."""
    return session.scalar(
        select(FirmnessReport).where(
            FirmnessReport.contest_id == contest_id, FirmnessReport.status == FirmnessStatus.QUEUED
        )
    )


def _make_room(session: Session, row: FirmnessReport, digests: Collection[str]) -> None:
    """Delete what the new reports replace: those of the same digests, failures, and all but the newest few."""
    others = select(FirmnessReport.id).where(
        FirmnessReport.contest_id == row.contest_id, FirmnessReport.id != row.id
    )  # fmt: skip
    ready = others.where(FirmnessReport.status == FirmnessStatus.READY, FirmnessReport.digest.not_in(digests))
    kept = session.scalars(ready.order_by(FirmnessReport.id.desc()).limit((KEPT - 1) * len(digests))).all()
    doomed = others.where(FirmnessReport.id.not_in(kept)).where(
        or_(FirmnessReport.status == FirmnessStatus.READY, FirmnessReport.status == FirmnessStatus.FAILED)
    )
    session.execute(
        delete(FirmnessReport).where(FirmnessReport.id.in_(session.scalars(doomed).all())),
        execution_options={"synchronize_session": False},
    )
