"""Drafts of applications: begun, and saved section by section at any completeness.

People of one team fill different sections at the same time. A form therefore carries, beside the version of the whole
application, the fingerprint of its own section: only a change of the same section is a conflict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from judging.domain.access import By
from judging.domain.completeness import PRIVATE_SHARE, Section, private_share
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act, require
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.models import Application, Cluster, Contest, Organisation, Partner
from judging.queries.dossiers import indicators_in, nomination_of
from judging.queries.sections import FIELDS, snapshot
from judging.queries.submissions import pending_return
from judging.services.applications.journal_notes import note
from judging.services.concurrency import Stale
from judging.services.holding import hold, hold_application
from judging.services.search_texts import index_application


@dataclass(frozen=True)
class Seen:
    """What a form was filled from: the application's version and the section's :func:`fingerprint`."""

    version: int
    fingerprint: str


@dataclass(frozen=True)
class PartnerData:
    """A partner as typed; ``organisation_id`` is a member of the cluster."""

    organisation_id: int
    role: str
    contribution: str = ""


def start_application(session: Session, contest: Contest, cluster: Cluster, *, by: By) -> Application:
    """Begin a draft of the cluster's team; refused where the contest takes no applications any more."""
    hold(session, contest.id, Act.APPLY, shared=True)
    if by.now >= contest.applications_close:
        raise RuleViolation(N_("This contest takes no applications any more."))
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
    note(session, application, Event.APPLICATION_CREATED, by=by)
    return application


def save_fields(
    session: Session,
    application_id: int,
    section: Section,
    values: Mapping[str, Any],
    *,
    seen: Seen,
    by: By,
) -> Application:
    """Save a section of plain columns (:data:`FIELDS`); ``values`` has each of them, None or "" where it is empty."""
    application = open_draft(session, application_id)
    check_seen(application, section, seen)
    before = snapshot(application, section)
    for name in FIELDS[section]:
        setattr(application, name, values[name])
    if section is Section.FINANCE:
        _compute_share(application)
    return _saved(session, application, section, before, by)


def save_indicators(
    session: Session, application_id: int, values: Mapping[str, str], *, seen: Seen, by: By
) -> Application:
    """Save indicators as exact decimal text; one that is not in ``values`` is empty; the share is computed."""
    application = open_draft(session, application_id)
    check_seen(application, Section.INDICATORS, seen)
    before = snapshot(application, Section.INDICATORS)
    asked = [one["code"] for one in indicators_in(application.contest, nomination_of(application))]
    application.indicators = {code: values[code] for code in asked if code in values and code != PRIVATE_SHARE}
    _compute_share(application)
    return _saved(session, application, Section.INDICATORS, before, by)


def save_participants(
    session: Session,
    application_id: int,
    initiator_id: int | None,
    partners: Sequence[PartnerData],
    *,
    seen: Seen,
    by: By,
) -> Application:
    """Save the initiator and the partners in their order; raise :class:`Refused` for one not in the cluster."""
    application = open_draft(session, application_id)
    check_seen(application, Section.PARTICIPANTS, seen)
    members = {member.organisation_id: member.organisation for member in application.cluster.members}
    chosen = {partner.organisation_id for partner in partners} | ({initiator_id} if initiator_id else set())
    if not chosen <= set(members):
        raise Refused([Fault("initiator", N_("Choose organisations of the cluster."))])
    before = snapshot(application, Section.PARTICIPANTS)
    application.initiator = members[initiator_id] if initiator_id else None
    _replace_partners(session, application, partners, members)
    return _saved(session, application, Section.PARTICIPANTS, before, by)


def save_nomination(
    session: Session, application_id: int, nomination_id: int | None, *, seen: Seen, by: By
) -> Application:
    """Choose the nomination of a draft, or none; raise :class:`Refused` for one that the contest has not.

    What was answered to questions of another nomination stays.
    """
    application = open_draft(session, application_id)
    check_seen(application, Section.NOMINATION, seen)
    offered = {row.id: row for row in application.contest.nominations}
    if nomination_id is not None and nomination_id not in offered:
        raise Refused([Fault("nomination", N_("Choose one of the contest's nominations"))])
    before = snapshot(application, Section.NOMINATION)
    application.nomination = None if nomination_id is None else offered[nomination_id]
    session.flush()
    _compute_share(application)
    return _saved(session, application, Section.NOMINATION, before, by)


def open_draft(session: Session, application_id: int) -> Application:
    """Return the application locked for a change; raise NotPossible unless it is a draft of a running contest."""
    application = hold_application(session, application_id, shared=True)
    require_draft(application)
    return application


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
        raise NotPossible(N_("The time for the correction is over."))
    elif section not in returned.sections:
        raise NotPossible(N_("The application was given back for other sections: this one does not change."))
    else:
        require(Act.APPLY, application.contest.status)


def require_draft(application: Application) -> None:
    """Raise NotPossible unless this is a draft of a running contest."""
    if application.status != ApplicationStatus.DRAFT:
        raise NotPossible(N_("The application has been submitted: its data do not change any more."))
    require(Act.APPLY, application.contest.status)


def check_seen(application: Application, section: Section, seen: Seen) -> None:
    """Raise Stale where this section was changed since the form was shown; changes of other sections do not matter."""
    if application.version != seen.version and fingerprint(application, section) != seen.fingerprint:
        raise Stale(application)


def fingerprint(application: Application, section: Section) -> str:
    """Return a short text that changes whenever the section does."""
    return sha256(repr(snapshot(application, section)).encode()).hexdigest()[:16]


def _compute_share(application: Application) -> None:
    if PRIVATE_SHARE not in {one["code"] for one in indicators_in(application.contest, nomination_of(application))}:
        return
    share = private_share(application.own_funds, application.loans, application.total_cost)
    others = {code: text for code, text in application.indicators.items() if code != PRIVATE_SHARE}
    application.indicators = others if share is None else {PRIVATE_SHARE: str(share)} | others


def _replace_partners(
    session: Session,
    application: Application,
    partners: Sequence[PartnerData],
    members: Mapping[int, Organisation],
) -> None:
    """Rows are addressed by position, so the old ones are deleted before the new ones are inserted."""
    wanted = [(one.organisation_id, one.role, one.contribution) for one in partners]
    if wanted == [(one.organisation_id, one.role, one.contribution) for one in application.partners]:
        return
    application.partners = []
    session.flush()
    application.partners = [
        Partner(position=i, organisation=members[one.organisation_id], role=one.role, contribution=one.contribution)
        for i, one in enumerate(partners)
    ]


def _saved(session: Session, application: Application, section: Section, before: dict[str, Any], by: By) -> Application:
    """Journal what changed, before and after; a save that changes nothing leaves no trace."""
    after = snapshot(application, section)
    changes = {
        name: [before.get(name), after.get(name)]
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }
    if changes:
        application.updated_at = by.now
        flag_modified(application, "updated_at")  # a change of the partners alone is a new version too
        index_application(application)
        details = {"section": section.value, **changes}
        note(session, application, Event.APPLICATION_CHANGED, by=by, details=details)
    return application
