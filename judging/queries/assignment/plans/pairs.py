"""The pairs of a plan with the experts' loads before and after it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from judging.domain.affinity import MatchLevel
from judging.domain.distribution import Change
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.domain.plan_explanation import Message, pair_messages
from judging.models import Application, AssignmentPlan, Expert, PlannedPair, Review
from judging.queries.assignment.places import admitted


@dataclass(frozen=True)
class PlanPair:
    """A pair of a plan: the change, whether it is ticked, how well it fits and why it was chosen.

    ``why`` is the match topic by topic and what else speaks for the pair; ``load_before`` and ``load_after`` are the
    expert's present tasks and those with every ticked change of the plan, ``max_load`` the limit.
    """

    id: int
    expert_id: int
    expert: str
    expert_region: str
    application_id: int
    number: str
    title: str
    change: Change
    chosen: bool
    affinity: int
    level: MatchLevel
    why: tuple[Message, ...]
    load_before: int
    load_after: int
    max_load: int


def loads_before(contest_id: int) -> Subquery:
    """Select (expert_id, load): present tasks on admitted applications; experts without any are not in it."""
    return (
        select(Review.expert_id, func.count().label("load"))
        .join(Application, Application.id == Review.application_id)
        .where(admitted(contest_id), Review.status.in_(OCCUPIED))
        .group_by(Review.expert_id)
        .subquery()
    )


def loads_changed(plan_id: int) -> Subquery:
    """Select (expert_id, change, added): what the ticked pairs of the plan make of loads; how many it adds in all."""
    ticked_removal = (
        PlannedPair.chosen & (PlannedPair.change == Change.REMOVE) & (Application.status == ApplicationStatus.ADMITTED)
    )
    ticked_addition = PlannedPair.chosen & (PlannedPair.change == Change.ADD)
    return (
        select(
            PlannedPair.expert_id,
            func.sum(case((ticked_addition, 1), (ticked_removal, -1), else_=0)).label("change"),
            func.sum(case((PlannedPair.change == Change.ADD, 1), else_=0)).label("added"),
            func.sum(case((PlannedPair.change != Change.KEEP, 1), else_=0)).label("changes"),
        )
        .join(Application, Application.id == PlannedPair.application_id)
        .where(PlannedPair.plan_id == plan_id)
        .group_by(PlannedPair.expert_id)
        .subquery()
    )


def pairs_by(
    session: Session, plan: AssignmentPlan, condition: ColumnElement[bool], key: str
) -> defaultdict[int, list[PlanPair]]:
    """The pairs under a condition by ``application_id`` or ``expert_id``: one select."""
    found: defaultdict[int, list[PlanPair]] = defaultdict(list)
    for row in session.execute(_pairs(plan).where(condition)):
        pair = _pair(row)
        found[getattr(pair, key)].append(pair)
    return found


def _pairs(plan: AssignmentPlan) -> Select[*tuple[Any, ...]]:
    before, changed = loads_before(plan.contest_id), loads_changed(plan.id)
    load = func.coalesce(before.c.load, 0)
    return (
        select(
            PlannedPair.id, PlannedPair.expert_id, Expert.name.label("expert"), Expert.region.label("expert_region"),
            PlannedPair.application_id, Application.number, Application.title, PlannedPair.change, PlannedPair.chosen,
            PlannedPair.affinity, PlannedPair.parts, PlannedPair.reasons, load.label("load_before"),
            (load + func.coalesce(changed.c.change, 0)).label("load_after"), Expert.max_load,
        )
        .join(Expert, Expert.id == PlannedPair.expert_id)
        .join(Application, Application.id == PlannedPair.application_id)
        .outerjoin(before, before.c.expert_id == PlannedPair.expert_id)
        .outerjoin(changed, changed.c.expert_id == PlannedPair.expert_id)
        .where(PlannedPair.plan_id == plan.id)
        .order_by(Application.sort_number, PlannedPair.affinity.desc(), Expert.sort_name, PlannedPair.id)
    )  # fmt: skip


def _pair(row: Any) -> PlanPair:
    values = dict(row._mapping)
    parts, reasons = values.pop("parts"), values.pop("reasons")
    level = MatchLevel(max((part[2] for part in parts), default=MatchLevel.NONE))
    change = Change(values.pop("change"))
    return PlanPair(**values, change=change, level=level, why=pair_messages(parts, reasons))
