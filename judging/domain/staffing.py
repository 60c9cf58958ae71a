"""Why an application is short of experts."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_


class Shortage(StrEnum):
    """What keeps the places of an application empty."""

    NOT_PLANNED = "not_planned"
    NO_EXPERTS = "no_experts"
    CONFLICTS = "conflicts"
    LOAD = "load"


SHORTAGE_LABELS: Mapping[Shortage, str] = {
    Shortage.NOT_PLANNED: N_("There are free experts: distribute or add by hand"),
    Shortage.NO_EXPERTS: N_("No expert can take it: the contest has no others without a conflict of interest"),
    Shortage.CONFLICTS: N_("Fewer experts without a conflict of interest than places: invite more experts"),
    Shortage.LOAD: N_("The experts who could take it have no room left: raise their limits or invite more experts"),
}


def why_short(missing: int, *, eligible: int, free: int) -> Shortage | None:
    """Say why ``missing`` places are empty; None where none is.

    ``eligible`` experts have no conflict and no task on the application; ``free`` of them have room for another task.
    """
    if missing <= 0:
        return None
    if not eligible:
        return Shortage.NO_EXPERTS
    if eligible < missing:
        return Shortage.CONFLICTS
    return Shortage.LOAD if free < missing else Shortage.NOT_PLANNED
