"""Electronic signatures beside documents: uploaded, taken away, downloaded, checked again.

A signature is read and checked before the transaction that stores it, as files are.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from io import SEEK_END, BytesIO
from typing import Any, BinaryIO, cast

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.signatures import BadSignature, Checked, Trust, check_detached, check_within_pdf
from judging.domain.access import Permission
from judging.domain.events import Event
from judging.domain.signatures import Facts, Verdict
from judging.extensions import db
from judging.queries import applications, scopes
from judging.queries.signatures import signature as signature_row
from judging.services.applications.documents import clean_name, section_of_slot
from judging.services.applications.draft_edit import require_open_section
from judging.services.applications.signatures import NewSignature, add_signature, keep_check, remove_signature
from judging.web.access import allowed, by_request, requires
from judging.web.applications.at_hand import at_hand, returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.kept_bytes import stored_bytes
from judging.web.applications.places import section_url
from judging.web.applications.sections import render_section, stored_form
from judging.web.clock import arrived
from judging.web.downloads import file_answer, log_download
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.templating import translate

PATH = "/applications/<int:application_id>/documents/<int:document_id>/signatures"


@dataclass(frozen=True)
class Incoming:
    """A signature that came: checked, or why it is not taken; the place of its document."""

    slot: str
    new: NewSignature | None
    refused: str = ""


def check_upload(application_id: int, document_id: int) -> Incoming:
    """Read and check the file of the request against its document, before and outside the transaction."""
    document = applications.document_of(db.session, application_id, document_id)
    section = section_of_slot(db.session, application_id, document.slot)
    require_open_section(db.session, document.application, section, now=arrived())
    slot, key, title, at = document.slot, document.storage_key, document.filename, arrived()
    release()
    file = request.files.get("signature")
    if file is None or not file.filename:
        return Incoming(slot, None, gettext("Choose a file."))
    name, stream = clean_name(file.filename), cast(BinaryIO, file.stream)
    try:
        with stored_bytes(current_app.extensions["storage"], key) as content:
            checked = check_detached(stream, name, content, title, trust(), at)
    except BadSignature as fault:
        return Incoming(slot, None, translate(fault.message, **fault.params))
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return Incoming(slot, NewSignature(name, size, sha256(stream.read()).hexdigest(), checked))


@blueprint.post(PATH)
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@beforehand(check_upload)
@once
def add_signature_file(application_id: int, document_id: int, beforehand: Incoming) -> Any:
    """Put a signature beside a document, or say why it is not taken."""
    refused = beforehand.refused
    if beforehand.new is not None:
        try:
            add_signature(db.session, application_id, document_id, beforehand.new, by=by_request())
        except BadSignature as fault:
            refused = translate(fault.message, **fault.params)
    if refused:
        db.session.rollback()
        hand = at_hand(applications.by_id(db.session, application_id), arrived())
        part = hand.part(section_of_slot(db.session, application_id, beforehand.slot))
        return render_section(hand, stored_form(hand, part), refused={beforehand.slot: [refused]}), 422
    db.session.commit()
    flash(gettext("The signature is uploaded: what was found stands beside the file."), "success")
    return _back(application_id, document_id)


@blueprint.post(f"{PATH}/<int:signature_id>/removal")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def take_signature(application_id: int, document_id: int, signature_id: int) -> Response:
    """Take a signature away."""
    remove_signature(db.session, application_id, document_id, signature_id, by=by_request())
    db.session.commit()
    flash(gettext("The signature is removed."), "success")
    return _back(application_id, document_id)


@blueprint.get("/documents/<int:document_id>/signatures/<int:signature_id>")
@requires(Permission.SEE_WHOLE_APPLICATION, scopes.signature_scope)
def signature_file(document_id: int, signature_id: int) -> Response:
    """The signature as a file, in DER."""
    row = signature_row(db.session, document_id, signature_id)
    log_download(Event.DOCUMENT_DOWNLOADED, document=document_id, signature=row.id, sha256=row.sha256)
    name = f"{row.filename}.sig" if row.within else row.filename
    return file_answer(row.content, "application/pkcs7-signature", name)


def check_anew(document_id: int, signature_id: int) -> Checked:
    """Check a stored signature by the roots and lists of now, as of its upload, outside any transaction."""
    row = signature_row(db.session, document_id, signature_id)
    document = applications.document(db.session, document_id)
    key, title = document.storage_key, document.filename
    der, name, at, within = row.content, row.filename, row.uploaded_at, row.within
    worst = Checked(der, replace(Facts.read(row.facts), matched=False), Verdict.WRONG)
    release()
    with stored_bytes(current_app.extensions["storage"], key) as content:
        if within:
            return next((one for one in check_within_pdf(content, trust(), at) if one.der == der), worst)
        try:
            return check_detached(BytesIO(der), name, content, title, trust(), at)
        except BadSignature:
            return worst


@blueprint.post("/documents/<int:document_id>/signatures/<int:signature_id>/check")
@requires(Permission.SEE_WHOLE_APPLICATION, scopes.signature_scope)
@beforehand(check_anew)
@once
def check_signature(document_id: int, signature_id: int, beforehand: Checked) -> Response:
    """Check a signature again and store what was found."""
    keep_check(db.session, document_id, signature_id, beforehand, by=by_request())
    db.session.commit()
    flash(gettext("The signature is checked again: what was found stands beside the file."), "success")
    application = applications.by_id(db.session, applications.document(db.session, document_id).application_id)
    if allowed(Permission.EDIT_APPLICATION, g.scope):
        return _back(application.id, document_id)
    code = application.contest.code
    address = url_for("register.show", code=code, application_id=application.id, _anchor="documents")
    return redirect(address, code=303)


def trust() -> Trust:
    """The trusted roots of the installation."""
    return Trust(current_app.config["JUDGING"].signature_roots)


def _back(application_id: int, document_id: int) -> Response:
    """To the place of the document on the page of its section, where that can be changed; else to the application."""
    hand = at_hand(applications.by_id(db.session, application_id), arrived())
    slot, returned = applications.document(db.session, document_id).slot, returned_of(hand.application)
    section = hand.compiled.form.section_of(slot)
    open_now = hand.application.submitted_at is None if returned is None else returned.is_open(arrived())
    if section is None or not open_now or (returned is not None and section.code not in returned.sections):
        return redirect(url_for("applications.show", application_id=application_id), code=303)
    return redirect(f"{section_url(hand.application, section.code)}#slot-{slot}-title", code=303)
