"""Certification: the head of the organisation looks at the whole application before it is submitted."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_

PLACE = "head-certification"
"""Where it is among the sections of an application; no section of a form has this code."""


class Certification(StrEnum):
    """Whether a contest asks for it."""

    NONE = "none"
    REQUIRED = "required"


class CertificationState(StrEnum):
    """How far an application is with it."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    RETURNED = "returned"
    CHANGED = "changed"
    CERTIFIED = "certified"

    @property
    def waits(self) -> bool:
        """Whether the head has it and has not decided."""
        return self is CertificationState.WAITING

    @property
    def holds(self) -> bool:
        """Whether it is certified as it is now."""
        return self is CertificationState.CERTIFIED

    @property
    def is_returned(self) -> bool:
        """Whether the head sent it back."""
        return self is CertificationState.RETURNED

    @property
    def tone(self) -> str:
        """The tone of the notice that says it."""
        return "success" if self.holds else "info" if self.waits else "warning"


CERTIFICATION_LABELS: Mapping[Certification, str] = {
    Certification.NONE: N_("Not asked for"),
    Certification.REQUIRED: N_("The head of the organisation certifies the application before it is submitted"),
}

STATE_LABELS: Mapping[CertificationState, str] = {
    CertificationState.NOT_ASKED: N_("Not handed over for certification yet"),
    CertificationState.WAITING: N_("Waits for the certification"),
    CertificationState.RETURNED: N_("Sent back with remarks"),
    CertificationState.CHANGED: N_("Changed after it was handed over"),
    CertificationState.CERTIFIED: N_("Certified"),
}

MISSING: Mapping[CertificationState, str] = {
    CertificationState.NOT_ASKED: N_("The head of the organisation has to certify the application: hand it over"),
    CertificationState.WAITING: N_("The application waits for the certification by the head of the organisation"),
    CertificationState.RETURNED: N_("The head of the organisation sent the application back with remarks"),
    CertificationState.CHANGED: N_(
        "The application was changed after it was handed to the head of the organisation: hand it over again"
    ),
}
"""Why an application that is not certified cannot be submitted."""


def state_of(outcome: str | None, handed_over: str | None, present: str) -> CertificationState:
    """Return how far it is, by the last time it was handed over and the fingerprint that the application has now.

    ``handed_over`` is the fingerprint of that time, None where it never was.
    """
    if handed_over is None:
        return CertificationState.NOT_ASKED
    if outcome == "returned":
        return CertificationState.RETURNED
    if handed_over != present:
        return CertificationState.CHANGED
    return CertificationState.CERTIFIED if outcome == "certified" else CertificationState.WAITING
