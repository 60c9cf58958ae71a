"""Bulk updates of columns of jobs, without loading them into the session."""

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm import Session

from judging.models import Job


def write(session: Session, *where: ColumnElement[bool], **values: Any) -> bool:
    """Write columns of the jobs that fit; whether there were any."""
    statement = update(Job).where(*where).values(values).execution_options(synchronize_session=False)
    return cast(CursorResult[Any], session.execute(statement)).rowcount > 0
