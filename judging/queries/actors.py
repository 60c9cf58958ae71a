"""Who acts: the domain's :class:`Actor` of a user, from grants, teams and expert cards."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, Role
from judging.models import Expert, Grant, TeamMember, User


def actor_of(session: Session, user: User) -> Actor:
    """Return the actor for ``user``: three small queries by index, whatever the size of the contest."""
    grants: defaultdict[int | None, set[Role]] = defaultdict(set)
    for contest_id, role in session.execute(select(Grant.contest_id, Grant.role).where(Grant.user_id == user.id)):
        grants[contest_id].add(Role(role))
    teams = session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user.id))
    experts = session.scalars(select(Expert.id).where(Expert.user_id == user.id))
    return Actor(
        user_id=user.id,
        name=user.name,
        grants={contest: frozenset(roles) for contest, roles in grants.items()},
        team_ids=frozenset(teams),
        expert_ids=frozenset(experts),
    )
