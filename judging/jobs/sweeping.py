"""The job that ends what has had its time: counters of attempts, request keys, finished jobs, returns."""

import time
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobState
from judging.jobs.kind import Done, JobTask
from judging.models import Job, RateHit, RequestKey
from judging.services.applications.returns import end_expired_returns
from judging.services.queue import SYSTEM

KEEP_REQUEST_KEYS = timedelta(days=7)
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)


def work(_task: JobTask) -> Done:
    """Delete the expired rows in the transaction that ends the job."""
    return Done(forget)


def forget(session: Session, now: datetime) -> None:
    """Delete the rows, and end the returns for correction whose time is over."""
    session.execute(delete(RateHit).where(RateHit.expires_at < time.time()))
    session.execute(delete(RequestKey).where(RequestKey.created_at < now - KEEP_REQUEST_KEYS))
    done = (Job.state == JobState.DONE) & (Job.finished_at < now - KEEP_DONE)
    failed = (Job.state == JobState.FAILED) & (Job.finished_at < now - KEEP_FAILED)
    session.execute(delete(Job).where(or_(done, failed)))
    end_expired_returns(session, by=By(SYSTEM, now))
