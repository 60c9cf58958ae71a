"""What qpdf finds in a PDF, asked in a process of its own that may take so much time and memory and no more.

The process is :mod:`.inspector`, run as a script: it reads the file from its standard input and prints one word.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO

from judging.adapters.filetypes.faults import DAMAGED, INTRICATE, LAUNCH, PROGRAM, PROTECTED, SCRIPT, WrongFile

SCRIPT_PATH = Path(__file__).with_name("inspector.py")
AT_ONCE = BoundedSemaphore(2)
"""How many processes there may be; the others wait."""
LONGEST = 20
"""Seconds by the clock; the bound on processor time is the inspector's own and far shorter."""
CHUNK = 1 << 20

VERDICTS: Mapping[str, str] = {
    "password": PROTECTED,
    "damaged": DAMAGED,
    "script": SCRIPT,
    "launch": LAUNCH,
    "program": PROGRAM,
}
FINE = "fine"


def inspect(file: BinaryIO) -> None:
    """Raise :class:`WrongFile` for a PDF that asks for a password, runs something, or cannot be read within bounds."""
    with AT_ONCE:
        answer = _answer(file)
    if answer != FINE:
        raise WrongFile(VERDICTS.get(answer, INTRICATE))


def _answer(file: BinaryIO) -> str:
    file.seek(0)
    with TemporaryFile() as copy:
        while piece := file.read(CHUNK):
            copy.write(piece)
        copy.seek(0)
        command = [sys.executable, "-I", str(SCRIPT_PATH)]
        with Popen(command, stdin=copy, stdout=PIPE, stderr=DEVNULL) as process:  # noqa: S603 -- nothing but our own
            try:
                answer, _ = process.communicate(timeout=LONGEST)
            except TimeoutExpired:
                process.kill()
                return ""
    return answer.decode("ascii", "replace").strip() if process.returncode == 0 else ""
