"""What is acknowledged has reached the disk: seen from outside, in the system calls of the running server."""

import re
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.people import Act, Browser, form, submission, upload
from tests.faults.server import Server
from tests.faults.site import make_site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is a tool of Linux; the same calls are tested "
                                "through Python in tests/adapters/test_durable.py")  # fmt: skip
CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2,recvfrom,sendto,write"
FLUSHED = re.compile(r"\b(fsync|fdatasync)\(\d+<([^>]*)>")
RENAMED = re.compile(r'\brename(?:at2?)?\(.*"([^"]*)"[^"]*$')
ANSWERED = re.compile(r'\b(?:sendto|write)\(\d+<[^>]*>, "HTTP/1\.[01] ')


def tracer() -> str:
    """Where strace is; says what to install where it is not."""
    found = shutil.which("strace")
    assert found, (
        "strace is missing, so nobody sees whether anything reaches the disk (Debian: apt-get install strace)."
    )
    return found


@dataclass
class Traced:
    """A server under strace, with who works on what."""

    folder: Path
    port: int
    trace: Path
    sheet: tuple[str, int]
    draft: tuple[str, int]
    filling: tuple[str, int]

    def during(self, act: Act) -> list[str]:
        """What reached the disk between the arrival of a form and its answer, in order, by the file's name."""
        lines = self.trace.read_text("utf-8", "replace").splitlines()
        arrived = next(n for n, line in enumerate(lines) if f'"POST {act.path} HTTP' in line)
        answered = next(n for n, line in enumerate(lines[arrived:], arrived) if ANSWERED.search(line))
        found = []
        for line in lines[arrived:answered]:
            if flushed := FLUSHED.search(line):
                found.append(f"flushed {Path(flushed[2]).name}")
            elif renamed := RENAMED.search(line):
                found.append(f"named {Path(renamed[1]).name}")
        return found


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    strace, folder = tracer(), tmp_path_factory.mktemp("traced")
    trace = folder / "trace"
    site = make_site(folder / "instance", sheets=1, drafts=1, uploads=1)
    line = [strace, "-f", "-y", "-qq", "-s", "300", "-e", CALLS, "-o", str(trace)]
    server = Server(site.environment, before=line)
    server.start()
    yield Traced(folder / "instance", server.port, trace, site.sheets[0], site.drafts[0], site.uploads[0])
    server.kill()


def test_an_autosave_is_flushed_before_it_is_answered(traced: Traced) -> None:
    cookie, review = traced.sheet
    browser = Browser.of(traced.port, cookie)
    browser.open(f"/reviews/{review}")
    fields: dict[str, object] = {"version": 2, "comment-E1": "Образец испытан."}
    act = form("save", review, f"/reviews/{review}/draft?tab=one", fields)
    browser.send(act)
    browser.close()
    assert "flushed judging.sqlite3-wal" in traced.during(act)


def test_an_upload_is_flushed_with_its_folder_before_it_is_answered(traced: Traced) -> None:
    cookie, application = traced.filling
    browser = Browser.of(traced.port, cookie)
    browser.open(f"/applications/{application}/documents")
    act = upload(application, browser.token, secrets.token_hex(16))
    browser.send(act)
    browser.close()
    found = traced.during(act)
    named = next(n for n, line in enumerate(found) if line.startswith("named "))
    digest = found[named].removeprefix("named ")
    assert re.fullmatch("flushed .*[.]part", found[named - 1])
    assert found[named + 1] == f"flushed {digest[:2]}"
    assert "flushed judging.sqlite3-wal" in found[named + 2 :]


def test_a_submission_is_flushed_before_it_is_answered(traced: Traced) -> None:
    cookie, application = traced.draft
    browser, acts = Browser.of(traced.port, cookie), list[Act]()
    submission(browser, application, acts, threading.Event())
    browser.close()
    assert "flushed judging.sqlite3-wal" in traced.during(acts[0])
