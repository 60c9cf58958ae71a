"""The board by application: its experts, its empty places, and who could take them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from judging.domain.affinity import Affinity
from judging.domain.lifecycle import ReviewStatus
from judging.domain.staffing import Shortage, why_short
from judging.models import Application, Cluster, Conflict, Review
from judging.queries.assignment.chips import (
    BoardFilter,
    Chip,
    grouped,
    tasks_where,
)
from judging.queries.assignment.places import ExpertLoad, admitted, filled_of_application
from judging.queries.assignment.pool import Pool, rank_of
from judging.queries.paging import TALL_PER_PAGE, Page, windowed
from judging.queries.searching import contains_words, ordered

ORDERS: Mapping[str, Any] = {
    "number": Application.sort_number,
    "title": Application.sort_title,
    "requested": Application.requested,
}


@dataclass(frozen=True)
class Candidate:
    """An expert who could take an application, or cannot: ``barred`` by a conflict, ``tasked`` already."""

    expert: ExpertLoad
    affinity: Affinity
    barred: bool = False
    tasked: bool = False


@dataclass(frozen=True)
class ApplicationRow:
    """An admitted application; ``requested`` in kopecks, ``filled`` places of ``wanted``.

    ``offered`` are the best candidates with room, ``barred`` how many experts a conflict keeps away.
    """

    id: int
    number: str
    title: str
    cluster: str
    region: str
    topics: tuple[str, ...]
    requested: int | None
    filled: int
    wanted: int
    tasks: tuple[Chip, ...]
    offered: tuple[Candidate, ...]
    barred: int
    shortage: Shortage | None

    @property
    def missing(self) -> int:
        """How many places are empty."""
        return max(0, self.wanted - self.filled)


def applications_page(
    session: Session, contest_id: int, wanted: int, pool: Pool, choice: BoardFilter, *, admitted: int | None = None
) -> Page[ApplicationRow]:
    """One page of the admitted applications, whose number is known where nothing is looked for: four selects."""
    query = _applications(contest_id, wanted, choice)
    total = admitted if admitted is not None and not choice.narrowed else _number(session, query)
    ids = session.scalars(windowed(query, choice.page, total, TALL_PER_PAGE)).all()
    made = _application_rows(session, contest_id, ids, wanted, pool)
    return Page(tuple(made), choice.page, total, TALL_PER_PAGE)


def _number(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def application_row(
    session: Session, contest_id: int, application_id: int, wanted: int, loads: Sequence[ExpertLoad]
) -> ApplicationRow | None:
    """The row of one admitted application; None for any other."""
    query = _applications(contest_id, wanted, BoardFilter()).where(Application.id == application_id)
    ids = session.scalars(query).all()
    return next(iter(_application_rows(session, contest_id, ids, wanted, Pool(loads))), None)


def candidates(session: Session, row: ApplicationRow, loads: Sequence[ExpertLoad]) -> list[Candidate]:
    """Every expert of the contest beside one application, the best first; those who cannot take it last."""
    barred = _barred(session, Conflict.application_id == row.id)[row.id]
    tasked = {task.expert_id for task in row.tasks}
    found = [Candidate(one, one.affinity(row.topics), one.id in barred, one.id in tasked) for one in loads]
    return sorted(found, key=lambda item: (item.barred, item.tasked, *rank_of(item.expert, row.topics)))


def _applications(contest_id: int, wanted: int, choice: BoardFilter) -> Select[int]:
    """Select the numbers of the applications of a choice, in its order."""
    filled = filled_of_application(contest_id)
    query = select(Application.id).where(admitted(contest_id), *contains_words(Application.search_text, choice.text))
    if choice.region:
        query = query.join(Cluster, Cluster.id == Application.cluster_id).where(Cluster.region == choice.region)
    orders = {**ORDERS, "filled": filled}
    return ordered(_in_state(query, choice.state, filled, wanted), orders, choice.sort, "number", Application.id)


def _rows(contest_id: int, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Application.id, Application.number, Application.title, Cluster.name.label("cluster"), Cluster.region,
            Application.topics, Application.requested, filled_of_application(contest_id).label("filled"),
        )
        .join(Cluster, Cluster.id == Application.cluster_id)
        .where(Application.id.in_(ids))
    )  # fmt: skip


def _in_state(query: Select[int], state: str, filled: Any, wanted: int) -> Select[int]:
    proposals = select(Review.id).where(Review.application_id == Application.id, Review.status == ReviewStatus.PROPOSED)
    if state == "short":
        return query.where(filled < wanted)
    if state == "proposed":
        return query.where(proposals.exists())
    return query.where(filled == int(state)) if state.isdecimal() and len(state) < 4 else query


def _application_rows(
    session: Session, contest_id: int, ids: Sequence[int], wanted: int, pool: Pool
) -> Iterable[ApplicationRow]:
    """The rows of these applications, in their order."""
    found = {row.id: row for row in session.execute(_rows(contest_id, ids))}
    own = grouped(tasks_where(session, Review.application_id.in_(ids)), "application_id")
    barred = _barred(session, Conflict.application_id.in_(ids))
    for key in ids:
        values = {**found[key]._mapping, "topics": tuple(found[key].topics)}
        yield _application_row(values, wanted, tuple(own[key]), barred[key], pool)


def _application_row(
    values: Mapping[str, Any], wanted: int, chips: tuple[Chip, ...], barred: Collection[int], pool: Pool
) -> ApplicationRow:
    left_out = {*barred, *(chip.expert_id for chip in chips)}
    eligible, free = pool.counts(left_out)
    return ApplicationRow(
        **values,
        wanted=wanted,
        tasks=chips,
        offered=tuple(
            Candidate(expert, expert.affinity(values["topics"])) for expert in pool.offered(values["topics"], left_out)
        ),
        barred=len(barred),
        shortage=why_short(wanted - values["filled"], eligible=eligible, free=free),
    )


def _barred(session: Session, condition: ColumnElement[bool]) -> defaultdict[int, set[int]]:
    """The experts in conflict by application."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for row in session.execute(select(Conflict.application_id, Conflict.expert_id).where(condition)):
        groups[row.application_id].add(row.expert_id)
    return groups
