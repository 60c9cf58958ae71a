"""Pages of a PDF as pictures: the browser of a reader never meets the PDF itself, which is somebody else's program."""

from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from judging.adapters.bounded import answer_of
from judging.domain.errors import N_, RuleViolation

SCRIPT = Path(__file__).with_name("pdf_page.py")
MOST_PAGES = 5
"""How many pages are shown; whoever wants more downloads the file."""
LARGEST = 4 << 20
"""Bytes of one picture."""
LONGEST = 10.0
TURNS = BoundedSemaphore(2)
"""Of their own: whoever uploads files does not wait for those who look at them."""
PNG = b"\x89PNG\r\n\x1a\n"


class NoPicture(RuleViolation):
    """The page cannot be shown within its bounds, or the file has no such page."""


def page_count(file: BinaryIO) -> int | None:
    """Return how many pages a seekable PDF has; None where nobody can tell within bounds."""
    answer = answer_of(SCRIPT, file, most=20, longest=LONGEST, arguments=("count",))
    text = (answer or b"").decode("ascii", "replace")
    return int(text) if text.isdecimal() and 0 < int(text) < 1_000_000 else None


def page_picture(file: BinaryIO, number: int) -> bytes:
    """Return a page (from 1) as PNG; raise :class:`NoPicture`. Slow; never in a write transaction."""
    answer = answer_of(SCRIPT, file, most=LARGEST, longest=LONGEST, turns=TURNS, arguments=(str(number),))
    if answer is None or not answer.startswith(PNG):
        raise NoPicture(N_("This page cannot be shown here: download the file and open it on your computer."))
    return answer
