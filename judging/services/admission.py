"""The formal check's outcome: admit, reject, reinstate; and withdrawal entered by the secretary.

Every act moves the application by the table of domain/lifecycle.py, is journalled with its reason, and is possible only
while the contest's ranking is not frozen.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import Action, ApplicationStatus, ContestStatus, Subject, advance
from judging.models import Application
from judging.services.audit import Event, record
from judging.services.concurrency import check_version

EVENTS = {
    Action.ADMIT: Event.APPLICATION_ADMITTED,
    Action.REJECT: Event.APPLICATION_REJECTED,
    Action.REINSTATE: Event.APPLICATION_REINSTATED,
    Action.WITHDRAW: Event.APPLICATION_WITHDRAWN,
}


class RankingFrozen(RuleViolation):
    """The ranking is frozen or the contest is over: what it was computed from cannot change."""


def decide_application(
    session: Session,
    application: Application,
    action: Action,
    *,
    version: int,
    actor: Actor,
    now: datetime,
    reason: str = "",
    clause: str = "",
) -> Application:
    """Carry out one decision of :data:`EVENTS` on a submitted application.

    Raises ``Stale`` for an old version, ``NotPossible`` or ``ReasonMissing`` by the lifecycle, :class:`RankingFrozen`
    where the contest no longer allows changes. ``clause`` names the point of the rules that a rejection rests on.
    """
    check_version(application, version)
    if application.contest.status != ContestStatus.PUBLISHED:
        raise RankingFrozen(N_("The ranking is frozen: decisions on applications can no longer be changed."))
    before = application.status
    after = advance(Subject.APPLICATION, ApplicationStatus(before), action, reason=reason)
    application.status = after
    application.decided_at, application.decided_by_id = now, actor.user_id
    application.decision_reason, application.decision_clause = reason.strip() or None, clause.strip() or None
    record(
        session,
        EVENTS[action],
        actor=actor,
        now=now,
        subject=application,
        label=application.number or "",
        contest_id=application.contest_id,
        details={"status": [before, str(after)], "reason": reason.strip(), "clause": clause.strip()},
    )
    return application


def admit_applications(
    session: Session, applications: list[tuple[Application, int]], *, actor: Actor, now: datetime
) -> int:
    """Admit several applications, each with the version it was looked at in: all of them or, by a refusal, none."""
    for application, version in applications:
        decide_application(session, application, Action.ADMIT, version=version, actor=actor, now=now)
    return len(applications)
