"""Documents: uploaded into their slots, removed from them, downloaded.

A download is a GET and so changes nothing in the database: who took which file when goes to the log of downloads
(adapters/download_log.py), on the disk before the first byte is sent.
"""

from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import current_app, flash, redirect, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from judging.adapters.filetypes import WrongFile
from judging.adapters.signatures import Trust
from judging.domain.access import Permission
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.form import FieldKind
from judging.domain.quotas import OverQuota
from judging.extensions import db
from judging.models import Document
from judging.queries import applications, scopes
from judging.services.applications.documents import (
    MOST_FILES,
    FileRefused,
    Looking,
    StoredFile,
    add_document,
    allowance_of,
    remove_document,
    section_of_slot,
    slot_of,
    store_file,
)
from judging.services.applications.draft_edit import require_open_section
from judging.web.access import by_request, requires
from judging.web.applications.at_hand import AtHand, at_hand
from judging.web.applications.blueprint import blueprint
from judging.web.applications.files import refuse_signature, upload_rules
from judging.web.applications.kept_bytes import stored_bytes
from judging.web.applications.places import section_url
from judging.web.applications.sections import render_section, stored_form
from judging.web.clock import arrived
from judging.web.downloads import file_answer, log_download
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.templating import translate


class BytesMissing(RuleViolation):
    """The row of a file is there, its bytes are not."""


class BytesCleared(RuleViolation):
    """The file was replaced or removed long ago, and its bytes were cleared by the rule."""


@dataclass(frozen=True)
class Upload:
    """What came for a slot: the files that are in the store by now, and why the others were not taken."""

    stored: list[StoredFile]
    refused: list[str]


@dataclass(frozen=True)
class Restored:
    """An earlier file that is to be back in the place ``slot``."""

    slot: str
    stored: StoredFile


def store_upload(application_id: int, slot: str) -> Upload:
    """Check and store every file of the request, before and outside the transaction that puts them into the slot."""
    application = applications.by_id(db.session, application_id)
    section = section_of_slot(db.session, application_id, slot)
    require_open_section(db.session, application, section, now=arrived())
    wanted = slot_of(application, slot)
    allowance = allowance_of(db.session, application, upload_rules(), by=by_request())
    files = [file for file in request.files.getlist("file") if file.filename]
    looking = Looking(Trust(current_app.config["JUDGING"].signature_roots), arrived())
    release()
    storage = current_app.extensions["storage"]
    stored, refused = [], [] if files else [gettext("Choose a file.")]
    for file in files[:MOST_FILES]:
        try:
            refuse_signature(wanted, file.filename or "")
            stored.append(
                store_file(
                    storage,
                    wanted,
                    cast(BinaryIO, file.stream),
                    file.filename or "",
                    allowance=allowance,
                    looking=looking,
                )
            )
        except (WrongFile, FileRefused, OverQuota) as fault:
            refused.append(translate(fault.message, **fault.params))
    if len(files) > MOST_FILES:
        refused.append(gettext("No more than %(most)s files are taken at once.", most=MOST_FILES))
    return Upload(stored, refused)


