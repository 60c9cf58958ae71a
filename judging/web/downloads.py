"""Responses with files: the first part is written before the journal notes the download, which precedes the first byte.

Always as an attachment, under a name that no header can be made of.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import current_app, request
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from judging.domain.events import Event
from judging.extensions import db
from judging.models.database_file import DatabaseMoved
from judging.models.trouble import trouble_of
from judging.queries.contests import by_code
from judging.services import download_notes
from judging.web.access import by_request, client_address, current_actor
from judging.web.clock import now
from judging.web.phases import begin_writing


def file_answer(content: bytes | Iterable[bytes], media_type: str, filename: str) -> Response:
    """Answer with a file to be kept, sent piece by piece where it comes in pieces.

    A file of the folder store is given to the web server as it is, which sends it without a copy for every reader.
    """
    headers = {"Content-Disposition": attachment(filename)}
    wrap, detach = request.environ.get("wsgi.file_wrapper"), getattr(content, "detach", None)
    if wrap is None or detach is None:
        return Response(content, content_type=media_type, headers=headers)
    return Response(wrap(detach()), content_type=media_type, headers=headers, direct_passthrough=True)


def attachment(filename: str) -> str:
    """The Content-Disposition of a download: an ASCII name, and the real one by RFC 5987 where that is another."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\;%' else "_" for c in filename)
    named = f'attachment; filename="{plain}"'
    return named if plain == filename else f"{named}; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"


def begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Write the first part now (of a workbook, the whole): a file that cannot be written is not noted as taken."""
    return chain([next(parts, b"")], parts)


def note_export(code: str, label: str, details: dict[str, Any]) -> None:
    """Record, in a transaction of its own, who takes which file of the contest, and what it was made from.

    Where nothing can be stored the download goes on, and the log of downloads has it instead.
    """
    actor = current_actor()
    try:
        begin_writing()
        download_notes.note_export(
            db.session,
            by_code(db.session, code),
            label=label,
            details=details,
            by=by_request(now(), actor=actor),
        )
        db.session.commit()
    except (DBAPIError, DatabaseMoved) as error:
        if trouble_of(error) is None:
            raise
        db.session.rollback()
        current_app.logger.critical("the journal takes no download: %s", error)
        log_download(Event.EXPORTED, contest=code, file=label, **details)


def log_download(event: Event, **facts: object) -> None:
    """Add a line to the log of downloads: who took what, when and from where."""
    actor, log = current_actor(), current_app.extensions["downloads"]
    log.record(at=now(), event=event.value, user=actor.user_id, name=actor.name, address=client_address(), **facts)
