"""``make run`` in a fresh copy of the sources: one command, and the demonstration can be read in a browser."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.faults.server import _free_port

ROOT = Path(__file__).resolve().parents[2]
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "instance", "build", "screenshots", "*.mo"
)
LONGEST_START = 240.0


def read(port: int, path: str) -> tuple[int, str]:
    """The status and the text of one page; (0, "") where nothing answers yet."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


@dataclass(frozen=True)
class Running:
    """``make run`` in a copy of the sources: where it serves, and the file of what it says."""

    port: int
    said: Path


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The one command, from nothing until something answers."""
    clone, made = tmp_path / "clone", Running(_free_port(), tmp_path / "said")
    shutil.copytree(ROOT, clone, ignore=NOT_IN_A_CLONE)
    venv = Path(sys.prefix)
    settings = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    settings["PORT"] = str(made.port)
    # The environment is there already (-o): making it anew takes the network and a minute.
    command = ["make", "-o", f"{venv}/.run-ok", "run", f"VENV={venv}"]
    with made.said.open("wb") as said:
        process = subprocess.Popen(command, cwd=clone, env=settings, stdout=said, stderr=said, start_new_session=True)
        try:
            end = time.monotonic() + LONGEST_START
            while not read(made.port, "/")[0] and process.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
            yield made
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_one_command_serves_the_demonstration(running: Running) -> None:
    (status, home), health = read(running.port, "/"), read(running.port, "/health")
    assert (status, health[0]) == (200, 200), running.said.read_text("utf-8")[-3000:]
    assert [name in home for name in ("Идёт приём заявок", "Идёт экспертиза заявок", "Завершены")] == [True] * 3
