"""Locking and journal records of rows that wait for a calculation: plans and reports on firmness."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.events import Event
from judging.models import Contest, Work
from judging.services.audit import record
from judging.services.holding import hold

W = TypeVar("W", bound=Work)


def held(session: Session, model: type[W], row_id: int, status: str) -> W | None:
    """The row as it is stored, its contest locked before it; None where it has another status or is gone."""
    contest_id = session.scalar(select(model.contest_id).where(model.id == row_id))
    if contest_id is None:
        return None
    hold(session, contest_id, shared=True)
    wanted = select(model).where(model.id == row_id, model.status == status)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def note(
    session: Session,
    row: Work,
    event: Event,
    details: dict[str, Any],
    *,
    by: By,
    state: dict[str, Any] | None = None,
) -> None:
    """Write what happened to the row into the journal, under the title of its contest."""
    contest = session.get_one(Contest, row.contest_id)
    record(
        session,
        event,
        by=by,
        subject=row,
        label=contest.title,
        contest_id=contest.id,
        details=details,
        state=state,
    )