@blueprint.post("/applications/<int:application_id>/documents/<slot>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@beforehand(store_upload)
@once
def upload(application_id: int, slot: str, beforehand: Upload) -> Any:
    """Put files into a slot: those that can be taken are, the others are named."""
    added, refused = _take_files(application_id, slot, beforehand)
    db.session.commit()
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    section = _section_of(hand, slot)
    if added:
        flash(ngettext("%(num)d file is uploaded.", "%(num)d files are uploaded.", added), "success")
    if refused:
        return render_section(hand, stored_form(hand, hand.part(section)), refused={slot: refused}), 422
    return redirect(f"{section_url(hand.application, section)}#slot-{slot}-title", code=303)


@blueprint.post("/applications/<int:application_id>/documents/<int:document_id>/removal")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def remove(application_id: int, document_id: int) -> Response:
    """Take a file out of its slot."""
    removed = remove_document(db.session, application_id, document_id, by=by_request())
    db.session.commit()
    if removed is not None:
        flash(gettext("The file “%(name)s” is removed.", name=removed.filename), "success")
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    return redirect(section_url(hand.application, _section_of(hand, removed.slot if removed else "")), code=303)


def look_again(application_id: int, document_id: int) -> Restored:
    """Take an earlier file up again as if it were uploaded now, before and outside the transaction."""
    document = applications.document_of(db.session, application_id, document_id)
    _require_kept(document)
    application, slot, name, key = document.application, document.slot, document.filename, document.storage_key
    require_open_section(db.session, application, section_of_slot(db.session, application_id, slot), now=arrived())
    allowance = allowance_of(db.session, application, upload_rules(), by=by_request())
    wanted = slot_of(application, slot)
    looking = Looking(Trust(current_app.config["JUDGING"].signature_roots), arrived())
    release()
    storage = current_app.extensions["storage"]
    try:
        with stored_bytes(storage, key) as file:
            stored = store_file(storage, wanted, file, name, allowance=allowance, looking=looking)
    except FileNotFoundError as error:
        raise BytesMissing(N_("The file is not in the document store. Tell the administrator.")) from error
    return Restored(slot, stored)


@blueprint.post("/applications/<int:application_id>/documents/<int:document_id>/restoration")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@beforehand(look_again)
@once
def restore(application_id: int, document_id: int, beforehand: Restored) -> Response:
    """Put an earlier file back into its place; one of its name that is there becomes an earlier one."""
    slot, rules = beforehand.slot, upload_rules()
    file = add_document(
        db.session, application_id, slot, beforehand.stored, by=by_request(), rules=rules, restored=document_id
    )
    name = file.filename
    db.session.commit()
    flash(gettext("The file “%(name)s” is back in its place.", name=name), "success")
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    return redirect(f"{section_url(hand.application, _section_of(hand, slot))}#slot-{slot}-title", code=303)


@blueprint.get("/documents/<int:document_id>")
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def document(document_id: int) -> Response:
    """Send a stored file as an attachment with the type it was checked to be."""
    file = applications.document(db.session, document_id)
    _require_kept(file)
    try:
        pieces = current_app.extensions["storage"].read(file.storage_key)
    except FileNotFoundError as error:
        raise BytesMissing(N_("The file is not in the document store. Tell the administrator.")) from error
    log_download(Event.DOCUMENT_DOWNLOADED, document=file.id, application=file.application_id, sha256=file.sha256)
    response = file_answer(pieces, file.media_type, file.filename)
    response.direct_passthrough, response.content_length = True, file.size
    return response


def _require_kept(file: Document) -> None:
    """Raise :class:`BytesCleared` for a file of which only the row is left."""
    if file.swept_at is not None:
        raise BytesCleared(N_("This file was replaced or removed before the submission; it was cleared since."))


def _section_of(hand: AtHand, slot: str) -> str:
    """The section that asks for the files of a slot; where none does any more, the first that asks for files."""
    asked = [
        (one.field.code, part.section.code)
        for part in hand.compiled.sections
        for one in part.fields
        if one.field.kind is FieldKind.FILE
    ]
    return dict(asked).get(slot, asked[0][1] if asked else hand.compiled.sections[0].section.code)


def _take_files(application_id: int, slot: str, upload: Upload) -> tuple[int, list[str]]:
    """Put every stored file into the slot; return how many were taken and why the others were not."""
    added, refused = 0, [*upload.refused]
    for file in upload.stored:
        try:
            add_document(db.session, application_id, slot, file, by=by_request(), rules=upload_rules())
            added += 1
        except (WrongFile, FileRefused, OverQuota) as fault:
            refused.append(translate(fault.message, **fault.params))
    return added, refused
