"""A look at a PDF without downloading it: its first pages as pictures, under the document's own access.

Nobody's PDF is opened within the site: a page is drawn in a process of its own, once, and kept among the prepared
downloads, which have their day.
"""

from io import BytesIO

from flask import current_app, render_template
from werkzeug.wrappers import Response

from judging.adapters.previews import MOST_PAGES, NoPicture, page_picture
from judging.adapters.storage import PREPARED
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.extensions import db
from judging.models import Document
from judging.queries import applications, scopes
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.kept_bytes import stored_bytes
from judging.web.downloads import file_answer, log_download
from judging.web.incoming_files import release

PDF = "application/pdf"


@blueprint.get("/documents/<int:document_id>/preview")
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def preview(document_id: int) -> str:
    """The first pages of a PDF, one below the other."""
    file = applications.document(db.session, document_id)
    _require_pdf(file)
    shown = min(file.pages or 1, MOST_PAGES)
    return render_template("applications/preview.html", file=file, shown=shown)


@blueprint.get("/documents/<int:document_id>/pages/<int:number>.png")
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def preview_page(document_id: int, number: int) -> Response:
    """One page as a picture."""
    file = applications.document(db.session, document_id)
    _require_pdf(file)
    if not 1 <= number <= MOST_PAGES:
        raise NoPicture(N_("Only the first pages are shown here: download the file to read the others."))
    ident, application_id, sha256, key = file.id, file.application_id, file.sha256, file.storage_key
    release()
    picture = _picture(sha256, key, number)
    log_download(Event.DOCUMENT_DOWNLOADED, document=ident, application=application_id, sha256=sha256, page=number)
    return file_answer(picture, "image/png", f"{number}.png")


def _picture(sha256: str, key: str, number: int) -> bytes:
    """The page as it was drawn before, or drawn now and kept for a day."""
    storage, name = current_app.extensions["storage"], f"page-{sha256}-{number}.png"
    try:
        return b"".join(storage.read(f"{PREPARED}/{name}"))
    except FileNotFoundError:
        pass
    try:
        with stored_bytes(storage, key) as content:
            picture = page_picture(content, number)
    except FileNotFoundError as error:
        raise NoPicture(N_("The file is not in the document store. Tell the administrator.")) from error
    storage.put_prepared(name, BytesIO(picture))
    return picture


def _require_pdf(file: Document) -> None:
    if file.media_type != PDF or file.swept_at is not None:
        raise NoPicture(N_("Only PDF files that are kept can be looked at here: download the others."))
