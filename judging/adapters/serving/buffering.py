"""The web server of one process: waitress, told when each request had arrived whole, with bounds for slow clients.

One thread talks to all connections. It hands a request to a working thread only when its last byte is there, and takes
the answer from it at once, large bodies and answers by way of temporary files. So slow clients hold no working thread,
however many they are. What they can hold is bounded in time (:class:`Patience`) and in bytes (:data:`BUFFERED_MOST`).
"""

import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock, local
from typing import Any, cast

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import Error

from judging.adapters.serving import RECEIVED
from judging.adapters.serving.arrival import last_data_at
from judging.adapters.serving.readiness import Readiness

BUFFERED_MOST = 2 << 30
"""Bytes of requests that may be on their way at once; whoever would go beyond is told to try again."""
LARGE = 1 << 20
"""Bytes of a body from which it counts in that sum."""
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Patience:
    """How many seconds a connection may take for what it is at."""

    header: float = 15
    """From the connection or the request's first byte to the end of its headers."""
    body: float = 900
    """From there to the last byte of the body."""
    answer: float = 1800
    """From the first byte of an answer to its last."""
    stalled: float = 60
    """Without a byte either way, in the midst of a body or an answer."""
    idle: float = 75
    """Between two requests."""


class TooMuchAtOnce(Error):
    """The requests on their way together are too large."""

    code, reason = 503, "Service Unavailable"


class BufferedRequest(HTTPRequestParser):
    """A request on its way: since when, and when its last byte came."""

    received_at: float | None = None

    def __init__(self, channel: "Channel", adj: Any) -> None:
        super().__init__(adj)
        self._socket, self._server, self._counted = channel.socket, channel.server, 0
        self._let_go = False
        self.began = time.monotonic()

    def received(self, data: bytes) -> int:
        """Take what came; note the instant if that was the end.

        What is whole without a body is not asked to go on: waitress would take what follows for more of its headers,
        and the instant would be that of the first ones.
        """
        was_whole = self.completed
        consumed = super().received(data)
        self._count()
        if self.error is not None or (self.completed and self.body_rcv is None):
            self.expect_continue = False
        if self.completed and not was_whole:
            self.received_at = last_data_at(self._socket)
        return consumed

    def close(self) -> None:
        """Give back the bytes, once."""
        if not self._let_go:
            self._let_go = True
            self._give_back()
            super().close()

    def _count(self) -> None:
        """Count what has come, not what was announced: whoever announces much and sends nothing takes no room."""
        size = self.body_bytes_received
        if self.error is not None or size < LARGE or size == self._counted:
            return
        buffered, self._counted = self._server.count(size - self._counted), size
        if buffered > BUFFERED_MOST:
            self._give_back()
            self.error, self.completed = TooMuchAtOnce("try again in a minute"), True

    def _give_back(self) -> None:
        self._server.count(-self._counted)
        self._counted = 0


class StampedTask(WSGITask):
    """Tells the application when its request had arrived whole."""

    request: BufferedRequest  # type: ignore[assignment]  # the stubs take it for an error

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environment."""
        environ: dict[str, Any] = super().get_environment()
        environ[RECEIVED] = self.request.received_at
        return environ


class Channel(HTTPChannel):
    """A connection that knows when a byte last went either way."""

    task_class = StampedTask
    server: "Server"
    socket: socket.socket
    request: BufferedRequest | None
    requests_lock: Any  # the stubs do not know it

    def __init__(self, server: "Server", sock: Any, addr: Any, adj: Any, map: Any = None) -> None:  # noqa: A002 -- theirs
        self.active = self.answering = time.monotonic()
        self.served = False
        super().__init__(server, sock, addr, adj, map=map)
        self.parser_class = partial(BufferedRequest, self)  # type: ignore[assignment]  # it is only ever called

    def add_channel(self, map: Any = None) -> None:  # noqa: A002 -- theirs
        """A new connection: the loop has to ask what it waits for."""
        super().add_channel(map)
        self.descriptor = self.socket.fileno()
        self.server.readiness.changed(self.descriptor)

    def del_channel(self, map: Any = None) -> None:  # noqa: A002 -- theirs
        """A closed connection waits for nothing."""
        super().del_channel(map)
        self.server.readiness.changed(self.descriptor)

    def service(self) -> None:
        """Answer a request in this thread; what wakes the loop meanwhile happened to this connection."""
        self.server.answering.channel = self
        super().service()
        if not self.connected:
            with self.requests_lock:
                for request in self.requests:
                    request.close()

    def handle_read(self) -> None:
        """Note the time, then read."""
        self.active = time.monotonic()
        super().handle_read()

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the connection takes; note the time where it took something."""
        sent: int = super().send(data, do_close)
        if sent:
            self.active = time.monotonic()
        return sent

    def write_soon(self, data: Any) -> int:
        """Take a piece of an answer; the first one begins it."""
        if not self.total_outbufs_len:
            self.answering = time.monotonic()
        self.served = True
        taken: int = super().write_soon(data)
        return taken

    def handle_close(self) -> None:
        """Let go of a request that will never be whole."""
        if self.request is not None:
            self.request.close()
        super().handle_close()

    def overdue(self, now: float, patience: Patience) -> bool:
        """Whether the client has been slower than it may be; never while the application works."""
        stalled = now - self.active > patience.stalled
        if self.total_outbufs_len:
            return stalled or now - self.answering > patience.answer
        if self.requests:
            return False
        if self.request is None:
            return now - self.active > (patience.idle if self.served else patience.header)
        if self.request.headers_finished:
            return stalled or now - self.request.began > patience.body
        return bool(now - self.request.began > patience.header)


