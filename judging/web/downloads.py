"""How a file leaves the system: begun before it is noted, noted before its first byte is sent.

Always as an attachment, under a name that no header can be made of.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from judging.extensions import db
from judging.models import Contest
from judging.services.audit import Event, record
from judging.web.access import client_address, current_actor
from judging.web.clock import now


def file_answer(content: bytes | Iterable[bytes], media_type: str, filename: str) -> Response:
    """Answer with a file to be kept, sent piece by piece where it comes in pieces."""
    headers = {"Content-Disposition": attachment(filename)}
    return Response(content, mimetype=media_type, headers=headers)


def attachment(filename: str) -> str:
    """The Content-Disposition of a download: an ASCII name, and the real one by RFC 5987 where that is another."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\;%' else "_" for c in filename)
    named = f'attachment; filename="{plain}"'
    return named if plain == filename else f"{named}; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"


def begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Write the first part now (of a workbook, the whole): a file that cannot be written is not noted as taken."""
    return chain([next(parts, b"")], parts)


def note_export(contest: Contest, label: str, details: dict[str, Any]) -> None:
    """Record who takes which file of the contest, and what it was made from."""
    record(
        db.session,
        Event.EXPORTED,
        actor=current_actor(),
        now=now(),
        subject=contest,
        label=label,
        contest_id=contest.id,
        details=details,
        address=client_address(),
    )
