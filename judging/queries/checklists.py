"""The formal check of one application: its points, what the machine sees, and what the staff have marked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.forms.checklist import Hint, Verdict, hints, submitted_look
from judging.models import Application, CheckMark, Submission, User
from judging.models.base import table_of
from judging.queries.answers import circumstances_of
from judging.queries.extensions import time_to_submit
from judging.queries.submissions import last_submitted


@dataclass(frozen=True)
class Mark:
    """What a person said of a point; ``document_id`` is the file that shows it."""

    verdict: Verdict
    remark: str
    document_id: int | None
    marked_at: datetime
    marked_by: str


@dataclass(frozen=True)
class CheckedPoint:
    """A point with the machine's hint and the staff's mark, None where there is none yet."""

    hint: Hint
    mark: Mark | None


def checklist_of(session: Session, application: Application) -> tuple[CheckedPoint, ...]:
    """Return the points of the application's form, in their order; a point of an earlier form is not among them."""
    marks = marks_of(session, application.id, last_submission(session, application.id))
    return tuple(CheckedPoint(hint, marks.get(hint.point.code)) for hint in hints_of(session, application))


def hints_of(session: Session, application: Application) -> tuple[Hint, ...]:
    """Return what the machine sees of every point in what was submitted last."""
    last = last_submitted(session, application)
    submitted = application.submitted_at or application.created_at
    today = submitted.astimezone(ZoneInfo(application.contest.timezone)).date()
    seen = submitted_look(
        last.form.compiled,
        last.answers,
        circumstances_of(application, today),
        in_time=submitted < time_to_submit(session, application, submitted).window.ends,
    )
    return hints(last.form.compiled, seen)


def last_submission(session: Session, application_id: int) -> int:
    """Return the number of the application's last submission; 0 of one that came with an archive."""
    table = table_of(Submission).c
    return session.scalar(select(func.max(table.number)).where(table.application_id == application_id)) or 0


def marks_of(session: Session, application_id: int, submission: int) -> dict[str, Mark]:
    """Return the staff's marks of one submission by the code of their point."""
    marks, users = table_of(CheckMark), table_of(User)
    columns: tuple[Any, ...] = (
        marks.c.point, marks.c.verdict, marks.c.remark, marks.c.document_id, marks.c.marked_at, users.c.name,
    )  # fmt: skip
    rows = session.execute(
        select(*columns)
        .select_from(marks.outerjoin(users, users.c.id == marks.c.marked_by_id))
        .where(marks.c.application_id == application_id, marks.c.submission == submission)
    )
    return {
        row.point: Mark(Verdict(row.verdict), row.remark, row.document_id, row.marked_at, row.name or "")
        for row in rows
    }
