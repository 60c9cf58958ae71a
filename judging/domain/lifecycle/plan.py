"""The statuses of a draft plan of the assignment, and every way from one to another."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle.table import Action, Subject, Transition


class PlanStatus(StrEnum):
    """Where a draft plan of the assignment is."""

    QUEUED = "queued"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    OUTDATED = "outdated"
    APPLIED = "applied"
    DISCARDED = "discarded"

    @property
    def is_queued(self) -> bool:
        """Whether it is still being worked out."""
        return self is PlanStatus.QUEUED

    @property
    def is_ready(self) -> bool:
        """Whether it can be ticked and applied."""
        return self is PlanStatus.READY

    @property
    def is_impossible(self) -> bool:
        """Whether no distribution keeps the rules."""
        return self is PlanStatus.IMPOSSIBLE

    @property
    def is_failed(self) -> bool:
        """Whether its calculation ended with an error."""
        return self is PlanStatus.FAILED

    @property
    def is_outdated(self) -> bool:
        """Whether it can be looked at but no longer applied."""
        return self is PlanStatus.OUTDATED

    @property
    def has_pairs(self) -> bool:
        """Whether there is a distribution to look at."""
        return self in (PlanStatus.READY, PlanStatus.OUTDATED)


LABELS: Mapping[StrEnum, str] = {
    PlanStatus.QUEUED: N_("Waits its turn"),
    PlanStatus.READY: N_("Plan ready"),
    PlanStatus.IMPOSSIBLE: N_("No plan is possible"),
    PlanStatus.FAILED: N_("Plan failed"),
    PlanStatus.OUTDATED: N_("Plan out of date"),
    PlanStatus.APPLIED: N_("Plan applied"),
    PlanStatus.DISCARDED: N_("Plan discarded"),
}

_S = PlanStatus

CLOSED = (_S.APPLIED, _S.DISCARDED)
"""Those that nobody looks at any more; a contest has one other at most."""

# A table is read by rows, so its shape is kept by hand.
# fmt: off
ROWS: tuple[Transition, ...] = (
    Transition(
        Subject.PLAN, Action.RETRY, (_S.FAILED,), _S.QUEUED,
        N_("Try the plan again"), N_("Only a plan that was given up can be tried again."), "manage_accounts",
    ),
    Transition(
        Subject.PLAN, Action.FINISH, (_S.QUEUED,), _S.READY,
        N_("Finish the plan"), N_("Only a plan that is being worked out can be finished."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.FIND_IMPOSSIBLE, (_S.QUEUED,), _S.IMPOSSIBLE,
        N_("Find that no plan is possible"), N_("Only a plan that is being worked out can turn out impossible."),
        "assign",
    ),
    Transition(
        Subject.PLAN, Action.FAIL, (_S.QUEUED,), _S.FAILED,
        N_("Give the plan up"), N_("Only a plan that is being worked out can be given up."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.OUTDATE, (_S.READY,), _S.OUTDATED,
        N_("Mark the plan as out of date"), N_("Only a plan that is ready can be out of date."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.APPLY, (_S.READY,), _S.APPLIED,
        N_("Apply the plan"), N_("Only a plan that is ready can be applied."), "assign",
    ),
    Transition(
        Subject.PLAN, Action.DISCARD,
        (_S.QUEUED, _S.READY, _S.IMPOSSIBLE, _S.FAILED, _S.OUTDATED), _S.DISCARDED,
        N_("Discard the plan"), N_("This plan is applied or discarded already."), "assign",
    ),
)
# fmt: on
