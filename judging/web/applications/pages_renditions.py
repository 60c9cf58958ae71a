"""Documents of office programs as PDF, under the document's own access: asked for, awaited, and read beside a sheet."""

from pathlib import PurePath
from typing import Any

from flask import current_app, jsonify
from werkzeug.wrappers import Response

from judging.adapters.renditions import NoRendition
from judging.adapters.storage import PREPARED
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.jobs import OPEN, JobState, rendition_key
from judging.domain.renditions import rendition_name
from judging.extensions import db
from judging.models import Document
from judging.queries import applications, scopes
from judging.queries.jobs import job_of
from judging.services.renditions import ask_for_rendition
from judging.web.access import by_request, requires
from judging.web.applications.blueprint import blueprint
from judging.web.clock import now
from judging.web.downloads import file_answer, log_download
from judging.web.once import once
from judging.web.renditions import shown_as_pdf

PATH = "/documents/<int:document_id>/rendition"


@blueprint.get(PATH)
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def rendition(document_id: int) -> Response:
    """The PDF of the document, once it is made."""
    file = _renderable(document_id)
    pieces = kept_rendition(file)
    if pieces is None:
        raise NoRendition(N_("The PDF of this document is not made yet."))
    log_download(
        Event.DOCUMENT_DOWNLOADED, document=file.id, application=file.application_id, sha256=file.sha256, rendition=True
    )
    return file_answer(pieces, "application/pdf", f"{PurePath(file.filename).stem}.pdf")


@blueprint.get(f"{PATH}/state")
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def rendition_state(document_id: int) -> Response:
    """Whether the PDF is ready, awaited, could not be made, or has not been asked for, for the script that waits."""
    return jsonify(state=_state(_renderable(document_id)))


@blueprint.post(PATH)
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
@once
def ask_rendition(document_id: int) -> Response:
    """Have the PDF made beside the requests."""
    file = _renderable(document_id)
    if _state(file) in ("absent", "failed"):
        ask_for_rendition(db.session, file, by=by_request(now()))
        db.session.commit()
    return jsonify(state="waiting")


def _renderable(document_id: int) -> Document:
    """The document, where a PDF is made of such a one."""
    file = applications.document(db.session, document_id)
    if file.media_type not in shown_as_pdf() or file.swept_at is not None:
        raise NoRendition(N_("No PDF is made of such documents here: download the file."))
    return file


def _state(file: Document) -> str:
    if kept_rendition(file) is not None:
        return "ready"
    job = job_of(db.session, rendition_key(file.sha256))
    if job is None or job.state == JobState.DONE:
        return "absent"
    return "waiting" if job.state in OPEN else "failed"


def kept_rendition(file: Document) -> Any:
    """The PDF of a document in pieces; None where there is none."""
    try:
        return current_app.extensions["storage"].read(f"{PREPARED}/{rendition_name(file.sha256)}")
    except FileNotFoundError:
        return None
