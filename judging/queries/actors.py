"""Who acts: the domain's :class:`Actor` of a user, from grants, teams and expert cards."""

from collections import defaultdict
from typing import Any, Protocol

from sqlalchemy import CompoundSelect, String, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from judging.domain.access import Actor, Role
from judging.domain.teams import TeamRole
from judging.models import Expert, Grant, TeamMember
from judging.models.base import table_of


class Person(Protocol):
    """Whose actor is asked for."""

    @property
    def id(self) -> int:
        """The number of the account."""

    @property
    def name(self) -> str:
        """As the journal names them."""


_GRANTS, _MEMBERS, _EXPERTS = table_of(Grant).c, table_of(TeamMember).c, table_of(Expert).c
_USER: Any = bindparam("user")
_NONE = null().cast(String)
_PARTS: CompoundSelect[Any] = union_all(
    select(literal("grant"), _GRANTS.contest_id, _GRANTS.role).where(_GRANTS.user_id == _USER),
    select(literal("team"), _MEMBERS.team_id, _MEMBERS.role).where(_MEMBERS.user_id == _USER),
    select(literal("expert"), _EXPERTS.id, _NONE).where(_EXPERTS.user_id == _USER),
)
"""What somebody is: (kind, number of the contest, team or card, staff role or role in the team)."""


def actor_of(session: Session, user: Person) -> Actor:
    """Return the actor for ``user``: one query with three parts by index, whatever the size of the contest."""
    grants: defaultdict[int | None, set[Role]] = defaultdict(set)
    members: dict[str, list[int]] = {"team": [], "expert": [], TeamRole.LEAD: [], TeamRole.HEAD: []}
    for kind, number, role in session.execute(_PARTS, {"user": user.id}):
        if kind == "grant":
            grants[number].add(Role(role))
        else:
            members[kind].append(number)
            if role in (TeamRole.LEAD, TeamRole.HEAD):
                members[role].append(number)
    return Actor(
        user_id=user.id,
        name=user.name,
        grants={contest: frozenset(roles) for contest, roles in grants.items()},
        team_ids=frozenset(members["team"]),
        expert_ids=frozenset(members["expert"]),
        leads=frozenset(members[TeamRole.LEAD]),
        heads=frozenset(members[TeamRole.HEAD]),
    )
