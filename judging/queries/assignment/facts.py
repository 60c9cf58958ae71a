"""Counts that the page of the rules of distribution shows: applications, experts, capacity, methodologists."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.models import Application, Expert
from judging.queries.assignment.places import admitted


@dataclass(frozen=True)
class RuleFacts:
    """Admitted ``applications``; ``experts`` who take ``capacity`` of them; ``unemployed``: no employer known."""

    applications: int
    experts: int
    capacity: int
    methodologists: int
    unemployed: int


def rule_facts(session: Session, contest_id: int) -> RuleFacts:
    """Count what the rules touch: two selects."""
    query = select(
        func.count(Expert.id).label("experts"),
        func.coalesce(func.sum(Expert.max_load), 0).label("capacity"),
        func.count(Expert.id).filter(Expert.methodologist).label("methodologists"),
        func.count(Expert.id).filter(Expert.organisation_id.is_(None)).label("unemployed"),
    ).where(Expert.contest_id == contest_id)
    applications = session.scalar(select(func.count(Application.id)).where(admitted(contest_id))) or 0
    return RuleFacts(applications=applications, **session.execute(query).one()._mapping)
