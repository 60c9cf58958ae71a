"""Who may do what: roles, permissions, the one table of grants, and the decision for the object at hand.

A role is never held in the abstract: it is held at a :class:`Scope`. A team's member is a team's member only where
the team's own application is at hand, an expert is an expert only where the expert's own review is, and not where the
pair is in conflict; staff roles are given for one contest or for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from judging.domain.errors import N_, RuleViolation
from judging.domain.teams import ApplicationRole, TeamRole, role_at_application


class Role(StrEnum):
    """What a person can be. PUBLIC is anybody, SIGNED_IN anybody with an account; the others are given."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    TEAM = "team"
    TEAM_LEAD = "team_lead"
    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    HEAD = "head"
    EXPERT = "expert"
    SECRETARY = "secretary"
    CHAIR = "chair"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One kind of page or of act. Every route names one."""

    SIGN_IN = "sign_in"
    SEE_PUBLIC = "see_public"
    SEE_RESULTS = "see_results"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_LETTERS = "read_letters"
    SEE_JOURNAL = "see_journal"
    SEE_TEAM = "see_team"
    LEAD_TEAM = "lead_team"
    EDIT_TEAM = "edit_team"
    SEE_OWN_APPLICATIONS = "see_own_applications"
    CREATE_APPLICATION = "create_application"
    SEE_APPLICATION = "see_application"
    SEE_WHOLE_APPLICATION = "see_whole_application"
    EDIT_APPLICATION = "edit_application"
    SUBMIT_APPLICATION = "submit_application"
    WITHDRAW_APPLICATION = "withdraw_application"
    GIVE_APPLICATION_ROLES = "give_application_roles"
    CERTIFY_APPLICATION = "certify_application"
    SEE_OWN_APPLICATION = "see_own_application"
    SEE_DOCUMENTS = "see_documents"
    SEE_CONTESTS = "see_contests"
    CREATE_CONTEST = "create_contest"
    SEE_CONTEST = "see_contest"
    EDIT_CONTEST = "edit_contest"
    PUBLISH_CONTEST = "publish_contest"
    CANCEL_CONTEST = "cancel_contest"
    SEE_REGISTER = "see_register"
    ADMIT_APPLICATION = "admit_application"
    SEE_EXPERTS = "see_experts"
    MANAGE_EXPERTS = "manage_experts"
    SEE_CONFLICTS = "see_conflicts"
    MANAGE_CONFLICTS = "manage_conflicts"
    SEE_ASSIGNMENT = "see_assignment"
    ASSIGN = "assign"
    SEE_MONITOR = "see_monitor"
    SEE_QUEUE = "see_queue"
    AGREE = "agree"
    ACCEPT_TASK = "accept_task"
    DECLARE_CONFLICT = "declare_conflict"
    SCORE = "score"
    FINISH_REVIEW = "finish_review"
    SEE_OWN_REVIEW = "see_own_review"
    SEE_ALL_REVIEWS = "see_all_reviews"
    RETURN_REVIEW = "return_review"
    SEE_DISCUSSION = "see_discussion"
    DISCUSS = "discuss"
    SEE_AGREED_SCORE = "see_agreed_score"
    NAME_LEAD = "name_lead"
    AGREE_ON_SCORE = "agree_on_score"
    LOOK_EARLY = "look_early"
    SEE_EARLY_LOOKS = "see_early_looks"
    SEE_RANKING = "see_ranking"
    CALCULATE_FIRMNESS = "calculate_firmness"
    EXPORT = "export"
    RUN_TRIAL = "run_trial"
    DECIDE_BY_PANEL = "decide_by_panel"
    FREEZE_RANKING = "freeze_ranking"
    APPROVE_RANKING = "approve_ranking"
    PUBLISH_RESULTS = "publish_results"


ROLE_LABELS: Mapping[Role, str] = {
    Role.PUBLIC: N_("Visitor"),
    Role.SIGNED_IN: N_("Signed-in user"),
    Role.TEAM: N_("Cluster team"),
    Role.TEAM_LEAD: N_("Lead of the cluster team"),
    Role.LEAD: N_("Lead of the application"),
    Role.CONTRIBUTOR: N_("Contributor to the application"),
    Role.HEAD: N_("Head of the organisation"),
    Role.EXPERT: N_("Expert"),
    Role.SECRETARY: N_("Secretary"),
    Role.CHAIR: N_("Chair"),
    Role.OBSERVER: N_("Observer"),
    Role.ADMINISTRATOR: N_("Administrator"),
}

STAFF_ROLES = (Role.SECRETARY, Role.CHAIR, Role.OBSERVER, Role.ADMINISTRATOR)
"""Roles given to a person by name, for one contest or for all; the administrator's always for all."""

