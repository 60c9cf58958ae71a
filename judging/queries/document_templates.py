"""The organiser's templates of documents."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from judging.models import DocumentTemplate


def templates_of(session: Session, contest_id: int) -> dict[str, DocumentTemplate]:
    """Return the templates of a contest by place, without their bytes."""
    rows = session.scalars(select(DocumentTemplate).filter_by(contest_id=contest_id).order_by(DocumentTemplate.slot))
    return {row.slot: row for row in rows}


def template_files(session: Session, contest_id: int) -> Sequence[DocumentTemplate]:
    """Return the templates of a contest with their bytes."""
    mine = select(DocumentTemplate).filter_by(contest_id=contest_id).order_by(DocumentTemplate.slot)
    return session.scalars(mine.options(undefer(DocumentTemplate.content))).all()


def template_file(session: Session, contest_id: int, slot: str) -> DocumentTemplate:
    """Return a template with its bytes; raise NoResultFound where the place has none."""
    mine = select(DocumentTemplate).filter_by(contest_id=contest_id, slot=slot)
    return session.scalars(mine.options(undefer(DocumentTemplate.content))).one()
