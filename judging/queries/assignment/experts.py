"""The board by expert: their load, their tasks, and which applications they could take."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.affinity import Affinity, Level, match_value
from judging.domain.collation import sort_key
from judging.models import Application, Conflict, Expert, Review
from judging.queries.assignment.chips import (
    OFFERED,
    PER_PAGE,
    BoardFilter,
    Chip,
    Page,
    grouped,
    tasks_where,
)
from judging.queries.assignment.places import ExpertLoad, admitted, expert_row, experts_query, filled_places
from judging.queries.searching import contains_words, ordered

ORDERS: Mapping[str, Any] = {"name": Expert.sort_name, "max_load": Expert.max_load}


@dataclass(frozen=True)
class OpenApplication:
    """An application that an expert could take, with how well it fits."""

    id: int
    number: str
    title: str
    topics: tuple[str, ...]
    missing: int
    affinity: Affinity


@dataclass(frozen=True)
class ExpertRow:
    """An expert with their tasks and the best applications that are short of experts."""

    expert: ExpertLoad
    tasks: tuple[Chip, ...]
    offered: tuple[OpenApplication, ...]
    barred: int


def experts_page(session: Session, contest_id: int, wanted: int, choice: BoardFilter) -> Page[ExpertRow]:
    """One page of the contest's experts: five selects, whatever their number."""
    query = _experts(contest_id, choice)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.execute(query.limit(PER_PAGE).offset((choice.page - 1) * PER_PAGE))
    loads = [expert_row(row) for row in found]
    rows = expert_rows(session, contest_id, wanted, loads)
    return Page(tuple(rows), total, choice.page)


def expert_rows(session: Session, contest_id: int, wanted: int, loads: Sequence[ExpertLoad]) -> list[ExpertRow]:
    """Experts with their tasks and offers: three selects."""
    ids = [expert.id for expert in loads]
    own = grouped(tasks_where(session, Review.expert_id.in_(ids), admitted(contest_id)), "expert_id")
    barred = _barred_experts(session, ids)
    short = _by_topics(short_applications(session, contest_id, wanted))
    return [
        ExpertRow(
            expert=expert,
            tasks=tuple(own[expert.id]),
            offered=_offers(expert, short, barred[expert.id] | {task.application_id for task in own[expert.id]}),
            barred=len(barred[expert.id]),
        )
        for expert in loads
    ]


def open_applications(
    session: Session, contest_id: int, wanted: int, row: ExpertRow, choice: BoardFilter
) -> Page[OpenApplication]:
    """One page of all that this expert could take, the best match first, then those that miss most experts."""
    taken = _barred_experts(session, [row.expert.id])[row.expert.id] | {task.application_id for task in row.tasks}
    found = [
        OpenApplication(one.id, one.number, one.title, topics, one.missing, row.expert.affinity(topics))
        for one, topics in short_applications(session, contest_id, wanted, choice)
        if one.id not in taken
    ]
    found.sort(key=lambda one: (-one.affinity.value, -one.missing, sort_key(one.number)))
    first = (choice.page - 1) * PER_PAGE
    return Page(tuple(found[first : first + PER_PAGE]), len(found), choice.page)


def short_applications(
    session: Session, contest_id: int, wanted: int, choice: BoardFilter | None = None
) -> list[tuple[Any, tuple[str, ...]]]:
    """(row with id, number, title, missing; topics) of the admitted applications that are short of experts.

    With ``choice`` all admitted applications are given, those that have enough too, narrowed by its text.
    """
    places = filled_places(contest_id)
    missing = wanted - func.coalesce(places.c.places, 0)
    query = (
        select(Application.id, Application.number, Application.title, Application.topics, missing.label("missing"))
        .outerjoin(places, places.c.application_id == Application.id)
        .where(admitted(contest_id))
        .order_by(Application.sort_number, Application.id)
    )
    sought = [missing > 0] if choice is None else contains_words(Application.search_text, choice.text)
    return [(row, tuple(row.topics)) for row in session.execute(query.where(*sought))]


def _experts(contest_id: int, choice: BoardFilter) -> Select[*tuple[Any, ...]]:
    query = experts_query(contest_id).where(*contains_words(Expert.search_text, choice.text))
    load = query.selected_columns["load"]
    if choice.region:
        query = query.where(Expert.region == choice.region)
    states = {"idle": load == 0, "room": load < Expert.max_load, "full": load >= Expert.max_load,
              "overloaded": load > Expert.max_load}  # fmt: skip
    if choice.state in states:
        query = query.where(states[choice.state])
    return ordered(query, {**ORDERS, "load": load}, choice.sort, "name", Expert.id)


def _by_topics(short: Iterable[tuple[Any, tuple[str, ...]]]) -> Mapping[tuple[str, ...], list[Any]]:
    groups: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row, topics in short:
        groups[topics].append(row)
    return groups


def _offers(
    expert: ExpertLoad, short: Mapping[tuple[str, ...], list[Any]], taken: Collection[int]
) -> tuple[OpenApplication, ...]:
    """The best matches among the short applications: there are far fewer lists of topics than applications."""
    found: list[OpenApplication] = []
    match = _matching(expert)
    for topics in sorted(short, key=lambda topics: -match(topics)):
        affinity = expert.affinity(topics)
        rows = (row for row in short[topics] if row.id not in taken)
        found += [OpenApplication(row.id, row.number, row.title, topics, row.missing, affinity) for row in rows]
        if len(found) >= OFFERED:
            break
    return tuple(found[:OFFERED])


def _matching(expert: ExpertLoad) -> Callable[[tuple[str, ...]], int]:
    """``expert.affinity(topics).value``, worked out code by code: there are far fewer codes than lists of them."""

    @cache
    def level(code: str) -> Level:
        return expert.affinity((code,)).level

    return lambda topics: match_value([level(code) for code in topics])


def _barred_experts(session: Session, expert_ids: Collection[int]) -> defaultdict[int, set[int]]:
    """The applications in conflict by expert."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    query = select(Conflict.application_id, Conflict.expert_id).where(Conflict.expert_id.in_(expert_ids))
    for row in session.execute(query):
        groups[row.expert_id].add(row.application_id)
    return groups
