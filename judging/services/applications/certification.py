"""Certification: the lead hands the application to the head of the organisation, who certifies or sends it back.

What is certified is what was handed over: after any change it is handed over anew.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.certification import PLACE, CertificationState, state_of
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.findings import plain_fault, stops_of
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.domain.teams import LONGEST_REMARKS, ApplicationRole, TeamRole
from judging.models import Application, Certification, TeamMember
from judging.queries.applications import Reader
from judging.queries.certifications import asks_for_it, fingerprint
from judging.queries.checks import check_application
from judging.queries.section_works import mates_of
from judging.queries.submissions import pending_return
from judging.queries.teams import readers_with
from judging.services import letters
from judging.services.applications.application_roles import NotYours, require_role
from judging.services.applications.draft_edit import require_draft
from judging.services.applications.journal_notes import note
from judging.services.concurrency import Stale
from judging.services.holding import hold_application

HANDED_OVER = letters.Wording(
    N_("An application awaits your certification"),
    N_(
        "%(by)s hands you an application of the team for certification.\n\nContest: %(contest)s\nProject: %(title)s\n\n"
        "Read it as a whole and certify it, or send it back with remarks: %(page)s\n"
        "Without your certification it cannot be submitted.\n"
    ),
)
CERTIFIED = letters.Wording(
    N_("The application is certified"),
    N_(
        "%(by)s has certified the application.\n\nContest: %(contest)s\nProject: %(title)s\n\n"
        "It can be submitted now; any change takes a new certification: %(page)s\n"
    ),
)
SENT_BACK = letters.Wording(
    N_("The application is sent back with remarks"),
    N_(
        "%(by)s did not certify the application.\n\nContest: %(contest)s\nProject: %(title)s\n\n"
        "What is to be corrected:\n%(remarks)s\n\nThe application: %(page)s\n"
    ),
)


class HasStops(Refused):
    """The application still lacks something; every stop is a fault."""


def ask_certification(session: Session, application_id: int, *, by: By, base_url: str) -> None:
    """Hand an application over, as its lead; what it lacks has to be filled in first.

    Raises :class:`HasStops`, and :class:`NotPossible` where there is no head of the organisation in the team.
    """
    application = _open(session, application_id, by)
    require_role(session, application, by, ApplicationRole.LEAD)
    heads = readers_with(session, application.team_id or 0, TeamRole.HEAD)
    if not heads:
        raise NotPossible(N_("The team has no head of the organisation: the lead of the team invites one first."))
    stops = [one for one in stops_of(check_application(session, application, by.now).findings) if one.section != PLACE]
    returned = pending_return(session, application_id)
    stops = [one for one in stops if returned is None or one.section in returned.sections]
    if stops:
        raise HasStops([plain_fault(one) for one in stops])
    present, last = fingerprint(session, application), _last(session, application_id)
    if last is not None and state_of(last.outcome, last.fingerprint, present) in _SETTLED:
        return
    row = Certification(
        application_id=application_id, fingerprint=present, asked_at=by.now, asked_by_id=by.actor.user_id
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, application, Event.CERTIFICATION_ASKED, by=by, state={"certification": row.id})
    _tell(session, heads, HANDED_OVER, application, row, by, base_url)


def certify_application(session: Session, application_id: int, *, seen: str, by: By, base_url: str) -> None:
    """Certify an application as it is, as the head; ``seen`` is the fingerprint of what was read.

    Raises :class:`Stale` where it was changed since it was read.
    """
    application, row = _waiting(session, application_id, seen, by)
    row.decided_at, row.decided_by_id, row.outcome = by.now, by.actor.user_id, "certified"
    state = {"certification": row.id, "fingerprint": row.fingerprint}
    note(session, application, Event.APPLICATION_CERTIFIED, by=by, state=state)
    _tell(session, _leads(session, application), CERTIFIED, application, row, by, base_url)


def return_certification(
    session: Session, application_id: int, *, seen: str, remarks: str, by: By, base_url: str
) -> None:
    """Send an application back with remarks, as the head; raise :class:`Refused` at ``remarks`` without any."""
    if not remarks.strip() or len(remarks) > LONGEST_REMARKS:
        raise Refused([Fault("remarks", N_("Say what is to be corrected."))])
    application, row = _waiting(session, application_id, seen, by)
    row.decided_at, row.decided_by_id, row.outcome = by.now, by.actor.user_id, "returned"
    row.remarks = remarks.strip()
    details = {"remarks": row.remarks}
    note(session, application, Event.CERTIFICATION_RETURNED, by=by, details=details, state={"certification": row.id})
    _tell(session, _leads(session, application), SENT_BACK, application, row, by, base_url, remarks=row.remarks)


_SETTLED = (CertificationState.WAITING, CertificationState.CERTIFIED)


def _open(session: Session, application_id: int, by: By) -> Application:
    """The application, held: a draft, or one that is given back for correction, of a contest that asks for it."""
    application = hold_application(session, application_id)
    if not asks_for_it(application):
        raise NotPossible(N_("This contest asks for no certification."))
    returned = pending_return(session, application_id)
    if application.status != ApplicationStatus.SUBMITTED or returned is None or by.now >= returned.until:
        require_draft(application)
    return application


def _waiting(session: Session, application_id: int, seen: str, by: By) -> tuple[Application, Certification]:
    """The application and what waits for the head's decision, which is still what was read."""
    application = _open(session, application_id, by)
    member = session.get(TeamMember, (application.team_id, by.actor.user_id), populate_existing=True)
    if member is None or member.role != TeamRole.HEAD:
        raise NotYours
    row = _last(session, application_id)
    if row is None or row.outcome is not None:
        raise RuleViolation(N_("The application does not wait for a certification (any more)."))
    if row.fingerprint != seen or fingerprint(session, application) != seen:
        raise Stale(application)
    return application, row


def _last(session: Session, application_id: int) -> Certification | None:
    mine = select(Certification).where(Certification.application_id == application_id)
    return session.scalars(mine.order_by(Certification.id.desc()).limit(1)).first()


def _leads(session: Session, application: Application) -> list[Reader]:
    mates = [one for one in mates_of(session, application) if one.role is ApplicationRole.LEAD and one.active]
    ids = {one.id for one in mates}
    everybody = [
        one for role in TeamRole for one in readers_with(session, application.team_id or 0, role)
    ]  # fmt: skip
    return [one for one in everybody if one.id in ids]


def _tell(
    session: Session, people: Iterable[Reader], wording: letters.Wording, application: Application,
    row: Certification, by: By, base_url: str, remarks: str = "",
) -> None:  # fmt: skip
    page = f"{base_url}/applications/{application.id}/certification"
    for person in people:
        letters.write(
            session,
            wording,
            key=f"certification:{row.id}:{row.outcome or 'asked'}:{person.id}",
            recipient=person.email,
            locale=person.locale,
            params={
                "by": by.actor.name, "contest": application.contest.title, "title": application.title, "page": page,
                "remarks": remarks,
            },
            now=by.now,
            contest_id=application.contest_id,
        )  # fmt: skip
