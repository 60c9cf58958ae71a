"""How a status is drawn: its colour, and whether it is dashed. The words beside it are the lifecycle's own labels."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.lifecycle import STATUSES, ApplicationStatus, ContestStatus, ReviewStatus, Subject

TONES: Mapping[Subject, Mapping[StrEnum, str]] = {
    Subject.CONTEST: {status: "info" if status.goes_on else "success" for status in ContestStatus},
    Subject.APPLICATION: {
        ApplicationStatus.DRAFT: "neutral",
        ApplicationStatus.SUBMITTED: "info",
        ApplicationStatus.ADMITTED: "success",
        ApplicationStatus.REJECTED: "danger",
        ApplicationStatus.WITHDRAWN: "neutral",
    },
    Subject.REVIEW: {
        ReviewStatus.PROPOSED: "neutral",
        ReviewStatus.ASSIGNED: "info",
        ReviewStatus.ACCEPTED: "info",
        ReviewStatus.SUBMITTED: "success",
        ReviewStatus.RECUSED: "warning",
        ReviewStatus.DECLINED: "warning",
    },
}
OUTLINED: Mapping[Subject, frozenset[StrEnum]] = {Subject.REVIEW: frozenset({ReviewStatus.PROPOSED})}
"""What is prepared and not yet released."""


def tone(status: str, subject: str) -> str:
    """The tone of a stored status."""
    return TONES[Subject(subject)][STATUSES[Subject(subject)](status)]


def is_outlined(status: str, subject: str) -> bool:
    """Whether a stored status is drawn dashed."""
    return status in OUTLINED.get(Subject(subject), frozenset())
