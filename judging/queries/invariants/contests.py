"""Checks of contests: statuses, rules, rubric, the counter of registration numbers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_criterion, read_rules
from judging.domain.errors import Fault, Refused
from judging.domain.identifiers import numbers_given
from judging.domain.lifecycle import ApplicationStatus, ContestStatus, FirmnessStatus, PlanStatus, ReviewStatus
from judging.domain.rubric import Criterion as Rule
from judging.domain.rubric_faults import base_faults, rubric_faults
from judging.domain.rules import rules_faults
from judging.models import Application, AssignmentPlan, Contest, Criterion, FirmnessReport, Review
from judging.queries.invariants.checks import Offence, decimals_of, unknown_statuses


@dataclass(frozen=True)
class Rubric:
    """The criteria of a contest that can be read, and the faults of those that cannot, by id."""

    criteria: tuple[Rule, ...]
    faults: tuple[tuple[int, Fault], ...]


def strange_statuses(session: Session) -> Iterator[Offence]:
    """Yield contests, applications, reviews, draft plans and reports on firmness whose status is no status."""
    yield from unknown_statuses(session.execute(select(Contest.id, Contest.status)), "contest", ContestStatus)
    applications = session.execute(select(Application.id, Application.status))
    yield from unknown_statuses(applications, "application", ApplicationStatus)
    yield from unknown_statuses(session.execute(select(Review.id, Review.status)), "review", ReviewStatus)
    yield from unknown_statuses(session.execute(select(AssignmentPlan.id, AssignmentPlan.status)), "plan", PlanStatus)
    reports = session.execute(select(FirmnessReport.id, FirmnessReport.status))
    yield from unknown_statuses(reports, "report", FirmnessStatus)


def unfit_rules(session: Session) -> Iterator[Offence]:
    """Yield contests whose rules or frozen base do not read; where published, also those whose rules have faults."""
    rubrics = rubrics_of(session)
    for row in session.execute(select(Contest.id, Contest.status, Contest.rules, Contest.frozen_base)):
        criteria = rubrics[row.id].criteria
        faults = (*_rules_faults(row, criteria), *_base_faults(row, criteria))
        yield from (Offence("contest", row.id, str(fault)) for fault in faults)


def unfit_rubrics(session: Session) -> Iterator[Offence]:
    """Yield criteria that do not read, and contests past their draft whose rubric has faults."""
    rubrics = rubrics_of(session)
    for rubric in rubrics.values():
        yield from (Offence("criterion", key, str(fault)) for key, fault in rubric.faults)
    for contest_id, status in session.execute(select(Contest.id, Contest.status)):
        rubric = rubrics[contest_id]
        if status != ContestStatus.DRAFT and not rubric.faults:
            yield from (Offence("contest", contest_id, str(fault)) for fault in rubric_faults(rubric.criteria))


def short_counters(session: Session) -> Iterator[Offence]:
    """Yield contests whose counter of registration numbers is behind the greatest number given."""
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for contest_id, number in session.execute(
        select(Application.contest_id, Application.number).where(Application.number.is_not(None))
    ):
        numbers[contest_id].append(str(number))
    for contest_id, received in session.execute(select(Contest.id, Contest.applications_received)):
        given = numbers_given(numbers[contest_id])
        if received < given:
            yield Offence("contest", contest_id, f"{received} < {given}")


def rubrics_of(session: Session) -> Mapping[int, Rubric]:
    """Return the rubric of every contest by its id, as far as it can be read."""
    read: defaultdict[int, list[Rule]] = defaultdict(list)
    faults: defaultdict[int, list[tuple[int, Fault]]] = defaultdict(list)
    rows = session.execute(
        select(Criterion.id, Criterion.contest_id, Criterion.definition).order_by(Criterion.position)
    )
    for key, contest_id, definition in rows:
        try:
            read[contest_id].append(read_criterion(definition))
        except Refused as refusal:
            faults[contest_id] += [(key, fault) for fault in refusal.faults]
    contests = session.scalars(select(Contest.id))
    return {key: Rubric(tuple(read[key]), tuple(faults[key])) for key in contests}


def _rules_faults(row: Any, criteria: tuple[Rule, ...]) -> tuple[Fault, ...]:
    try:
        rules = read_rules(row.rules)
    except Refused as refusal:
        return refusal.faults
    return () if row.status == ContestStatus.DRAFT else rules_faults(rules, criteria)


def _base_faults(row: Any, criteria: tuple[Rule, ...]) -> tuple[Fault, ...]:
    if row.frozen_base is None:
        return ()
    values, unread = decimals_of(row.frozen_base)
    return (*(Fault(f"frozen_base.{name}", "not a decimal") for name in unread), *base_faults(criteria, values))
