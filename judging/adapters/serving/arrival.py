"""The instant at which a request had arrived whole, as the kernel knows it."""

import socket
import struct
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from judging.adapters.serving import RECEIVED

LAST_DATA_RECEIVED = struct.Struct("=52xI")
"""Of Linux' ``struct tcp_info``: milliseconds since the connection last received data (``tcpi_last_data_recv``)."""
LONGEST_STALL = 3600.0
"""Seconds; the kernel's word for more than that is no measurement of a request on its way."""
IN_MEMORY, PIECE = 1 << 18, 1 << 16

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def last_data_at(connection: socket.socket) -> float:
    """Return when ``connection`` last received data, in seconds of the epoch, to a few milliseconds.

    True however long the process had no time to read it. Without such a word of the kernel (another system than Linux,
    a socket of another kind): now.
    """
    now = time.time()
    try:
        raw = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED.size)
        seconds = LAST_DATA_RECEIVED.unpack(raw)[0] / 1000
    except (AttributeError, OSError, struct.error):
        return now
    return now - seconds if seconds < LONGEST_STALL else now


class Whole:
    """WSGI middleware for gunicorn, which starts a request when its headers are there: reads the body to its end first.

    Only then is it known when the request had arrived whole. A server that has noted the instant itself, or that does
    not show its socket, is left alone. No more than ``most`` bytes are read: what is larger is refused by its length.
    """

    def __init__(self, application: Application, *, most: int) -> None:
        self._application, self._most = application, most

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Read, note the instant, call the application."""
        connection = environ.get("gunicorn.socket")
        if connection is None or RECEIVED in environ:
            return self._application(environ, start_response)
        if not _has_body(environ, self._most):
            environ[RECEIVED] = last_data_at(connection)
            return self._application(environ, start_response)
        body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed when the answer is
        environ |= {"CONTENT_LENGTH": str(_copy(environ["wsgi.input"], body, self._most)), "wsgi.input": body}
        environ[RECEIVED] = last_data_at(connection)
        return _closing(self._application(environ, start_response), body)


def _has_body(environ: dict[str, Any], most: int) -> bool:
    """Whether there is a body that may be read."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) <= most and (length != "0" or "HTTP_TRANSFER_ENCODING" in environ)


def _copy(source: IO[bytes], body: IO[bytes], most: int) -> int:
    """Copy until the end or just past ``most`` bytes, rewind, return the size."""
    size = 0
    while size <= most and (piece := source.read(PIECE)):
        size += len(piece)
        body.write(piece)
    body.seek(0)
    return size


def _closing(answer: Iterable[bytes], body: IO[bytes]) -> Iterator[bytes]:
    try:
        yield from answer
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        body.close()
