"""The job that deletes expired rows: counters of attempts, request keys of forms, finished jobs."""

import time
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from judging.domain.jobs import JobState
from judging.jobs.kind import Done, JobTask
from judging.models import Job, RateHit, RequestKey

KEEP_REQUEST_KEYS = timedelta(days=7)
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)


def work(_task: JobTask) -> Done:
    """Delete the expired rows in the transaction that ends the job."""
    return Done(forget)


def forget(session: Session, now: datetime) -> None:
    """Delete the rows."""
    session.execute(delete(RateHit).where(RateHit.expires_at < time.time()))
    session.execute(delete(RequestKey).where(RequestKey.created_at < now - KEEP_REQUEST_KEYS))
    done = (Job.state == JobState.DONE) & (Job.finished_at < now - KEEP_DONE)
    failed = (Job.state == JobState.FAILED) & (Job.finished_at < now - KEEP_FAILED)
    session.execute(delete(Job).where(or_(done, failed)))
