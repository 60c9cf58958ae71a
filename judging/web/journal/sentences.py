"""The journal in words: what each event is called, and its details as before → after."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from judging.domain.access import ROLE_LABELS
from judging.domain.certification import CERTIFICATION_LABELS
from judging.domain.collation import sort_key
from judging.domain.distribution import GOAL_LABELS, QUEUE_LABELS
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import STATUS_LABELS, Subject
from judging.domain.milestones import LATENESS_LABELS, TABLE
from judging.domain.refusals import Refusal, refusal_of
from judging.domain.teams import APPLICATION_ROLE_LABELS, TEAM_ROLE_LABELS
from judging.domain.visibility import EXPERT_LABELS, STAFF_LABELS
from judging.services.applications.stage_carry import WHO_LABELS
from judging.web.templating import moscow_exact, refusal_reason, translate

LABELS: Mapping[Event, str] = {
    Event.ACCOUNT_REGISTERED: N_("A cluster team asked for an account"),
    Event.ACCOUNT_CONFIRMED: N_("Address confirmed, account made"),
    Event.ACCOUNT_CHANGED: N_("Profile changed"),
    Event.ACCOUNT_BLOCKED: N_("Account blocked"),
    Event.ACCOUNT_UNBLOCKED: N_("Account unblocked"),
    Event.PASSWORD_RESET_ASKED: N_("A new password asked for"),
    Event.PASSWORD_CHANGED: N_("Password changed"),
    Event.SIGNED_IN: N_("Signed in to the system"),
    Event.SIGN_IN_REFUSED: N_("Sign-in refused: wrong address or password"),
    Event.SIGNED_OUT: N_("Signed out"),
    Event.SIGNED_OUT_EVERYWHERE: N_("Signed out on every device"),
    Event.SIGNED_OUT_BY_ADMINISTRATOR: N_("Signed out everywhere by an administrator"),
    Event.INVITATION_SENT: N_("Invitation sent"),
    Event.INVITATION_ACCEPTED: N_("Invitation accepted"),
    Event.INVITATION_DECLINED: N_("Invitation declined"),
    Event.ROLE_ASKED: N_("Role asked for, awaiting another administrator"),
    Event.ROLE_ASKING_ENDED: N_("Role asked for was not given"),
    Event.ROLE_GRANTED: N_("Role given"),
    Event.ROLE_REVOKED: N_("Role taken away"),
    Event.TEAM_CREATED: N_("Team created"),
    Event.TEAM_INVITED: N_("Invitation into a team sent"),
    Event.TEAM_INVITATION_REVOKED: N_("Invitation into a team revoked"),
    Event.TEAM_MEMBER_ADDED: N_("Person added to a team"),
    Event.TEAM_MEMBER_REMOVED: N_("Person left a team or was removed from it"),
    Event.TEAM_LEAD_CHANGED: N_("Lead of a team handed over"),
    Event.TEAM_REQUEST_ENDED: N_("Request to join a team closed"),
    Event.CONTEST_CREATED: N_("Contest created"),
    Event.CONTEST_LOADED: N_("Contest loaded from an archive"),
    Event.CONTEST_REPLACED: N_("Contest replaced from an archive"),
    Event.CONTEST_CHANGED: N_("Contest changed"),
    Event.RUBRIC_CHANGED: N_("Rubric changed"),
    Event.FORM_CHANGED: N_("Form of applications changed"),
    Event.NOMINATIONS_CHANGED: N_("Nominations changed"),
    Event.SCHEDULE_CHANGED: N_("Dates changed"),
    Event.MILESTONE_CHANGED: N_("Milestone changed"),
    Event.EXTENSION_GRANTED: N_("More time given to one application or expert"),
    Event.EXTENSION_REVOKED: N_("Extension taken back"),
    Event.WORKDAYS_CHANGED: N_("Production calendar changed"),
    Event.PUBLIC_PAGE_CHANGED: N_("Texts of the public page changed"),
    Event.TEMPLATE_CHANGED: N_("Template of a document changed"),
    Event.VISIBILITY_CHANGED: N_("Who sees whose marks changed"),
    Event.MARKS_LOOKED_AT: N_("Marks looked at before their time"),
    Event.CONTEST_PUBLISHED: N_("Contest published, rules frozen"),
    Event.CONTEST_CANCELLED: N_("Contest cancelled"),
    Event.TRIAL_REHEARSED: N_("Rehearsal of a trial contest asked for"),
    Event.TRIAL_WIPED: N_("Trial contest wiped with everything in it"),
    Event.STAGE_CARRIED: N_("Those who passed the stage before carried over"),
    Event.CLUSTER_CHANGED: N_("Cluster data changed"),
    Event.APPLICATION_CREATED: N_("Application begun"),
    Event.APPLICATION_CHANGED: N_("Application changed"),
    Event.APPLICATION_ROLE_GIVEN: N_("Role at an application given"),
    Event.SECTION_ASSIGNED: N_("Section of an application assigned"),
    Event.SECTION_MARKED: N_("Section of an application marked as done, or the mark taken back"),
    Event.CERTIFICATION_ASKED: N_("Application handed to the head of the organisation"),
    Event.APPLICATION_CERTIFIED: N_("Application certified by the head of the organisation"),
    Event.CERTIFICATION_RETURNED: N_("Application sent back by the head of the organisation"),
    Event.APPLICATION_SUBMITTED: N_("Application submitted and registered"),
    Event.APPLICATION_RETURNED: N_("Application given back for correction"),
    Event.APPLICATION_REOPENED: N_("Submitted application opened by its team for changes"),
    Event.APPLICATION_RETURN_ENDED: N_("Correction ended without a new submission"),
    Event.APPLICATION_RESUBMITTED: N_("Corrected application submitted"),
    Event.APPLICATION_CHECKED: N_("Points of the formal check marked"),
    Event.APPLICATION_MOVED: N_("Application moved to another nomination"),
    Event.PANEL_DECIDED: N_("The panel decided on the application"),
    Event.APPLICATION_ADMITTED: N_("Application admitted"),
    Event.APPLICATION_REJECTED: N_("Application rejected"),
    Event.APPLICATION_REINSTATED: N_("Rejection of an application lifted"),
    Event.APPLICATION_WITHDRAWN: N_("Application withdrawn"),
    Event.APPLICATION_RESTORED: N_("Withdrawal of an application taken back"),
    Event.APPLICATION_TAKEN_UP: N_("Draft taken up again"),
    Event.APPLICATION_REMOVED: N_("Empty draft deleted"),
    Event.DOCUMENT_ADDED: N_("Document added"),
    Event.DOCUMENT_REMOVED: N_("Document removed"),
    Event.DOCUMENTS_SWEPT: N_("Bytes of replaced and removed files cleared by the rule"),
    Event.DOCUMENT_DOWNLOADED: N_("Document downloaded"),
    Event.SIGNATURE_ADDED: N_("Electronic signature added to a document"),
    Event.SIGNATURE_REMOVED: N_("Electronic signature taken away from a document"),
    Event.SIGNATURE_CHECKED: N_("Electronic signature checked again"),
    Event.AGREEMENTS_CHANGED: N_("What experts agree to changed"),
    Event.AGREEMENT_ACCEPTED: N_("Agreement accepted by an expert"),
    Event.EXPERT_ADDED: N_("Expert added"),
    Event.EXPERT_CHANGED: N_("Expert's data changed"),
    Event.EXPERT_REMOVED: N_("Expert removed"),
    Event.CONFLICT_FOUND: N_("Conflict of interest found by the system"),
    Event.CONFLICT_DECLARED: N_("Conflict of interest declared by an expert"),
    Event.CONFLICT_ENTERED: N_("Conflict of interest entered"),
    Event.CONFLICT_LIFTED: N_("Conflict of interest lifted"),
    Event.ASSIGNMENT_PROPOSED: N_("Assignment proposed"),
    Event.ASSIGNMENT_REMOVED: N_("Assignment removed"),
    Event.ASSIGNMENT_NOTIFIED: N_("Experts notified of their assignment"),
    Event.ASSIGNMENT_REMINDED: N_("Experts reminded of their reviews"),
    Event.REMINDERS_SCHEDULED: N_("Days of reminders that go by themselves changed"),
    Event.ASSIGNMENT_RULES_CHANGED: N_("Rules of the distribution changed"),
    Event.ADDITIONAL_NOT_FOUND: N_("Reviews diverge, nobody is free for the additional one"),
    Event.DISCUSSION_RULES_CHANGED: N_("Rules of the discussion changed"),
    Event.MESSAGE_WRITTEN: N_("Message in the discussion of an application"),
    Event.MESSAGE_EDITED: N_("Message in the discussion changed by its author"),
    Event.MESSAGE_REMOVED: N_("Message in the discussion taken back by its author"),
    Event.LEAD_NAMED: N_("Lead expert of an application named"),
    Event.AGREED_SAVED: N_("Draft of an agreed score saved"),
    Event.AGREED_SUBMITTED: N_("Agreed score submitted by the lead expert"),
    Event.AGREED_RETURNED: N_("Agreed score returned to the lead expert"),
    Event.PLAN_REQUESTED: N_("Plan of the distribution asked for"),
    Event.PLAN_MADE: N_("Plan of the distribution worked out"),
    Event.PLAN_IMPOSSIBLE: N_("No plan of the distribution is possible"),
    Event.PLAN_FAILED: N_("Plan of the distribution failed"),
    Event.PLAN_RETRIED: N_("Plan of the distribution tried again"),
    Event.PLAN_TICKED: N_("Changes of a plan ticked or unticked"),
    Event.PLAN_OUTDATED: N_("Plan of the distribution out of date"),
    Event.PLAN_APPLIED: N_("Plan of the distribution applied"),
    Event.PLAN_DISCARDED: N_("Plan of the distribution discarded"),
    Event.NO_CONFLICT_DECLARED: N_("Absence of a conflict of interest declared"),
    Event.REVIEW_SAVED: N_("Draft of a review saved"),
    Event.REVIEW_CHANGES_CONFIRMED: N_("Changes of an application taken account of in a review"),
    Event.REVIEW_SUBMITTED: N_("Review sent in by an expert"),
    Event.REVIEW_RETURNED: N_("Review returned for correction"),
    Event.REVIEW_SET_ASIDE: N_("Review set aside, it does not count"),
    Event.REVIEW_COUNTED_AGAIN: N_("Review counts again"),
    Event.REVIEW_RECUSED: N_("Expert recused from a review"),
    Event.REVIEW_DECLINED: N_("Task refused by its expert"),
    Event.REVIEW_ASKED_AGAIN: N_("Refused task given to its expert again"),
    Event.REVIEW_PUT_OFF: N_("Review put off, or taken up again"),
    Event.RANKING_FROZEN: N_("Ranking frozen"),
    Event.RANKING_UNFROZEN: N_("Ranking unfrozen"),
    Event.RANKING_APPROVED: N_("Ranking approved"),
    Event.RESULTS_PUBLISHED: N_("Results published"),
    Event.FIRMNESS_REQUESTED: N_("Report on the firmness of the ranking asked for"),
    Event.FIRMNESS_MADE: N_("Report on the firmness of the ranking calculated"),
    Event.FIRMNESS_FAILED: N_("Report on the firmness of the ranking failed"),
    Event.FIRMNESS_RETRIED: N_("Report on the firmness of the ranking tried again"),
    Event.JOB_RETRIED: N_("Background job tried again"),
    Event.EXPORTED: N_("Data downloaded"),
    Event.CLOCK_SET: N_("The clock of the server was set, or the machine slept"),
    Event.STATE_NOTED: N_("The state of the data was noted for verification"),
}

FIELDS: Mapping[str, str] = {
    "by_itself": N_("Fields saved while they were typed"),
    "name": N_("Name"), "locale": N_("Language"), "role": N_("Role"), "team": N_("Team"), "email": N_("E-mail"),
    "consent": N_("Version of the consent"), "team_role": N_("Role in the team"),
    "application_role": N_("Role at the application"), "person": N_("Person"), "assignee": N_("Responsible"),
    "done": N_("Done"), "remarks": N_("Remarks"), "certification": N_("Certification before submission"),
    "asks_to_join": N_("Asks to join the team"), "by_administrator": N_("Invited by an administrator"),
    "on_own_wish": N_("On their own wish"), "sessions": N_("Sessions ended"), "reason": N_("Reason"),
    "title": N_("Title"), "status": N_("Status"), "number": N_("Number"), "sha256": "SHA-256", "inn": N_("INN"),
    "filename": N_("File"), "slot": N_("Kind of document"), "size": N_("Size"), "budget": N_("Budget"),
    "code": N_("Code"), "expert": N_("Expert"), "application": N_("Application"), "version": N_("Version"),
    "applications_open": N_("Acceptance opens"), "applications_close": N_("Acceptance closes"),
    "review_close": N_("Reviews close"), "total": N_("Total"), "kind": N_("Kind"), "format": N_("Format"),
    "max_load": N_("Greatest load"), "region": N_("Region"), "topics": N_("Topics"), "comment": N_("Comment"),
    "applications": N_("Applications"), "experts": N_("Experts"), "reviews": N_("Reviews"), "count": N_("Number of"),
    "submitted_at": N_("Time of submission"), "snapshot": N_("Snapshot"), "summary": N_("Summary"),
    "export": N_("Document"), "employer_inn": N_("Employer's INN"), "section": N_("Section"),
    "criteria": N_("Criteria"), "goal": N_("Goal"), "seed": N_("Seed"), "added": N_("Added"),
    "removed": N_("Removed"), "kept": N_("Kept"), "missing": N_("Places left empty"), "ticked": N_("Ticked"),
    "unticked": N_("Unticked"), "partial": N_("As full as possible"), "keep": N_("Proposals kept"),
    "methodologist": N_("Methodologist"), "own_region_barred": N_("Nobody from the applicant's region"),
    "other_region_at_least": N_("Experts from other regions, at least"),
    "one_per_organisation": N_("No two experts of one organisation"),
    "asked_by": N_("Asked for by"), "outcome": N_("Outcome"),
    "methodologists_at_least": N_("Methodologists, at least"), "min_load": N_("Least load"),
    "queue": N_("Order of the experts' work"), "later": N_("Put off"),
    "additional": N_("Additional expert"),
    "closed_in_conflict": N_("Closed, the pair is in conflict"),
    "clock": N_("Clock of the server"), "arrived": N_("Arrived"), "rows": N_("Rows"),
    "nomination": N_("Nomination"), "nominations": N_("Nominations"),
    "revision": N_("Revision of the ranking"), "form_version": N_("Version of the form"),
    "kind_of_change": N_("Kind of change"), "changes": N_("What changes"),
    "forms": N_("Versions of the form"), "milestones": N_("Milestones"), "submissions": N_("Submissions"),
    "milestone": N_("Milestone"), "date": N_("Date and time"),
    "by_hand": N_("By hand"), "until": N_("Until"), "lateness": N_("Late"), "day": N_("Day"), "works": N_("Worked"),
    "act": N_("Legal act"), "year": N_("Year"),
    "trial_of": N_("Trial of the contest"),
    "conflicts": N_("Conflicts"), "clusters": N_("Clusters"), "organisations": N_("Organisations"),
    "letters": N_("Letters"), "snapshots": N_("Snapshots"), "files": N_("Files"), "teams": N_("Teams"),
    "copied_from": N_("Copied from the contest"),
    "previous_stage": N_("Stage before"), "only_passed": N_("Only those who passed the stage before"),
    "carried_from": N_("Carried over from application"), "begun_from": N_("Begun with the answers of"),
    "outside": N_("Outside the scope of the contest"), "source": N_("Filled in"),
    "visibility_experts": N_("Marks open to other experts"),
    "visibility_names": N_("Names of experts among experts"), "visibility_staff": N_("Marks open to staff"),
    "visibility_chair": N_("Marks open to the chair"), "visibility_applicant_marks": N_("The team reads marks, too"),
    "reminder_days": N_("Days before the deadline"),
    "draft_kept": N_("Draft brought back, kept since"),
    "numbers": N_("Numbers"), "who": N_("Who is carried over"),
}  # fmt: skip
"""Names of details; one that is not here is shown as it was recorded."""

CODED: Mapping[str, dict[str, str]] = {
    "who": {who.value: words for who, words in WHO_LABELS.items()},
    "kind_of_change": {
        "words": N_("words only"), "looser": N_("less is asked"), "tighter": N_("more or something else is asked"),
    },
    "outcome": {"refused": N_("refused"), "withdrawn": N_("taken back")},
    "team_role": {role.value: words for role, words in TEAM_ROLE_LABELS.items()},
    "application_role": {role.value: words for role, words in APPLICATION_ROLE_LABELS.items()},
    "certification": {kind.value: words for kind, words in CERTIFICATION_LABELS.items()},
    "queue": {order.value: words for order, words in QUEUE_LABELS.items()},
    "source": {"file": N_("offline, in a workbook")},
    "locale": {"ru": "Русский", "en": "English"},
    "visibility_experts": {opens.value: words for opens, words in EXPERT_LABELS.items()},
    "visibility_staff": {opens.value: words for opens, words in STAFF_LABELS.items()},
    "visibility_chair": {opens.value: words for opens, words in STAFF_LABELS.items()},
}  # fmt: skip
"""Details whose values are codes of a few words."""
CONTENT = frozenset({"application", "cluster", "expert", "review", "earlylook"})
"""Subjects whose records tell what only those who may read them may know; the administrator of accounts may not."""
LISTED = frozenset({"changes", "by_itself"})
WRITTEN_BY_PROGRAMS = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2})?")
"""A day or an instant in ISO 8601."""
"""Details that are lists, however many they hold; a pair of any other is what was and what is."""
UNSUBMITTED = frozenset({
    "marks", "comments", "recommendation", "draft", "handed_in", "tab", "abstained", "to_applicant", "private",
    "confidence", "in_scope", "scope_reason",
})  # fmt: skip
"""Details that tell what is on a sheet that is not handed in: kept for a dispute, shown on no page.

