"""Electronic signatures of a draft's documents: added beside them, taken away, checked again.

A signature is read and checked (``adapters/signatures``) before the transaction that stores it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.signatures import BadSignature, Checked
from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.papers import Stamp
from judging.models import Application, Document, DocumentSignature, DocumentStamp
from judging.queries.applications import current_documents
from judging.queries.forms import form_of
from judging.queries.signatures import signature
from judging.services.applications.draft_edit import open_section, require_open_section
from judging.services.applications.journal_notes import note
from judging.services.holding import hold_application

MOST_SIGNATURES = 20
"""Beside one document: an agreement is signed by every participant."""


@dataclass(frozen=True)
class NewSignature:
    """A file that was found to be a signature of the document, with what the check found."""

    filename: str
    size: int
    sha256: str
    checked: Checked


def add_signature(
    session: Session, application_id: int, document_id: int, new: NewSignature, *, by: By
) -> DocumentSignature:
    """Put a signature beside a document of a draft; the very same one again changes nothing but its check.

    Raises :class:`BadSignature` where the document was replaced meanwhile, or bears too many already.
    """
    document = _document(session, application_id, document_id)
    application = open_section(session, application_id, _section(session, application_id, document), now=by.now)
    if document not in current_documents(application):
        raise BadSignature(N_("The document was replaced or removed meanwhile: its signature was not taken."))
    there = session.scalars(
        select(DocumentSignature).where(
            DocumentSignature.document_id == document_id, DocumentSignature.removed_at.is_(None)
        )
    ).all()
    same = next((one for one in there if one.sha256 == new.sha256 and not one.within), None)
    if same is not None:
        before = same.verdict
        _judge(same, new.checked, by.now)
        if same.verdict != before:
            _note(session, application, document, same, Event.SIGNATURE_CHECKED, by, {"before": before})
        return same
    if len(there) >= MOST_SIGNATURES:
        raise BadSignature(N_("There are %(most)s signatures here already: remove one first."), most=MOST_SIGNATURES)
    row = _row(document_id, new, within=False, by=by)
    session.add(row)
    application.updated_at = by.now
    _note(session, application, document, row, Event.SIGNATURE_ADDED, by)
    return row


def add_readings(
    session: Session, document: Document, stamp: Stamp | None, within: Iterable[Checked], *, by: By
) -> None:
    """Store what was read of a file that is put into its place: the stamp of a paper, and signatures that it holds."""
    session.flush()
    if stamp is not None:
        session.add(
            DocumentStamp(
                document_id=document.id, reading=stamp.reading.value, sha256=stamp.sha256, code=stamp.code,
                prints=list(stamp.prints),
            )
        )  # fmt: skip
    for checked in within:
        new = NewSignature(document.filename, len(checked.der), sha256(checked.der).hexdigest(), checked)
        session.add(_row(document.id, new, within=True, by=by))


def remove_signature(
    session: Session, application_id: int, document_id: int, signature_id: int, *, by: By
) -> DocumentSignature:
    """Take a signature away from a document of a draft; its row stays."""
    application = hold_application(session, application_id, shared=True)
    document = _document(session, application_id, document_id)
    require_open_section(session, application, _section(session, application_id, document), now=by.now)
    row = signature(session, document_id, signature_id)
    if row.removed_at is not None:
        return row
    row.removed_at = application.updated_at = by.now
    _note(session, application, document, row, Event.SIGNATURE_REMOVED, by)
    return row


def keep_check(session: Session, document_id: int, signature_id: int, checked: Checked, *, by: By) -> DocumentSignature:
    """Store what a check of a signature found now; of whatever application, for nothing of the application changes."""
    document = session.get_one(Document, document_id)
    application = hold_application(session, document.application_id, shared=True)
    row = signature(session, document_id, signature_id)
    before = row.verdict
    _judge(row, checked, by.now)
    _note(session, application, document, row, Event.SIGNATURE_CHECKED, by, {"before": before})
    return row


def restore_signatures(
    session: Session, application: Application, document: Mapping[str, Any], at: datetime, now: datetime
) -> None:
    """Let the signatures of what was submitted at that instant count again, and those that came later not.

    One that was taken away and put back before the submission has two rows, of which one counts.
    """
    wanted = Counter(
        (file.get("field"), file["filename"], file["sha256"], one["sha256"])
        for file in document["documents"]
        for one in file.get("signatures", ())
    )
    mine = select(DocumentSignature, Document).join(Document, Document.id == DocumentSignature.document_id)
    mine = mine.where(Document.application_id == application.id, DocumentSignature.within.is_(False))
    for row, file in session.execute(mine.order_by(DocumentSignature.id.desc())).all():
        key = (file.slot, file.filename, file.sha256, row.sha256)
        if row.uploaded_at <= at and wanted[key] > 0:
            wanted[key] -= 1
            row.removed_at = None
        elif row.removed_at is None:
            row.removed_at = now


def _row(document_id: int, new: NewSignature, *, within: bool, by: By) -> DocumentSignature:
    row = DocumentSignature(
        document_id=document_id, filename=new.filename, within=within, size=new.size, sha256=new.sha256,
        content=new.checked.der, uploaded_at=by.now, uploaded_by_id=by.actor.user_id,
    )  # fmt: skip
    _judge(row, new.checked, by.now)
    return row


def _judge(row: DocumentSignature, checked: Checked, now: datetime) -> None:
    row.facts, row.verdict, row.checked_at = checked.facts.stored(), checked.verdict.value, now


def _document(session: Session, application_id: int, document_id: int) -> Document:
    return session.scalars(select(Document).filter_by(id=document_id, application_id=application_id)).one()


def _section(session: Session, application_id: int, document: Document) -> str:
    section = form_of(session.get_one(Application, application_id).contest).section_of(document.slot)
    return section.code if section else ""


def _note(
    session: Session,
    application: Application,
    document: Document,
    row: DocumentSignature,
    event: Event,
    by: By,
    more: Mapping[str, Any] | None = None,
) -> None:
    session.flush()
    details = {
        "document": document.id, "filename": row.filename, "sha256": row.sha256, "verdict": row.verdict,
        "of": document.filename, **(more or {}),
    }  # fmt: skip
    note(session, application, event, by=by, details=details)
