"""Who may do what: the decision for the object at hand, by the table of :mod:`judging.domain.permissions`.

A role is never held in the abstract: it is held at a :class:`Scope`. A team's member is a team's member only where
the team's own application is at hand, an expert is an expert only where the expert's own review is, and not where the
pair is in conflict; staff roles are given for one contest or for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from judging.domain.errors import N_, RuleViolation
from judging.domain.permissions import AFTER_AGREEMENT as AFTER_AGREEMENT
from judging.domain.permissions import AFTER_DECLARATION as AFTER_DECLARATION
from judging.domain.permissions import AFTER_SUBMISSION as AFTER_SUBMISSION
from judging.domain.permissions import GRANTS as GRANTS
from judging.domain.permissions import ONCE_PUBLIC as ONCE_PUBLIC
from judging.domain.permissions import ROLE_LABELS as ROLE_LABELS
from judging.domain.permissions import SHOWS_MARKS as SHOWS_MARKS
from judging.domain.permissions import STAFF_ROLES as STAFF_ROLES
from judging.domain.permissions import Permission as Permission
from judging.domain.permissions import Role as Role
from judging.domain.teams import ApplicationRole, TeamRole, role_at_application


class Forbidden(RuleViolation):
    """The actor lacks ``permission`` at this scope."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(N_("You have no right to this page or action."))
        self.permission = permission


@dataclass(frozen=True)
class Actor:
    """Who acts. ``grants``: staff roles by contest id, under None those that hold in every contest.

    ``team_ids`` are the teams the person belongs to, ``leads`` those of them that they lead, ``heads`` those for whose
    organisation they answer; ``expert_ids`` the person's expert cards (one per contest).
    ``user_id`` is None for a visitor and for the console.
    """

    user_id: int | None
    name: str
    grants: Mapping[int | None, frozenset[Role]] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    expert_ids: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        return self.user_id is not None

    @property
    def working_teams(self) -> frozenset[int]:
        """The teams that the person begins applications for: not those for whose organisation they only answer."""
        return self.team_ids - self.heads or self.team_ids


@dataclass(frozen=True)
class By:
    """Who asks for an act, when, and from where: what every act is told beside its request.

    ``now`` is the instant in UTC that counts for it: of a request the one of its arrival, or the present where
    sessions, links and rankings go by that. ``address`` is where the request came from, None for the console and jobs.
    """

    actor: Actor
    now: datetime
    address: str | None = None

    def with_actor(self, actor: Actor) -> "By":
        """The same, put down to another: to the one whom a password or a link has shown to be there."""
        return replace(self, actor=actor)


@dataclass(frozen=True)
class Scope:
    """The object at hand, as far as access depends on it.

    ``team_id`` owns the application, ``expert_id`` writes the review; ``in_conflict`` and ``declared`` are facts of
    that expert and that application, ``submitted`` that the expert's review counts, ``agreed`` of that expert and the
    contest's agreements; ``public`` says that the
    object has been published (for results: the results). ``desk`` is a page that lists only what is the actor's own, so
    that a role held anywhere opens it. ``trial``: it is of a trial contest, which every page about it says.
    ``staff_only``: a part of an application that its form keeps from experts. ``role``: what the actor was made at this
    application by its lead; None where nobody said.
    """

    contest_id: int | None = None
    team_id: int | None = None
    expert_id: int | None = None
    in_conflict: bool = False
    declared: bool = False
    agreed: bool = True
    submitted: bool = False
    public: bool = False
    desk: bool = False
    trial: bool = False
    staff_only: bool = False
    role: ApplicationRole | None = None


ANONYMOUS = Actor(user_id=None, name="")
CONSOLE = Actor(
    user_id=None, name="console", grants={None: frozenset({Role.SECRETARY, Role.CHAIR, Role.ADMINISTRATOR})}
)
"""Whoever runs commands on the server: has the database in hand anyway, so is refused nothing that staff may do."""
PUBLIC_PAGE = Scope(public=True)
DESK = Scope(desk=True)


