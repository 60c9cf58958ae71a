"""What a team does in a correction, which nobody else reads before it is submitted."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from judging.models import Application, Document, SubmissionReturn
from judging.models.base import table_of


def was_correcting(application_id: Any, at: Any) -> ColumnElement[bool]:
    """Whether an instant lies in a return of the application that did not lead to a submission (yet).

    Both are expressions of the statement that it becomes a part of.
    """
    given = table_of(SubmissionReturn).alias().c
    unsubmitted = or_(given.closed_at.is_(None), and_(given.outcome != "resubmitted", at <= given.closed_at))
    return exists().where(given.application_id == application_id, given.at < at, unsubmitted)


def submitted_documents() -> ColumnElement[bool]:
    """Whether a document counts in the last submission of its application, whatever is being corrected."""
    given = table_of(SubmissionReturn).alias().c
    mine: Any = select(given.at).where(given.application_id == Application.id, given.closed_at.is_(None))
    since = mine.scalar_subquery()
    return and_(
        or_(Document.removed_at.is_(None), Document.removed_at > since),
        or_(since.is_(None), Document.uploaded_at <= since),
    )
