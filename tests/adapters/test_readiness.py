"""The loop of the web server: who is asked what they wait for, and that nobody who became ready is overlooked."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from waitress import wasyncore

from judging.adapters.serving.readiness import Readiness


@dataclass
class Channel:
    """One end of a connection, which notes what the loop does with it."""

    socket: socket.socket
    accepting: bool = False
    reads: bool = True
    writes: bool = False
    asked: int = 0
    seen: list[str] = field(default_factory=list)

    def readable(self) -> bool:
        self.asked += 1
        return self.reads

    def writable(self) -> bool:
        return self.writes

    def handle_read_event(self) -> None:
        self.seen.append(self.socket.recv(100).decode())

    def handle_write_event(self) -> None:
        self.seen.append("may write")
        self.writes = False

    def handle_close(self) -> None:
        self.seen.append("closed")


@dataclass
class Loop:
    """Two channels and their far ends."""

    channels: dict[int, Channel]
    far: list[socket.socket]
    readiness: Readiness

    @property
    def both(self) -> list[Channel]:
        return list(self.channels.values())


@pytest.fixture
def loop() -> Iterator[Loop]:
    pairs = [socket.socketpair() for _ in range(2)]
    channels = {near.fileno(): Channel(near) for near, _ in pairs}
    readiness = Readiness(channels)
    for descriptor in channels:
        readiness.changed(descriptor)
    yield Loop(channels, [far for _, far in pairs], readiness)
    for pair in pairs:
        for end in pair:
            end.close()


def test_only_the_connection_that_something_happened_to_is_asked_again(loop: Loop) -> None:
    loop.readiness.turn(0)
    for text in "abc":
        loop.far[0].sendall(text.encode())
        loop.readiness.turn(1)
    loop.readiness.turn(0)
    assert [(one.asked, one.seen) for one in loop.both] == [(4, ["a", "b", "c"]), (1, [])]


def test_a_connection_changed_by_another_thread_is_asked_at_the_next_turn(loop: Loop) -> None:
    first = loop.both[0]
    first.reads = False
    loop.far[0].sendall(b"later")
    loop.readiness.turn(0)
    first.reads = first.writes = True
    loop.readiness.turn(0)
    unasked = list(first.seen)
    loop.readiness.changed(first.socket.fileno())
    loop.readiness.turn(1)
    assert (unasked, first.seen) == ([], ["later", "may write"])


def test_a_connection_that_is_gone_is_waited_for_no_more(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    loop.readiness.turn(0)
    gone = next(iter(loop.channels))
    channel = loop.channels.pop(gone)
    loop.readiness.changed(gone)
    monkeypatch.setattr(wasyncore, "readwrite", lambda one, _flags: told.append(one.socket.fileno()))
    for far in loop.far:
        far.sendall(b"x")
    loop.readiness.turn(1)
    assert (told, channel.seen) == ([next(iter(loop.channels))], [])
