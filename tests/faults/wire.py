"""Requests as bytes over plain sockets: many at one instant, each over a connection of its own."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.people import Act, Browser


@dataclass(frozen=True)
class Answer:
    """What came back: the status (0 where the connection ended without one), the whole text, seconds from sending."""

    status: int
    text: str
    seconds: float


def page(cookie: str, path: str) -> bytes:
    """The request for a page; no cookie, nobody signed in."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()


def posted(browser: Browser, act: Act, headers: str = "") -> bytes:
    """The request that sends a form as this browser does."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    head = (
        f"POST {act.path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nConnection: close\r\n{headers}"
        f"X-CSRFToken: {browser.token}\r\nContent-Type: {act.content_type}\r\nContent-Length: {len(act.body)}\r\n\r\n"
    )
    return head.encode() + act.body


def send(port: int, requests: Sequence[bytes], longest: float = 120) -> list[Answer]:
    """Send all at once to a server of the loopback; return the answers in the same order.

    Nobody waits for more than ``longest`` seconds. The loop has a thread of its own: where a browser of the tests is
    open, this one has a loop already.
    """
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_send(port, requests, longest))).result()


async def _send(port: int, requests: Sequence[bytes], longest: float) -> list[Answer]:
    return await asyncio.gather(*(_exchange(port, one, longest) for one in requests))


async def _exchange(port: int, request: bytes, longest: float) -> Answer:
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        text = (await asyncio.wait_for(reader.read(), longest)).decode("utf-8", "replace")
        writer.close()
    except (OSError, TimeoutError) as error:
        return Answer(0, str(error), time.perf_counter() - began)
    return Answer(int(text[9:12] or 0), text, time.perf_counter() - began)
