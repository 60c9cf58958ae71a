"""Everything that can happen and is put on record, and what follows from it.

The journal (``services/audit.py``) writes these down, its pages word them, verification replays them; rules ask the
sets below, never the journal.
"""

from enum import StrEnum


class Event(StrEnum):
    """Everything that is recorded: subject and past participle."""

    ACCOUNT_REGISTERED = "account.registered"
    ACCOUNT_CONFIRMED = "account.confirmed"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_BLOCKED = "account.blocked"
    ACCOUNT_UNBLOCKED = "account.unblocked"
    PASSWORD_RESET_ASKED = "password.reset_asked"  # noqa: S105 -- the name of an event
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- the name of an event
    SIGNED_IN = "session.signed_in"
    SIGN_IN_REFUSED = "session.refused"
    SIGNED_OUT = "session.signed_out"
    SIGNED_OUT_EVERYWHERE = "session.signed_out_everywhere"
    SIGNED_OUT_BY_ADMINISTRATOR = "session.signed_out_by_administrator"
    INVITATION_SENT = "invitation.sent"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_DECLINED = "invitation.declined"
    ROLE_ASKED = "role.asked"
    ROLE_ASKING_ENDED = "role.asking_ended"
    ROLE_GRANTED = "role.granted"
    ROLE_REVOKED = "role.revoked"
    TEAM_CREATED = "team.created"
    TEAM_INVITED = "team.invited"
    TEAM_INVITATION_REVOKED = "team.invitation_revoked"
    TEAM_MEMBER_ADDED = "team.member_added"
    TEAM_MEMBER_REMOVED = "team.member_removed"
    TEAM_LEAD_CHANGED = "team.lead_changed"
    TEAM_REQUEST_ENDED = "team.request_ended"
    CONTEST_CREATED = "contest.created"
    CONTEST_LOADED = "contest.loaded"
    CONTEST_REPLACED = "contest.replaced"
    CONTEST_CHANGED = "contest.changed"
    RUBRIC_CHANGED = "contest.rubric_changed"
    FORM_CHANGED = "contest.form_changed"
    NOMINATIONS_CHANGED = "contest.nominations_changed"
    SCHEDULE_CHANGED = "contest.schedule_changed"
    MILESTONE_CHANGED = "contest.milestone_changed"
    EXTENSION_GRANTED = "extension.granted"
    EXTENSION_REVOKED = "extension.revoked"
    WORKDAYS_CHANGED = "workdays.changed"
    PUBLIC_PAGE_CHANGED = "contest.public_page_changed"
    VISIBILITY_CHANGED = "contest.visibility_changed"
    MARKS_LOOKED_AT = "marks.looked_at"
    TEMPLATE_CHANGED = "contest.template_changed"
    CONTEST_PUBLISHED = "contest.published"
    CONTEST_CANCELLED = "contest.cancelled"
    TRIAL_REHEARSED = "trial.rehearsed"
    TRIAL_WIPED = "trial.wiped"
    STAGE_CARRIED = "contest.stage_carried"
    CLUSTER_CHANGED = "cluster.changed"
    APPLICATION_CREATED = "application.created"
    APPLICATION_CHANGED = "application.changed"
    APPLICATION_ROLE_GIVEN = "application.role_given"
    SECTION_ASSIGNED = "application.section_assigned"
    SECTION_MARKED = "application.section_marked"
    CERTIFICATION_ASKED = "application.certification_asked"
    APPLICATION_CERTIFIED = "application.certified"
    CERTIFICATION_RETURNED = "application.certification_returned"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_CHECKED = "application.checked"
    APPLICATION_RETURNED = "application.returned"
    APPLICATION_REOPENED = "application.reopened"
    APPLICATION_RETURN_ENDED = "application.return_ended"
    APPLICATION_RESUBMITTED = "application.resubmitted"
    APPLICATION_MOVED = "application.moved"
    APPLICATION_ADMITTED = "application.admitted"
    APPLICATION_REJECTED = "application.rejected"
    APPLICATION_REINSTATED = "application.reinstated"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATION_RESTORED = "application.restored"
    APPLICATION_TAKEN_UP = "application.taken_up"
    APPLICATION_REMOVED = "application.removed"
    PANEL_DECIDED = "application.panel_decided"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENTS_SWEPT = "documents.swept"
    DOCUMENT_DOWNLOADED = "document.downloaded"
    SIGNATURE_ADDED = "signature.added"
    SIGNATURE_REMOVED = "signature.removed"
    SIGNATURE_CHECKED = "signature.checked"
    AGREEMENTS_CHANGED = "contest.agreements_changed"
    AGREEMENT_ACCEPTED = "agreement.accepted"
    EXPERT_ADDED = "expert.added"
    EXPERT_CHANGED = "expert.changed"
    EXPERT_REMOVED = "expert.removed"
    CONFLICT_FOUND = "conflict.found"
    CONFLICT_DECLARED = "conflict.declared"
    CONFLICT_ENTERED = "conflict.entered"
    CONFLICT_LIFTED = "conflict.lifted"
    ASSIGNMENT_PROPOSED = "assignment.proposed"
    ASSIGNMENT_REMOVED = "assignment.removed"
    ASSIGNMENT_NOTIFIED = "assignment.notified"
    ASSIGNMENT_REMINDED = "assignment.reminded"
    REMINDERS_SCHEDULED = "assignment.reminders_scheduled"
    ASSIGNMENT_RULES_CHANGED = "assignment.rules_changed"
    ADDITIONAL_NOT_FOUND = "assignment.additional_not_found"
    DISCUSSION_RULES_CHANGED = "discussion.rules_changed"
    MESSAGE_WRITTEN = "discussion.message_written"
    MESSAGE_EDITED = "discussion.message_edited"
    MESSAGE_REMOVED = "discussion.message_removed"
    LEAD_NAMED = "agreed_score.lead_named"
    AGREED_SAVED = "agreed_score.saved"
    AGREED_SUBMITTED = "agreed_score.submitted"
    AGREED_RETURNED = "agreed_score.returned"
    PLAN_REQUESTED = "plan.requested"
    PLAN_MADE = "plan.made"
    PLAN_IMPOSSIBLE = "plan.impossible"
    PLAN_FAILED = "plan.failed"
    PLAN_RETRIED = "plan.retried"
    PLAN_TICKED = "plan.ticked"
    PLAN_OUTDATED = "plan.outdated"
    PLAN_APPLIED = "plan.applied"
    PLAN_DISCARDED = "plan.discarded"
    NO_CONFLICT_DECLARED = "review.no_conflict_declared"
    REVIEW_SAVED = "review.saved"
    REVIEW_CHANGES_CONFIRMED = "review.changes_confirmed"
    REVIEW_SUBMITTED = "review.submitted"
    REVIEW_RETURNED = "review.returned"
    REVIEW_SET_ASIDE = "review.set_aside"
    REVIEW_COUNTED_AGAIN = "review.counted_again"
    REVIEW_RECUSED = "review.recused"
    REVIEW_DECLINED = "review.declined"
    REVIEW_ASKED_AGAIN = "review.asked_again"
    REVIEW_PUT_OFF = "review.put_off"
    RANKING_FROZEN = "ranking.frozen"
    RANKING_UNFROZEN = "ranking.unfrozen"
    RANKING_APPROVED = "ranking.approved"
    RESULTS_PUBLISHED = "results.published"
    FIRMNESS_REQUESTED = "firmness.requested"
    FIRMNESS_MADE = "firmness.made"
    FIRMNESS_FAILED = "firmness.failed"
    FIRMNESS_RETRIED = "firmness.retried"
    JOB_RETRIED = "job.retried"
    EXPORTED = "export.made"
    CLOCK_SET = "clock.set"
    STATE_NOTED = "state.noted"


