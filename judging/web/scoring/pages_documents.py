"""Everything that an expert takes along of a contest as one ZIP: the documents in folders, and the offline sheets."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, flash, g, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.storage import Storage
from judging.adapters.zipping import Packed, own_paths, safe_name, zipped
from judging.domain.access import Permission
from judging.domain.events import Event
from judging.exports.facts import file_name
from judging.exports.score_sheets import FILE_NAME, NothingOpen, expert_workbook
from judging.extensions import db
from judging.models import Contest, Expert
from judging.queries import contests, scopes
from judging.queries.own_documents import OwnFile, readable_files
from judging.queries.own_sheets import own_sheets
from judging.web.access import current_actor, requires
from judging.web.clock import arrived
from judging.web.downloads import begun, file_answer, log_download
from judging.web.questionnaire.phrases import said
from judging.web.scoring.blueprint import blueprint
from judging.web.templating import filesize

MOSCOW = ZoneInfo("Europe/Moscow")
MOST_FILES = 20_000
MOST_BYTES = 8 * 1024**3
"""What one download holds at most; beyond it the applications are downloaded one by one."""


@blueprint.get("/reviews/contests/<code>/documents.zip")
@requires(Permission.SCORE, scopes.own_sheets_scope)
def all_documents(code: str) -> Response:
    """Send the files of all applications that the expert has declared on, piece by piece, and a list of them."""
    contest = contests.by_code(db.session, code)
    reviews = own_sheets(db.session, g.scope.expert_id, but_teams=current_actor().team_ids)
    files = readable_files(db.session, contest, [review.application_id for review in reviews])
    size = sum(file.size for file in files)
    if len(files) > MOST_FILES or size > MOST_BYTES:
        flash(gettext("All documents together are too large (%(size)s): download them application by application.",
                      size=filesize(size)), "warning")  # fmt: skip
        return redirect(url_for("scoring.queue"), code=303)
    paths = list(_paths(files))
    packed = _packed(current_app.extensions["storage"], files, paths)
    members = [*beside(contest, files, paths), *_sheets(contest), *packed]
    name = safe_name(gettext("Documents of contest %(code)s", code=contest.code))
    answer = file_answer(begun(zipped(members)), "application/zip", f"{name}.zip")
    log_download(
        Event.DOCUMENT_DOWNLOADED, contest=contest.code, applications=sorted({file.application_id for file in files}),
        sha256=[file.sha256 for file in files],
    )  # fmt: skip
    return answer


def beside(contest: Contest, files: Sequence[OwnFile], paths: Sequence[str]) -> list[Packed]:
    """What lies in the ZIP beside the documents: the list of them."""
    lines = [f"{path}\t{file.size}\t{file.sha256}" for path, file in zip(paths, files, strict=True)]
    text = "\r\n".join([contest.title, "", gettext("File\tBytes\tSHA-256"), *lines, ""])
    last = max((file.uploaded_at for file in files), default=arrived())
    return [Packed(gettext("Contents.txt"), _on_the_clock(last), [b"\xef\xbb\xbf" + text.encode()])]


def _sheets(contest: Contest) -> Iterator[Packed]:
    """The score sheets to fill in without a connection, as a workbook, where one is open."""
    expert, made_at = db.session.get_one(Expert, g.scope.expert_id), arrived()
    keys = list(current_app.config["SIGNING_KEYS"])
    try:
        book = expert_workbook(db.session, expert, keys=keys, made_at=made_at)
    except NothingOpen:
        return
    yield Packed(file_name(FILE_NAME, contest.code, made_at), _on_the_clock(made_at), [book])


def _paths(files: Sequence[OwnFile]) -> Iterator[str]:
    """Where each file lies: the number and title of its application, then its place of the form, then its name."""
    places: dict[int, dict[str, int]] = {}
    wanted = []
    for file in files:
        own = places.setdefault(file.application_id, {})
        place = own.setdefault(file.slot, len(own) + 1)
        asked = file.may_read.compiled.form.field(file.slot)
        label = file.slot if asked is None else said(asked, "label")
        home = safe_name(f"{file.number} {file.title}", 60)
        wanted.append(f"{home}/{place:02d} {safe_name(label, 50)}/{safe_name(file.filename)}")
    return own_paths(wanted)


def _packed(storage: Storage, files: Sequence[OwnFile], paths: Sequence[str]) -> Iterator[Packed]:
    """The files, each opened when its turn comes; one that is not in the store is named by a text in its place."""
    lost = gettext("This file is not in the document store. Tell the administrator.").encode()
    for path, file in zip(paths, files, strict=True):
        yield Packed(path, _on_the_clock(file.uploaded_at), _pieces(storage, file, lost))


def _pieces(storage: Storage, file: OwnFile, lost: bytes) -> Iterator[bytes]:
    try:
        pieces = storage.read(file.storage_key)
    except FileNotFoundError:
        yield lost
    else:
        yield from pieces


def _on_the_clock(at: datetime) -> datetime:
    return at.astimezone(MOSCOW)
