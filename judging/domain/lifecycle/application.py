"""The statuses of an application, and every way from one to another."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle.table import Action, Subject, Transition


class ApplicationStatus(StrEnum):
    """Where an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[StrEnum, str] = {
    ApplicationStatus.DRAFT: N_("Draft application"),
    ApplicationStatus.SUBMITTED: N_("Application submitted"),
    ApplicationStatus.ADMITTED: N_("Admitted"),
    ApplicationStatus.REJECTED: N_("Rejected"),
    ApplicationStatus.WITHDRAWN: N_("Withdrawn"),
}

_S = ApplicationStatus

# A table is read by rows, so its shape is kept by hand.
# fmt: off
ROWS: tuple[Transition, ...] = (
    Transition(
        Subject.APPLICATION, Action.SUBMIT, (_S.DRAFT,), _S.SUBMITTED,
        N_("Submit the application"), N_("Only a draft application can be submitted."), "submit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.ADMIT, (_S.SUBMITTED,), _S.ADMITTED,
        N_("Admit the application"), N_("Only a submitted application can be admitted."), "admit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.REJECT, (_S.SUBMITTED, _S.ADMITTED), _S.REJECTED,
        N_("Reject the application"), N_("Only a submitted or admitted application can be rejected."),
        "admit_application", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.REINSTATE, (_S.REJECTED,), _S.ADMITTED,
        N_("Reinstate the application"), N_("Only a rejected application can be reinstated."),
        "admit_application", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.WITHDRAW, (_S.DRAFT, _S.SUBMITTED, _S.ADMITTED), _S.WITHDRAWN,
        N_("Withdraw the application"), N_("A rejected or withdrawn application cannot be withdrawn."),
        "withdraw_application", needs_reason=True,
    ),
)
# fmt: on
