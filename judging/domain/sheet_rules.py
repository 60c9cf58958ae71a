"""What a contest asks of a score sheet beside its marks, and to whom the words on it are addressed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from judging.domain.errors import N_, Fault

GROUP = "group:"
"""A comment on a group of criteria stands under this and the title of the group, one on a criterion under its code."""


class Audience(StrEnum):
    """Who reads a comment: the commission and the staff, the applicant too, or nobody but who wrote it."""

    PANEL = "panel"
    APPLICANT = "applicant"
    PRIVATE = "private"


class Confidence(StrEnum):
    """How sure an expert is of the review; it changes no figure."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Asked(StrEnum):
    """Whether a question of the sheet is not asked, may be answered, or must be."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


AUDIENCE_LABELS: Mapping[Audience, str] = {
    Audience.PANEL: N_("To the commission"),
    Audience.APPLICANT: N_("To the applicant"),
    Audience.PRIVATE: N_("For myself alone"),
}

CONFIDENCE_LABELS: Mapping[Confidence, str] = {
    Confidence.LOW: N_("Not sure"),
    Confidence.MEDIUM: N_("Rather sure"),
    Confidence.HIGH: N_("Sure"),
}


ASKED_LABELS: Mapping[Asked, str] = {
    Asked.NO: N_("Not asked"),
    Asked.OPTIONAL: N_("May be answered"),
    Asked.REQUIRED: N_("Must be answered"),
}


@dataclass(frozen=True)
class SheetRules:
    """What the sheet of a contest asks.

    ``recommendation`` and ``confidence``: whether they are asked for. ``scope``: every expert says whether the project
    is within the scope of the contest; a review that says no needs no marks and does not count, and staff are told.
    ``audiences``: to whom comments may be addressed, beside the commission. ``groups``: whether there is a comment on
    each group of criteria.
    """

    recommendation: Asked = Asked.REQUIRED
    confidence: Asked = Asked.NO
    scope: bool = False
    audiences: tuple[Audience, ...] = ()
    groups: bool = False


def sheet_rules_faults(rules: SheetRules) -> tuple[Fault, ...]:
    """Name everything that is wrong with what a sheet asks; paths are ``sheet.…`` with archive keys."""
    return tuple(_audience_faults(rules.audiences))


def _audience_faults(audiences: tuple[Audience, ...]) -> Iterator[Fault]:
    for index, audience in enumerate(audiences):
        if audience is Audience.PANEL:
            yield Fault(f"sheet.audiences[{index}]", N_("Comments to the commission are always there"))
        elif audience in audiences[:index]:
            yield Fault(f"sheet.audiences[{index}]", N_("The audience is named twice"))


def group_place(title: str) -> str:
    """Return the place of a comment on the group of criteria with this title."""
    return f"{GROUP}{title}"
