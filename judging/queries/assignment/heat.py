"""The heat map: applications × experts, how well each pair fits and what has become of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from judging.domain.affinity import MatchLevel
from judging.domain.distribution import Change
from judging.domain.errors import N_
from judging.domain.lifecycle import ReviewStatus
from judging.models import Application, Conflict, Expert, PlannedPair, Review
from judging.queries.assignment.places import ExpertLoad, admitted, expert_row, experts_query, filled_places
from judging.queries.conflicts import Pair
from judging.queries.paging import fitting, windowed

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
    level: MatchLevel
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


@dataclass(frozen=True)
class _States:
    """What is known of the pairs of a page, each a set of (expert id, application id) or a status by pair."""

    conflicts: frozenset[Pair]
    reviews: Mapping[Pair, str]
    changes: Mapping[Pair, str]

    def of(self, pair: Pair) -> CellState:
        """The weightiest state of a pair: what is begun, a conflict, what the plan does, a proposal."""
        review, change = self.reviews.get(pair), self.changes.get(pair)
        if pair in self.conflicts:
            return CellState.CONFLICT
        if change is not None:
            return _PLANNED[Change(change)]
        return CellState.NONE if review is None else _REVIEWED[ReviewStatus(review)]


_PLANNED: Mapping[Change, CellState] = {
    Change.ADD: CellState.PLANNED,
    Change.KEEP: CellState.PROPOSED,
    Change.REMOVE: CellState.LEAVING,
}
_REVIEWED: Mapping[ReviewStatus, CellState] = {
    ReviewStatus.PROPOSED: CellState.PROPOSED,
    ReviewStatus.ASSIGNED: CellState.ASSIGNED,
    ReviewStatus.ACCEPTED: CellState.ASSIGNED,
    ReviewStatus.SUBMITTED: CellState.ASSIGNED,
    ReviewStatus.RECUSED: CellState.RECUSED,
    ReviewStatus.DECLINED: CellState.RECUSED,
}


def heat_map(
    session: Session,
    contest_id: int,
    wanted: int,
    *,
    plan_id: int | None = None,
    applications_page: int = 1,
    experts_page: int = 1,
) -> HeatMap:
    """One page of the map: applications by number × experts by name, in seven selects at most.

    ``wanted`` experts an application; ``plan_id`` the open plan whose ticked changes are shown.
    """
    experts, experts_total = _experts(session, contest_id, experts_page)
    applications, applications_total = _applications(session, contest_id, applications_page)
    states = _states(session, [one.id for one in experts], [one.id for one in applications], plan_id)
    return HeatMap(
        experts=tuple(HeatExpert(one.id, one.name, one.topics, one.load, one.max_load) for one in experts),
        rows=tuple(_row(row, wanted, experts, states) for row in applications),
        applications_total=applications_total,
        experts_total=experts_total,
        applications_page=fitting(applications_page, applications_total, APPLICATIONS),
        experts_page=fitting(experts_page, experts_total, EXPERTS),
    )


def _experts(session: Session, contest_id: int, page: int) -> tuple[list[ExpertLoad], int]:
    total = session.scalar(select(func.count(Expert.id)).where(Expert.contest_id == contest_id)) or 0
    query = experts_query(contest_id).order_by(Expert.sort_name, Expert.id)
    return [expert_row(row) for row in session.execute(windowed(query, page, total, EXPERTS))], total


def _applications(session: Session, contest_id: int, page: int) -> tuple[Sequence[Any], int]:
    total = session.scalar(select(func.count(Application.id)).where(admitted(contest_id))) or 0
    places = filled_places(contest_id)
    query = (
        select(Application.id, Application.number, Application.title, Application.topics,
               func.coalesce(places.c.places, 0).label("filled"))
        .outerjoin(places, places.c.application_id == Application.id)
        .where(admitted(contest_id))
        .order_by(Application.sort_number, Application.id)
    )  # fmt: skip
    return session.execute(windowed(query, page, total, APPLICATIONS)).all(), total


def _states(
    session: Session, expert_ids: Collection[int], application_ids: Collection[int], plan_id: int | None
) -> _States:
    def within(model: Any) -> ColumnElement[bool]:
        inside: ColumnElement[bool] = model.expert_id.in_(expert_ids) & model.application_id.in_(application_ids)
        return inside

    conflicts = session.execute(select(Conflict.expert_id, Conflict.application_id).where(within(Conflict)))
    reviews = session.execute(select(Review.expert_id, Review.application_id, Review.status).where(within(Review)))
    changes: Iterable[Any] = ()
    if plan_id is not None:
        changes = session.execute(
            select(PlannedPair.expert_id, PlannedPair.application_id, PlannedPair.change).where(
                PlannedPair.plan_id == plan_id, PlannedPair.chosen, within(PlannedPair)
            )
        )
    return _States(
        conflicts=frozenset((expert_id, application_id) for expert_id, application_id in conflicts),
        reviews={(expert_id, application_id): status for expert_id, application_id, status in reviews},
        changes={(expert_id, application_id): change for expert_id, application_id, change in changes},
    )


def _row(row: Any, wanted: int, experts: Sequence[ExpertLoad], states: _States) -> HeatRow:
    topics = tuple(row.topics)
    matches = [expert.affinity(topics) for expert in experts]
    return HeatRow(
        id=row.id,
        number=row.number,
        title=row.title,
        topics=topics,
        filled=row.filled,
        wanted=wanted,
        cells=tuple(
            HeatCell(match.value, match.level, states.of((expert.id, row.id)))
            for expert, match in zip(experts, matches, strict=True)
        ),
    )
