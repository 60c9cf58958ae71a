"""The history of a score sheet as it is stored: its saves, and what the sheet said at a moment."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.sheet_history import Save, Step, at_moment, sheet_of, steps, texts_of
from judging.domain.sheets import Sheet
from judging.models import Review, SheetEdit, User
from judging.queries.scoring import stored_sheet

MOST_SAVES = 20_000
"""Saves of one sheet that are read, the newest: four evenings of typing without a pause have as many."""


def saves_of(session: Session, review_id: int) -> tuple[Save, ...]:
    """Return what the saves of a sheet changed, in their order."""
    columns = (SheetEdit.at, SheetEdit.by_id, SheetEdit.tab, SheetEdit.changes)
    query = select(*columns).where(SheetEdit.review_id == review_id).order_by(SheetEdit.id.desc()).limit(MOST_SAVES)
    return tuple(Save(row.at, row.by_id, row.tab, row.changes) for row in reversed(session.execute(query).all()))


def sheet_at(session: Session, review: Review, moment: datetime) -> Sheet:
    """Return the sheet as it was at ``moment``; what came with an archive has no history before it came."""
    return sheet_of(at_moment(texts_of(stored_sheet(review)), saves_of(session, review.id), moment))


def steps_of(session: Session, review: Review) -> tuple[Step, ...]:
    """Return the history of a sheet as people read it, the newest step first."""
    return steps(texts_of(stored_sheet(review)), saves_of(session, review.id))


def names_of(session: Session, saved: Iterable[Step]) -> dict[int, str]:
    """Return the names of those who saved, by account."""
    accounts = {step.by_id for step in saved} - {None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(accounts)))
    return {row.id: row.name for row in rows}
