"""Clients that send slowly, or begin and say no more."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.attack.target import Answer, Attack, Target

HELD = 5.0
"""Seconds."""


def attacks(target: Target) -> Iterator[Attack]:
    for number in (8, 40, 200):
        yield Attack(f"{number} connections that send half a head", lambda port, n=number: _hold(port, n, b""), (200,))
    half = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx"
    yield Attack("40 connections that send half a form", lambda port: _hold(port, 40, half), (200,))


def _hold(port: int, number: int, begun: bytes) -> Answer:
    """Hold connections open for a while, a byte a second each, and ask for a page in the middle."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(number)]
        for one in held:
            one.sendall(begun or b"GET / HTTP/1.1\r\nHost: local")
        end = time.monotonic() + HELD
        answer = _page(port)
        while time.monotonic() < end:
            time.sleep(1)
            for one in held:
                try:
                    one.sendall(b"x")
                except OSError:
                    continue
    return answer


def _page(port: int) -> Answer:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        try:
            head = connection.recv(100)
        except OSError:
            return Answer(0, "")
    return Answer(int(head[9:12] or 0), "")
