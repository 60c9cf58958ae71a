"""The rows of a draft plan by application, a page at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.distribution import Change
from judging.domain.lifecycle.review import GIVEN
from judging.domain.plan_explanation import Message, obstacle_message
from judging.models import Application, AssignmentPlan, Cluster, Expert, PlannedApplication, PlannedPair, Review
from judging.queries.assignment.chips import BoardFilter, Chip, grouped, tasks_where
from judging.queries.assignment.plans.pairs import PlanPair, pairs_by
from judging.queries.paging import TALL_PER_PAGE, Page, windowed
from judging.queries.searching import contains_words, ordered


@dataclass(frozen=True)
class PlanRow:
    """An application in a plan: ``demand`` experts wanted, ``standing`` there already, ``filled`` with the plan.

    ``tasks`` are the standing ones, ``pairs`` the plan's; ``score`` the sum of the matches of all its experts;
    ``passed_over`` says why the best experts not chosen were not.
    """

    id: int
    number: str
    title: str
    cluster: str
    region: str
    topics: tuple[str, ...]
    demand: int
    standing: int
    filled: int
    score: int
    tasks: tuple[Chip, ...]
    pairs: tuple[PlanPair, ...]
    passed_over: tuple[Message, ...]

    @property
    def missing(self) -> int:
        """How many places the plan leaves empty."""
        return max(0, self.demand - self.filled)


def plan_page(session: Session, plan: AssignmentPlan, choice: BoardFilter) -> Page[PlanRow]:
    """One page by application: sorted by ``number``, ``title``, ``score``, ``missing`` (minus: descending).

    ``choice.state``: "changed" (with additions or removals), "short" (with empty places); ``choice.region`` of the
    cluster; ``choice.text`` searches. Five selects, whatever the size of the plan.
    """
    query = _applications(plan, choice)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.execute(windowed(query, choice.page, total, TALL_PER_PAGE)).all()
    ids = [row.id for row in found]
    pairs = pairs_by(session, plan, PlannedPair.application_id.in_(ids), "application_id")
    standing = tasks_where(session, Review.application_id.in_(ids), Review.status.in_(GIVEN))
    tasks = grouped(standing, "application_id")
    names = names_of(session, plan.contest_id, {one["expert"] for row in found for one in row.passed_over})
    rows = [_row(row, tuple(tasks[row.id]), tuple(pairs[row.id]), names) for row in found]
    return Page(tuple(rows), choice.page, total, TALL_PER_PAGE)


def names_of(session: Session, contest_id: int, emails: Collection[str]) -> Mapping[str, str]:
    """{e-mail: name} of these experts of the contest: one select."""
    query = select(Expert.email, Expert.name).where(Expert.contest_id == contest_id, Expert.email.in_(emails))
    return {row.email: row.name for row in session.execute(query)}


def _applications(plan: AssignmentPlan, choice: BoardFilter) -> Select[*tuple[Any, ...]]:
    missing = PlannedApplication.demand - PlannedApplication.filled
    query = (
        select(
            Application.id, Application.number, Application.title, Cluster.name.label("cluster"), Cluster.region,
            Application.topics, PlannedApplication.demand, PlannedApplication.standing, PlannedApplication.filled,
            PlannedApplication.score, PlannedApplication.passed_over,
        )
        .join(Application, Application.id == PlannedApplication.application_id)
        .join(Cluster, Cluster.id == Application.cluster_id)
        .where(PlannedApplication.plan_id == plan.id, *contains_words(Application.search_text, choice.text))
    )  # fmt: skip
    if choice.region:
        query = query.where(Cluster.region == choice.region)
    if choice.state == "short":
        query = query.where(missing > 0)
    if choice.state == "changed":
        query = query.where(
            select(PlannedPair.id)
            .where(PlannedPair.plan_id == plan.id, PlannedPair.application_id == Application.id)
            .where(PlannedPair.change != Change.KEEP)
            .exists()
        )
    orders = {
        "number": Application.number,
        "title": Application.sort_title,
        "score": PlannedApplication.score,
        "missing": missing,
    }
    return ordered(query, orders, choice.sort, "number", Application.id)


def _row(row: Any, tasks: tuple[Chip, ...], pairs: tuple[PlanPair, ...], names: Mapping[str, str]) -> PlanRow:
    values = {**row._mapping, "topics": tuple(row.topics)}
    values["passed_over"] = tuple(obstacle_message(one, names) for one in row.passed_over)
    return PlanRow(**values, tasks=tasks, pairs=pairs)
