"""The figures of a contest's board: how much there is at each stage, and what waits for an act of the staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.application import NUMBERED
from judging.domain.lifecycle.review import OCCUPIED
from judging.models import Application, Conflict, Expert, Review
from judging.models.base import table_of


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


@dataclass(frozen=True)
class Reviewing:
    """The reviews of admitted applications by status, and how many of these applications are short of experts.

    Nothing of it changes unless a review's status or the ranking's revision does.
    """

    by_status: Mapping[str, int]
    understaffed: int


def reviewing(session: Session, contest_id: int, experts_per_application: int) -> Reviewing:
    """Count the reviews of a whole contest."""
    return Reviewing(_reviews(session, contest_id), _understaffed(session, contest_id, experts_per_application))


def statuses(session: Session, contest_id: int) -> tuple[tuple[str, int], ...]:
    """How many reviews there are in each status, whatever became of their applications: read from an index alone."""
    counts = session.execute(_statuses(), {"contest": contest_id})
    return tuple(sorted((status, number) for status, number in counts if number))


@cache
def _statuses() -> CompoundSelect[str, int]:
    review = table_of(Review).c
    return _each(review.contest_id, [(status, review.status == status) for status in ReviewStatus])


def _each(contest_id: ColumnElement[int], kinds: Iterable[tuple[str, ColumnElement[bool]]]) -> CompoundSelect[str, int]:
    """The statement that counts the rows of ``contest`` of each kind, by its name: each is a range of an index.

    Grouping the same rows costs SQLite twice as much, for it looks at the status of each.
    """
    of_contest = contest_id == bindparam("contest")
    return union_all(*(select(literal(name, String), func.count()).where(of_contest, kind) for name, kind in kinds))


def board(session: Session, contest_id: int, reviews: Reviewing) -> Board:
    """Count everything else of one contest in three small queries."""
    applications, by_status = numbered(session, contest_id), reviews.by_status
    experts, joined = session.execute(
        select(func.count(Expert.id), func.count(Expert.user_id)).where(Expert.contest_id == contest_id)
    ).one()
    return Board(
        drafts=applications.get(ApplicationStatus.DRAFT, 0),
        submitted=applications.get(ApplicationStatus.SUBMITTED, 0),
        admitted=applications.get(ApplicationStatus.ADMITTED, 0),
        rejected=applications.get(ApplicationStatus.REJECTED, 0),
        withdrawn=applications.get(ApplicationStatus.WITHDRAWN, 0),
        proposed=by_status.get(ReviewStatus.PROPOSED, 0),
        waiting=by_status.get(ReviewStatus.ASSIGNED, 0),
        in_work=by_status.get(ReviewStatus.ACCEPTED, 0),
        handed_in=by_status.get(ReviewStatus.SUBMITTED, 0),
        recused=by_status.get(ReviewStatus.RECUSED, 0),
        understaffed=reviews.understaffed,
        experts=experts,
        experts_not_joined=experts - joined,
        conflicts=session.scalar(select(func.count(Conflict.id)).where(Conflict.contest_id == contest_id)) or 0,
    )


def has_number() -> ColumnElement[bool]:
    """The condition that an application has been submitted, whatever became of it.

    Only what is a draft or withdrawn can be without a number (a constraint says so); said like this, an index knows of
    all others.
    """
    withdrawn = and_(Application.status == ApplicationStatus.WITHDRAWN, Application.number.is_not(None))
    return or_(Application.status.in_(NUMBERED), withdrawn)


def numbered(session: Session, contest_id: int) -> dict[str, int]:
    """The applications by status; of those that were withdrawn only the ones that had a number."""
    counts = session.execute(_numbered(), {"contest": contest_id})
    return {status: number for status, number in counts if number}


@cache
def _numbered() -> CompoundSelect[str, int]:
    application = table_of(Application).c
    kinds = [(status, application.status == status) for status in (ApplicationStatus.DRAFT, *NUMBERED)]
    withdrawn = and_(application.status == ApplicationStatus.WITHDRAWN, application.number.is_not(None))
    return _each(application.contest_id, [*kinds, (ApplicationStatus.WITHDRAWN, withdrawn)])


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
    """Admitted applications whose regular reviews, without those in conflict or set aside, are too few."""
    barred = select(Conflict.id).where(
        Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id
    )
    staffed = (
        select(Review.application_id)
        .where(Review.contest_id == contest_id, Review.status.in_(OCCUPIED), Review.additional.is_(False))
        .where(~barred.exists(), Review.set_aside_at.is_(None))
        .group_by(Review.application_id)
        .having(func.count() >= wanted)
    )
    query = select(func.count(Application.id)).where(
        Application.contest_id == contest_id,
        Application.status == ApplicationStatus.ADMITTED,
        Application.id.not_in(staffed),
    )
    return session.scalar(query) or 0
