"""``make run`` in a fresh copy of the sources: one command, and the demonstration can be read in a browser."""

import os
import shutil
import signal
import subprocess
import sys
import time
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


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_one_command_serves_the_demonstration(tmp_path: Path) -> None:
    clone, port = tmp_path / "clone", _free_port()
    shutil.copytree(ROOT, clone, ignore=NOT_IN_A_CLONE)
    venv = Path(sys.prefix)
    settings = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    # The environment is there already (-o): making it anew takes the network and a minute.
    command = ["make", "-o", f"{venv}/.run-ok", "run", f"VENV={venv}"]
    with (tmp_path / "said").open("wb") as said:
        running = subprocess.Popen(
            command, cwd=clone, env=settings | {"PORT": str(port)}, stdout=said, stderr=said, start_new_session=True
        )
        try:
            end = time.monotonic() + LONGEST_START
            while not read(port, "/")[0] and running.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
            (status, home), health = read(port, "/"), read(port, "/health")
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(60)
    assert (status, health[0]) == (200, 200), (tmp_path / "said").read_text("utf-8")[-3000:]
    assert [name in home for name in ("Идёт приём заявок", "Идёт экспертиза заявок", "Завершены")] == [True] * 3
