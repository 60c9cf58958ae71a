"""Drafts of applications: begun, and saved section by section at any completeness.

People of one team fill different sections at the same time. A form therefore carries, beside the version of the whole
application, the fingerprint of its own section: only a change of the same section is a conflict.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act, require
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.models import Application, Cluster, Contest
from judging.models.submissions import TEAM
from judging.queries.stages import may_enter
from judging.queries.submissions import pending_return
from judging.services.applications.application_roles import lead_of_start
from judging.services.applications.journal_notes import note
from judging.services.holding import hold, hold_application
from judging.services.search_texts import index_application
from judging.services.trial_guard import refuse_people

OVER = N_("The time for changes is over: nothing of them was saved. The application counts as it was submitted.")


def start_application(session: Session, contest: Contest, cluster: Cluster, *, by: By) -> Application:
    """Begin a draft of the cluster's team, led by who begins it; refused where the contest takes none any more."""
    refuse_people(hold(session, contest.id, Act.APPLY, shared=True), by)
    if by.now >= contest.applications_close:
        raise RuleViolation(N_("This contest takes no applications any more."))
    require_entry(session, contest, cluster.team_id)
    application = Application(
        contest=contest,
        cluster=cluster,
        team_id=cluster.team_id,
        status=ApplicationStatus.DRAFT,
        title="",
        created_at=by.now,
        updated_at=by.now,
    )
    index_application(application)
    session.add(application)
    lead_of_start(session, application, by=by)
    note(session, application, Event.APPLICATION_CREATED, by=by)
    return application


def require_entry(session: Session, contest: Contest, team_id: int | None) -> None:
    """Raise :class:`NotPossible` where the contest is a next stage that is open to those alone who passed before."""
    if team_id is not None and not may_enter(session, contest, team_id):
        raise NotPossible(
            N_("This contest is a next stage: only teams whose application passed the stage before take part in it.")
        )


def open_section(session: Session, application_id: int, section: str, *, now: datetime) -> Application:
    """Return the application locked for a change of one section.

    Of a draft, every section; of one that was given back for correction, those of the return, until its time.
    Raises :class:`NotPossible`.
    """
    application = hold_application(session, application_id, shared=True)
    require_open_section(session, application, section, now=now)
    return application


def require_open_section(session: Session, application: Application, section: str, *, now: datetime) -> None:
    """Raise :class:`NotPossible` unless the section of the application may be changed now."""
    returned = None
    if application.status == ApplicationStatus.SUBMITTED:
        returned = pending_return(session, application.id)
    if returned is None:
        require_draft(application)
    elif now >= returned.until:
        raise NotPossible(OVER if returned.kind == TEAM else N_("The time for the correction is over."))
    elif section not in returned.sections:
        raise NotPossible(N_("The application was given back for other sections: this one does not change."))
    else:
        require(Act.APPLY, application.contest.status)


def require_draft(application: Application) -> None:
    """Raise NotPossible unless this is a draft of a running contest."""
    if application.status != ApplicationStatus.DRAFT:
        raise NotPossible(N_("The application has been submitted: its data do not change any more."))
    require(Act.APPLY, application.contest.status)
