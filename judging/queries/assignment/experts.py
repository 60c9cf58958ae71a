"""The board by expert: their load, their tasks, and which applications they could take."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.affinity import Affinity, MatchLevel, match_value
from judging.domain.collation import sort_key
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Conflict, Expert, Review
from judging.queries.assignment.chips import (
    OFFERED,
    BoardFilter,
    Chip,
    grouped,
    tasks_where,
)
from judging.queries.assignment.places import ExpertLoad, admitted, filled_places, load_of_expert
from judging.queries.paging import TALL_PER_PAGE, Page, cut, windowed
from judging.queries.searching import contains_words, ordered

Short = Mapping[tuple[str, ...], Sequence[Any]]
"""Rows of applications that are short of experts, by their topics."""
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


def experts_page(
    session: Session,
    contest_id: int,
    choice: BoardFilter,
    known: Mapping[int, ExpertLoad],
    short: Callable[[], Short],
) -> Page[ExpertRow]:
    """One page of the contest's experts, all of whom are ``known``: four selects, whatever their number."""
    query = _experts(contest_id, choice)
    total = len(known)
    if choice.narrowed:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    found = session.execute(windowed(query, choice.page, total, TALL_PER_PAGE))
    loads = [replace(known[row.id], joined=row.user_id is not None) for row in found]
    return Page(tuple(expert_rows(session, contest_id, loads, short)), choice.page, total, TALL_PER_PAGE)


def expert_rows(
    session: Session, contest_id: int, loads: Sequence[ExpertLoad], short: Callable[[], Short]
) -> list[ExpertRow]:
    """Experts with their tasks and offers out of what is ``short``: two selects."""
    ids = [expert.id for expert in loads]
    on_admitted = Application.status == ApplicationStatus.ADMITTED
    own = grouped(tasks_where(session, Review.expert_id.in_(ids), on_admitted), "expert_id")
    barred = _barred_experts(session, ids)
    offers = short() if loads else {}
    return [
        ExpertRow(
            expert=expert,
            tasks=tuple(own[expert.id]),
            offered=_offers(expert, offers, barred[expert.id] | {task.application_id for task in own[expert.id]}),
            barred=len(barred[expert.id]),
        )
        for expert in loads
    ]


def short_by_topics(session: Session, contest_id: int, wanted: int) -> Short:
    """The applications that are short of experts, in their order, by their topics: one select."""
    groups: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row, topics in short_applications(session, contest_id, wanted):
        groups[topics].append(row)
    return dict(groups)


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
    return cut(found, choice.page, TALL_PER_PAGE)


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


def _experts(contest_id: int, choice: BoardFilter) -> Select[int, int | None]:
    """Select (id, user_id) of the experts of a choice, in its order."""
    load = load_of_expert()
    query = select(Expert.id, Expert.user_id).where(Expert.contest_id == contest_id)
    query = query.where(*contains_words(Expert.search_text, choice.text))
    if choice.region:
        query = query.where(Expert.region == choice.region)
    states = {"idle": load == 0, "room": load < Expert.max_load, "full": load >= Expert.max_load,
              "overloaded": load > Expert.max_load}  # fmt: skip
    if choice.state in states:
        query = query.where(states[choice.state])
    return ordered(query, {**ORDERS, "load": load}, choice.sort, "name", Expert.id)


def _offers(expert: ExpertLoad, short: Short, taken: Collection[int]) -> tuple[OpenApplication, ...]:
    """The best matches among the short applications: there are far fewer lists of topics than applications."""
    found: list[OpenApplication] = []
    match = _matching(expert)
    for topics in sorted(short, key=lambda topics: -match(topics)):
        affinity = expert.affinity(topics)
        rows = islice((row for row in short[topics] if row.id not in taken), OFFERED - len(found))
        found += [OpenApplication(row.id, row.number, row.title, topics, row.missing, affinity) for row in rows]
        if len(found) >= OFFERED:
            break
    return tuple(found)


def _matching(expert: ExpertLoad) -> Callable[[tuple[str, ...]], int]:
    """``expert.affinity(topics).value``, worked out code by code: there are far fewer codes than lists of them."""

    @cache
    def level(code: str) -> MatchLevel:
        return expert.affinity((code,)).level

    return lambda topics: match_value([level(code) for code in topics])


def _barred_experts(session: Session, expert_ids: Collection[int]) -> defaultdict[int, set[int]]:
    """The applications in conflict by expert."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    query = select(Conflict.application_id, Conflict.expert_id).where(Conflict.expert_id.in_(expert_ids))
    for row in session.execute(query):
        groups[row.expert_id].add(row.application_id)
    return groups
