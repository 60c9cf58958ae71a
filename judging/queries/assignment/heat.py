"""The heat map: applications × experts, how well each pair fits and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from judging.domain.affinity import Level
from judging.domain.errors import N_

APPLICATIONS = 50
EXPERTS = 30
"""How many rows and columns a page has."""


class CellState(StrEnum):
    """What has become of a pair; a planned one is added by the open plan, a leaving one removed by it."""

    NONE = "none"
    CONFLICT = "conflict"
    RECUSED = "recused"
    ASSIGNED = "assigned"
    PROPOSED = "proposed"
    PLANNED = "planned"
    LEAVING = "leaving"


CELL_LABELS: Mapping[CellState, str] = {
    CellState.NONE: N_("not on this application"),
    CellState.CONFLICT: N_("conflict of interest"),
    CellState.RECUSED: N_("has declined"),
    CellState.ASSIGNED: N_("assigned"),
    CellState.PROPOSED: N_("proposed"),
    CellState.PLANNED: N_("in the plan"),
    CellState.LEAVING: N_("proposed, the plan takes it off"),
}


@dataclass(frozen=True)
class HeatCell:
    """A pair: ``value`` 0 to 1100 and its ``level``, and what has become of it."""

    value: int
    level: Level
    state: CellState


@dataclass(frozen=True)
class HeatExpert:
    """A column."""

    id: int
    name: str
    topics: tuple[str, ...]
    load: int
    max_load: int


@dataclass(frozen=True)
class HeatRow:
    """A row: an application with a cell for every column of the page."""

    id: int
    number: str
    title: str
    topics: tuple[str, ...]
    filled: int
    wanted: int
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """One page of rows by one page of columns, and how many there are of both."""

    experts: tuple[HeatExpert, ...]
    rows: tuple[HeatRow, ...]
    applications_total: int
    experts_total: int
    applications_page: int
    experts_page: int


def heat_map(
    session: Session,
    contest_id: int,
    wanted: int,
    *,
    plan_id: int | None = None,
    applications_page: int = 1,
    experts_page: int = 1,
) -> HeatMap:
    """One page of the map: applications by number × experts by name, in a constant number of selects.

    ``wanted`` experts an application; ``plan_id`` the open plan whose ticked changes are shown.
    """
    raise NotImplementedError
