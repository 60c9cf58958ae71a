"""The time of open changes follows the close: whoever moves the dates of a contest moves it too."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, Contest, SubmissionReturn
from judging.models.submissions import TEAM
from judging.queries.extensions import time_to_change


def follow_the_close(session: Session, contest: Contest, now: datetime) -> None:
    """Let what teams of the contest are changing be taken until its present close; the caller holds the contest."""
    rows = session.execute(
        select(SubmissionReturn, Application)
        .join(Application, Application.id == SubmissionReturn.application_id)
        .where(Application.contest_id == contest.id)
        .where(SubmissionReturn.kind == TEAM, SubmissionReturn.closed_at.is_(None))
        .order_by(SubmissionReturn.id)
    )
    for row, application in rows.all():
        row.until = time_to_change(session, application, now)
