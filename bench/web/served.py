"""Requests over HTTP to a server of the bench's own on the loopback; the processor time is that of its process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

from bench.web.server import QUERIES
from tests.faults.server import _free_port

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 120.0
IDLE = 3.0
"""Seconds after which a connection is not relied on."""


@dataclass
class Served:
    """A server that runs."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Processor seconds of all its threads so far, to the nanosecond, as Linux tells them."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9


class Connected:
    """One connection of somebody who is signed in; it stays open, as a browser's does."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=600)
        self._cookies = SimpleCookie(cookie)
        self.queries = 0
        self._used = time.monotonic()

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send one request; the whole answer is read."""
        if time.monotonic() - self._used > IDLE:
            self._connection.close()  # the server will have closed it; the next request opens one
        kept = "; ".join(f"{one.key}={one.coded_value}" for one in self._cookies.values())
        sent = dict(headers) | ({"Cookie": kept} if kept else {})
        self._connection.request(method, quote(path, safe="/?&=%"), body or None, sent)
        answer = self._connection.getresponse()
        whole, self._used = answer.read(), time.monotonic()
        for changed in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(changed)
        self.queries += int(answer.headers.get(QUERIES, 0))
        return answer.status, whole


@contextmanager
def server(environment: Mapping[str, str], *, bare: bool = False) -> Iterator[Served]:
    """Start a server with these settings, and end it."""
    port = _free_port()
    line = [sys.executable, "-m", "bench.web.server", str(port), *(["--bare"] if bare else [])]
    process = subprocess.Popen(line, cwd=ROOT, env=os.environ | dict(environment))  # noqa: S603 -- our own command line
    try:
        _wait(port, process)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end and process.poll() is None:
        try:
            Connected(port).send("GET", "/favicon.ico", b"", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the bench's server did not start")
