"""Which boxes of a draft plan are ticked."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.distribution import Change
from judging.models import PlannedPair


def ticked(session: Session, plan_id: int, pair_ids: Collection[int]) -> dict[int, bool]:
    """Of these pairs those that are changes of the plan, each with whether it is ticked."""
    query = select(PlannedPair.id, PlannedPair.chosen).where(
        PlannedPair.plan_id == plan_id, PlannedPair.id.in_(pair_ids), PlannedPair.change != Change.KEEP
    )
    return {row.id: row.chosen for row in session.execute(query)}
