"""The figures of a contest's board: how much there is at each stage, and what waits for an act of the staff."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.models import Application, Conflict, Expert, Review

OCCUPIED = (ReviewStatus.PROPOSED, ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED)
"""Reviews that fill a place of an application; a recused one has to be replaced."""


@dataclass(frozen=True)
class Board:
    """Counts; of the reviews those of admitted applications.

    ``understaffed``: admitted applications with fewer regular reviews than the rules ask for.
    """

    drafts: int
    submitted: int
    admitted: int
    rejected: int
    withdrawn: int
    proposed: int
    waiting: int
    in_work: int
    handed_in: int
    recused: int
    understaffed: int
    experts: int
    experts_not_joined: int
    conflicts: int

    @property
    def received(self) -> int:
        """Applications that have a registration number, whatever became of them: what the register lists."""
        return self.submitted + self.admitted + self.rejected + self.withdrawn

    @property
    def assigned(self) -> int:
        """Reviews that experts have been told of and have not declined."""
        return self.waiting + self.in_work + self.handed_in


def board(session: Session, contest_id: int, experts_per_application: int) -> Board:
    """Count everything of one contest in five small queries."""
    applications = _applications(session, contest_id)
    reviews = _reviews(session, contest_id)
    experts, joined = session.execute(
        select(func.count(Expert.id), func.count(Expert.user_id)).where(Expert.contest_id == contest_id)
    ).one()
    return Board(
        drafts=applications.get(ApplicationStatus.DRAFT, 0),
        submitted=applications.get(ApplicationStatus.SUBMITTED, 0),
        admitted=applications.get(ApplicationStatus.ADMITTED, 0),
        rejected=applications.get(ApplicationStatus.REJECTED, 0),
        withdrawn=applications.get(ApplicationStatus.WITHDRAWN, 0),
        proposed=reviews.get(ReviewStatus.PROPOSED, 0),
        waiting=reviews.get(ReviewStatus.ASSIGNED, 0),
        in_work=reviews.get(ReviewStatus.ACCEPTED, 0),
        handed_in=reviews.get(ReviewStatus.SUBMITTED, 0),
        recused=reviews.get(ReviewStatus.RECUSED, 0),
        understaffed=_understaffed(session, contest_id, experts_per_application),
        experts=experts,
        experts_not_joined=experts - joined,
        conflicts=session.scalar(select(func.count(Conflict.id)).where(Conflict.contest_id == contest_id)) or 0,
    )


def _applications(session: Session, contest_id: int) -> dict[str, int]:
    """The applications by status; of those that were withdrawn only the ones that had a number."""
    query = (
        select(Application.status, func.count().label("number"))
        .where(Application.contest_id == contest_id)
        .where(or_(Application.number.is_not(None), Application.status == ApplicationStatus.DRAFT))
        .group_by(Application.status)
    )
    return {row.status: row.number for row in session.execute(query)}


def _reviews(session: Session, contest_id: int) -> dict[str, int]:
    """The reviews of admitted applications by status; those of rejected and withdrawn ones wait for nobody."""
    query = (
        select(Review.status, func.count().label("number"))
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Application.status == ApplicationStatus.ADMITTED)
        .group_by(Review.status)
    )
    return {row.status: row.number for row in session.execute(query)}


def _understaffed(session: Session, contest_id: int, wanted: int) -> int:
    """Admitted applications whose regular reviews, without those in conflict, are fewer than ``wanted``."""
    barred = select(Conflict.id).where(
        Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id
    )
    staffed = (
        select(Review.application_id)
        .where(Review.contest_id == contest_id, Review.status.in_(OCCUPIED), Review.additional.is_(False))
        .where(~barred.exists())
        .group_by(Review.application_id)
        .having(func.count() >= wanted)
    )
    query = select(func.count(Application.id)).where(
        Application.contest_id == contest_id,
        Application.status == ApplicationStatus.ADMITTED,
        Application.id.not_in(staffed),
    )
    return session.scalar(query) or 0
