"""Documents of office programs as PDF: one at a time, by a program that the settings name."""

import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO

from judging.adapters.bounded import run
from judging.domain.errors import N_, RuleViolation

SCRIPT = Path(__file__).with_name("office_pdf.py")
LARGEST = 48 << 20
"""Bytes of the PDF."""
LONGEST = 120.0
"""Seconds by the clock; the script ends the program somewhat earlier by itself."""
TURNS = BoundedSemaphore(1)
CHUNK = 1 << 20


class NoRendition(RuleViolation):
    """No PDF of the document came of it within the bounds."""


def pdf_of(office: Path, file: BinaryIO, extension: str) -> bytes:
    """Return the PDF of a seekable document, ``extension`` being docx or xlsx; raise :class:`NoRendition`.

    Slow; never in a write transaction.
    """
    command = [sys.executable, "-I", str(SCRIPT), str(office), extension]
    with TURNS, TemporaryFile() as copy:
        file.seek(0)
        while piece := file.read(CHUNK):
            copy.write(piece)
        copy.seek(0)
        made = run(command, copy, most=LARGEST, longest=LONGEST)
    if made is None or not made.startswith(b"%PDF-"):
        raise NoRendition(N_("No PDF could be made of this document."))
    return made
