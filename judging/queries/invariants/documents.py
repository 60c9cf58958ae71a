"""The checks of documents: every file that a row names is there, byte for byte, save those that a sweep cleared."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.storage import Storage
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.models import Application, Document, JournalRecord
from judging.queries.invariants.checks import Invariant, Offence
from judging.queries.uploads import submitted_hashes


def lost_files(storage: Storage) -> Invariant:
    """Return the check that reads every file of ``storage`` that a row names, replaced ones too."""

    def find(session: Session) -> Iterator[Offence]:
        rows = session.execute(
            select(Document.id, Document.storage_key, Document.size, Document.sha256)
            .where(Document.swept_at.is_(None))
            .order_by(Document.id)
        )
        for row in rows.all():
            found = _found(storage, row.storage_key)
            if found != (row.size, row.sha256):
                yield Offence("document", row.id, "no such file" if found is None else f"{found[0]} bytes, {found[1]}")

    return Invariant("document-bytes", N_("Every document's file is in the store, with its size and hash."), find)


def wrongly_swept(session: Session) -> Iterator[Offence]:
    """Find files that no sweep on record cleared, and cleared ones that were handed in with their application."""
    recorded = {
        file["document"]
        for details in session.scalars(
            select(JournalRecord.details).where(JournalRecord.event == Event.DOCUMENTS_SWEPT)
        )
        for file in details.get("files", [])
    }
    columns: tuple[Any, ...] = (
        Document.id, Document.application_id, Document.sha256, Document.removed_at, Application.submitted_at,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).join(Document.application).where(Document.swept_at.is_not(None)).order_by(Document.id)
    ).all()
    handed_in = submitted_hashes(session, {row.application_id for row in rows if row.submitted_at})
    for row in rows:
        if row.id not in recorded:
            yield Offence("document", row.id, "cleared without a record")
        elif (row.application_id, row.sha256) in handed_in or (row.submitted_at and row.removed_at > row.submitted_at):
            yield Offence("document", row.id, "cleared although it was submitted")


def _found(storage: Storage, key: str) -> tuple[int, str] | None:
    """Return the size and SHA-256 of a stored file; None where there is none."""
    hasher, size = sha256(), 0
    try:
        for piece in storage.read(key):
            hasher.update(piece)
            size += len(piece)
    except FileNotFoundError:
        return None
    return size, hasher.hexdigest()
