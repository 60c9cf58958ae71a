"""Every document of an application as one ZIP, each with its signatures beside it, and a list of what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
from judging.models import Application, Document, DocumentSignature
from judging.queries import applications, scopes
from judging.queries.expert_reading import readable
from judging.queries.signatures import signature_files
from judging.queries.submissions import last_submitted
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
    """Send the files that the reader may open one by one, each in the folder of its place, and a list of them.

    Who may see the whole application gets the signatures beside the files, too.
    """
    application = applications.by_id(db.session, application_id)
    contents = list(_contents(application))
    name = safe_name(application.number or application.title or gettext("Application"))
    hashes = [one.sha256 for one in contents]
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


@dataclass(frozen=True)
class _Entry:
    """A file of the ZIP: a document by its ``key`` in the store, or a signature by its ``content``."""

    path: str
    at: datetime
    size: int
    sha256: str
    key: str = ""
    content: bytes = b""


def _contents(application: Application) -> Iterator[_Entry]:
    """The files with their paths, each followed by the signatures that were uploaded beside it.

    A signature is called as its file with the extension .sig, as programs that verify it expect.
    """
    files = _files(application)
    beside = _signatures(application, files)
    wanted = [
        (path, file, one) for path, file in _paths(application, files) for one in (None, *beside.get(file.id, ()))
    ]
    paths = own_paths(path if one is None else f"{path}.sig" for path, _, one in wanted)
    for path, (_, file, one) in zip(paths, wanted, strict=True):
        if one is None:
            yield _Entry(path, _on_the_clock(file.uploaded_at), file.size, file.sha256, key=file.storage_key)
        else:
            digest = sha256(one.content).hexdigest()
            yield _Entry(path, _on_the_clock(one.uploaded_at), len(one.content), digest, content=one.content)


def _signatures(application: Application, files: list[Document]) -> dict[int, list[DocumentSignature]]:
    """The signatures beside the files that count: of what was submitted those that were submitted."""
    if not allowed(Permission.SEE_WHOLE_APPLICATION, g.scope):
        return {}
    submitted = None
    if application.submitted_at is not None:
        document = last_submitted(db.session, application).document or {}
        named = document.get("documents", ())
        submitted = {one["sha256"] for file in named for one in file.get("signatures", ())}
    return signature_files(db.session, [file.id for file in files], submitted)


def _paths(application: Application, files: list[Document]) -> Iterator[tuple[str, Document]]:
    """Where each file lies: a folder for each place of the form, with its number and name."""
    hand = as_read(application, arrived())
    labels = {field.code: said(field, "label") for field in hand.compiled.form.fields()}
    places = {slot: place for place, slot in enumerate(dict.fromkeys(file.slot for file in files), start=1)}
    paths = own_paths(
        f"{places[file.slot]:02d} {safe_name(labels.get(file.slot, file.slot), 60)}/{safe_name(file.filename)}"
        for file in files
    )
    return zip(paths, files, strict=True)


def _packed(storage: Storage, application: Application, contents: list[_Entry]) -> Iterator[Packed]:
    """The list and the files, the same bytes every time; the rows are read before the first of them is sent."""
    lost = gettext("This file is not in the document store. Tell the administrator.")
    last = max((one.at for one in contents), default=_on_the_clock(application.updated_at))
    yield Packed(gettext("Contents.txt"), last, [_list(application, contents)])
    for one in contents:
        if not one.key:
            yield Packed(one.path, one.at, [one.content])
            continue
        try:
            pieces = storage.read(one.key)
        except FileNotFoundError:
            yield Packed(f"{one.path}.txt", one.at, [lost.encode()])
        else:
            yield Packed(one.path, one.at, pieces)


def _on_the_clock(at: datetime) -> datetime:
    return at.astimezone(MOSCOW)


def _list(application: Application, contents: list[_Entry]) -> bytes:
    """What is in the ZIP: path, size in bytes and SHA-256 of each file."""
    head = [
        application.contest.title,
        " ".join(one for one in (application.number, application.title) if one),
        "",
    ]
    lines = [f"{one.path}\t{one.size}\t{one.sha256}" for one in contents]
    text = "\r\n".join([*head, gettext("File\tBytes\tSHA-256"), *lines, ""])
    return b"\xef\xbb\xbf" + text.encode()
