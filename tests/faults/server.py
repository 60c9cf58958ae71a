"""The product as it runs: web server and the worker beside it, one process group, which can be killed at a stroke."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LONGEST_START = 60.0


class Server:
    """The web server of an installation, and with ``worker`` its background worker too; ``start`` waits for both.

    One process serves as ``make run`` does on SQLite (``judging serve``) unless ``gunicorn`` is wanted, several as on
    PostgreSQL.
    ``before`` is what stands in front of the server's command line, such as a tracer.
    """

    def __init__(
        self,
        environment: dict[str, str],
        *,
        workers: int = 1,
        worker: bool = False,
        before: Sequence[str] = (),
        gunicorn: bool = False,
    ) -> None:
        self.port = _free_port()
        self._environment = os.environ | environment | {"PORT": str(self.port)}
        several = [
            str(BIN / "gunicorn"), "wsgi:app", "--bind", f"127.0.0.1:{self.port}", "--workers", str(workers),
            "--threads", "8", "--worker-class", "gthread", "--no-control-socket", "--log-level", "error",
        ]  # fmt: skip
        one = [str(BIN / "flask"), "--app", "wsgi", "judging", "serve", "--port", str(self.port)]
        self._lines = [[*before, *(several if gunicorn or workers > 1 else one)]]
        if worker:
            self._lines.append([str(BIN / "flask"), "--app", "wsgi", "judging", "work", "--watch"])
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start everything in a process group of its own; return when the server takes connections."""
        for line in self._lines:
            group = self.processes[0].pid if self.processes else 0
            self.processes.append(
                subprocess.Popen(line, cwd=ROOT, env=self._environment, process_group=group, stderr=subprocess.DEVNULL)
            )
        self._wait()

    def kill(self) -> None:
        """Kill -9 all of it."""
        os.killpg(self.processes[0].pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """End it as an administrator does."""
        for process in self.processes:
            process.terminate()
        self._reap()

    def _reap(self) -> None:
        for process in self.processes:
            process.wait(timeout=30)
        self.processes.clear()

    def _wait(self) -> None:
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end and self.processes[0].poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
                    connection.sendall(b"GET /favicon.ico HTTP/1.0\r\n\r\n")
                    if connection.recv(12):
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
