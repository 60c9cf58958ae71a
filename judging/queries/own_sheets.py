"""All sheets of one expert in one contest that are open to them: begun, to be begun and handed in."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import DECLARED
from judging.models import Application, Cluster, Review
from judging.queries.assignment.places import in_conflict

MOST = 1000
"""No expert has more tasks in a contest."""


def own_sheets(
    session: Session,
    expert_id: int,
    *,
    statuses: Sequence[ReviewStatus] = DECLARED,
    but_teams: Collection[int] = (),
) -> Sequence[Review]:
    """The declared reviews of admitted applications by number, with application, contest and expert: one select.

    Neither pairs in conflict nor applications of a team that the expert is in are among them.
    """
    query = _declared().where(Review.expert_id == expert_id, Review.status.in_(statuses))
    if but_teams:
        query = query.where(Application.team_id.is_(None) | Application.team_id.not_in(but_teams))
    return session.scalars(query.limit(MOST)).all()


def _declared() -> Select[Review]:
    application = contains_eager(Review.application)
    return (
        select(Review)
        .join(Review.application)
        .join(Application.contest)
        .join(Application.cluster)
        .join(Review.expert)
        .options(
            application.contains_eager(Application.contest),
            application.contains_eager(Application.cluster).load_only(Cluster.name),
            contains_eager(Review.expert),
        )
        .where(Application.status == ApplicationStatus.ADMITTED, ~in_conflict())
        .order_by(Application.sort_number, Review.id)
    )
