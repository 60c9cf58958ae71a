"""Statuses of contest, application, review, draft plan and report, and every way from one to another, as a table.

``docs/lifecycle.md`` is generated from :data:`TRANSITIONS` by ``bin/lifecycle_docs.py``. Permissions are named here by
their value (``judging.domain.access.Permission``); a test holds the names to that table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from judging.domain.errors import N_, RuleViolation


class Subject(StrEnum):
    """What has a lifecycle."""

    CONTEST = "contest"
    APPLICATION = "application"
    REVIEW = "review"
    PLAN = "plan"
    FIRMNESS = "firmness"


class ContestStatus(StrEnum):
    """Where a contest is. Whether it accepts or reviews right now follows from its dates: see ``stages``."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RANKING_FROZEN = "ranking_frozen"
    APPROVED = "approved"
    RESULTS_PUBLISHED = "results_published"
    CANCELLED = "cancelled"


class ApplicationStatus(StrEnum):
    """Where an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ReviewStatus(StrEnum):
    """Where the review of one application by one expert is."""

    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    RECUSED = "recused"


class PlanStatus(StrEnum):
    """Where a draft plan of the assignment is."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    OUTDATED = "outdated"
    APPLIED = "applied"
    DISCARDED = "discarded"


class FirmnessStatus(StrEnum):
    """Where a report on the firmness of a ranking is."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


Status = ContestStatus | ApplicationStatus | ReviewStatus | PlanStatus | FirmnessStatus
S = TypeVar("S", ContestStatus, ApplicationStatus, ReviewStatus, PlanStatus, FirmnessStatus)


class Action(StrEnum):
    """What moves a subject on; the same word may serve several subjects."""

    PUBLISH = "publish"
    FREEZE_RANKING = "freeze_ranking"
    UNFREEZE_RANKING = "unfreeze_ranking"
    APPROVE_RANKING = "approve_ranking"
    PUBLISH_RESULTS = "publish_results"
    CANCEL = "cancel"
    SUBMIT = "submit"
    ADMIT = "admit"
    REJECT = "reject"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RECUSE = "recuse"
    BAR = "bar"
    RETURN = "return"
    REMOVE = "remove"
    START = "start"
    RELEASE = "release"
    FINISH = "finish"
    FIND_IMPOSSIBLE = "find_impossible"
    FAIL = "fail"
    OUTDATE = "outdate"
    APPLY = "apply"
    DISCARD = "discard"


@dataclass(frozen=True)
class Transition:
    """One row: ``action`` takes ``subject`` from any of ``sources`` to ``target``; None: it is there no more.

    Where an action leads to several targets it has a row for each, with sources of its own.
    ``label`` is the button's text, ``refusal`` the sentence shown where the status does not allow the action,
    ``permission`` the value of the permission it takes.
    """

    subject: Subject
    action: Action
    sources: tuple[Status, ...]
    target: Status | None
    label: str
    refusal: str
    permission: str
    needs_reason: bool = False


_C, _A, _R, _P, _F = ContestStatus, ApplicationStatus, ReviewStatus, PlanStatus, FirmnessStatus

# A table is read by rows, so its shape is kept by hand.
# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Subject.CONTEST, Action.PUBLISH, (_C.DRAFT,), _C.PUBLISHED,
        N_("Publish the contest"), N_("Only a draft contest can be published."), "publish_contest",
    ),
    Transition(
        Subject.CONTEST, Action.FREEZE_RANKING, (_C.PUBLISHED,), _C.RANKING_FROZEN,
        N_("Freeze the ranking"), N_("Only the ranking of a published contest can be frozen."), "freeze_ranking",
    ),
    Transition(
        Subject.CONTEST, Action.UNFREEZE_RANKING, (_C.RANKING_FROZEN,), _C.PUBLISHED,
        N_("Unfreeze the ranking"), N_("Only a frozen ranking that is not yet approved can be unfrozen."),
        "freeze_ranking", needs_reason=True,
    ),
    Transition(
        Subject.CONTEST, Action.APPROVE_RANKING, (_C.RANKING_FROZEN,), _C.APPROVED,
        N_("Approve the ranking"), N_("Only a frozen ranking can be approved."), "approve_ranking",
    ),
    Transition(
        Subject.CONTEST, Action.PUBLISH_RESULTS, (_C.APPROVED,), _C.RESULTS_PUBLISHED,
        N_("Publish the results"), N_("Results can be published only after the ranking is approved."),
        "publish_results",
    ),
    Transition(
        Subject.CONTEST, Action.CANCEL, (_C.DRAFT, _C.PUBLISHED, _C.RANKING_FROZEN), _C.CANCELLED,
        N_("Cancel the contest"), N_("A contest can be cancelled only before its ranking is approved."),
        "cancel_contest", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.SUBMIT, (_A.DRAFT,), _A.SUBMITTED,
        N_("Submit the application"), N_("Only a draft application can be submitted."), "submit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.ADMIT, (_A.SUBMITTED,), _A.ADMITTED,
        N_("Admit the application"), N_("Only a submitted application can be admitted."), "admit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.REJECT, (_A.SUBMITTED, _A.ADMITTED), _A.REJECTED,
        N_("Reject the application"), N_("Only a submitted or admitted application can be rejected."),
        "admit_application", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.REINSTATE, (_A.REJECTED,), _A.ADMITTED,
        N_("Reinstate the application"), N_("Only a rejected application can be reinstated."),
        "admit_application", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.WITHDRAW, (_A.DRAFT, _A.SUBMITTED, _A.ADMITTED), _A.WITHDRAWN,
        N_("Withdraw the application"), N_("A rejected or withdrawn application cannot be withdrawn."),
        "withdraw_application", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.ASSIGN, (_R.PROPOSED,), _R.ASSIGNED,
        N_("Assign and notify"), N_("Only a proposed review can be assigned."), "assign",
    ),
    Transition(
        Subject.REVIEW, Action.ACCEPT, (_R.ASSIGNED,), _R.ACCEPTED,
        N_("Declare that there is no conflict"), N_("The declaration is made once, for an assigned review."),
        "declare_conflict",
    ),
    Transition(
        Subject.REVIEW, Action.SUBMIT, (_R.ACCEPTED,), _R.SUBMITTED,
        N_("Submit the review"),
        N_("A review can be submitted once, after declaring that there is no conflict."), "score",
    ),
    Transition(
        Subject.REVIEW, Action.RECUSE, (_R.ASSIGNED, _R.ACCEPTED), _R.RECUSED,
        N_("Declare a conflict"), N_("A conflict can be declared only for a review that is assigned to you."),
        "declare_conflict", needs_reason=True,
    ),
    Transition(  # what was handed in stays as it is; it is not counted, because the pair is on the list of conflicts
        Subject.REVIEW, Action.RECUSE, (_R.SUBMITTED,), _R.SUBMITTED,
        N_("Declare a conflict"), N_("A conflict can be declared only for a review that is assigned to you."),
        "declare_conflict", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.BAR, (_R.ASSIGNED, _R.ACCEPTED), _R.RECUSED,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(  # as above
        Subject.REVIEW, Action.BAR, (_R.SUBMITTED,), _R.SUBMITTED,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.BAR, (_R.PROPOSED,), None,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.RETURN, (_R.SUBMITTED,), _R.ACCEPTED,
        N_("Return the review to the expert"), N_("Only a submitted review can be returned."),
        "return_review", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.REMOVE, (_R.PROPOSED, _R.ASSIGNED, _R.ACCEPTED), None,
        N_("Remove the assignment"), N_("Only a review that is not yet submitted can be removed."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.START, (_P.QUEUED,), _P.RUNNING,
        N_("Take the plan up"), N_("Only a plan that waits can be taken up."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.RELEASE, (_P.RUNNING,), _P.QUEUED,
        N_("Put the plan back"), N_("Only a plan that is being worked out can be put back."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.FINISH, (_P.RUNNING,), _P.READY,
        N_("Finish the plan"), N_("Only a plan that is being worked out can be finished."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.FIND_IMPOSSIBLE, (_P.RUNNING,), _P.IMPOSSIBLE,
        N_("Find that no plan is possible"), N_("Only a plan that is being worked out can turn out impossible."),
        "assign",
    ),
    Transition(
        Subject.PLAN, Action.FAIL, (_P.RUNNING,), _P.FAILED,
        N_("Give the plan up"), N_("Only a plan that is being worked out can be given up."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.OUTDATE, (_P.READY,), _P.OUTDATED,
        N_("Mark the plan as out of date"), N_("Only a plan that is ready can be out of date."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.APPLY, (_P.READY,), _P.APPLIED,
        N_("Apply the plan"), N_("Only a plan that is ready can be applied."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.DISCARD,
        (_P.QUEUED, _P.RUNNING, _P.READY, _P.IMPOSSIBLE, _P.FAILED, _P.OUTDATED), _P.DISCARDED,
        N_("Discard the plan"), N_("This plan is applied or discarded already."), "assign",
    ),
    Transition(
        Subject.FIRMNESS, Action.START, (_F.QUEUED,), _F.RUNNING,
        N_("Take the report up"), N_("Only a report that waits can be taken up."), "calculate_firmness",
    ),
    Transition(
        Subject.FIRMNESS, Action.RELEASE, (_F.RUNNING,), _F.QUEUED,
        N_("Put the report back"), N_("Only a report that is being calculated can be put back."),
        "calculate_firmness",
    ),
    Transition(
        Subject.FIRMNESS, Action.FINISH, (_F.RUNNING,), _F.READY,
        N_("Finish the report"), N_("Only a report that is being calculated can be finished."), "calculate_firmness",
    ),
    Transition(
        Subject.FIRMNESS, Action.FAIL, (_F.RUNNING,), _F.FAILED,
        N_("Give the report up"), N_("Only a report that is being calculated can be given up."),
        "calculate_firmness",
    ),
)
# fmt: on

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

CONTEST_STATUS_LABELS: Mapping[Status, str] = {
    ContestStatus.DRAFT: N_("Draft contest"),
    ContestStatus.PUBLISHED: N_("Published"),
    ContestStatus.RANKING_FROZEN: N_("Ranking frozen"),
    ContestStatus.APPROVED: N_("Ranking approved"),
    ContestStatus.RESULTS_PUBLISHED: N_("Results published"),
    ContestStatus.CANCELLED: N_("Contest cancelled"),
}

APPLICATION_STATUS_LABELS: Mapping[Status, str] = {
    ApplicationStatus.DRAFT: N_("Draft application"),
    ApplicationStatus.SUBMITTED: N_("Application submitted"),
    ApplicationStatus.ADMITTED: N_("Admitted"),
    ApplicationStatus.REJECTED: N_("Rejected"),
    ApplicationStatus.WITHDRAWN: N_("Withdrawn"),
}

REVIEW_STATUS_LABELS: Mapping[Status, str] = {
    ReviewStatus.PROPOSED: N_("Proposed"),
    ReviewStatus.ASSIGNED: N_("Assigned"),
    ReviewStatus.ACCEPTED: N_("In work"),
    ReviewStatus.SUBMITTED: N_("Review submitted"),
    ReviewStatus.RECUSED: N_("Recused"),
}

PLAN_STATUS_LABELS: Mapping[Status, str] = {
    PlanStatus.QUEUED: N_("Waits its turn"),
    PlanStatus.RUNNING: N_("Being worked out"),
    PlanStatus.READY: N_("Plan ready"),
    PlanStatus.IMPOSSIBLE: N_("No plan is possible"),
    PlanStatus.FAILED: N_("Plan failed"),
    PlanStatus.OUTDATED: N_("Plan out of date"),
    PlanStatus.APPLIED: N_("Plan applied"),
    PlanStatus.DISCARDED: N_("Plan discarded"),
}

FIRMNESS_STATUS_LABELS: Mapping[Status, str] = {
    FirmnessStatus.QUEUED: N_("Waits its turn"),
    FirmnessStatus.RUNNING: N_("Being calculated"),
    FirmnessStatus.READY: N_("Report ready"),
    FirmnessStatus.FAILED: N_("Report failed"),
}

STATUS_LABELS: Mapping[Subject, Mapping[Status, str]] = {
    Subject.CONTEST: CONTEST_STATUS_LABELS,
    Subject.APPLICATION: APPLICATION_STATUS_LABELS,
    Subject.REVIEW: REVIEW_STATUS_LABELS,
    Subject.PLAN: PLAN_STATUS_LABELS,
    Subject.FIRMNESS: FIRMNESS_STATUS_LABELS,
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


def actions(subject: Subject, status: Status) -> tuple[Transition, ...]:
    """Return the rows that lead on from ``status``, in the table's order."""
    return tuple(row for row in TRANSITIONS if row.subject is subject and status in row.sources)
