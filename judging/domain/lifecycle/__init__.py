"""Statuses of contest, application, review, draft plan and report, and every way from one to another, as a table.

Each subject has a module of its own with its statuses, their labels and its rows. ``docs/lifecycle.md`` is generated
from :data:`TRANSITIONS` by ``bin/lifecycle_docs.py``. Permissions are named here by their value
(``judging.domain.access.Permission``); a test holds the names to that table.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar

from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import application, contest, firmness, plan, review
from judging.domain.lifecycle.application import ApplicationStatus as ApplicationStatus
from judging.domain.lifecycle.contest import ContestStatus as ContestStatus
from judging.domain.lifecycle.firmness import FirmnessStatus as FirmnessStatus
from judging.domain.lifecycle.plan import PlanStatus as PlanStatus
from judging.domain.lifecycle.review import ReviewStatus as ReviewStatus
from judging.domain.lifecycle.table import Action as Action
from judging.domain.lifecycle.table import Subject as Subject
from judging.domain.lifecycle.table import Transition as Transition

Status = ContestStatus | ApplicationStatus | ReviewStatus | PlanStatus | FirmnessStatus
S = TypeVar("S", ContestStatus, ApplicationStatus, ReviewStatus, PlanStatus, FirmnessStatus)

TRANSITIONS: tuple[Transition, ...] = (
    *contest.ROWS, *application.ROWS, *review.ROWS, *plan.ROWS, *firmness.ROWS,
)  # fmt: skip

STATUSES: Mapping[Subject, type[Status]] = {
    Subject.CONTEST: ContestStatus,
    Subject.APPLICATION: ApplicationStatus,
    Subject.REVIEW: ReviewStatus,
    Subject.PLAN: PlanStatus,
    Subject.FIRMNESS: FirmnessStatus,
}

INITIAL: Mapping[Subject, Status] = {
    Subject.CONTEST: ContestStatus.DRAFT,
    Subject.APPLICATION: ApplicationStatus.DRAFT,
    Subject.REVIEW: ReviewStatus.PROPOSED,
    Subject.PLAN: PlanStatus.QUEUED,
    Subject.FIRMNESS: FirmnessStatus.QUEUED,
}

SUBJECT_LABELS: Mapping[Subject, str] = {
    Subject.CONTEST: N_("Contest"),
    Subject.APPLICATION: N_("Application"),
    Subject.REVIEW: N_("Review"),
    Subject.PLAN: N_("Draft plan of the assignment"),
    Subject.FIRMNESS: N_("Report on the firmness of the ranking"),
}

STATUS_LABELS: Mapping[Subject, Mapping[StrEnum, str]] = {
    Subject.CONTEST: contest.LABELS,
    Subject.APPLICATION: application.LABELS,
    Subject.REVIEW: review.LABELS,
    Subject.PLAN: plan.LABELS,
    Subject.FIRMNESS: firmness.LABELS,
}


class NotPossible(RuleViolation):
    """The status does not allow the action."""


class ReasonMissing(RuleViolation):
    """The action needs a reason and none was given."""


def transition(subject: Subject, action: Action) -> Transition:
    """Return the first row of the table; raise :class:`NotPossible` where the subject knows no such action."""
    found = _rows(subject, action)
    if not found:
        raise NotPossible(N_("There is no such action."))
    return found[0]


def allowed(subject: Subject, status: Status, action: Action, *, reason: str | None = None) -> Transition:
    """Return the row that leads on from ``status``; raise :class:`NotPossible` or :class:`ReasonMissing`."""
    first = transition(subject, action)
    of_subject = status if isinstance(status, STATUSES[subject]) else None
    row = next((row for row in _rows(subject, action) if of_subject in row.sources), None)
    if row is None:
        raise NotPossible(first.refusal)
    if row.needs_reason and not (reason or "").strip():
        raise ReasonMissing(N_("Give the reason."))
    return row


def advance(subject: Subject, status: S, action: Action, *, reason: str | None = None) -> S:
    """Return the status that ``action`` leads to; raise :class:`NotPossible` or :class:`ReasonMissing`.

    For actions after which the subject is there no more use :func:`allowed`.
    """
    target = allowed(subject, status, action, reason=reason).target
    if target is None:
        raise ValueError(f"{action} leaves no {subject}")
    return type(status)(target.value)


def _rows(subject: Subject, action: Action) -> tuple[Transition, ...]:
    return tuple(row for row in TRANSITIONS if (row.subject, row.action) == (subject, action))


@cache
def is_possible(subject: Subject, status: Status, action: Action) -> bool:
    """Whether a row of the table leads on from ``status`` by ``action``."""
    return any(row.action is action for row in actions(subject, status))


@cache
def actions(subject: Subject, status: Status) -> tuple[Transition, ...]:
    """Return the rows that lead on from ``status``, in the table's order."""
    return tuple(row for row in TRANSITIONS if row.subject is subject and status in row.sources)
