"""What runs beside the requests: the registry of its kinds, and the worker that does it in short transactions."""

from sqlalchemy import select

from judging.domain.jobs import JobKind, key_of
from judging.extensions import db
from judging.jobs.documents import sweep_files
from judging.jobs.heart import Pace
from judging.jobs.kind import Clock, Kind, Means, NotRepeatable, utc_now
from judging.jobs.kinds import KINDS
from judging.jobs.retrying import retry_job
from judging.jobs.worker import Ended, Worker
from judging.models import Job
from judging.models.engine import reading

__all__ = [
    "KINDS", "Ended", "Kind", "Means", "NotRepeatable", "Pace", "Worker", "retry_job", "run_plan", "sweep_files",
]  # fmt: skip


def run_plan(plan_id: int, *, clock: Clock = utc_now) -> bool:
    """Work out this queued plan here and now (after the commit of its request); False where another worker has it."""
    with reading(), db.sessionmaker() as session:
        job_id = session.scalar(select(Job.id).where(Job.key == key_of(JobKind.PLANS, plan_id)))
        session.rollback()
    worker = Worker({JobKind.PLANS: KINDS[JobKind.PLANS]}, db.sessionmaker, Means(), clock=clock)
    return job_id is not None and worker.run(job_id) is not None
