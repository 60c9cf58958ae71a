"""Handing in several sheets with one press: each by the rules of one, and none kept back by another's faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import RuleViolation
from judging.models import Review
from judging.services.scoring.review_submit import submit_review


@dataclass(frozen=True)
class Asked:
    """A review that is to be handed in, and the version of its sheet that was looked at."""

    review: Review
    version: int


@dataclass(frozen=True)
class Outcome:
    """What became of it: ``refusal`` None where it is handed in."""

    review: Review
    refusal: RuleViolation | None = None


def submit_reviews(session: Session, asked: Sequence[Asked], *, by: By, base_url: str = "") -> list[Outcome]:
    """Hand in each of these sheets as :func:`submit_review` does, in this order; what is refused stays a draft.

    A refusal comes before anything of that sheet is changed, so what was handed in before it stands.
    ``base_url`` is that of :func:`submit_review`.
    """
    return [_submitted(session, one, by=by, base_url=base_url) for one in asked]


def _submitted(session: Session, one: Asked, *, by: By, base_url: str) -> Outcome:
    try:
        submit_review(session, one.review, version=one.version, by=by, base_url=base_url)
    except RuleViolation as refusal:
        return Outcome(one.review, refusal)
    return Outcome(one.review)
