"""When a review can be worked on at all, and the review under a lock."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.stages import Calendar
from judging.models import Contest, Review
from judging.models.engine import one_writer

_BY_CONTEST = {
    ContestStatus.DRAFT: N_("The contest is not published yet."),
    ContestStatus.CANCELLED: N_("The contest is cancelled: reviews are no longer accepted."),
}


class Closed(RuleViolation):
    """Nothing about this review can change any more: its contest or its application is past that."""


def in_hand(session: Session, review: Review) -> Review:
    """Lock the review's row until the transaction ends, and read it afresh where others can have written since."""
    if not one_writer(session):
        session.refresh(review, with_for_update=True)
    return review


def hold_contest(session: Session, review: Review) -> Contest:
    """Return the review's contest, its row locked, so that its ranking is not frozen in the same moment."""
    return session.scalars(
        select(Contest)
        .where(Contest.id == review.contest_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def why_closed(review: Review) -> Closed | None:
    """Return why the review can no longer change, None where it can; the deadline is another matter."""
    status = ContestStatus(review.application.contest.status)
    if status is not ContestStatus.PUBLISHED:
        return Closed(_BY_CONTEST.get(status, N_("The ranking is frozen: reviews can no longer be changed.")))
    if review.application.status != ApplicationStatus.ADMITTED:
        return Closed(N_("The application has left the contest: its review is no longer needed."))
    return None


def require_open(review: Review) -> None:
    """Raise :class:`Closed` where the review can no longer change."""
    closed = why_closed(review)
    if closed is not None:
        raise closed


def calendar_of(contest: Contest) -> Calendar:
    """Return the contest's dates."""
    return Calendar(contest.applications_open, contest.applications_close, contest.review_close)


def label_of(review: Review) -> str:
    """Return how the journal names the review."""
    return f"{review.expert.name} / {review.application.number}"
