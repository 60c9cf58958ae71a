"""What an administrator does about a job that failed: has it tried again, which the journal keeps."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.events import Event
from judging.domain.jobs import OPEN, JobState
from judging.jobs.kind import NotRepeatable
from judging.jobs.kinds import KINDS
from judging.models import Job
from judging.services import queue
from judging.services.audit import record


def retry_job(session: Session, job_id: int, *, by: By) -> None:
    """Have a failed job tried again, with all its attempts before it; in the caller's transaction.

    One that waits or is being done stays so. Raises ``NotRepeatable`` where nothing waits for it any longer.
    """
    job = session.get_one(Job, job_id)
    kind = KINDS.get(job.kind)
    if job.state in OPEN:
        return
    if kind is None or job.state != JobState.FAILED:
        raise NotRepeatable
    recorded = kind.revived(session, job.args, by)
    _set_back(session, job)
    if not recorded:
        details = {"kind": job.kind, "key": job.key}
        record(session, Event.JOB_RETRIED, by=by, subject=job, label=job.key or "", details=details)


def _set_back(session: Session, job: Job) -> None:
    """Make the job due; who is second at the same moment is told."""
    state = session.scalar(select(Job.state).where(Job.id == job.id).with_for_update())
    if state != JobState.FAILED or not queue.renewed(session, job.id):
        raise NotRepeatable
