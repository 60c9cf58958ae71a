"""The job that reminds experts by themselves, on the days that each contest has said."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.jobs.kind import Done, JobTask
from judging.models import Contest
from judging.queries.assignment.reminders import reminding_contests
from judging.services.assignment.reminder_schedule import remind_by_schedule
from judging.services.queue import SYSTEM


def work(task: JobTask) -> Done:
    """Write the letters in the transaction that ends the job."""
    tasks_url = f"{task.means.public_url}/reviews"

    def store(session: Session, now: datetime) -> None:
        for contest_id in reminding_contests(session):
            contest = session.get_one(Contest, contest_id)
            remind_by_schedule(session, contest, by=By(SYSTEM, now), tasks_url=tasks_url)

    return Done(store)