_PUBLIC = frozenset({Role.PUBLIC})
_TEAM = frozenset({Role.TEAM})
_TEAM_LEAD = frozenset({Role.TEAM_LEAD})
_LEAD = frozenset({Role.LEAD})
_WRITERS = frozenset({Role.LEAD, Role.CONTRIBUTOR})
_HEAD = frozenset({Role.HEAD})
_EXPERT = frozenset({Role.EXPERT})
_SECRETARY = frozenset({Role.SECRETARY})
_CHAIR = frozenset({Role.CHAIR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_READERS = frozenset({Role.SECRETARY, Role.CHAIR, Role.OBSERVER})

GRANTS: Mapping[Permission, frozenset[Role]] = {
    Permission.SIGN_IN: _PUBLIC,
    Permission.SEE_PUBLIC: _PUBLIC | _READERS,
    Permission.SEE_RESULTS: _PUBLIC | _READERS,
    Permission.MANAGE_OWN_ACCOUNT: frozenset({Role.SIGNED_IN}),
    Permission.MANAGE_ACCOUNTS: _ADMINISTRATOR,
    Permission.READ_LETTERS: _ADMINISTRATOR,
    Permission.SEE_JOURNAL: _READERS | _ADMINISTRATOR,
    Permission.SEE_TEAM: _TEAM,
    Permission.LEAD_TEAM: _TEAM_LEAD,
    Permission.EDIT_TEAM: _WRITERS,
    Permission.SEE_OWN_APPLICATIONS: _TEAM,
    Permission.CREATE_APPLICATION: _WRITERS,
    Permission.SEE_APPLICATION: _TEAM | _EXPERT | _READERS,
    Permission.SEE_WHOLE_APPLICATION: _TEAM | _READERS,
    Permission.EDIT_APPLICATION: _WRITERS,
    Permission.SUBMIT_APPLICATION: _LEAD,
    Permission.WITHDRAW_APPLICATION: _LEAD | _SECRETARY,
    Permission.GIVE_APPLICATION_ROLES: _LEAD,
    Permission.CERTIFY_APPLICATION: _HEAD,
    Permission.SEE_OWN_APPLICATION: _TEAM,
    Permission.SEE_DOCUMENTS: _TEAM | _EXPERT | _READERS,
    Permission.SEE_CONTESTS: _READERS,
    Permission.CREATE_CONTEST: _SECRETARY,
    Permission.SEE_CONTEST: _READERS,
    Permission.EDIT_CONTEST: _SECRETARY,
    Permission.PUBLISH_CONTEST: _SECRETARY,
    Permission.CANCEL_CONTEST: _SECRETARY,
    Permission.SEE_REGISTER: _READERS,
    Permission.ADMIT_APPLICATION: _SECRETARY,
    Permission.SEE_EXPERTS: _READERS,
    Permission.MANAGE_EXPERTS: _SECRETARY,
    Permission.SEE_CONFLICTS: _READERS,
    Permission.MANAGE_CONFLICTS: _SECRETARY,
    Permission.SEE_ASSIGNMENT: _READERS,
    Permission.ASSIGN: _SECRETARY,
    Permission.SEE_MONITOR: _READERS,
    Permission.SEE_QUEUE: _EXPERT,
    Permission.AGREE: _EXPERT,
    Permission.ACCEPT_TASK: _EXPERT,
    Permission.DECLARE_CONFLICT: _EXPERT,
    Permission.SCORE: _EXPERT,
    Permission.FINISH_REVIEW: _EXPERT,
    Permission.SEE_OWN_REVIEW: _EXPERT,
    Permission.SEE_ALL_REVIEWS: _READERS,
    Permission.RETURN_REVIEW: _SECRETARY,
    Permission.SEE_DISCUSSION: _READERS | _EXPERT,
    Permission.DISCUSS: _SECRETARY | _CHAIR | _EXPERT,
    Permission.SEE_AGREED_SCORE: _READERS | _EXPERT,
    Permission.NAME_LEAD: _SECRETARY | _CHAIR,
    Permission.AGREE_ON_SCORE: _EXPERT,
    Permission.LOOK_EARLY: _READERS,
    Permission.SEE_EARLY_LOOKS: frozenset({Role.CHAIR, Role.OBSERVER}),
    Permission.SEE_RANKING: _READERS,
    Permission.CALCULATE_FIRMNESS: _READERS,
    Permission.EXPORT: _READERS,
    Permission.RUN_TRIAL: _SECRETARY,
    Permission.DECIDE_BY_PANEL: _SECRETARY | _CHAIR,
    Permission.FREEZE_RANKING: _SECRETARY,
    Permission.APPROVE_RANKING: _CHAIR,
    Permission.PUBLISH_RESULTS: _CHAIR,
}

_READING = frozenset(
    {Permission.SEE_APPLICATION, Permission.SEE_DOCUMENTS, Permission.SCORE, Permission.SEE_OWN_REVIEW}
)
AFTER_SUBMISSION = frozenset(
    {Permission.SEE_DISCUSSION, Permission.DISCUSS, Permission.SEE_AGREED_SCORE, Permission.AGREE_ON_SCORE}
)
"""What an expert may do only after having submitted their own review: before that nobody is told what others think."""
AFTER_DECLARATION = _READING | AFTER_SUBMISSION | {Permission.FINISH_REVIEW}
"""What an expert may do only after having declared that there is no conflict with this application."""
AFTER_AGREEMENT = _READING | AFTER_SUBMISSION | {Permission.ACCEPT_TASK}
"""What an expert may do only after having accepted the agreements of the contest that are in force.

Keeping and handing in a sheet (``FINISH_REVIEW``) is not among them: it was opened under those that were in force when
the task was accepted, and nothing typed may be lost because another version came into force meanwhile. Nor is a
recusal: whoever does not agree steps back.
"""

SHOWS_MARKS = frozenset(
    {Permission.SEE_RANKING, Permission.CALCULATE_FIRMNESS, Permission.EXPORT, Permission.DECIDE_BY_PANEL}
)
"""What tells marks of a whole contest, so that it waits until they are open (:mod:`judging.domain.visibility`).

What tells those of one application, a review or a divergence, asks for that application.
"""

ONCE_PUBLIC = frozenset({Permission.SEE_PUBLIC, Permission.SEE_RESULTS})
"""What a visitor may see only where the object at hand has been made public."""


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
        roles |= actor.grants.get(scope.contest_id, frozenset()) - _ADMINISTRATOR
    return roles


_AT_APPLICATION: Mapping[ApplicationRole, frozenset[Role]] = {
    ApplicationRole.LEAD: _LEAD,
    ApplicationRole.CONTRIBUTOR: frozenset({Role.CONTRIBUTOR}),
    ApplicationRole.READER: frozenset(),
}
_IN_TEAM: Mapping[TeamRole, frozenset[Role]] = {
    TeamRole.LEAD: _TEAM_LEAD,
    TeamRole.MEMBER: frozenset(),
    TeamRole.HEAD: _HEAD,
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
