"""What experts read of an application: by the form that it was submitted by, without what is for the staff alone."""

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, Select, String, Text, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import Readable
from judging.models import Application, Contest, Document, Organisation, Partner, Submission
from judging.models.base import table_of
from judging.queries.corrections import submitted_documents
from judging.queries.forms import form_in_force, form_of_version

AHEAD = -1
"""The place of the initiator before the partners, whose places begin at nought."""


class Party(NamedTuple):
    """An organisation that takes part in a project; the role is a code of its contest."""

    name: str
    inn: str
    role: str = ""
    contribution: str | None = None


class File(NamedTuple):
    """A document of the last submission; ``pages`` of a PDF, where they could be counted."""

    id: int
    slot: str
    filename: str
    size: int
    media_type: str = ""
    pages: int | None = None


@dataclass(frozen=True)
class Reading:
    """What belongs to an application, for those who read it: partners in their order, files in that of upload."""

    initiator: Party | None
    partners: tuple[Party, ...]
    files: tuple[File, ...]


def readable(session: Session, contest: Contest, application_id: int) -> Readable:
    """Return what experts may read of an application: by the form of its last submission, not by the present one."""
    row = session.execute(_last_form(), {"owner": application_id}).one_or_none()
    if row is None:
        return Readable(form_in_force(contest).compiled, whole=False)
    known = form_of_version(contest, row.number, row.revision)
    return Readable(known.compiled, whole=True, number=row.submission)


def read_by_experts(session: Session, application: Application, may_read: Readable) -> Reading:
    """Read what an expert reads of an application beside itself: rows, in two selects that hang on nothing else."""
    asked = {"owner": application.id, "initiator": application.initiator_id}
    parties = [(place, Party(*party)) for place, *party in session.execute(_parties(), asked)]
    files = (File(*row) for row in session.execute(_files(), {"owner": application.id}))
    return Reading(
        initiator=next((party for place, party in parties if place == AHEAD), None),
        partners=tuple(_partner(party, may_read) for place, party in parties if place != AHEAD),
        files=tuple(file for file in files if may_read.reads(file.slot, FieldKind.FILE)),
    )


def _partner(party: Party, may_read: Readable) -> Party:
    """The partner without those of its columns that experts may not read."""
    role = party.role if may_read.reads_of_partners("role") else ""
    contribution = party.contribution if may_read.reads_of_partners("contribution") else None
    return party._replace(role=role, contribution=contribution)


@cache
def _last_form() -> Select[Any]:
    """The form of an application's last submission; NULL of a receipt that names none."""
    kept = table_of(Submission).c
    form = kept.document["form"]
    columns: tuple[Any, ...] = (
        form["number"].as_integer().label("number"), form["revision"].as_integer().label("revision"),
        kept.number.label("submission"),
    )  # fmt: skip
    mine = select(*columns).where(kept.application_id == bindparam("owner"))
    return mine.order_by(kept.number.desc()).limit(1)


@cache
def _parties() -> CompoundSelect[Any]:
    """The initiator, then the partners in their order."""
    partners, organisations = table_of(Partner), table_of(Organisation)
    partner, organisation = partners.c, organisations.c
    alone: tuple[Any, ...] = (
        literal(AHEAD, Integer).label("place"), organisation.name, organisation.inn,
        literal("", String).label("role"), null().cast(Text).label("contribution"),
    )  # fmt: skip
    together: tuple[Any, ...] = (
        partner.position.label("place"), organisation.name, organisation.inn, partner.role, partner.contribution,
    )  # fmt: skip
    joined = partners.join(organisations, organisation.id == partner.organisation_id)
    return union_all(
        select(*alone).where(organisation.id == bindparam("initiator")),
        select(*together).select_from(joined).where(partner.application_id == bindparam("owner")),
    ).order_by("place")


@cache
def _files() -> Select[Any]:
    """The files of the last submission; what a team does to them in a correction is its own until it submits."""
    columns: tuple[Any, ...] = (
        Document.id, Document.slot, Document.filename, Document.size, Document.media_type, Document.pages,
    )  # fmt: skip
    mine = select(*columns).join(Application, Application.id == Document.application_id)
    return mine.where(Document.application_id == bindparam("owner"), submitted_documents()).order_by(Document.id)
