"""The open plan of a contest, the rules that it obeys, and its figures."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from statistics import fmean
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.distribution import AdditionalCall, Change, DistributionRules, Goal, QueueOrder
from judging.domain.lifecycle.plan import CLOSED
from judging.models import AssignmentPlan, AssignmentRules, PlannedApplication, PlannedPair

WORST = 20
"""The worst twentieth of the applications is averaged."""


@dataclass(frozen=True)
class PlanTotals:
    """The figures of a plan; matches are sums over an application's experts.

    ``short`` applications lack ``missing`` experts in all. ``ticked_added`` and ``ticked_removed`` are what applying
    would do now. ``floor`` is the worst served application, ``worst`` the mean of the worst twentieth. No plan has a
    floor above ``floor_bound`` (None: not looked at) nor, at this floor, a total above ``total_bound``; ``optimal``:
    nothing is left to gain; ``limit_reached``: the search stopped at its limit.
    """

    applications: int
    added: int
    kept: int
    removed: int
    ticked_added: int
    ticked_removed: int
    missing: int
    short: int
    floor: int
    mean: float
    worst: float
    total: int
    floor_bound: float | None
    total_bound: float
    optimal: bool
    limit_reached: bool

    @property
    def changes(self) -> int:
        """How many pairs differ from the present proposals."""
        return self.added + self.removed


def assignment_rules(session: Session, contest_id: int) -> DistributionRules:
    """The rules of the contest's distribution; the defaults where nobody has changed them."""
    row = session.get(AssignmentRules, contest_id, populate_existing=True)
    if row is None:
        return DistributionRules()
    values = {field.name: getattr(row, field.name) for field in fields(DistributionRules)}
    words = {
        "goal": Goal(row.goal), "queue": QueueOrder(row.queue), "additional": AdditionalCall(row.additional),
    }  # fmt: skip
    return DistributionRules(**values | words)


def current_plan(session: Session, contest_id: int) -> AssignmentPlan | None:
    """The open plan of the contest: neither applied nor discarded."""
    query = select(AssignmentPlan).where(AssignmentPlan.contest_id == contest_id, AssignmentPlan.status.not_in(CLOSED))
    return session.scalar(query)


def plan_totals(session: Session, plan: AssignmentPlan) -> PlanTotals:
    """The figures of a plan that is ready: two selects."""
    counts = _counts(session, plan.id)
    certificate: Mapping[str, Any] = (plan.insights or {}).get("certificate", {})
    return PlanTotals(
        **_served(session, plan.id),
        added=sum(counts[Change.ADD].values()),
        kept=sum(counts[Change.KEEP].values()),
        removed=sum(counts[Change.REMOVE].values()),
        ticked_added=counts[Change.ADD][True],
        ticked_removed=counts[Change.REMOVE][True],
        floor_bound=certificate.get("floor_bound"),
        total_bound=certificate.get("total_bound", 0.0),
        optimal=certificate.get("optimal", False),
        limit_reached=certificate.get("limit_reached", False),
    )


def _served(session: Session, plan_id: int) -> dict[str, Any]:
    """How the applications fare; those that want nobody (they are no longer admitted) do not count."""
    served = session.execute(
        select(PlannedApplication.score, PlannedApplication.demand, PlannedApplication.filled)
        .where(PlannedApplication.plan_id == plan_id, PlannedApplication.demand > 0)
        .order_by(PlannedApplication.score)
    ).all()
    scores = [row.score for row in served]
    return {
        "applications": len(served),
        "missing": sum(max(0, row.demand - row.filled) for row in served),
        "short": sum(row.filled < row.demand for row in served),
        "floor": scores[0] if scores else 0,
        "mean": fmean(scores) if scores else 0.0,
        "worst": fmean(scores[: -(-len(scores) // WORST)]) if scores else 0.0,
        "total": sum(scores),
    }


def _counts(session: Session, plan_id: int) -> defaultdict[str, Counter[bool]]:
    """How many pairs there are by change and by whether they are ticked."""
    query = (
        select(PlannedPair.change, PlannedPair.chosen, func.count().label("number"))
        .where(PlannedPair.plan_id == plan_id)
        .group_by(PlannedPair.change, PlannedPair.chosen)
    )
    found: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for row in session.execute(query):
        found[row.change][bool(row.chosen)] += row.number
    return found
