"""The applications that an expert has found outside the scope of the contest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.models import Application, Expert, Review

MOST = 500
"""Rows that a page shows; more would be a contest that was announced wrongly."""


@dataclass(frozen=True)
class Outsider:
    """A submitted review that finds an application outside the scope, and why."""

    review_id: int
    application_id: int
    number: str
    title: str
    expert: str
    reason: str
    submitted_at: datetime | None


def outsiders(session: Session, contest_id: int) -> list[Outsider]:
    """Return these reviews of the applications that are in the contest, by number: one select."""
    query = (
        select(
            Review.id, Application.id, Application.number, Application.title, Expert.name, Review.scope_reason,
            Review.submitted_at,
        )
        .join(Application, Application.id == Review.application_id)
        .join(Expert, Expert.id == Review.expert_id)
        .where(Review.contest_id == contest_id, Review.status == ReviewStatus.SUBMITTED, Review.in_scope.is_(False))
        .where(Application.status == ApplicationStatus.ADMITTED)
        .order_by(Application.sort_number, Review.id)
        .limit(MOST)
    )  # fmt: skip
    return [Outsider(row[0], row[1], row[2] or "", *row[3:]) for row in session.execute(query)]
