"""Documents of a draft: added to their slots and removed from them; the bytes stay in the store for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from judging.adapters.filetypes import recognise
from judging.adapters.storage import Storage, Stored
from judging.domain.access import Actor
from judging.domain.errors import N_, RuleViolation
from judging.models import Application, Document
from judging.queries.applications import current_documents
from judging.services.applications.drafts import open_draft
from judging.services.audit import Event, record

LONGEST_NAME = 255
MOST_FILES = 20


class NoSuchSlot(RuleViolation):
    """The contest asks for no such document."""


class FileRefused(RuleViolation):
    """The file cannot be taken, or not any more files."""


def slot_of(application: Application, code: str) -> Mapping[str, Any]:
    """Return the contest's slot with this code; raise :class:`NoSuchSlot`."""
    for slot in application.contest.document_slots:
        if slot["code"] == code:
            found: Mapping[str, Any] = slot
            return found
    raise NoSuchSlot(N_("The contest asks for no such document."))


def add_document(
    session: Session,
    storage: Storage,
    application_id: int,
    slot_code: str,
    file: BinaryIO,
    filename: str,
    *,
    actor: Actor,
    now: datetime,
) -> Document:
    """Check a file, store it and put it into a slot. ``file`` must be seekable.

    A file of the same name in the slot is replaced (its row and bytes are kept); the very same file again changes
    nothing. Raises WrongFile or :class:`FileRefused` with a sentence that says what to do.
    """
    application = open_draft(session, application_id)
    slot = slot_of(application, slot_code)
    name = _clean_name(filename)
    kind = recognise(file, name, slot["extensions"])
    _check_size(file, name, slot["max_bytes"])
    stored = storage.put(file)
    there = current_documents(application, slot_code)
    for known in there:
        if (known.filename, known.sha256) == (name, stored.sha256):
            return known
    replaced = [known for known in there if known.filename == name]
    if len(there) - len(replaced) >= MOST_FILES:
        raise FileRefused(N_("There are %(most)s files here already: remove one first."), most=MOST_FILES)
    for known in replaced:
        known.removed_at = now
    return _added(session, application, slot_code, name, kind.media_type, stored, bool(replaced), actor, now)


def remove_document(
    session: Session, application_id: int, document_id: int, *, actor: Actor, now: datetime
) -> Document | None:
    """Take a file out of its slot; None where it is not there (any more). The bytes stay in the store."""
    application = open_draft(session, application_id)
    for document in current_documents(application):
        if document.id == document_id:
            document.removed_at = application.updated_at = now
            _note(session, application, document, Event.DOCUMENT_REMOVED, {}, actor, now)
            return document
    return None


def _added(
    session: Session,
    application: Application,
    slot: str,
    name: str,
    media_type: str,
    stored: Stored,
    replaced: bool,
    actor: Actor,
    now: datetime,
) -> Document:
    document = Document(
        slot=slot,
        filename=name,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_at=now,
        uploaded_by_id=actor.user_id,
    )
    application.documents.append(document)
    application.updated_at = now
    _note(session, application, document, Event.DOCUMENT_ADDED, {"replaced": replaced}, actor, now)
    return document


def _clean_name(filename: str) -> str:
    """Keep the last part of the path without control characters, at most 255 characters, the extension whole."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    stem, dot, extension = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"


def _check_size(file: BinaryIO, name: str, most: int) -> None:
    size = file.seek(0, 2)
    if size > most:
        raise FileRefused(
            N_("The file “%(name)s” is too large: no more than %(limit)s MB is taken."),
            name=name,
            limit=most // (1 << 20),
        )


def _note(
    session: Session,
    application: Application,
    document: Document,
    event: Event,
    details: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    session.flush()
    facts = {"slot": document.slot, "filename": document.filename, "sha256": document.sha256, "size": document.size}
    record(
        session,
        event,
        actor=actor,
        now=now,
        subject=application,
        label=application.number or application.title,
        contest_id=application.contest_id,
        details={**facts, "document": document.id, **details},
    )
