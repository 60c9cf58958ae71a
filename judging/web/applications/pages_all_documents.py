"""Every document of an application as one ZIP, with a list of what is in it."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, g
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.storage import Storage
from judging.adapters.zipping import Packed, own_paths, safe_name, zipped
from judging.domain.access import Permission
from judging.domain.events import Event
from judging.domain.forms.form import FieldKind
from judging.extensions import db
from judging.models import Application, Document
from judging.queries import applications, scopes
from judging.queries.expert_reading import readable
from judging.web.access import allowed, requires
from judging.web.applications.at_hand import as_read
from judging.web.applications.blueprint import blueprint
from judging.web.clock import arrived
from judging.web.downloads import begun, file_answer, log_download
from judging.web.questionnaire.phrases import said

MOSCOW = ZoneInfo("Europe/Moscow")


@blueprint.get("/applications/<int:application_id>/documents.zip")
@requires(Permission.SEE_DOCUMENTS, scopes.application_scope)
def all_documents(application_id: int) -> Response:
    """Send the files that the reader may open one by one, each in the folder of its place, and a list of them."""
    application = applications.by_id(db.session, application_id)
    files = _files(application)
    contents = list(zip(_paths(application, files), files, strict=True))
    name = safe_name(application.number or application.title or gettext("Application"))
    hashes = [file.sha256 for file in files]
    answer = file_answer(
        begun(zipped(_packed(current_app.extensions["storage"], application, contents))),
        "application/zip",
        f"{name}.zip",
    )
    log_download(Event.DOCUMENT_DOWNLOADED, application=application.id, sha256=hashes)
    return answer


def _files(application: Application) -> list[Document]:
    """The files that the reader may open, in the order of the form; what was cleared is not among them."""
    hand = as_read(application, arrived())
    files = [file for file in hand.files if file.swept_at is None]
    if not allowed(Permission.SEE_WHOLE_APPLICATION, g.scope):
        may = readable(db.session, application.contest, application.id)
        files = [file for file in files if may.reads(file.slot, FieldKind.FILE)]
    order = {field.code: place for place, field in enumerate(hand.compiled.form.fields())}
    return sorted(files, key=lambda file: (order.get(file.slot, len(order)), file.id))


def _paths(application: Application, files: list[Document]) -> Iterator[str]:
    """Where each file lies: a folder for each place of the form, with its number and name."""
    hand = as_read(application, arrived())
    labels = {field.code: said(field, "label") for field in hand.compiled.form.fields()}
    places = {slot: place for place, slot in enumerate(dict.fromkeys(file.slot for file in files), start=1)}
    return own_paths(
        f"{places[file.slot]:02d} {safe_name(labels.get(file.slot, file.slot), 60)}/{safe_name(file.filename)}"
        for file in files
    )


def _packed(storage: Storage, application: Application, contents: list[tuple[str, Document]]) -> Iterator[Packed]:
    """The list and the files, the same bytes every time; the rows are read before the first of them is sent."""
    lost = gettext("This file is not in the document store. Tell the administrator.")
    rows = [(path, _on_the_clock(file.uploaded_at), file.storage_key) for path, file in contents]
    last = max((at for _, at, _ in rows), default=_on_the_clock(application.updated_at))
    yield Packed(gettext("Contents.txt"), last, [_list(application, contents)])
    for path, at, key in rows:
        try:
            pieces = storage.read(key)
        except FileNotFoundError:
            yield Packed(f"{path}.txt", at, [lost.encode()])
        else:
            yield Packed(path, at, pieces)


def _on_the_clock(at: datetime) -> datetime:
    return at.astimezone(MOSCOW)


def _list(application: Application, contents: list[tuple[str, Document]]) -> bytes:
    """What is in the ZIP: path, size in bytes and SHA-256 of each file."""
    head = [
        application.contest.title,
        " ".join(one for one in (application.number, application.title) if one),
        "",
    ]
    lines = [f"{path}\t{file.size}\t{file.sha256}" for path, file in contents]
    text = "\r\n".join([*head, gettext("File\tBytes\tSHA-256"), *lines, ""])
    return b"\xef\xbb\xbf" + text.encode()