class Server(TcpWSGIServer):
    """The server; :meth:`run` returns once it was told to stop and everything begun is answered."""

    channel_class = Channel
    active_channels: dict[int, Channel]  # type: ignore[assignment]  # the stubs have a single channel
    stopping = False

    def __init__(self, application: Any, *, patience: Patience, **kwargs: Any) -> None:
        self.patience = patience
        self.connections: dict[int, Any] = {}
        self.readiness, self.answering = Readiness(self.connections), local()
        self._buffered, self._counting = 0, Lock()
        super().__init__(application, map=self.connections, **kwargs)
        self.listening = cast(socket.socket, self.socket).fileno()
        for descriptor in self.connections:
            self.readiness.changed(descriptor)

    def count(self, more: int) -> int:
        """Count bytes of requests on their way; return how many there are."""
        with self._counting:
            self._buffered += more
            return self._buffered

    def maintenance(self, now: float) -> None:
        """Waitress measures by the clock, which may be set; :meth:`close_overdue` measures without it."""

    def close_overdue(self) -> None:
        """Close the connections of clients that are slower than they may be."""
        now = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.overdue(now, self.patience):
                channel.handle_close()

    def run(self, grace: float = 20) -> None:
        """Serve until told to stop; then up to ``grace`` seconds for what is being answered."""
        checked = 0.0
        while not self.stopping:
            self._once(1)
            if time.monotonic() - checked > 1:
                checked = time.monotonic()
                self.close_overdue()
        self.accepting = False
        ends = time.monotonic() + grace
        while time.monotonic() < ends and any(
            c.requests or c.total_outbufs_len for c in list(self.active_channels.values())
        ):
            self._once(0.1)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self.connections)

    def handle_close(self) -> None:
        """The socket that listens has failed: end, so that whoever supervises the server starts it anew."""
        super().handle_close()
        self.stopping = True

    def stop(self, *_signal: Any) -> None:
        """Stop; may be called from a signal handler."""
        if not self.stopping:
            self.stopping = True
            self.pull_trigger()

    def pull_trigger(self) -> None:
        """Wake the loop, which asks this thread's connection anew; a thread that ends after it has nothing to wake."""
        answered = getattr(self.answering, "channel", None)
        if answered is not None:
            self.readiness.changed(answered.descriptor)
        with suppress(OSError):
            super().pull_trigger()

    def _once(self, timeout: float) -> None:
        self.readiness.changed(self.listening)
        self.readiness.turn(timeout)


def make_server(
    application: Any, *, host: str, port: int, threads: int, max_body: int, patience: Patience | None = None
) -> Server:
    """Bind and listen; the caller runs the server."""
    return Server(
        application,
        patience=patience or Patience(),
        host=host,
        port=port,
        threads=threads,
        ident=None,
        backlog=2048,
        connection_limit=1000,
        recv_bytes=1 << 16,
        inbuf_overflow=1 << 19,
        outbuf_overflow=1 << 20,
        outbuf_high_watermark=max(64 * MEGABYTE, 2 * max_body),
        max_request_header_size=32 * 1024,
        max_request_body_size=2 * max_body,
        clear_untrusted_proxy_headers=False,
    )


def serve(application: Any, *, host: str, port: int, threads: int, max_body: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = make_server(application, host=host, port=port, threads=threads, max_body=max_body)
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGINT, server.stop)
    server.run()
