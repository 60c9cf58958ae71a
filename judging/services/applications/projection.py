"""Writing the columns of an application that follow from its answers (queries/projection.py)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from judging.domain.errors import N_, Fault, Refused
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.looking import Answers, Look
from judging.models import Application, Organisation, Partner
from judging.queries.projection import columns_of, participants_of
from judging.services.search_texts import index_application


def project(session: Session, application: Application, compiled: CompiledForm, answers: Answers, seen: Look) -> None:
    """Write the columns, partners and search text of an application that its answers decide.

    Raises :class:`Refused` where the initiator or a partner is no member of the cluster.
    """
    for name, value in columns_of(application, compiled, answers, seen).items():
        if getattr(application, name) != value:
            setattr(application, name, value)
    named = participants_of(answers, seen)
    members = _organisations(application)
    initiator = named["initiator"]
    application.initiator = _member(members, initiator, "initiator") if initiator else None
    index_application(application)
    wanted = [(_member(members, inn, "partners"), role, words) for inn, role, words in named["partners"]]
    _replace_partners(session, application, wanted)


def _organisations(application: Application) -> dict[str, Organisation]:
    """The cluster's members by ИНН; an organisation that has left the cluster stays where it stood."""
    stood = [application.initiator, *(one.organisation for one in application.partners)]
    members = [member.organisation for member in application.cluster.members]
    return {one.inn: one for one in (*stood, *members) if one is not None}


def _member(members: Mapping[str, Organisation], inn: str, field: str) -> Organisation:
    if inn not in members:
        raise Refused([Fault(field, N_("Choose organisations of the cluster."))])
    return members[inn]


def _replace_partners(session: Session, application: Application, wanted: list[tuple[Organisation, str, str]]) -> None:
    """Rows are addressed by position, so the old ones are deleted before the new ones are inserted."""
    if wanted == [(one.organisation, one.role, one.contribution) for one in application.partners]:
        return
    application.partners = []
    session.flush()
    application.partners = [
        Partner(position=index, organisation=organisation, role=role, contribution=contribution)
        for index, (organisation, role, contribution) in enumerate(wanted)
    ]
