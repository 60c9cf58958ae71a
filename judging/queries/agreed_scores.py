"""Reading agreed scores: who leads, what the originals say, whether everything is there that it is agreed on from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ContestStatus, ReviewStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.models import AgreedScore, Application, Contest, Expert, Review
from judging.queries.agreements import awaiting
from judging.queries.assignment.places import in_conflict
from judging.queries.visibility import labels_of


@dataclass(frozen=True)
class Original:
    """An expert's own review of the application, which stays as it is; ``number`` of the label «Expert 1».

    ``outside``: the expert finds the project outside the scope; such a review gives no marks, whatever was typed.
    """

    review_id: int
    expert_id: int
    name: str
    number: int
    additional: bool
    submitted_at: datetime | None
    scores: Mapping[str, Decimal]
    comments: Mapping[str, str]
    abstained: frozenset[str] = frozenset()
    outside: bool = False


def agreed_of(session: Session, application_id: int) -> AgreedScore | None:
    """Return the agreed score of an application; None where nobody was named to lead."""
    return session.scalar(select(AgreedScore).where(AgreedScore.application_id == application_id))


def originals(session: Session, application: Application) -> list[Original]:
    """Return the reviews that are handed in and stand, by their labels."""
    numbers = labels_of(session, application.contest, application.id)
    query = (
        select(Review, Expert.name)
        .join(Expert, Expert.id == Review.expert_id)
        .where(Review.application_id == application.id, *stands())
        .order_by(Review.additional, Review.id)
    )
    found = [_original(row.Review, row.name, numbers.get(row.Review.id, 0)) for row in session.execute(query)]
    return sorted(found, key=lambda one: one.number)


def stands() -> Sequence[Any]:
    """The conditions that a review is handed in and neither set aside nor of a pair in conflict."""
    return Review.status == ReviewStatus.SUBMITTED, Review.set_aside_at.is_(None), ~in_conflict()


def _original(review: Review, name: str, number: int) -> Original:
    outside = review.in_scope is False
    return Original(
        review_id=review.id,
        expert_id=review.expert_id,
        name=name,
        number=number,
        additional=review.additional,
        submitted_at=review.submitted_at,
        scores={} if outside else {code: Decimal(mark) for code, mark in review.scores.items()},
        comments=dict(review.comments),
        abstained=frozenset(() if outside else review.abstained),
        outside=outside,
    )


def awaited(session: Session, application_id: int) -> int:
    """How many reviews of the application are still to come."""
    waiting = (Review.status.in_(OCCUPIED), Review.status != ReviewStatus.SUBMITTED, ~in_conflict())
    query = select(func.count(Review.id)).where(Review.application_id == application_id, *waiting)
    return session.scalar(query) or 0


@dataclass(frozen=True)
class LedTask:
    """An application whose agreed score somebody is to put down, as their home shows it."""

    application_id: int
    number: str
    title: str
    contest_title: str
    submitted_at: datetime | None
    returned: bool


def led_by(session: Session, expert_ids: Sequence[int] | frozenset[int]) -> list[LedTask]:
    """The agreed scores that these cards lead, of contests that go on and of admitted applications."""
    if not expert_ids:
        return []
    query = (
        select(
            AgreedScore.application_id, Application.number, Application.title, Contest.title.label("contest_title"),
            AgreedScore.submitted_at, AgreedScore.reason.is_not(None).label("returned"),
        )
        .join(Application, Application.id == AgreedScore.application_id)
        .join(Contest, Contest.id == Application.contest_id)
        .join(Review, (Review.application_id == Application.id) & (Review.expert_id == AgreedScore.expert_id))
        .where(AgreedScore.expert_id.in_(expert_ids), Contest.status == ContestStatus.PUBLISHED, *stands())
        .where(Application.status == ApplicationStatus.ADMITTED, ~awaiting(Review.contest_id, Review.expert_id))
        .order_by(Application.sort_number, Application.id)
    )  # fmt: skip
    return [LedTask(**row._mapping) for row in session.execute(query)]
