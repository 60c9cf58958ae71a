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

    @property
    def is_draft(self) -> bool:
        """Whether the team still fills it in, and nobody else knows of it."""
        return self is ApplicationStatus.DRAFT

    @property
    def awaits_check(self) -> bool:
        """Whether it is handed in and its formal check is not over."""
        return self is ApplicationStatus.SUBMITTED

    @property
    def is_admitted(self) -> bool:
        """Whether it takes part in the contest."""
        return self is ApplicationStatus.ADMITTED

    @property
    def is_rejected(self) -> bool:
        """Whether the formal check turned it away."""
        return self is ApplicationStatus.REJECTED

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self is ApplicationStatus.WITHDRAWN


LABELS: Mapping[StrEnum, str] = {
    ApplicationStatus.DRAFT: N_("Draft application"),
    ApplicationStatus.SUBMITTED: N_("Application submitted"),
    ApplicationStatus.ADMITTED: N_("Admitted"),
    ApplicationStatus.REJECTED: N_("Rejected"),
    ApplicationStatus.WITHDRAWN: N_("Withdrawn"),
}

_S = ApplicationStatus

NUMBERED = (_S.SUBMITTED, _S.ADMITTED, _S.REJECTED)
"""Those that surely have a registration number; a withdrawn one has it if it was handed in before."""
CHECKED = (_S.ADMITTED, _S.REJECTED)
"""Those whose formal check is over."""
OUT = (_S.REJECTED, _S.WITHDRAWN)
"""Those that take no further part."""

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
        Subject.APPLICATION, Action.WITHDRAW, (_S.SUBMITTED, _S.ADMITTED), _S.WITHDRAWN,
        N_("Withdraw the application"), N_("A rejected or withdrawn application cannot be withdrawn."),
        "withdraw_application", needs_reason=True,
    ),
    Transition(
        Subject.APPLICATION, Action.GIVE_UP, (_S.DRAFT,), _S.WITHDRAWN,
        N_("Give up the draft"), N_("Only a draft application can be given up."),
        "withdraw_application",
    ),
    Transition(
        Subject.APPLICATION, Action.UNDO_WITHDRAWAL, (_S.WITHDRAWN,), _S.SUBMITTED,
        N_("Take back the withdrawal"), N_("The application is not withdrawn."), "submit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.TAKE_UP, (_S.WITHDRAWN,), _S.DRAFT,
        N_("Take up the draft again"), N_("The draft is not given up."), "edit_application",
    ),
    Transition(
        Subject.APPLICATION, Action.REMOVE, (_S.DRAFT,), None,
        N_("Delete the draft"), N_("Only a draft application can be deleted."), "edit_application",
    ),
)
# fmt: on
