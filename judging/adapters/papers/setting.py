"""A paper set as PDF (typst) or as a Word document (python-docx), in a process of its own with bounds on its time.

The data of a paper are handed to the script as JSON and are nowhere read as markup. A paper is blocks, each with its
``kind``: ``heading``, ``text``, ``facts`` (rows of two), ``table``, ``signatures`` (rows of who signs and the name).
"""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from judging.adapters.bounded import answer_of
from judging.domain.errors import N_, RuleViolation

SCRIPTS: Mapping[str, Path] = {
    "pdf": Path(__file__).with_name("typeset_pdf.py"),
    "docx": Path(__file__).with_name("typeset_docx.py"),
}
MEDIA: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LARGEST = 32 << 20
"""Bytes of what comes out."""
LONGEST = 60.0
TURNS = BoundedSemaphore(2)
"""Of their own: whoever uploads files does not wait for those who print."""
ASKED = BoundedSemaphore(10)
"""Papers that are made or waited for at once; whoever comes then is asked to come again, and holds no thread."""


class NotSet(RuleViolation):
    """The paper could not be made within its bounds."""


def set_paper(sheet: Mapping[str, Any], extension: str) -> bytes:
    """Return the paper as a file; raise :class:`NotSet` where it takes too long, or too many are asked for at once.

    Slow; never in a write transaction.
    """
    given, made = BytesIO(json.dumps(sheet, ensure_ascii=False).encode()), None
    if ASKED.acquire(blocking=False):
        try:
            made = answer_of(SCRIPTS[extension], given, most=LARGEST, longest=LONGEST, turns=TURNS)
        finally:
            ASKED.release()
    if not made:
        raise NotSet(N_("The paper could not be made now. Try again in a minute."))
    return made