MOVES_RANKING = frozenset(
    {
        Event.CONTEST_LOADED, Event.CONTEST_REPLACED, Event.CONTEST_CHANGED, Event.RUBRIC_CHANGED,
        Event.SCHEDULE_CHANGED, Event.CONTEST_PUBLISHED, Event.APPLICATION_SUBMITTED, Event.APPLICATION_RESUBMITTED,
        Event.APPLICATION_ADMITTED, Event.APPLICATION_REJECTED, Event.APPLICATION_REINSTATED,
        Event.APPLICATION_WITHDRAWN, Event.APPLICATION_RESTORED, Event.CONFLICT_FOUND,
        Event.CONFLICT_DECLARED, Event.CONFLICT_ENTERED,
        Event.CONFLICT_LIFTED, Event.ASSIGNMENT_PROPOSED, Event.ASSIGNMENT_REMOVED, Event.ASSIGNMENT_NOTIFIED,
        Event.PLAN_APPLIED, Event.REVIEW_SUBMITTED, Event.REVIEW_RETURNED, Event.REVIEW_RECUSED, Event.EXPERT_ADDED,
        Event.REVIEW_DECLINED, Event.REVIEW_ASKED_AGAIN,
        Event.EXPERT_CHANGED, Event.EXPERT_REMOVED, Event.CLUSTER_CHANGED,
        Event.NOMINATIONS_CHANGED, Event.APPLICATION_MOVED, Event.PANEL_DECIDED, Event.REVIEW_SET_ASIDE,
        Event.REVIEW_COUNTED_AGAIN, Event.AGREED_SUBMITTED, Event.AGREED_RETURNED,
    }
)  # fmt: skip
"""Events after which a computed ranking is out of date."""

