"""Staff move a submitted application to another nomination, for a reason, until the ranking is frozen.

Nothing may be scored there as nought that nobody was asked: an application stays where it is as long as it has no
value for an indicator that the other nomination judges, or a review that was handed in without a mark for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible, ReasonMissing, ReviewStatus
from judging.domain.lifecycle.application import NUMBERED
from judging.models import Application, Nomination, Review
from judging.queries.applications import people_of_team
from judging.queries.contests import criteria_of
from judging.queries.nominations import judged_in
from judging.services import letters
from judging.services.applications.journal_notes import note
from judging.services.concurrency import check_version
from judging.services.holding import hold_application

MOVED = letters.Wording(
    N_("Application %(number)s is in another nomination now"),
    N_(
        "Your application was moved to another nomination.\n\nContest: %(contest)s\nProject: %(title)s\n"
        "Registration number: %(number)s\nIt was in: %(before)s\nIt is in: %(after)s\nThe reason: %(reason)s\n\n"
        "What you submitted stays as it was."
    ),
)


@dataclass(frozen=True)
class NominationMove:
    """Where an application is to go and why; ``version`` is that of the application which was looked at."""

    nomination_id: int
    reason: str
    version: int


def move_application(session: Session, application_id: int, move: NominationMove, *, by: By) -> Application:
    """Move an application; its team is written to.

    Raises ``GateClosed`` once the ranking is frozen, ``NotPossible`` for a draft and a withdrawn one, ``Stale``,
    ``ReasonMissing``, and ``Refused`` (``nomination``) with everything that stands in the way.
    """
    application = hold_application(session, application_id, Act.DECIDE)
    if application.status not in NUMBERED:
        raise NotPossible(N_("Only a submitted application can be moved to another nomination."))
    check_version(application, move.version)
    if not move.reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    target = next((row for row in application.contest.nominations if row.id == move.nomination_id), None)
    faults = [*_faults(session, application, target)]
    if faults or target is None:
        raise Refused(faults)
    before, application.nomination = application.nomination, target
    details = {"nomination": [before.code if before else None, target.code], "reason": move.reason.strip()}
    note(session, application, Event.APPLICATION_MOVED, by=by, details=details)
    _tell_team(session, application, before, move, by)
    return application


def _faults(session: Session, application: Application, target: Nomination | None) -> Iterator[Fault]:
    if target is None or target.id == application.nomination_id:
        yield Fault("nomination", N_("Choose another nomination"))
        return
    judged = judged_in(criteria_of(application.contest), target)
    missing = [item.title for item in judged.computed if item.indicator not in application.indicators]
    if missing:
        message = N_("The application has no value for what is judged there: %(criteria)s")
        yield Fault("nomination", message, {"criteria": ", ".join(missing)})
    handed_in = session.execute(
        select(Review.scores, Review.abstained).where(
            Review.application_id == application.id,
            Review.status == ReviewStatus.SUBMITTED,
            Review.in_scope.is_not(False),
            Review.set_aside_reason.is_(None),
        )
    ).all()
    wanted = [item.code for item in judged.marked if item.required]
    short = sum(any(code not in row.scores and code not in row.abstained for code in wanted) for row in handed_in)
    if short:
        message = N_("Reviews handed in without a mark for what is judged there: %(count)s. Return them first")
        yield Fault("nomination", message, {"count": short})


def _tell_team(
    session: Session, application: Application, before: Nomination | None, move: NominationMove, by: By
) -> None:
    if application.team_id is None or application.status == ApplicationStatus.DRAFT:
        return
    for person in people_of_team(session, application.team_id):
        letters.write(
            session,
            MOVED,
            key=f"moved-{application.id}-{move.version}-{person.id}",
            recipient=person.email,
            locale=person.locale,
            params={
                "number": application.number,
                "contest": application.contest.title,
                "title": application.title,
                "before": before.title if before else "–",
                "after": application.nomination.title if application.nomination else "–",
                "reason": move.reason.strip(),
            },
            now=by.now,
            contest_id=application.contest_id,
        )
