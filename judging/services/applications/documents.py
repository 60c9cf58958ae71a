"""Documents of a draft: added to their slots and removed from them; ``documents_sweep.py`` clears what is out.

A file is checked, hashed and stored by :func:`store_file`, which knows no database, and only then put into its slot by
:func:`add_document` in one short transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from judging.adapters.filetypes import recognise, require_extension
from judging.adapters.papers import text_of
from judging.adapters.previews import page_count
from judging.adapters.signatures import Checked, Trust, check_within_pdf
from judging.adapters.storage import Storage, Stored
from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.form import FieldKind
from judging.domain.papers import Stamp, stamp_in
from judging.domain.quotas import UploadRules, Usage, require_room
from judging.models import Application, Document
from judging.queries.applications import current_documents
from judging.queries.forms import form_of
from judging.queries.uploads import usage_of
from judging.services.applications.draft_edit import open_section, require_open_section
from judging.services.applications.journal_notes import note
from judging.services.applications.signatures import add_readings
from judging.services.holding import hold_application

LONGEST_NAME = 255
MOST_FILES = 20
LARGEST_FILE = 50 << 20
"""Bytes of a file where the form says nothing."""


class NoSuchSlot(RuleViolation):
    """The contest asks for no such document."""


class FileRefused(RuleViolation):
    """The file cannot be taken, or not any more files."""


def slot_of(application: Application, code: str) -> Mapping[str, Any]:
    """Return what the form asks for under this code as a slot; raise :class:`NoSuchSlot` where it asks for no file."""
    field = form_of(application.contest).field(code)
    if field is None or field.kind is not FieldKind.FILE:
        raise NoSuchSlot(N_("The contest asks for no such document."))
    largest = field.max_bytes or LARGEST_FILE
    plain = {"code": code, "title": field.label, "extensions": list(field.extensions), "max_bytes": largest}
    return plain | {"paper": field.paper is not None, "signed": field.signed}


@dataclass(frozen=True)
class StoredFile:
    """A file that was found whole and is in the store, but in no slot yet; ``name`` is cleaned.

    ``stamp``: what was read of a file for the place of a paper; ``within``: signatures that a PDF holds; ``pages`` of
    a PDF, where they could be counted.
    """

    name: str
    media_type: str
    stored: Stored
    stamp: Stamp | None = None
    within: tuple[Checked, ...] = ()
    pages: int | None = None


@dataclass(frozen=True)
class Looking:
    """By which roots, and as of which instant, signatures within files are looked at."""

    trust: Trust
    at: datetime


@dataclass
class Allowance:
    """What may still be uploaded by the ``rules``, by what is in use; every file that is let through counts."""

    rules: UploadRules
    usage: Usage

    def take(self, storage: Storage, name: str, size: int) -> None:
        """Let a file through; raise OverQuota, or :class:`FileRefused` where the disk has only its reserve left."""
        require_room(self.usage, self.rules, name=name, size=size)
        free = storage.free_bytes()
        if free is not None and free - size < self.rules.reserve:
            raise FileRefused(
                N_(
                    "The file “%(name)s” is not taken: the server has little space left and keeps it for saving and "
                    "submitting, which go on. Try again later; the administrator sees this too."
                ),
                name=name,
            )
        self.usage = self.usage.with_file(size)


def store_file(
    storage: Storage,
    slot: Mapping[str, Any],
    file: BinaryIO,
    filename: str,
    *,
    allowance: Allowance | None = None,
    looking: Looking | None = None,
) -> StoredFile:
    """Check a seekable file against a slot and store it. Slow; to be called outside any transaction.

    Raises WrongFile, OverQuota or :class:`FileRefused` with a sentence that says what to do; nothing is stored then.
    """
    name = clean_name(filename)
    size = file.seek(0, 2)
    check_size(size, name, slot)
    if allowance is not None:
        allowance.take(storage, name, size)
    kind = recognise(file, name, slot["extensions"])
    stamp = stamp_in(text_of(file, kind.extension)) if slot.get("paper") else None
    within: list[Checked] = []
    if looking is not None and slot.get("signed") and kind.extension == "pdf":
        within = check_within_pdf(file, looking.trust, looking.at)
    pages = page_count(file) if kind.extension == "pdf" else None
    return StoredFile(name, kind.media_type, storage.put(file), stamp, tuple(within), pages)


def add_document(
    session: Session,
    application_id: int,
    slot_code: str,
    file: StoredFile,
    *,
    by: By,
    rules: UploadRules | None = None,
    restored: int | None = None,
) -> Document:
    """Put a stored file into a slot of a draft.

    A file of the same name in the slot is replaced (its row is kept, its bytes for a while); the very same file again
    changes nothing. ``restored``: the earlier document that this one is again. Raises :class:`FileRefused` or OverQuota
    with a sentence that says what to do.
    """
    application = open_section(session, application_id, section_of_slot(session, application_id, slot_code), now=by.now)
    _check_slot(file, slot_of(application, slot_code))
    there = current_documents(application, slot_code)
    for known in there:
        if (known.filename, known.sha256) == (file.name, file.stored.sha256):
            return known
    replaced = [known for known in there if known.filename == file.name]
    if len(there) - len(replaced) >= MOST_FILES:
        raise FileRefused(N_("There are %(most)s files here already: remove one first."), most=MOST_FILES)
    if rules is not None:
        usage = allowance_of(session, application, rules, by=by).usage
        require_room(usage, rules, name=file.name, size=file.stored.size)
    for known in replaced:
        known.removed_at, known.removed_by_id = by.now, by.actor.user_id
    details: dict[str, Any] = {"replaced": bool(replaced)}
    if restored is not None:
        details["restored"] = restored
    return _added(session, application, slot_code, file, details, by)


def section_of_slot(session: Session, application_id: int, slot_code: str) -> str:
    """Return the code of the section that asks for a document; "" where no section does."""
    contest = session.get_one(Application, application_id).contest
    section = form_of(contest).section_of(slot_code)
    return section.code if section else ""


def allowance_of(session: Session, application: Application, rules: UploadRules, *, by: By) -> Allowance:
    """Return what the actor may still upload into an application."""
    contest, team = application.contest_id, application.team_id
    return Allowance(rules, usage_of(session, contest_id=contest, team_id=team, user_id=by.actor.user_id, now=by.now))


def remove_document(session: Session, application_id: int, document_id: int, *, by: By) -> Document | None:
    """Take a file out of its slot; None where it is not there (any more). The bytes are kept for a while."""
    application = hold_application(session, application_id, shared=True)
    for document in current_documents(application):
        if document.id == document_id:
            section = form_of(application.contest).section_of(document.slot)
            require_open_section(session, application, section.code if section else "", now=by.now)
            document.removed_at = application.updated_at = by.now
            document.removed_by_id = by.actor.user_id
            _note(session, application, document, Event.DOCUMENT_REMOVED, {}, by)
            return document
    return None


def _added(
    session: Session,
    application: Application,
    slot: str,
    file: StoredFile,
    details: dict[str, Any],
    by: By,
) -> Document:
    document = Document(
        slot=slot,
        filename=file.name,
        media_type=file.media_type,
        size=file.stored.size,
        sha256=file.stored.sha256,
        storage_key=file.stored.key,
        uploaded_at=by.now,
        uploaded_by_id=by.actor.user_id,
        pages=file.pages,
    )
    application.documents.append(document)
    application.updated_at = by.now
    if file.stamp is not None or file.within:
        add_readings(session, document, file.stamp, file.within, by=by)
    _note(session, application, document, Event.DOCUMENT_ADDED, details, by)
    return document


def clean_name(filename: str) -> str:
    """Keep the last part of the path without control characters, at most 255 characters, the extension whole."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    stem, dot, extension = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"


def _check_slot(file: StoredFile, slot: Mapping[str, Any]) -> None:
    """Hold a stored file against the slot as it is now; it may have been changed since the file was checked."""
    require_extension(file.name, slot["extensions"])
    check_size(file.stored.size, file.name, slot)


def check_size(size: int, name: str, slot: Mapping[str, Any]) -> None:
    """Raise :class:`FileRefused` for a file of more bytes than the slot takes."""
    if size > slot["max_bytes"]:
        raise FileRefused(
            N_("The file “%(name)s” is too large: no more than %(limit)s MB is taken."),
            name=name,
            limit=slot["max_bytes"] // (1 << 20),
        )


def _note(
    session: Session,
    application: Application,
    document: Document,
    event: Event,
    details: dict[str, Any],
    by: By,
) -> None:
    session.flush()
    facts = {"slot": document.slot, "filename": document.filename, "sha256": document.sha256, "size": document.size}
    note(session, application, event, by=by, details={**facts, "document": document.id, **details})
