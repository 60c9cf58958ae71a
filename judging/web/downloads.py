"""How a file leaves the system: always as an attachment, under a name that no header can be made of."""

from collections.abc import Iterable
from urllib.parse import quote

from werkzeug.wrappers import Response


def file_answer(content: bytes | Iterable[bytes], media_type: str, filename: str) -> Response:
    """Answer with a file to be kept, sent piece by piece where it comes in pieces."""
    headers = {"Content-Disposition": attachment(filename)}
    return Response(content, mimetype=media_type, headers=headers)


def attachment(filename: str) -> str:
    """The Content-Disposition of a download: an ASCII name, and the real one by RFC 5987 where that is another."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\;%' else "_" for c in filename)
    named = f'attachment; filename="{plain}"'
    return named if plain == filename else f"{named}; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"