The lengths of comments tell too: where a rubric asks for a comment on low and high marks, one means such a mark.
"""


SEALED = frozenset({"sha256"})
"""Details that are made of marks, so that these could be guessed by them: not shown until marks are open."""
OF_MARKS = frozenset({"review", "firmnessreport", "contest"})
"""Subjects of which that is so; the checksum of an application has nothing to do with marks."""


def event_label(event: str) -> str:
    """The event in words; a name that this version does not know is shown as it is."""
    known = LABELS.get(Event(event)) if event in set(Event) else None
    return translate(known) if known else event


def event_choices() -> list[tuple[str, str]]:
    """Every event for the filter, in the order of its words."""
    choices = [(event.value, translate(text)) for event, text in LABELS.items()]
    return sorted(choices, key=lambda pair: sort_key(pair[1]))


def detail_lines(
    details: Mapping[str, Any], subject_type: str = "", *, sealed: bool = False
) -> list[dict[str, str | None]]:
    """Details as ``{label, before, after}``; ``before`` is None for a plain fact. A status is worded by its subject.

    Marks of a sheet that is not handed in are left out; ``sealed``: so is what marks could be guessed by.
    """
    lines: list[dict[str, str | None]] = []
    for key, value in details.items():
        if key in UNSUBMITTED or (sealed and subject_type in OF_MARKS and key in SEALED):
            continue
        changed = isinstance(value, list) and len(value) == 2 and key not in LISTED
        before, after = (value[0], value[1]) if changed else (None, value)
        lines.append(
            {
                "label": translate(FIELDS[key]) if key in FIELDS else key,
                "before": _text(key, before, subject_type) if changed else None,
                "after": _text(key, after, subject_type),
            }
        )
    return lines


def _text(key: str, value: Any, subject_type: str) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return translate("Yes") if value else translate("No")
    if key in LISTED and isinstance(value, list):
        return ", ".join(str(one).replace(" ", ":") for one in value)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if key == "reason" and subject_type == Subject.REVIEW and refusal_of(value)[0] is not Refusal.OTHER:
        return refusal_reason(value)
    words = _words(key, subject_type)
    return translate(words[value]) if value in words else _said(value)


def _said(text: str) -> str:
    """A day or an instant as a person reads it, any other text as it is."""
    if not WRITTEN_BY_PROGRAMS.fullmatch(text):
        return text
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return read.strftime("%d.%m.%Y") if read.tzinfo is None else moscow_exact(read)


def _words(key: str, subject_type: str) -> dict[str, str]:
    """What the stored values of a detail are called, for those that are codes."""
    if key in CODED:
        return CODED[key]
    if key == "role":
        return {role.value: words for role, words in ROLE_LABELS.items()}
    if key == "goal":
        return {goal.value: words for goal, words in GOAL_LABELS.items()}
    if key == "milestone":
        return {code.value: definition.label for code, definition in TABLE.items()}
    if key == "lateness":
        return {lateness.value: words for lateness, words in LATENESS_LABELS.items()}
    if key == "status" and subject_type in set(Subject):
        return {str(status): words for status, words in STATUS_LABELS[Subject(subject_type)].items()}
    return {}
