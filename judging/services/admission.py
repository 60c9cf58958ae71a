"""The formal check's outcome: admit, reject, reinstate; and withdrawal entered by the secretary.

Every act moves the application by the table of domain/lifecycle.py, is journalled with its reason, is told to the team
by a letter, and is possible only while the contest's ranking is not frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act, require
from judging.domain.lifecycle import Action, ApplicationStatus, NotPossible, Subject, advance
from judging.models import Application
from judging.models.submissions import TEAM
from judging.queries.applications import readers_of
from judging.queries.submissions import pending_return
from judging.services import letters
from judging.services.applications.return_end import end_with_withdrawal
from judging.services.audit import record
from judging.services.checklist import marks_document
from judging.services.concurrency import check_version
from judging.services.holding import hold_with

EVENTS = {
    Action.ADMIT: Event.APPLICATION_ADMITTED,
    Action.REJECT: Event.APPLICATION_REJECTED,
    Action.REINSTATE: Event.APPLICATION_REINSTATED,
    Action.WITHDRAW: Event.APPLICATION_WITHDRAWN,
}

LETTERS: Mapping[Action, letters.Wording] = {
    Action.ADMIT: letters.Wording(
        N_("Application %(number)s is admitted to the contest"),
        N_(
            "Application %(number)s, “%(title)s”, has passed the formal check and is admitted to the contest "
            "“%(contest)s”.\n\nNext comes the review by experts. Nothing is needed from you now; the state of the "
            "application is on its page in the system."
        ),
    ),
    Action.REJECT: letters.Wording(
        N_("Application %(number)s is rejected after the formal check"),
        N_(
            "Application %(number)s, “%(title)s”, is not admitted to the contest “%(contest)s”.\n\n"
            "Reason: %(reason)s\nClause of the rules: %(clause)s\n\n"
            "The decision is on the application's page in the system."
        ),
    ),
    Action.REINSTATE: letters.Wording(
        N_("The rejection of application %(number)s is lifted"),
        N_(
            "The rejection of application %(number)s, “%(title)s”, is lifted: it is admitted to the contest "
            "“%(contest)s”.\n\nReason: %(reason)s\n\nNext comes the review by experts."
        ),
    ),
    Action.WITHDRAW: letters.Wording(
        N_("Application %(number)s is withdrawn from the contest"),
        N_(
            "The organiser has entered the withdrawal of application %(number)s, “%(title)s”, from the contest "
            "“%(contest)s”.\n\nReason: %(reason)s\n\n"
            "If you did not ask for this, write to the organiser of the contest at once."
        ),
    ),
}


GIVEN_BACK = N_("The application is given back for correction: wait for its end, or end it first.")
CHANGED_BY_TEAM = N_("The team is changing the application, which it may until the close: decide after that.")


def held_words(kind: str) -> str:
    """Why nothing is decided on an application that is open for changes of this kind."""
    return CHANGED_BY_TEAM if kind == TEAM else GIVEN_BACK


@dataclass(frozen=True)
class Decision:
    """What is decided on an application in the version looked at; a rejection rests on ``clause`` of the rules."""

    action: Action
    version: int
    reason: str = ""
    clause: str = ""


def decide_application(session: Session, application: Application, decision: Decision, *, by: By) -> Application:
    """Carry out one decision of :data:`EVENTS` on a submitted application and write to its team.

    Raises ``Stale`` for an old version, ``NotPossible`` or ``ReasonMissing`` by the lifecycle, ``GateClosed`` where the
    contest no longer allows changes.
    """
    action, reason, clause = decision.action, decision.reason, decision.clause
    hold_with(session, application)
    check_version(application, decision.version)
    require(Act.DECIDE, application.contest.status)
    pending = None if action is Action.WITHDRAW else pending_return(session, application.id)
    if pending is not None:
        raise NotPossible(held_words(pending.kind))
    before = application.status
    after = advance(Subject.APPLICATION, ApplicationStatus(before), action, reason=reason)
    application.status = after
    application.decided_at, application.decided_by_id = by.now, by.actor.user_id
    application.decision_reason, application.decision_clause = reason.strip() or None, clause.strip() or None
    if action is Action.WITHDRAW:
        end_with_withdrawal(session, application, by=by)
    record(
        session,
        EVENTS[action],
        by=by,
        subject=application,
        label=application.number or "",
        contest_id=application.contest_id,
        details={"status": [before, str(after)], "reason": reason.strip(), "clause": clause.strip()}
        | ({"marks": marks} if (marks := marks_document(session, application)) else {}),
    )
    _tell_team(session, application, action, decision.version, now=by.now)
    return application


def admit_applications(session: Session, applications: list[tuple[Application, int]], *, by: By) -> int:
    """Admit several applications of one contest, each with the version it was looked at in: all or, by a refusal, none.

    They are taken by their numbers in the database, so that two who admit some of the same wait for each other once.
    """
    for application, version in sorted(applications, key=lambda pair: pair[0].id):
        decide_application(session, application, Decision(Action.ADMIT, version=version), by=by)
    return len(applications)


def letter_text(application: Application, action: Action, locale: str, *, reason: str, clause: str) -> tuple[str, str]:
    """Subject and body of the letter that ``action`` sends, as they read in ``locale``."""
    wording = LETTERS[action]
    facts = _facts(application, reason, clause)
    return translated(locale, wording.subject, facts), translated(locale, wording.body, facts)


def _facts(application: Application, reason: str, clause: str) -> dict[str, object]:
    return {
        "number": application.number,
        "title": application.title,
        "contest": application.contest.title,
        "reason": reason,
        "clause": clause or "–",
    }


def _tell_team(session: Session, application: Application, action: Action, version: int, *, now: datetime) -> None:
    """One letter to each of the team; ``version`` is the one decided on, so that every decision has its own."""
    facts = _facts(application, application.decision_reason or "", application.decision_clause or "")
    for person in readers_of(session, application):
        letters.write(
            session,
            LETTERS[action],
            key=f"decision-{application.id}-{version}-{person.id}",
            recipient=person.email,
            locale=person.locale,
            params=facts,
            now=now,
            contest_id=application.contest_id,
        )


__all__ = ["EVENTS", "GIVEN_BACK", "LETTERS", "admit_applications", "decide_application", "letter_text"]
