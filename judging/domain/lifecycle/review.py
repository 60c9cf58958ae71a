"""The statuses of a review of one application by one expert, and every way from one to another."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle.table import Action, Subject, Transition


class ReviewStatus(StrEnum):
    """Where the review of one application by one expert is."""

    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    DECLINED = "declined"

    @property
    def is_proposed(self) -> bool:
        """Whether it is only planned: its expert has not been told."""
        return self is ReviewStatus.PROPOSED

    @property
    def is_accepted(self) -> bool:
        """Whether its expert is at work on it."""
        return self is ReviewStatus.ACCEPTED

    @property
    def is_submitted(self) -> bool:
        """Whether it is handed in."""
        return self is ReviewStatus.SUBMITTED

    @property
    def is_recused(self) -> bool:
        """Whether its expert is off it because of a conflict of interest."""
        return self is ReviewStatus.RECUSED

    @property
    def is_declined(self) -> bool:
        """Whether its expert has refused it for another reason than a conflict of interest."""
        return self is ReviewStatus.DECLINED

    @property
    def is_off(self) -> bool:
        """Whether its expert is off it, for whatever reason."""
        return self in OFF


LABELS: Mapping[StrEnum, str] = {
    ReviewStatus.PROPOSED: N_("Proposed"),
    ReviewStatus.ASSIGNED: N_("Assigned"),
    ReviewStatus.ACCEPTED: N_("In work"),
    ReviewStatus.SUBMITTED: N_("Review submitted"),
    ReviewStatus.RECUSED: N_("Recused"),
    ReviewStatus.DECLINED: N_("Refused by the expert"),
}

_S = ReviewStatus

OCCUPIED = (_S.PROPOSED, _S.ASSIGNED, _S.ACCEPTED, _S.SUBMITTED)
"""Those that take a place of their application and of their expert's load."""
TOLD = (_S.ASSIGNED, _S.ACCEPTED, _S.SUBMITTED, _S.RECUSED, _S.DECLINED)
"""Those that their expert has been told of."""
GIVEN = (_S.ASSIGNED, _S.ACCEPTED, _S.SUBMITTED)
"""Those that their expert has been told of and has not declined."""
DECLARED = (_S.ACCEPTED, _S.SUBMITTED)
"""Those whose expert has declared that there is no conflict of interest."""
UNFINISHED = (_S.ASSIGNED, _S.ACCEPTED)
"""Those that wait for their expert."""
OFF = (_S.RECUSED, _S.DECLINED)
"""Those that their expert is off: the pair is not proposed again."""
OPEN = (_S.PROPOSED, _S.ASSIGNED, _S.ACCEPTED)
"""Those that are neither handed in nor declined."""

# A table is read by rows, so its shape is kept by hand.
# fmt: off
ROWS: tuple[Transition, ...] = (
    Transition(
        Subject.REVIEW, Action.ASSIGN, (_S.PROPOSED,), _S.ASSIGNED,
        N_("Assign and notify"), N_("Only a proposed review can be assigned."), "assign",
    ),
    Transition(
        Subject.REVIEW, Action.ACCEPT, (_S.ASSIGNED,), _S.ACCEPTED,
        N_("Declare that there is no conflict"), N_("The declaration is made once, for an assigned review."),
        "accept_task",
    ),
    Transition(
        Subject.REVIEW, Action.SUBMIT, (_S.ACCEPTED,), _S.SUBMITTED,
        N_("Submit the review"),
        N_("A review can be submitted once, after declaring that there is no conflict."), "finish_review",
    ),
    Transition(
        Subject.REVIEW, Action.RECUSE, (_S.ASSIGNED, _S.ACCEPTED), _S.RECUSED,
        N_("Declare a conflict"), N_("A conflict can be declared only for a review that is assigned to you."),
        "declare_conflict", needs_reason=True,
    ),
    Transition(  # what was handed in stays as it is; it is not counted, because the pair is on the list of conflicts
        Subject.REVIEW, Action.RECUSE, (_S.SUBMITTED,), _S.SUBMITTED,
        N_("Declare a conflict"), N_("A conflict can be declared only for a review that is assigned to you."),
        "declare_conflict", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.BAR, (_S.ASSIGNED, _S.ACCEPTED), _S.RECUSED,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(  # as above
        Subject.REVIEW, Action.BAR, (_S.SUBMITTED,), _S.SUBMITTED,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.BAR, (_S.PROPOSED,), None,
        N_("Take the expert off because of a conflict"), N_("The expert is already off this application."),
        "manage_conflicts", needs_reason=True,
    ),
    Transition(  # no conflict: the place is free at once, the draft stays, the pair is not proposed while it stands
        Subject.REVIEW, Action.DECLINE, (_S.ASSIGNED, _S.ACCEPTED), _S.DECLINED,
        N_("Refuse the task"), N_("Only a task that waits for your review can be refused."),
        "declare_conflict", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.ASK_AGAIN, (_S.DECLINED,), _S.ASSIGNED,
        N_("Give the task to the expert again"),
        N_("Only a task that its expert refused can be given again."), "assign",
    ),
    Transition(
        Subject.REVIEW, Action.RETURN, (_S.SUBMITTED,), _S.ACCEPTED,
        N_("Return the review to the expert"), N_("Only a submitted review can be returned."),
        "return_review", needs_reason=True,
    ),
    Transition(  # it stays handed in and can be read; only that it does not count is kept beside it
        Subject.REVIEW, Action.SET_ASIDE, (_S.SUBMITTED,), _S.SUBMITTED,
        N_("Set the review aside"), N_("Only a submitted review can be set aside."), "return_review", needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.COUNT_AGAIN, (_S.SUBMITTED,), _S.SUBMITTED,
        N_("Let the review count again"), N_("Only a submitted review can be set aside."), "return_review",
        needs_reason=True,
    ),
    Transition(
        Subject.REVIEW, Action.REMOVE, (_S.PROPOSED, _S.ASSIGNED, _S.ACCEPTED), None,
        N_("Remove the assignment"), N_("Only a review that is not yet submitted can be removed."), "assign",
    ),
)
# fmt: on