def roles_at(actor: Actor, scope: Scope) -> frozenset[Role]:
    """Return every role that ``actor`` holds where ``scope`` is at hand."""
    roles = {Role.PUBLIC} | _staff_roles(actor, scope)
    if actor.user_id is not None:
        roles.add(Role.SIGNED_IN)
    if _is_own(scope.team_id, actor.team_ids, scope):
        roles |= {Role.TEAM} | _team_roles(actor, scope)
    if _is_own(scope.expert_id, actor.expert_ids, scope) and not (scope.in_conflict or scope.staff_only):
        roles.add(Role.EXPERT)
    return frozenset(roles)


def may(actor: Actor, permission: Permission, scope: Scope) -> bool:
    """Say whether ``actor`` has ``permission`` where ``scope`` is at hand."""
    return any(_opens(role, permission, scope) for role in roles_at(actor, scope) & GRANTS[permission])


def require(actor: Actor, permission: Permission, scope: Scope) -> None:
    """Raise :class:`Forbidden` unless ``actor`` has ``permission`` where ``scope`` is at hand."""
    if not may(actor, permission, scope):
        raise Forbidden(permission)


def awaits_agreement(actor: Actor, permission: Permission, scope: Scope) -> bool:
    """Say whether nothing but an agreement that is to be accepted stands between ``actor`` and the object at hand."""
    return not scope.agreed and may(actor, permission, replace(scope, agreed=True))


def takes_a_person(permission: Permission) -> bool:
    """Say whether nobody has ``permission`` without an account, whatever the object at hand."""
    return Role.PUBLIC not in GRANTS[permission]


def knows_of(actor: Actor, scope: Scope) -> bool:
    """Say whether ``actor`` may know that the object at hand exists, though not do this with it.

    Whoever looks after accounts knows of no contest by that.
    """
    return bool(roles_at(actor, scope) - {Role.PUBLIC, Role.SIGNED_IN, Role.ADMINISTRATOR})


def may_approve(frozen_by: int | None, actor: Actor) -> bool:
    """Say whether ``actor`` is another person than the one who froze the ranking (four eyes).

    This is beside the permission, not instead of it. ``frozen_by`` is a user's id, None where the console froze.
    """
    return actor.user_id is None or actor.user_id != frozen_by


def _staff_roles(actor: Actor, scope: Scope) -> set[Role]:
    if scope.desk:
        return set().union(*actor.grants.values())
    if scope.contest_id is None and scope.team_id is not None:
        return set()  # what a team has not handed in is nobody else's, in any role
    roles = set(actor.grants.get(None, frozenset()))
    if scope.contest_id is not None:
        roles |= actor.grants.get(scope.contest_id, frozenset()) - {Role.ADMINISTRATOR}
    return roles


_AT_APPLICATION: Mapping[ApplicationRole, frozenset[Role]] = {
    ApplicationRole.LEAD: frozenset({Role.LEAD}),
    ApplicationRole.CONTRIBUTOR: frozenset({Role.CONTRIBUTOR}),
    ApplicationRole.READER: frozenset(),
}
_IN_TEAM: Mapping[TeamRole, frozenset[Role]] = {
    TeamRole.LEAD: frozenset({Role.TEAM_LEAD}),
    TeamRole.MEMBER: frozenset(),
    TeamRole.HEAD: frozenset({Role.HEAD}),
}


def _team_roles(actor: Actor, scope: Scope) -> frozenset[Role]:
    """What somebody of the team at hand is there; at a desk, what they are in any of their teams."""
    teams = actor.team_ids if scope.desk else actor.team_ids & {scope.team_id}
    held = {TeamRole.LEAD if one in actor.leads else TeamRole.HEAD if one in actor.heads else TeamRole.MEMBER
            for one in teams}  # fmt: skip
    found = (_IN_TEAM[role] | _AT_APPLICATION[role_at_application(role, scope.role)] for role in held)
    return frozenset().union(*found)


def _is_own(object_id: int | None, own_ids: frozenset[int], scope: Scope) -> bool:
    return object_id in own_ids or (scope.desk and bool(own_ids))


def _opens(role: Role, permission: Permission, scope: Scope) -> bool:
    if role is Role.EXPERT and permission in AFTER_AGREEMENT and not scope.agreed:
        return False
    if role is Role.EXPERT and permission in AFTER_SUBMISSION and not scope.submitted:
        return False
    if role is Role.EXPERT and permission in AFTER_DECLARATION:
        return scope.declared
    if role is Role.PUBLIC and permission in ONCE_PUBLIC:
        return scope.public
    return True
