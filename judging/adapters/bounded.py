"""A script run in a process of its own, which bounds itself: what it may read, how long it may take, what it may say.

The scripts are modules of the product that import nothing else of it and set their own bounds on processor time and
memory (``resource``) before they look at their input. Whatever goes wrong is no answer.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, BinaryIO

AT_ONCE = BoundedSemaphore(2)
"""How many such processes there may be; the others wait."""
LONGEST = 20.0
"""Seconds by the clock; the bound on processor time is each script's own and far shorter."""
CHUNK = 1 << 20


def answer_of(
    script: Path,
    file: BinaryIO,
    *,
    most: int,
    longest: float = LONGEST,
    turns: BoundedSemaphore = AT_ONCE,
    arguments: Sequence[str] = (),
) -> bytes | None:
    """Run ``script`` over a seekable file; return what it says, None where it failed or went beyond a bound.

    ``turns``: by what they wait that are too many at once; ``arguments`` are of the script.
    """
    command = [sys.executable, "-I", str(script), *arguments]
    with turns, TemporaryFile() as copy:
        file.seek(0)
        while piece := file.read(CHUNK):
            copy.write(piece)
        copy.seek(0)
        return run(command, copy, most=most, longest=longest)


def run(command: Sequence[str], given: IO[bytes] | int, *, most: int, longest: float) -> bytes | None:
    """Run a command with ``given`` as its input; its answer goes to a file, so that it cannot grow in memory."""
    with TemporaryFile() as said:
        with Popen(command, stdin=given, stdout=said, stderr=DEVNULL) as process:  # noqa: S603 -- only our own
            try:
                process.wait(timeout=longest)
            except TimeoutExpired:
                process.kill()
                return None
        size = said.seek(0, 2)
        said.seek(0)
        return said.read() if process.returncode == 0 and size <= most else None


def outcome_of(command: Sequence[str], *, environment: dict[str, str], longest: float, most: int) -> tuple[int, str]:
    """Run a command without input; return its exit code (-1: it took too long) and what it complains of."""
    with Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=environment) as process:  # noqa: S603 -- our own
        try:
            _, complaint = process.communicate(timeout=longest)
        except TimeoutExpired:
            process.kill()
            process.communicate()
            return -1, ""
    return process.returncode, complaint[:most].decode("utf-8", "replace")