SETTLES = frozenset(
    {
        Event.CONTEST_CREATED, Event.CONTEST_LOADED, Event.CONTEST_REPLACED, Event.CONTEST_CHANGED,
        Event.RUBRIC_CHANGED, Event.FORM_CHANGED, Event.SCHEDULE_CHANGED, Event.CONTEST_PUBLISHED,
        Event.NOMINATIONS_CHANGED, Event.AGREEMENTS_CHANGED, Event.VISIBILITY_CHANGED,
    }
)  # fmt: skip
"""Events after which the contest's settings are written down in the record's ``state``."""

LEAVES_PLANS = frozenset(
    {
        Event.PLAN_REQUESTED, Event.PLAN_MADE, Event.PLAN_IMPOSSIBLE, Event.PLAN_FAILED, Event.PLAN_TICKED,
        Event.PLAN_OUTDATED, Event.PLAN_DISCARDED, Event.DOCUMENT_ADDED, Event.DOCUMENT_REMOVED,
        Event.DOCUMENT_DOWNLOADED, Event.EXPORTED, Event.ASSIGNMENT_REMINDED, Event.FIRMNESS_REQUESTED,
        Event.FIRMNESS_MADE, Event.FIRMNESS_FAILED, Event.PLAN_RETRIED, Event.FIRMNESS_RETRIED, Event.JOB_RETRIED,
        Event.FORM_CHANGED, Event.APPLICATION_CHECKED,
        Event.APPLICATION_RETURNED, Event.APPLICATION_REOPENED, Event.APPLICATION_RETURN_ENDED,
        Event.APPLICATION_TAKEN_UP, Event.APPLICATION_REMOVED, Event.PUBLIC_PAGE_CHANGED,
        Event.TEMPLATE_CHANGED,
        Event.MILESTONE_CHANGED, Event.EXTENSION_GRANTED, Event.EXTENSION_REVOKED,
        Event.TRIAL_REHEARSED, Event.TRIAL_WIPED,
        Event.STAGE_CARRIED,
        Event.AGREEMENTS_CHANGED, Event.AGREEMENT_ACCEPTED,
        Event.APPLICATION_ROLE_GIVEN, Event.SECTION_ASSIGNED, Event.SECTION_MARKED, Event.CERTIFICATION_ASKED,
        Event.APPLICATION_CERTIFIED, Event.CERTIFICATION_RETURNED,
        Event.SIGNATURE_ADDED, Event.SIGNATURE_REMOVED, Event.SIGNATURE_CHECKED, Event.REMINDERS_SCHEDULED,
        Event.REVIEW_PUT_OFF,
        Event.ADDITIONAL_NOT_FOUND, Event.DISCUSSION_RULES_CHANGED, Event.MESSAGE_WRITTEN, Event.MESSAGE_EDITED,
        Event.MESSAGE_REMOVED, Event.LEAD_NAMED, Event.AGREED_SAVED, Event.AGREED_SUBMITTED, Event.AGREED_RETURNED,
        Event.VISIBILITY_CHANGED, Event.MARKS_LOOKED_AT, Event.PANEL_DECIDED, Event.REVIEW_CHANGES_CONFIRMED,
    }
)  # fmt: skip
"""Events of a contest that change nothing of what a draft plan is made from; after any other it is compared anew."""

KEEPS_ADDRESS = frozenset(
    {
        Event.ACCOUNT_REGISTERED, Event.ACCOUNT_CONFIRMED, Event.INVITATION_ACCEPTED, Event.TEAM_MEMBER_ADDED,
        Event.SIGNED_IN,
        Event.SIGN_IN_REFUSED, Event.PASSWORD_RESET_ASKED, Event.EXPORTED,
    }
)  # fmt: skip
"""Events whose record keeps where the request came from: those by which somebody comes in or takes a file out.

Of other acts a contest's staff need not know the addresses of experts and teams.
"""

DECISIONS = (
    Event.APPLICATION_ADMITTED, Event.APPLICATION_REJECTED, Event.APPLICATION_REINSTATED, Event.APPLICATION_WITHDRAWN,
    Event.APPLICATION_RESTORED, Event.APPLICATION_TAKEN_UP,
)  # fmt: skip
"""Events that an application bears the time, the author and the words of."""

CONFLICTS = (Event.CONFLICT_FOUND, Event.CONFLICT_DECLARED, Event.CONFLICT_ENTERED)
"""Events that put a pair on the list of conflicts."""
