"""The one door to the audit journal."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session, aliased

from judging.domain.access import Actor
from judging.models import JournalRecord
from judging.queries.states import settings_of
from judging.services import counting

EARLIER = aliased(JournalRecord)
"""The records that are there already when one is added."""
PREVIOUS = select(func.coalesce(func.max(EARLIER.id), 0)).scalar_subquery()
"""The last of them, or nought."""


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
    ROLE_ASKED = "role.asked"
    ROLE_ASKING_ENDED = "role.asking_ended"
    ROLE_GRANTED = "role.granted"
    ROLE_REVOKED = "role.revoked"
    TEAM_MEMBER_ADDED = "team.member_added"
    CONTEST_CREATED = "contest.created"
    CONTEST_LOADED = "contest.loaded"
    CONTEST_REPLACED = "contest.replaced"
    CONTEST_CHANGED = "contest.changed"
    RUBRIC_CHANGED = "contest.rubric_changed"
    SCHEDULE_CHANGED = "contest.schedule_changed"
    CONTEST_PUBLISHED = "contest.published"
    CONTEST_CANCELLED = "contest.cancelled"
    CLUSTER_CHANGED = "cluster.changed"
    APPLICATION_CREATED = "application.created"
    APPLICATION_CHANGED = "application.changed"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_ADMITTED = "application.admitted"
    APPLICATION_REJECTED = "application.rejected"
    APPLICATION_REINSTATED = "application.reinstated"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENTS_SWEPT = "documents.swept"
    DOCUMENT_DOWNLOADED = "document.downloaded"
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
    ASSIGNMENT_RULES_CHANGED = "assignment.rules_changed"
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
    REVIEW_SUBMITTED = "review.submitted"
    REVIEW_RETURNED = "review.returned"
    REVIEW_RECUSED = "review.recused"
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
        Event.SCHEDULE_CHANGED, Event.CONTEST_PUBLISHED, Event.APPLICATION_SUBMITTED, Event.APPLICATION_ADMITTED,
        Event.APPLICATION_REJECTED, Event.APPLICATION_REINSTATED, Event.APPLICATION_WITHDRAWN, Event.CONFLICT_FOUND,
        Event.CONFLICT_DECLARED, Event.CONFLICT_ENTERED, Event.CONFLICT_LIFTED, Event.ASSIGNMENT_PROPOSED,
        Event.ASSIGNMENT_REMOVED, Event.ASSIGNMENT_NOTIFIED, Event.PLAN_APPLIED, Event.REVIEW_SUBMITTED,
        Event.REVIEW_RETURNED, Event.REVIEW_RECUSED, Event.EXPERT_ADDED, Event.EXPERT_CHANGED, Event.EXPERT_REMOVED,
        Event.CLUSTER_CHANGED,
    }
)  # fmt: skip
"""Events after which a computed ranking is out of date."""

SETTLES = frozenset(
    {
        Event.CONTEST_CREATED, Event.CONTEST_LOADED, Event.CONTEST_REPLACED, Event.CONTEST_CHANGED,
        Event.RUBRIC_CHANGED, Event.SCHEDULE_CHANGED, Event.CONTEST_PUBLISHED,
    }
)  # fmt: skip
"""Events after which the contest's settings are written down in the record's ``state``."""


def record(
    session: Session,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    subject: object,
    label: str = "",
    contest_id: int | None = None,
    details: dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
    address: str = "",
) -> int:
    """Add one record in the caller's transaction and return its number.

    The contest's ranking revision is raised where the event moves it. ``subject`` is the model that the event is about
    (its primary key is flushed out if need be). ``details`` must be JSON: decimals and instants as text; before → after
    as ``{"field": [before, after]}``. ``state``: what verification is to compare with later; the contest's settings are
    added to it by the events of :data:`SETTLES`.
    """
    session.flush()
    if contest_id is not None and event in SETTLES:
        state = {"settings": settings_of(session, contest_id)} | (state or {})
    entry = {
        "at": now,
        "event": event.value,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "contest_id": contest_id,
        "subject_type": type(subject).__name__.lower(),
        "subject_id": getattr(subject, "id", None),
        "subject_label": label[:300],
        "details": details or {},
        "address": address,
        "revision": _revision(session, event, contest_id),
        "state": state,
    }
    return cast(int, session.execute(_entry(), entry).scalar_one())


@cache
def _entry() -> Any:
    journal = cast(Table, JournalRecord.__table__)
    given: dict[str, Any] = {
        column.name: bindparam(column.name) for column in journal.columns if not column.primary_key
    }
    return insert(journal).values(given | {"previous_id": PREVIOUS}).returning(journal.c.id)


def _revision(session: Session, event: Event, contest_id: int | None) -> int | None:
    """Raise the contest's ranking revision where the event moves it, and return what it is then."""
    if contest_id is None or event not in MOVES_RANKING:
        return None
    raised: int | None = session.scalar(counting.raised("ranking_revision"), {"contest": contest_id})
    return raised
