"""The formal check of a submitted application: what the system can see by itself, and what is left to a person.

Points K1–K9 and their numbers are the preset's example by analogy, not a legal text: the organiser sets the rules in
the call. A machine never rejects: it says «fulfilled», «look at this», or leaves the point to the staff.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from judging.domain.completeness import Dossier, Requirements
from judging.domain.errors import N_

EXAMPLE_SHARE = 50
"""Per cent of the costs that the preset's example lets an applicant ask for."""


class Outcome(StrEnum):
    """What the system says of one point."""

    FULFILLED = "fulfilled"
    LOOK = "look"
    STAFF = "staff"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.FULFILLED: N_("Fulfilled"),
    Outcome.LOOK: N_("Look at this"),
    Outcome.STAFF: N_("Checked by the staff"),
}


@dataclass(frozen=True)
class Point:
    """One point of the check; ``message`` is an English template with its values. Decimals are per cent."""

    code: str
    outcome: Outcome
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


def formal_check(
    dossier: Dossier, requirements: Requirements, *, submitted_at: datetime, closes_at: datetime
) -> tuple[Point, ...]:
    """Go through K1–K9 in their order."""
    return (
        Point("K1", Outcome.STAFF, N_("Compare with the register of industrial clusters.")),
        _membership(dossier),
        _participants(dossier, requirements),
        _functional_map(dossier),
        _money(dossier, requirements),
        _documents(dossier, requirements),
        _in_time(submitted_at, closes_at),
        Point("K8", Outcome.STAFF, N_("Check debts, insolvency and the other requirements of the call.")),
        _assurance(dossier),
    )


def _everybody(dossier: Dossier) -> list[str]:
    initiator = [dossier.initiator] if dossier.initiator else []
    return [*initiator, *(inn for inn, _ in dossier.partners)]


def _membership(dossier: Dossier) -> Point:
    outside = [inn for inn in _everybody(dossier) if inn not in dossier.members]
    if not dossier.members:
        return Point(
            "K2", Outcome.LOOK, N_("The members of the cluster are not listed: check the proof of membership.")
        )
    if outside:
        return Point(
            "K2", Outcome.LOOK, N_("Not among the cluster's members: INN %(inns)s"), {"inns": ", ".join(outside)}
        )
    return Point("K2", Outcome.FULFILLED, N_("Everybody is named among the cluster's members."))


def _participants(dossier: Dossier, requirements: Requirements) -> Point:
    number, least = len(set(_everybody(dossier))), requirements.least_participants
    outcome = Outcome.FULFILLED if number >= least else Outcome.LOOK
    return Point(
        "K3", outcome, N_("Participants: %(number)s, at least %(least)s needed"), {"number": number, "least": least}
    )


def _functional_map(dossier: Dossier) -> Point:
    if not dossier.functional_map_position:
        return Point("K4", Outcome.LOOK, N_("The position of the functional map is not named."))
    return Point(
        "K4", Outcome.STAFF, N_("Position named: %(position)s"), {"position": dossier.functional_map_position[:200]}
    )


def _money(dossier: Dossier, requirements: Requirements) -> Point:
    requested, cap, costs = dossier.requested, requirements.cap, dossier.total_cost
    if requested is None:
        return Point("K5", Outcome.LOOK, N_("The requested sum is not named."))
    if cap is not None and requested > cap:
        return Point("K5", Outcome.LOOK, N_("The requested sum is above the limit of the contest."))
    if not costs:
        return Point("K5", Outcome.LOOK, N_("The costs of the project are not named: the share is unknown."))
    share = (Decimal(requested) * 100 / Decimal(costs)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    outcome = Outcome.LOOK if requested * 100 > costs * EXAMPLE_SHARE else Outcome.FULFILLED
    return Point(
        "K5",
        outcome,
        N_("Requested: %(share)s %% of the costs; %(limit)s %% in the example"),
        {"share": share, "limit": EXAMPLE_SHARE},
    )


def _documents(dossier: Dossier, requirements: Requirements) -> Point:
    missing = list(_missing(dossier, requirements))
    if missing:
        return Point("K6", Outcome.LOOK, N_("Missing: %(titles)s"), {"titles": "; ".join(missing)})
    return Point("K6", Outcome.FULFILLED, N_("Every required document is there; check the signatory's powers."))


def _missing(dossier: Dossier, requirements: Requirements) -> Iterator[str]:
    for code, title in requirements.required_slots.items():
        if not dossier.documents.get(code):
            yield title


def _in_time(submitted_at: datetime, closes_at: datetime) -> Point:
    if submitted_at < closes_at:
        return Point("K7", Outcome.FULFILLED, N_("Submitted before the close by the system's clock."))
    return Point("K7", Outcome.LOOK, N_("Submitted after the close of the acceptance."))


def _assurance(dossier: Dossier) -> Point:
    if dossier.consent_no_double_funding:
        return Point("K9", Outcome.STAFF, N_("The applicant has given the assurance; check it."))
    return Point("K9", Outcome.LOOK, N_("The application has no such assurance."))
