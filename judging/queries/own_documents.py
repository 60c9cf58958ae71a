"""The documents of several applications at once, as their experts may read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.forms.form import FieldKind
from judging.domain.forms.readers import Readable
from judging.models import Application, Contest, Document, Submission
from judging.queries.corrections import submitted_documents
from judging.queries.forms import form_in_force, form_of_version


@dataclass(frozen=True)
class OwnFile:
    """A document that counts, with the application that it belongs to and the form that it was asked for by."""

    application_id: int
    number: str
    title: str
    slot: str
    filename: str
    size: int
    sha256: str
    storage_key: str
    uploaded_at: datetime
    may_read: Readable


def readable_files(session: Session, contest: Contest, application_ids: Collection[int]) -> list[OwnFile]:
    """The files of the last submissions that experts may read, by number of the application: two selects and the forms.

    Files that were cleared are not among them.
    """
    forms = readable_by_application(session, contest, application_ids)
    rows = session.execute(_files().where(Application.id.in_(application_ids)))
    found = (OwnFile(**row._mapping, may_read=forms[row.application_id]) for row in rows)
    return [file for file in found if file.may_read.reads(file.slot, FieldKind.FILE)]


def readable_by_application(
    session: Session, contest: Contest, application_ids: Collection[int]
) -> Mapping[int, Readable]:
    """What experts may read of each application, by the form of its last submission; a form is read once."""
    given = {row.application_id: (row.number, row.revision) for row in session.execute(_last_forms(application_ids))}
    known = {
        version: Readable(form_of_version(contest, *version).compiled, whole=True) for version in set(given.values())
    }
    loaded = Readable(form_in_force(contest).compiled, whole=False)
    return {key: known[given[key]] if key in given else loaded for key in application_ids}


def _files() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Document.application_id, Application.number, Application.title, Document.slot, Document.filename,
            Document.size, Document.sha256, Document.storage_key, Document.uploaded_at,
        )
        .join(Application, Application.id == Document.application_id)
        .where(submitted_documents(), Document.swept_at.is_(None))
        .order_by(Application.sort_number, Application.id, Document.id)
    )  # fmt: skip


def _last_forms(application_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """The form of the last submission of each application; an application that came with an archive has none."""
    last = (
        select(Submission.application_id, func.max(Submission.number).label("number"))
        .where(Submission.application_id.in_(application_ids))
        .group_by(Submission.application_id)
        .subquery()
    )
    form: Any = Submission.document["form"]
    number, revision = (form[name].as_integer().label(name) for name in ("number", "revision"))
    of_last = (last.c.application_id == Submission.application_id) & (last.c.number == Submission.number)
    return select(Submission.application_id, number, revision).join(last, of_last)
