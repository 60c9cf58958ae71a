"""The rows of a draft plan by expert, with the loads before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.models import AssignmentPlan, Expert, PlannedPair
from judging.queries.assignment.chips import BoardFilter
from judging.queries.assignment.plans.pairs import PlanPair, loads_before, loads_changed, pairs_by
from judging.queries.paging import TALL_PER_PAGE, Page, windowed
from judging.queries.searching import contains_words, ordered


@dataclass(frozen=True)
class PlanLoad:
    """An expert in a plan: tasks ``before`` and ``after`` its ticked changes, of ``max_load``; the plan's ``pairs``."""

    id: int
    name: str
    region: str
    topics: tuple[str, ...]
    before: int
    after: int
    max_load: int
    pairs: tuple[PlanPair, ...]


def load_page(session: Session, plan: AssignmentPlan, choice: BoardFilter) -> Page[PlanLoad]:
    """One page by expert: sorted by ``name``, ``before``, ``after``, ``added`` (minus: descending).

    ``choice.state``: "changed" (tasks added or taken off), "full" (no room after), "idle" (nothing after);
    ``choice.region`` of the expert; ``choice.text`` searches. Three selects, whatever the size of the plan.
    """
    query = _experts(plan, choice)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.execute(windowed(query, choice.page, total, TALL_PER_PAGE)).all()
    pairs = pairs_by(session, plan, PlannedPair.expert_id.in_([row.id for row in found]), "expert_id")
    rows = [PlanLoad(**{**row._mapping, "topics": tuple(row.topics)}, pairs=tuple(pairs[row.id])) for row in found]
    return Page(tuple(rows), choice.page, total, TALL_PER_PAGE)


def _experts(plan: AssignmentPlan, choice: BoardFilter) -> Select[*tuple[Any, ...]]:
    present, changed = loads_before(plan.contest_id), loads_changed(plan.id)
    before = func.coalesce(present.c.load, 0)
    after = before + func.coalesce(changed.c.change, 0)
    query = (
        select(Expert.id, Expert.name, Expert.region, Expert.topics, before.label("before"), after.label("after"),
               Expert.max_load)
        .outerjoin(present, present.c.expert_id == Expert.id)
        .outerjoin(changed, changed.c.expert_id == Expert.id)
        .where(Expert.contest_id == plan.contest_id, *contains_words(Expert.search_text, choice.text))
    )  # fmt: skip
    if choice.region:
        query = query.where(Expert.region == choice.region)
    states: Mapping[str, Any] = {
        "changed": func.coalesce(changed.c.changes, 0) > 0,
        "full": after >= Expert.max_load,
        "idle": after == 0,
    }
    if choice.state in states:
        query = query.where(states[choice.state])
    orders = {"name": Expert.sort_name, "before": before, "after": after, "added": func.coalesce(changed.c.added, 0)}
    return ordered(query, orders, choice.sort, "name", Expert.id)
