"""Reports on the firmness of rankings: read in one short transaction, worked out outside any, stored in another."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobCode
from judging.jobs.kind import Done, JobTask, Mishap, NotRepeatable, Unwanted
from judging.queries.firmness import compute_report
from judging.services import firmness
from judging.services.queue import SYSTEM


def work(task: JobTask) -> Done:
    """Work one report out."""
    report_id = task.args["report"]
    with task.reading() as session:
        parts = firmness.load_task(session, report_id)
    if not parts:
        raise Unwanted
    reports = {
        part.code: compute_report(part.record, partial(_part_done, task, place, len(parts)))
        for place, part in enumerate(parts)
    }

    def store(session: Session, now: datetime) -> None:
        if not firmness.store_reports(session, report_id, reports, by=By(SYSTEM, now)):
            raise Unwanted

    return Done(store)


def _part_done(task: JobTask, place: int, parts: int, done: int, of: int) -> None:
    """Tell how much of all is done where some parts are over and ``done`` of this one."""
    task.progress(place * of + done, parts * of)


def noted(session: Session, mishap: Mishap, now: datetime) -> None:
    """After the last attempt the report says that it was given up."""
    if mishap.final:
        interrupted = mishap.code is JobCode.INTERRUPTED
        firmness.give_up(
            session, mishap.args["report"], interrupted=interrupted, attempts=mishap.attempt, by=By(SYSTEM, now)
        )


def revived(session: Session, args: Mapping[str, Any], by: By) -> bool:
    """Let the report wait again, unless a newer one was asked for."""
    if not firmness.revive(session, args["report"], by=by):
        raise NotRepeatable
    return True
