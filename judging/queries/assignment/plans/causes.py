"""Why no full plan is possible, what would make one possible, and what would make a plan better."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.plan_explanation import (
    Message,
    Names,
    common_field,
    diagnosis_message,
    insight_message,
    relaxation_message,
)
from judging.models import Application, AssignmentPlan, Cluster
from judging.queries.assignment.plans.rows import names_of

Document = Mapping[str, Any]
CHUNK = 500


def diagnosis_messages(session: Session, plan: AssignmentPlan) -> tuple[Message, ...]:
    """Why no full plan is possible, and what else stands in the way apart from that; empty where one is."""
    return worded_diagnosis(session, plan.contest_id, plan.diagnosis)


def relaxation_messages(session: Session, plan: AssignmentPlan) -> tuple[Message, ...]:
    """What would make a full plan possible, the least change first; each was checked by planning with it."""
    return worded_relaxations(session, plan.contest_id, plan.diagnosis)


def insight_messages(plan: AssignmentPlan) -> tuple[Message, ...]:
    """What one more expert of a field would give, the most useful first."""
    return tuple(insight_message(one) for one in (plan.insights or {}).get("experts", ()))


def worded_diagnosis(session: Session, contest_id: int, diagnosis: Document | None) -> tuple[Message, ...]:
    """The messages of a diagnosis that need not be stored."""
    if diagnosis is None:
        return ()
    causes = (diagnosis, *diagnosis["others"])
    return tuple(
        diagnosis_message(one, _names(session, contest_id, one), _field(session, contest_id, one["applications"]))
        for one in causes
    )


def worded_relaxations(session: Session, contest_id: int, diagnosis: Document | None) -> tuple[Message, ...]:
    """The messages of a diagnosis' relaxations, in its order."""
    if diagnosis is None:
        return ()
    names = _names(session, contest_id, diagnosis)
    return tuple(
        relaxation_message(one, names, _field(session, contest_id, one["applications"]))
        for one in diagnosis["relaxations"]
    )


def _names(session: Session, contest_id: int, diagnosis: Document) -> Names:
    emails = {*diagnosis["experts"], *(email for email, _ in diagnosis["pairs"])}
    for first in diagnosis["relaxations"]:
        for one in (first, *first["together"]):
            emails |= {email for email, _ in one["pairs"]} | set(one["changes"])
    return names_of(session, contest_id, emails)


def _field(session: Session, contest_id: int, numbers: Sequence[str]) -> Message | None:
    """What these applications have in common; None where nothing."""
    found: list[Any] = []
    for start in range(0, len(numbers), CHUNK):
        query = (
            select(Application.topics, Cluster.industry)
            .join(Cluster, Cluster.id == Application.cluster_id)
            .where(Application.contest_id == contest_id, Application.number.in_(numbers[start : start + CHUNK]))
        )
        found += session.execute(query).all()
    return common_field([row.topics for row in found], [row.industry for row in found])
