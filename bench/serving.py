"""Web servers side by side: saves, submissions at once, slow clients, a large upload. ADR 12 has the figures.

``python -m bench.serving [buffering|gunicorn …]`` serves a site of its own on the loopback, about a minute a server.
"""

import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from tests.adapters.test_filetypes import PDF
from tests.faults.deadline import prepared
from tests.faults.people import Act, Browser, saves
from tests.faults.server import Server
from tests.faults.site import Site, make_site
from tests.faults.wire import Answer, page, posted, send

AT_ONCE, SECONDS, MEGABYTES = 200, 5.0, 49
SLOW = {
    "headers": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "bodies": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na",
}


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def told(name: str, answers: list[Answer], wanted: int, seconds: float) -> None:
    """Print how many were answered as wanted, how many a second, and how long they took."""
    took = [answer.seconds * 1000 for answer in answers]
    good = sum(answer.status == wanted for answer in answers)
    print(
        f"  {name:34} {good}/{len(answers)} as wanted, {len(answers) / seconds:6.1f} a second, "
        f"p50 {statistics.median(took):7.0f} ms, p95 {percentile(took, 0.95):7.0f} ms, max {max(took):7.0f} ms",
        flush=True,
    )


def typing(site: Site, port: int, writers: int) -> None:
    """Autosaves by several experts, each one after another."""
    acts: list[Act] = []
    took: list[float] = []

    class Timed(Browser):
        def send(self, act: Act) -> None:
            began = time.perf_counter()
            super().send(act)
            took.append(time.perf_counter() - began)

    class Ends:
        at = time.monotonic() + SECONDS

        def is_set(self) -> bool:
            return time.monotonic() > self.at

    threads = [
        Thread(target=saves, args=(Timed.of(port, cookie), subject, acts, Ends()))
        for cookie, subject in site.sheets[:writers]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told(f"saves, {writers} writers", [Answer(200, "", seconds) for seconds in took], 200, SECONDS)


def at_once(site: Site, port: int) -> None:
    """Submissions that all come together."""
    requests = prepared(port, site.drafts)
    began = time.monotonic()
    told(f"{AT_ONCE} submissions at once", send(port, requests), 303, time.monotonic() - began)


def pages(port: int, name: str, number: int) -> None:
    """The front page, one after another; whoever waits longer than ten seconds waits in vain."""
    began = time.monotonic()
    answers = [send(port, [page("", "/")], longest=10)[0] for _ in range(number)]
    told(name, answers, 200, time.monotonic() - began)


@contextmanager
def slow(port: int, request: bytes, number: int) -> Iterator[None]:
    """That many clients who begin a request and send no more, or read nothing of their answer."""
    connections = []
    for _ in range(number):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(request)
        connections.append(connection)
    time.sleep(1)
    yield
    for connection in connections:
        connection.close()


def upload(site: Site, port: int) -> bytes:
    """Put a large document into a draft; return the request that downloads it."""
    [(cookie, application)] = site.uploads
    browser = Browser.of(port, cookie)
    browser.open(f"/applications/{application}/documents")
    content = PDF.replace(b"\n", b"\n%" + b"x" * (MEGABYTES << 20) + b"\n", 1)
    edge = b"------limit"
    body = (
        edge + b'\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n' + content
        + b"\r\n" + edge + b"--\r\n"
    )  # fmt: skip
    path = f"/applications/{application}/documents/contracts"
    act = Act("upload", application, path, body, "multipart/form-data; boundary=----limit")
    told(f"a {MEGABYTES} MB upload", send(port, [posted(browser, act)]), 303, 1)
    browser.close()
    shown = Browser.of(port, cookie).open(f"/applications/{application}/documents")
    document = shown.rsplit('href="/documents/', 1)[1].split('"')[0]
    return page(cookie, f"/documents/{document}")


def measure(kind: str) -> None:
    """Everything, on one server."""
    print(kind)
    with tempfile.TemporaryDirectory() as folder:
        site = make_site(Path(folder), sheets=4, drafts=AT_ONCE, uploads=1)
        server = Server(site.environment, gunicorn=kind == "gunicorn")
        server.start()
        try:
            everything(site, server.port)
        finally:
            server.stop()


def everything(site: Site, port: int) -> None:
    """Each measurement, one after another."""
    pages(port, "pages", 20)
    for writers in (1, 4):
        typing(site, port, writers)
    at_once(site, port)
    download = upload(site, port)
    told("its download", send(port, [download]), 200, 1)
    for kind, request in {**SLOW, "readers": download}.items():
        for number in (8, 100):
            with slow(port, request, number):
                pages(port, f"pages beside {number} slow {kind}", 3)


def main(kinds: Sequence[str]) -> None:
    """Measure these servers, or both."""
    for kind in kinds or ("buffering", "gunicorn"):
        measure(kind)


if __name__ == "__main__":
    main(sys.argv[1:])
