"""Who acts: the domain's :class:`Actor` of a user, from grants, teams and expert cards."""

from collections import defaultdict
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from judging.domain.access import Actor, Role
from judging.models import Expert, Grant, TeamMember, User

_USER: Any = bindparam("user")
_NONE = null().cast(String)
_PARTS: CompoundSelect[Any] = union_all(
    select(literal("grant"), Grant.contest_id, Grant.role).where(Grant.user_id == _USER),
    select(literal("team"), TeamMember.team_id, _NONE).where(TeamMember.user_id == _USER),
    select(literal("expert"), Expert.id, _NONE).where(Expert.user_id == _USER),
)
"""What somebody is: (kind, number of the contest, team or card, role)."""


def actor_of(session: Session, user: User) -> Actor:
    """Return the actor for ``user``: one query with three parts by index, whatever the size of the contest."""
    grants: defaultdict[int | None, set[Role]] = defaultdict(set)
    members: dict[str, list[int]] = {"team": [], "expert": []}
    for kind, number, role in session.execute(_PARTS, {"user": user.id}):
        if kind == "grant":
            grants[number].add(Role(role))
        else:
            members[kind].append(number)
    return Actor(
        user_id=user.id,
        name=user.name,
        grants={contest: frozenset(roles) for contest, roles in grants.items()},
        team_ids=frozenset(members["team"]),
        expert_ids=frozenset(members["expert"]),
    )
