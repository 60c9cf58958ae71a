"""The certification of an application by the head of the organisation: how far it is, and what it was given for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, object_session

from judging.domain.canonical import digest
from judging.domain.certification import MISSING, PLACE, CertificationState, state_of
from judging.domain.certification import Certification as Asked
from judging.domain.forms.findings import FormFinding
from judging.models import Application, Certification, Organisation, User
from judging.queries.answers import StoredSection, stored_sections
from judging.queries.applications import current_documents


@dataclass(frozen=True)
class Certified:
    """How far an application is with it; of the last time it was handed over, when and by whom, and what came of it."""

    state: CertificationState
    asked_at: datetime | None = None
    asked_by: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    remarks: str = ""


def asks_for_it(application: Application) -> bool:
    """Say whether the contest asks for it; in a trial nobody is there who could certify."""
    contest = application.contest
    return contest.certification == Asked.REQUIRED and not contest.trial and application.team_id is not None


def certified(session: Session, application: Application) -> Certified | None:
    """Return how far the application is with it; None where the contest does not ask for it."""
    if not asks_for_it(application):
        return None
    row = session.execute(_last(), {"application": application.id}).first()
    if row is None:
        return Certified(CertificationState.NOT_ASKED)
    state = state_of(row.outcome, row.fingerprint, fingerprint(session, application))
    return Certified(state, row.asked_at, row.asked_by or "", row.decided_at, row.decided_by or "", row.remarks)


def found_of_certification(
    application: Application, sections: Mapping[str, StoredSection] | None = None
) -> Iterator[FormFinding]:
    """Yield what keeps an application from being submitted: that it is not certified as it is now."""
    session = object_session(application)
    if session is None or not asks_for_it(application):
        return
    row = session.execute(_last(), {"application": application.id}).first()
    present = fingerprint(session, application, sections)
    state = state_of(row.outcome, row.fingerprint, present) if row else CertificationState.NOT_ASKED
    if state is not CertificationState.CERTIFIED:
        yield FormFinding(PLACE, PLACE, True, MISSING[state])


def certified_by(session: Session, application: Application) -> int | None:
    """Return who certified the application last; None where the contest does not ask for it, or nobody has."""
    if not asks_for_it(application):
        return None
    row = session.execute(_last(), {"application": application.id}).first()
    return None if row is None else row.decided_by_id


def fingerprint(session: Session, application: Application, sections: Mapping[str, StoredSection] | None = None) -> str:
    """Return the hash of everything that the team says: another one after any change of it.

    What is computed, and the words of the form, are not in it: they change without the team.
    """
    sections = stored_sections(session, application.id) if sections is None else sections
    cluster, nomination = application.cluster, application.nomination
    managing = cluster.managing_organisation
    return digest(
        {
            "sections": {code: stored.answers for code, stored in sections.items()},
            "nomination": nomination.code if nomination else None,
            "cluster": [cluster.name, cluster.region, cluster.industry, _organisation(managing) if managing else None],
            "members": sorted(_organisation(member.organisation) for member in cluster.members),
            "documents": [[file.slot, file.filename, file.sha256] for file in current_documents(application)],
        }
    )


def _organisation(one: Organisation) -> list[str]:
    return [one.inn, one.ogrn, one.name, one.region]


@cache
def _last() -> Select[Any]:
    asked, decided = aliased(User), aliased(User)
    columns: tuple[Any, ...] = (
        Certification.outcome, Certification.fingerprint, Certification.asked_at, Certification.decided_at,
        Certification.remarks, asked.name.label("asked_by"), decided.name.label("decided_by"),
        Certification.decided_by_id,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(asked, asked.id == Certification.asked_by_id)
        .outerjoin(decided, decided.id == Certification.decided_by_id)
        .where(Certification.application_id == bindparam("application"))
        .order_by(Certification.id.desc())
        .limit(1)
    )
