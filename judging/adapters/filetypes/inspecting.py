"""What qpdf finds in a PDF, asked in a process of its own that may take so much time and memory and no more.

The process is :mod:`.inspector`, run as a script: it reads the file from its standard input and prints one word.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from judging.adapters.bounded import answer_of
from judging.adapters.filetypes.faults import DAMAGED, INTRICATE, LAUNCH, PROGRAM, PROTECTED, SCRIPT, WrongFile

SCRIPT_PATH = Path(__file__).with_name("inspector.py")
LONGEST_WORD = 100

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
    answer = (answer_of(SCRIPT_PATH, file, most=LONGEST_WORD) or b"").decode("ascii", "replace").strip()
    if answer != FINE:
        raise WrongFile(VERDICTS.get(answer, INTRICATE))
