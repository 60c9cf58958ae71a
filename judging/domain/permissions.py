"""Roles, permissions, the one table of which role has which, and what a permission waits for.

Whether a person has a role at the object at hand is decided in :mod:`judging.domain.access`.
"""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_


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
