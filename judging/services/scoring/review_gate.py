"""Whether a review may still be changed, by its own status and those of its application and contest."""

from judging.domain.errors import N_
from judging.domain.gates import Act, closed
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.models import Review


class Closed(NotPossible):
    """Nothing about this review can change any more: its application has left the contest."""


def why_closed(review: Review) -> NotPossible | None:
    """Return why the review can no longer change, None where it can; the deadline is another matter."""
    refusal = closed(Act.REVIEW, review.application.contest.status)
    if refusal is None and review.application.status != ApplicationStatus.ADMITTED:
        return Closed(N_("The application has left the contest: its review is no longer needed."))
    return refusal


def require_open(review: Review) -> None:
    """Raise ``GateClosed`` or :class:`Closed` where the review can no longer change."""
    refusal = why_closed(review)
    if refusal is not None:
        raise refusal


def label_of(review: Review) -> str:
    """Return how the journal names the review."""
    return f"{review.expert.name} / {review.application.number}"
