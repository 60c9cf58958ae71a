"""Whom the diagnosis of an impossible plan is about: the applications that compete and the experts whom they share."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, AssignmentPlan, Expert
from judging.queries.assignment.places import ExpertLoad, expert_row, experts_query

MOST_SHOWN = 200


@dataclass(frozen=True)
class TightApplication:
    """An application that competes for too few places."""

    id: int
    number: str
    title: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class TightGroup:
    """The applications by number and the experts by name, at most :data:`MOST_SHOWN` of each."""

    applications: tuple[TightApplication, ...] = ()
    experts: tuple[ExpertLoad, ...] = ()


def tight_group(session: Session, plan: AssignmentPlan) -> TightGroup:
    """The groups that the plan's diagnosis names by numbers and e-mail addresses; those that are gone are left out."""
    return TightGroup(
        applications=_applications(session, plan.contest_id, _named(plan, "applications")),
        experts=_experts(session, plan.contest_id, _named(plan, "experts")),
    )


def _named(plan: AssignmentPlan, kind: str) -> list[str]:
    """Whom the diagnosis and its further causes name, each once."""
    causes = [plan.diagnosis, *plan.diagnosis.get("others", ())] if plan.diagnosis else []
    return list(dict.fromkeys(name for cause in causes for name in cause[kind]))[:MOST_SHOWN]


def _applications(session: Session, contest_id: int, numbers: Collection[str]) -> tuple[TightApplication, ...]:
    query = (
        select(Application.id, Application.number, Application.title, Application.topics)
        .where(Application.contest_id == contest_id, Application.number.in_(numbers))
        .order_by(Application.sort_number, Application.id)
    )
    return tuple(TightApplication(row.id, row.number, row.title, tuple(row.topics)) for row in session.execute(query))


def _experts(session: Session, contest_id: int, emails: Collection[str]) -> tuple[ExpertLoad, ...]:
    query = experts_query(contest_id).where(Expert.email.in_(emails)).order_by(Expert.sort_name, Expert.id)
    return tuple(expert_row(row) for row in session.execute(query))
