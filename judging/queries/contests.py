"""Contests: one by its code, lists of them, and the figures of the secretary's board."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from judging.models import Contest


def by_code(session: Session, code: str) -> Contest:
    """Return the contest with its criteria; raise ``NoResultFound`` where there is none (routes check their scope)."""
    return session.execute(
        select(Contest).options(selectinload(Contest.criteria)).where(Contest.code == code)
    ).scalar_one()
