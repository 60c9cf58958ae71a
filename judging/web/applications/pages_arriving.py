"""Files that come in pieces: a script begins an upload, adds to it and ends it, and goes on after a break.

Nothing of it is in the database before the end, which does what a whole upload does, with the same sentences. Who has
no script uploads files whole (``pages_documents.py``).
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, jsonify, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.arriving import PIECE, Arrival, Arriving, Claim, NotArriving
from judging.adapters.filetypes import WrongFile
from judging.adapters.filetypes.faults import EMPTY
from judging.adapters.filetypes.recognising import require_extension
from judging.adapters.signatures import Trust
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.quotas import OverQuota
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.services.applications.documents import (
    Allowance,
    FileRefused,
    Looking,
    StoredFile,
    add_document,
    allowance_of,
    check_size,
    clean_name,
    section_of_slot,
    slot_of,
    store_file,
)
from judging.services.applications.draft_edit import require_open_section
from judging.web.access import by_request, current_actor, requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.files import refuse_signature, upload_rules
from judging.web.applications.places import section_url
from judging.web.clock import arrived
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.phases import afterwards, reads
from judging.web.templating import translate

PATH = "/applications/<int:application_id>/documents/<slot>/uploads"


@dataclass(frozen=True)
class LookedThrough:
    """An upload that came to its end: the file is in the store by now, or ``refused`` says why it is not taken."""

    arrival: Arrival
    stored: StoredFile | None = None
    refused: str = ""


@blueprint.post(PATH)
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@reads
def begin_upload(application_id: int, slot: str) -> Response:
    """Begin an upload with its first piece, or say how much of the same file is here already."""
    application = applications.by_id(db.session, application_id)
    require_open_section(db.session, application, section_of_slot(db.session, application_id, slot), now=arrived())
    claim, first = _claim(application, slot), _piece()
    found = arriving().known(claim, first)
    if found is None:
        wanted = slot_of(application, slot)
        refuse_signature(wanted, claim.name)
        require_extension(claim.name, wanted["extensions"])
        check_size(claim.size, claim.name, wanted)
        allowance = _allowance(application)
        release()
        allowance.take(current_app.extensions["storage"], claim.name, claim.size)
        found = arriving().begin(claim, first)
    return jsonify(upload=found.token, received=found.received, piece=PIECE)


@blueprint.post(f"{PATH}/<upload>")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@reads
def add_piece(application_id: int, slot: str, upload: str) -> Response:
    """Take one more piece; the answer says how much is here, whatever was sent."""
    found = arriving().find(application_id, slot, upload, current_actor().user_id)
    release()
    if found.answer is not None or found.whole:
        return jsonify(received=found.claim.size)
    return jsonify(received=arriving().add(found, _number("at"), _piece()))


def look_through(application_id: int, slot: str, upload: str) -> LookedThrough:
    """Check and store a file that has come whole, before and outside the transaction that puts it into its place."""
    found = arriving().find(application_id, slot, upload, current_actor().user_id)
    if found.answer is not None:
        return LookedThrough(found)
    if not found.whole:
        raise NotArriving(N_("The file has not come whole yet. Try again."))
    application = applications.by_id(db.session, application_id)
    require_open_section(db.session, application, section_of_slot(db.session, application_id, slot), now=arrived())
    wanted, allowance = slot_of(application, slot), _allowance(application, but=found)
    looking = Looking(Trust(current_app.config["JUDGING"].signature_roots), arrived())
    release()
    storage = current_app.extensions["storage"]
    try:
        with arriving().opened(found) as file:
            stored = store_file(storage, wanted, file, found.claim.name, allowance=allowance, looking=looking)
    except (WrongFile, FileRefused, OverQuota) as fault:
        return LookedThrough(found, refused=translate(fault.message, **fault.params))
    return LookedThrough(found, stored)


@blueprint.post(f"{PATH}/<upload>/end")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@beforehand(look_through)
@once
def end_upload(application_id: int, slot: str, upload: str, beforehand: LookedThrough) -> Any:
    """Put the file into its place, or say why it is not taken. Asked again, it answers as it did."""
    arrival, refused = beforehand.arrival, beforehand.refused
    if arrival.answer is not None:
        return _answered(arrival.answer["message"], taken=arrival.answer["taken"])
    if beforehand.stored is not None:
        try:
            add_document(db.session, application_id, slot, beforehand.stored, by=by_request(), rules=upload_rules())
        except (WrongFile, FileRefused, OverQuota) as fault:
            db.session.rollback()
            refused = translate(fault.message, **fault.params)
    if not refused:
        db.session.commit()
    message = refused or gettext("The file “%(name)s” is uploaded.", name=arrival.claim.name)
    afterwards(lambda: arriving().finish(arrival, {"taken": not refused, "message": message}))
    return _answered(message, taken=not refused)


@blueprint.post(f"{PATH}/<upload>/removal")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@reads
def drop_upload(application_id: int, slot: str, upload: str) -> Response:
    """Forget an upload that is not to go on; one that is not there is forgotten already."""
    application = applications.by_id(db.session, application_id)
    address = f"{section_url(application, section_of_slot(db.session, application_id, slot))}#slot-{slot}-title"
    for one in arriving().of(application_id, current_actor().user_id):
        if (one.token, one.claim.slot) == (upload, slot):
            arriving().drop(one)
    return redirect(address, code=303)


def arriving() -> Arriving:
    """The uploads under way in this installation."""
    found: Arriving = current_app.extensions["arriving"]
    return found


def _answered(message: str, *, taken: bool) -> Any:
    return jsonify(message=message), 200 if taken else 422


def _claim(application: Application, slot: str) -> Claim:
    """What the request says of the file."""
    name, size, person = clean_name(request.form.get("name", "")), _number("size"), current_actor().user_id
    if not name:
        raise FileRefused(N_("Choose a file."))
    if not size:
        raise WrongFile(EMPTY, name=name)
    return Claim(person or 0, application.contest_id, application.team_id, application.id, slot, name, size)


def _number(name: str) -> int:
    """A number of bytes; 0 for what is none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0


def _piece() -> bytes:
    """The piece that came, at most one byte more than a piece has."""
    file = request.files.get("piece")
    if file is None:
        return b""
    with file.stream as stream:
        return stream.read(PIECE + 1)


def _allowance(application: Application, *, but: Arrival | None = None) -> Allowance:
    """What may still be uploaded, with everything else that is under way."""
    allowance = allowance_of(db.session, application, upload_rules(), by=by_request())
    others = [one.claim for one in arriving().under_way() if but is None or one.token != but.token]
    here = [one for one in others if one.contest_id == application.contest_id]
    allowance.usage = allowance.usage.with_arriving(
        team=sum(one.size for one in here if one.team_id == application.team_id),
        contest=sum(one.size for one in here),
        own=[one.size for one in others if one.user_id == current_actor().user_id],
    )
    return allowance
