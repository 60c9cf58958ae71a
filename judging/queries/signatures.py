"""Electronic signatures of documents, and the stamps that were read of papers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from judging.domain.forms.form import ApplicationForm, Field
from judging.domain.papers import Reading, Stamp
from judging.domain.signatures import Facts, Verdict
from judging.models import Document, DocumentSignature, DocumentStamp
from judging.models.base import table_of


@dataclass(frozen=True)
class SignatureLine:
    """A signature of a document; ``within``: the PDF itself holds it."""

    id: int
    document_id: int
    filename: str
    within: bool
    sha256: str
    facts: Facts
    verdict: Verdict
    checked_at: datetime
    uploaded_at: datetime


def signed_fields(form: ApplicationForm) -> tuple[Field, ...]:
    """The fields whose files need an electronic signature."""
    return tuple(field for field in form.fields() if field.signed)


def signatures_of(
    session: Session, document_ids: Collection[int], submitted: Collection[str] | None = None
) -> dict[int, list[SignatureLine]]:
    """Return the signatures of these documents that were not taken away, by document.

    ``submitted``: the hashes of those that were submitted, which are returned instead, with those within the files.
    """
    table = table_of(DocumentSignature).c
    names = ("id", "document_id", "filename", "within", "sha256", "facts", "verdict", "checked_at", "uploaded_at")
    columns: list[Any] = [table[name] for name in names]
    kept = table.removed_at.is_(None) if submitted is None else or_(table.within, table.sha256.in_(submitted))
    wanted = select(*columns).where(table.document_id.in_(document_ids), kept)
    found: dict[int, list[SignatureLine]] = {}
    for row in session.execute(wanted.order_by(table.document_id, table.id)):
        line = SignatureLine(
            row.id, row.document_id, row.filename, row.within, row.sha256, Facts.read(row.facts),
            Verdict(row.verdict), row.checked_at, row.uploaded_at,
        )  # fmt: skip
        found.setdefault(row.document_id, []).append(line)
    return found


def stamps_of(session: Session, document_ids: Collection[int]) -> dict[int, Stamp]:
    """Return what was read of those of the documents that are in the place of a paper."""
    table = table_of(DocumentStamp).c
    columns: tuple[Any, ...] = (table.document_id, table.reading, table.sha256, table.code, table.prints)
    rows = session.execute(select(*columns).where(table.document_id.in_(document_ids)))
    return {row.document_id: Stamp(Reading(row.reading), row.sha256, row.code, tuple(row.prints)) for row in rows}


def prints_of(session: Session, form: ApplicationForm, files: Iterable[Document]) -> Mapping[int, list[dict[str, str]]]:
    """Return the names and hashes of the signatures beside those of the files that need one; one select, or none."""
    slots = {field.code for field in signed_fields(form)}
    wanted = [file.id for file in files if file.slot in slots]
    if not wanted:
        return {}
    return {
        document_id: lines
        for document_id, rows in signatures_of(session, wanted).items()
        if (lines := [{"filename": one.filename, "sha256": one.sha256} for one in rows if not one.within])
    }


def signature_files(
    session: Session, document_ids: Collection[int], submitted: Collection[str] | None = None
) -> dict[int, list[DocumentSignature]]:
    """Return the signatures beside these documents with their bytes, by document: those that were not taken away.

    ``submitted``: the hashes of those that were submitted, which are returned instead.
    """
    kept = DocumentSignature.removed_at.is_(None) if submitted is None else DocumentSignature.sha256.in_(submitted)
    wanted = select(DocumentSignature).where(
        DocumentSignature.document_id.in_(document_ids), DocumentSignature.within.is_(False), kept
    )
    rows = session.scalars(wanted.options(undefer(DocumentSignature.content)).order_by(DocumentSignature.id))
    found: dict[int, list[DocumentSignature]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    return found


def signature(session: Session, document_id: int, signature_id: int) -> DocumentSignature:
    """Return a signature of a document with its bytes; raise NoResultFound where it is not."""
    mine = select(DocumentSignature).filter_by(id=signature_id, document_id=document_id)
    return session.scalars(mine.options(undefer(DocumentSignature.content))).one()
