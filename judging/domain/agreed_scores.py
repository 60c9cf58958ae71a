"""The agreed score of an application: when a lead expert may put it down, and what it lacks before it is submitted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from judging.domain.errors import N_, Fault
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheets import mark_path, scale_faults

LONGEST_RATIONALE = 10_000
RATIONALE = "rationale"


def draft_faults(
    criteria: Sequence[ExpertCriterion], scores: Mapping[str, Decimal], rationale: str
) -> tuple[Fault, ...]:
    """Name what even a draft may not have: marks off their scale, a rationale beyond all measure."""
    too_long = Fault(RATIONALE, N_("No more than %(limit)s characters"), {"limit": LONGEST_RATIONALE})
    return (*scale_faults(criteria, scores), *([too_long] if len(rationale) > LONGEST_RATIONALE else []))


def agreed_faults(
    criteria: Sequence[ExpertCriterion], scores: Mapping[str, Decimal], rationale: str
) -> tuple[Fault, ...]:
    """Name everything that an agreed score lacks: a mark on every required criterion, on its scale, and a rationale."""
    missing = [
        Fault(mark_path(item.code), N_("Give a mark")) for item in criteria if item.required and item.code not in scores
    ]
    unsaid = [] if rationale.strip() else [Fault(RATIONALE, N_("Say how the score was agreed on"))]
    return (*missing, *draft_faults(criteria, scores, rationale), *unsaid)
