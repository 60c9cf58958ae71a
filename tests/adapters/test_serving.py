"""The web server of one process: a request is handed on when it is whole, and slow clients hold up nobody."""

import io
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from judging.adapters.serving import RECEIVED, buffering
from judging.adapters.serving.arrival import Whole, last_data_at
from judging.adapters.serving.buffering import Channel, Patience, Server, make_server

TICK = 0.02
"""How much coarser than the clock the kernel's word is."""
LARGE = 8 << 20


@dataclass
class Running:
    """A server of two threads with an application that notes its requests; ``pause`` holds the server's own loop."""

    server: Server
    seen: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    held: Event = field(default_factory=Event)
    working: Event = field(default_factory=Event)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        self.seen.append(environ)
        if environ["PATH_INFO"] == "/held":
            self.working.set()
            self.held.wait(20)
        content = b"x" * LARGE if environ["PATH_INFO"] == "/large" else b"here"
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    def connect(self, receive_buffer: int = 0) -> socket.socket:
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", int(self.server.effective_port)))
        return connection

    def ask(self, request: bytes) -> bytes:
        with self.connect() as connection:
            connection.sendall(request)
            return read(connection)


def read(connection: socket.socket) -> bytes:
    """Everything until the end."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def get(path: str = "/", *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def post(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["POST / HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


CLOSE = "Connection: close"


@contextmanager
def serving(patience: Patience | None = None, max_body: int = 1 << 20) -> Iterator[Running]:
    running: list[Running] = []
    server = make_server(
        lambda environ, start: running[0](environ, start),
        host="127.0.0.1", port=0, threads=2, max_body=max_body, patience=patience,
    )  # fmt: skip
    running.append(Running(server))
    thread = Thread(target=server.run, args=(5,))
    thread.start()
    try:
        yield running[0]
    finally:
        running[0].held.set()
        server.stop()
        thread.join(20)


@pytest.fixture
def running() -> Iterator[Running]:
    with serving() as server:
        yield server


def until(true: Callable[[], object]) -> None:
    ends = time.monotonic() + 10
    while not true() and time.monotonic() < ends:
        time.sleep(0.01)
    assert true()


def test_a_request_is_handed_on_when_its_last_byte_is_there_and_that_is_its_arrival(running: Running) -> None:
    request = post(b"name=value")
    with running.connect() as connection:
        connection.sendall(request[:20])
        time.sleep(0.1)
        connection.sendall(request[20:-1])
        time.sleep(0.2)
        assert running.seen == []
        last = time.time()
        connection.sendall(request[-1:])
        until(lambda: running.seen)
    assert (running.bodies, running.seen[0][RECEIVED] > last - TICK) == ([b"name=value"], True)


def test_the_arrival_is_true_however_long_the_server_had_no_time_for_it(running: Running) -> None:
    holds, released = Event(), Event()
    original = running.server.close_overdue

    def hold() -> None:
        running.server.close_overdue = original  # type: ignore[method-assign]
        holds.set()
        released.wait(10)

    running.server.close_overdue = hold  # type: ignore[method-assign]
    holds.wait(10)
    with running.connect() as connection:
        connection.sendall(post(b"in time", CLOSE))
        time.sleep(0.5)
        looked_at = time.time()
        released.set()
        read(connection)
    assert running.seen[0][RECEIVED] < looked_at - 0.4


def test_the_arrival_does_not_wait_for_a_free_thread(running: Running) -> None:
    with running.connect() as one, running.connect() as two, running.connect() as late:
        one.sendall(get("/held", CLOSE))
        two.sendall(get("/held", CLOSE))
        until(lambda: len(running.seen) == 2)
        late.sendall(post(b"waits", CLOSE))
        time.sleep(0.5)
        freed = time.time()
        running.held.set()
        read(late)
    assert running.seen[2][RECEIVED] < freed - 0.4


def test_each_request_of_a_connection_has_its_own_arrival(running: Running) -> None:
    with running.connect() as connection:
        for number in range(3):
            connection.sendall(post(b"%d" % number))
            until(lambda: len(running.seen) > number)  # noqa: B023 -- called at once
            time.sleep(0.1)
    stamps = [environ[RECEIVED] for environ in running.seen]
    assert [later - earlier > 0.05 for earlier, later in pairwise(stamps)] == [True, True]


def test_requests_that_come_together_are_answered_one_after_another(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(post(b"one") + post(b"two", CLOSE))
        assert read(connection).count(b"200 OK") == 2
    assert running.bodies == [b"one", b"two"]


@pytest.mark.parametrize("chunked", [b"3\r\nab", b"zz\r\n"])
def test_a_body_in_pieces_is_waited_for_and_a_broken_one_refused(running: Running, chunked: bytes) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    with running.connect() as connection:
        connection.sendall(head + chunked)
        if chunked == b"3\r\nab":
            time.sleep(0.1)
            assert running.seen == []
            connection.sendall(b"c\r\n0\r\n\r\n")
        answer = read(connection)
    assert (answer[9:12], running.bodies) == ((b"200", [b"abc"]) if chunked == b"3\r\nab" else (b"400", []))


def test_slow_headers_bodies_and_readers_hold_up_nobody(running: Running) -> None:
    slow = {get()[:-2]: 40, post(b"x" * 1000)[:-999]: 40, get("/large"): 20}
    connections = []
    for request, number in slow.items():
        for _ in range(number):
            connections.append(running.connect(receive_buffer=4096))
            connections[-1].sendall(request)
    until(lambda: sum(environ["PATH_INFO"] == "/large" for environ in running.seen) == 20)
    assert [running.ask(get("/", CLOSE))[9:12] for _ in range(10)] == [b"200"] * 10
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("patience", "request_bytes"),
    [
        (Patience(header=0.2), b""),
        (Patience(header=0.2), get()[:10]),
        (Patience(header=9, body=0.2), post(b"x" * 10)[:-5]),
        (Patience(header=9, stalled=0.2), post(b"x" * 10)[:-5]),
        (Patience(idle=0.2), get()),
        (Patience(stalled=0.2), get("/large")),
        (Patience(answer=0.2), get("/large")),
    ],
)
def test_whoever_is_slower_than_may_be_is_let_go(patience: Patience, request_bytes: bytes) -> None:
    with serving(patience) as running, running.connect(receive_buffer=4096) as connection:
        connection.sendall(request_bytes)
        until(lambda: running.server.active_channels)
        until(lambda: not running.server.active_channels)
        assert running.ask(get("/", CLOSE))[9:12] == b"200"


def test_nobody_is_let_go_while_the_application_works(running: Running) -> None:
    channel = SimpleNamespace(active=0.0, answering=0.0, total_outbufs_len=0, requests=["at work"], request=None)
    assert Channel.overdue(channel, 1e9, Patience()) is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (get("/", "X: " + "x" * 40_000), b"431"),
        (post(b"", "Content-Length: 99999999"), b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
    ],
)
def test_what_is_too_large_or_no_request_is_refused(running: Running, request_bytes: bytes, status: bytes) -> None:
    assert (running.ask(request_bytes)[9:12], running.seen) == (status, [])


def test_requests_on_their_way_have_a_common_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffering, "BUFFERED_MOST", 5 << 20)
    with serving(max_body=4 << 20) as running:
        body = b"x" * (3 << 20)
        with running.connect() as waiting:
            waiting.sendall(post(body)[:-1])
            until(lambda: running.server.count(0) == len(body) - 1)
            one_more = (5 << 20) - (len(body) - 1) + 1  # so that nothing is unread when the connection is closed
            headers = post(body, CLOSE).index(b"\r\n\r\n") + 4
            assert running.ask(post(body, CLOSE)[: headers + one_more])[9:12] == b"503"
            waiting.sendall(b"x")
            until(lambda: len(running.seen) == 1)
        until(lambda: running.server.count(0) == 0)
        with running.connect() as gone:
            gone.sendall(post(body)[:-1])
            until(lambda: running.server.count(0) == len(body) - 1)
        until(lambda: running.server.count(0) == 0)
        assert running.ask(post(body, CLOSE))[9:12] == b"200"


def test_who_announces_much_and_sends_nothing_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffering, "BUFFERED_MOST", 5 << 20)
    with serving(max_body=4 << 20) as running, ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(running.connect()).sendall(post(b"x" * (3 << 20))[:200])
        assert running.ask(post(b"x" * (2 << 20), CLOSE))[9:12] == b"200"


def test_a_request_without_a_body_is_whole_though_it_waits_to_go_on(running: Running) -> None:
    with running.connect() as connection:
        connection.sendall(b"POST /first HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")
        until(lambda: len(running.seen) == 1)
        time.sleep(0.3)
        began = time.time()
        connection.sendall(post(b"later", CLOSE))
        read(connection)
    assert [environ["PATH_INFO"] for environ in running.seen] == ["/first", "/"]
    assert running.seen[1][RECEIVED] >= began - TICK


def test_urgent_data_does_not_keep_the_loop_awake(running: Running) -> None:
    with running.connect() as connection:
        turns: list[float] = []
        turn = running.server.readiness.turn
        running.server.readiness.turn = lambda seconds: (turns.append(seconds), turn(seconds))[1]  # type: ignore[method-assign]
        connection.send(b"x", socket.MSG_OOB)
        time.sleep(0.5)
    assert len(turns) < 20


def test_what_was_begun_is_answered_before_the_server_stops() -> None:
    with serving() as running, running.connect() as connection:
        connection.sendall(get("/held", CLOSE))
        running.working.wait(10)
        running.server.stop()
        time.sleep(0.1)
        running.held.set()
        assert read(connection).endswith(b"here")


def test_a_socket_of_another_kind_has_no_word_of_the_kernel() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x")
        before = time.time()
        assert last_data_at(ours) >= before


def whole(body: bytes, most: int, **environ: Any) -> tuple[dict[str, Any], bytes, list[bytes]]:
    """What gunicorn's request becomes: the environment, the body that the application reads, the answer."""
    seen: list[tuple[dict[str, Any], bytes]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append((environ, environ["wsgi.input"].read()))
        return [b"here"]

    server, client = socket.socketpair()
    with server, client:
        given = {"gunicorn.socket": server, "wsgi.input": io.BytesIO(body), **environ}
        answer = list(Whole(application, most=most)(given, None))
    return *seen[0], answer


@pytest.mark.parametrize(
    ("body", "environ", "length", "read_first"),
    [
        (b"", {}, None, False),
        (b"", {"CONTENT_LENGTH": ""}, "", False),
        (b"whole", {"CONTENT_LENGTH": "5"}, "5", True),
        (b"in pieces", {"HTTP_TRANSFER_ENCODING": "chunked"}, "9", True),
        (b"x" * 30, {"HTTP_TRANSFER_ENCODING": "chunked"}, "30", True),
        (b"x" * 11, {"CONTENT_LENGTH": "11"}, "11", False),
        (b"nonsense", {"CONTENT_LENGTH": "-8"}, "-8", False),
    ],
)
def test_behind_gunicorn_the_body_is_read_before_the_arrival_is_noted(
    body: bytes, environ: dict[str, str], length: str | None, read_first: bool
) -> None:
    given, content, answer = whole(body, 10, **environ)
    assert (given.get("CONTENT_LENGTH"), content, answer, RECEIVED in given) == (length, body, [b"here"], True)
    assert isinstance(given["wsgi.input"], io.BytesIO) is not read_first


def test_a_server_that_noted_the_arrival_itself_is_believed() -> None:
    assert whole(b"body", 10, **{RECEIVED: 1.0, "CONTENT_LENGTH": "4"})[0][RECEIVED] == 1.0


def test_an_answer_is_closed_with_the_body_it_was_made_from() -> None:
    closed = []

    class Streamed:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"a", b"b"])

        def close(self) -> None:
            closed.append(True)

    server, client = socket.socketpair()
    with server, client:
        environ = {"gunicorn.socket": server, "wsgi.input": io.BytesIO(b"body"), "CONTENT_LENGTH": "4"}
        answer = Whole(lambda _environ, _start: Streamed(), most=10)(environ, None)
        assert (list(answer), closed, environ["wsgi.input"].closed) == ([b"a", b"b"], [True], True)
