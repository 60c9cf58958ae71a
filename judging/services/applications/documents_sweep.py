"""Replaced and removed files of drafts: their bytes are cleared by a rule, their rows stay and say so."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.events import Event
from judging.models import Application, Document
from judging.queries.uploads import sweepable
from judging.services.audit import record


def sweep_documents(session: Session, *, keep: timedelta, by: By) -> Sequence[Document]:
    """Mark every file that was out for longer than ``keep`` as swept; the bytes go after the commit.

    One record in the journal for each application names its files with their hashes. Returns the files.
    """
    found = sorted(sweepable(session, removed_before=by.now - keep), key=lambda file: (file.application_id, file.id))
    for application_id, files in groupby(found, key=lambda file: file.application_id):
        _sweep(session, session.get_one(Application, application_id), list(files), by)
    return found


def _sweep(session: Session, application: Application, files: list[Document], by: By) -> None:
    for file in files:
        file.swept_at = by.now
    record(
        session,
        Event.DOCUMENTS_SWEPT,
        by=by,
        subject=application,
        label=application.number or application.title,
        contest_id=application.contest_id,
        details={
            "files": [
                {"document": file.id, "slot": file.slot, "filename": file.filename, "size": file.size,
                 "sha256": file.sha256}
                for file in files
            ]
        },
    )  # fmt: skip
