"""Draft plans for tests: asked for, worked out and applied in one session."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.distribution import DistributionRules
from judging.domain.jobs import JobKind, key_of
from judging.models import AssignmentPlan, AssignmentRules, Contest, Expert, PlannedPair, Review
from judging.services.assignment import PlanRequest, apply_plan, plan_work, request_plan
from judging.services.assignment.plan_compute import compute
from judging.services.queue import SYSTEM, cancel
from tests import factories

NOW = factories.MOMENT
BY = By(CONSOLE, NOW)


def contest_of(session: Session, wanted: int = 2, **values: object) -> Contest:
    rules = {**factories.PRESET["rules"], "experts_per_application": wanted}
    return factories.contest(session, rules=rules, **values)


def experts_of(session: Session, contest: Contest, *topics: str, max_load: int = 10, **values: Any) -> list[Expert]:
    return [factories.expert(session, contest, topics=[topic], max_load=max_load, **values) for topic in topics]


def rules_of_distribution(session: Session, contest: Contest, **values: Any) -> None:
    """Put rules in force, past the service."""
    rules = {**vars(DistributionRules()), "version": 1, **values}
    session.add(AssignmentRules(contest_id=contest.id, **{**rules, "goal": str(rules["goal"])}))
    session.flush()


def worked_out(session: Session, plan: AssignmentPlan) -> AssignmentPlan:
    """Do the worker's part in this session."""
    task = plan_work.load_task(session, plan.id)
    assert task is not None
    computed = compute(task.situation, task.question, contest=task.contest, now=NOW)
    assert plan_work.store_result(session, plan.id, computed, by=By(SYSTEM, NOW))
    cancel(session, key_of(JobKind.PLANS, plan.id), now=NOW)
    session.refresh(plan)
    return plan


def make_plan(session: Session, contest: Contest, **options: Any) -> AssignmentPlan:
    return worked_out(session, request_plan(session, contest, PlanRequest(**options), by=BY))


def apply_made(session: Session, contest: Contest, **options: Any) -> AssignmentPlan:
    plan = make_plan(session, contest, **options)
    apply_plan(session, contest, plan, version=plan.version, by=BY)
    return plan


def tasks_of(session: Session, contest: Contest) -> set[tuple[int, int, str]]:
    """Every review of the contest as (expert id, application id, status)."""
    rows = session.execute(
        select(Review.expert_id, Review.application_id, Review.status).where(Review.contest_id == contest.id)
    )
    return {tuple(row) for row in rows}


def changes_of(session: Session, plan: AssignmentPlan) -> set[tuple[int, int, str]]:
    """Every pair of the plan as (expert id, application id, change)."""
    rows = session.execute(
        select(PlannedPair.expert_id, PlannedPair.application_id, PlannedPair.change).where(
            PlannedPair.plan_id == plan.id
        )
    )
    return {tuple(row) for row in rows}
