"""One at a time, and only while it is allowed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import ContestStatus
from judging.models import Contest


class AssignmentClosed(RuleViolation):
    """The contest is not running, or its ranking is frozen."""


def hold(session: Session, contest: Contest) -> None:
    """Lock the contest until the end of the transaction, so that no two changes count the same free places.

    Raises :class:`AssignmentClosed` where assignments can no longer be changed. (SQLite locks the whole database at
    the beginning of a writing transaction.)
    """
    status = session.scalar(select(Contest.status).where(Contest.id == contest.id).with_for_update())
    if status != ContestStatus.PUBLISHED:
        raise AssignmentClosed(
            N_("Assignments can be changed only while the contest goes on and its ranking is not frozen.")
        )
