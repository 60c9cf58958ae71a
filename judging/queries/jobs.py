"""Reading what runs beside the requests: how far one job is, and the lists of them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from judging.domain.jobs import JobKind, JobState
from judging.models import Job
from judging.queries.paging import TALL_PER_PAGE, Page, windowed

UNFINISHED = (JobState.RUNNING, JobState.WAITING, JobState.FAILED)


@dataclass(frozen=True)
class JobProgress:
    """How far a job is; what nobody has taken up yet, or is long over, stands at nought."""

    state: JobState | None = None
    attempt: int = 0
    done: int = 0
    of: int = 0
    run_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether a worker has it in hand."""
        return self.state is JobState.RUNNING


@dataclass(frozen=True)
class JobFilter:
    """What the list is narrowed to; no ``state``: all but what is done."""

    state: JobState | None = None
    kind: JobKind | None = None
    page: int = 1


def progress_of_job(session: Session, key: str) -> JobProgress:
    """How far the job with this key is."""
    row = session.execute(
        select(Job.state, Job.attempt, Job.progress_done, Job.progress_total, Job.run_at).where(Job.key == key)
    ).first()
    return JobProgress() if row is None else JobProgress(JobState(row.state), *row[1:])


def job_of(session: Session, key: str) -> Job | None:
    """The job with this key; None where none was asked for, or it is forgotten."""
    found: Job | None = session.scalar(select(Job).where(Job.key == key))
    return found


def asked_by(session: Session, key: str, user_id: int | None) -> Job | None:
    """The job with this key as it now is, where this person asked for it."""
    wanted = select(Job).where(Job.key == key, Job.asked_by_id == user_id)
    return session.scalar(wanted.execution_options(populate_existing=True))


def jobs_page(session: Session, wanted: JobFilter) -> Page[Job]:
    """One page of jobs: what is being done first, then what waits, then what failed; the newest of each first."""
    conditions: list[Any] = [Job.state == wanted.state] if wanted.state else [Job.state.in_(UNFINISHED)]
    if wanted.kind:
        conditions.append(Job.kind == wanted.kind)
    total = session.scalar(select(func.count()).select_from(Job).where(*conditions)) or 0
    order = case({state.value: place for place, state in enumerate(UNFINISHED)}, value=Job.state, else_=3)
    found = select(Job).where(*conditions).order_by(order, Job.id.desc())
    rows = session.scalars(windowed(found, wanted.page, total, TALL_PER_PAGE)).all()
    return Page(rows, wanted.page, total, TALL_PER_PAGE)


def counts(session: Session) -> Mapping[JobState, int]:
    """How many jobs there are in each state."""
    rows = session.execute(select(Job.state, func.count().label("number")).group_by(Job.state))
    found = {row.state: row.number for row in rows}
    return {state: found.get(state.value, 0) for state in JobState}
