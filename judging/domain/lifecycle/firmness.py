"""The statuses of a report on the firmness of a ranking, and every way from one to another."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle.table import Action, Subject, Transition


class FirmnessStatus(StrEnum):
    """Where a report on the firmness of a ranking is."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


LABELS: Mapping[StrEnum, str] = {
    FirmnessStatus.QUEUED: N_("Waits its turn"),
    FirmnessStatus.READY: N_("Report ready"),
    FirmnessStatus.FAILED: N_("Report failed"),
}

_S = FirmnessStatus

# A table is read by rows, so its shape is kept by hand.
# fmt: off
ROWS: tuple[Transition, ...] = (
    Transition(
        Subject.FIRMNESS, Action.RETRY, (_S.FAILED,), _S.QUEUED,
        N_("Try the report again"), N_("Only a report that was given up can be tried again."), "manage_accounts",
    ),
    Transition(
        Subject.FIRMNESS, Action.FINISH, (_S.QUEUED,), _S.READY,
        N_("Finish the report"), N_("Only a report that is being calculated can be finished."), "calculate_firmness",
    ),
    Transition(
        Subject.FIRMNESS, Action.FAIL, (_S.QUEUED,), _S.FAILED,
        N_("Give the report up"), N_("Only a report that is being calculated can be given up."),
        "calculate_firmness",
    ),
)
# fmt: on
