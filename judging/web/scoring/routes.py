"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.scoring import (
    dossier,
    other_answers,
    others,
    pages_declaration,
    pages_queue,
    pages_sheet,
    pages_submission,
    scales,
    task_rows,
)
from judging.web.scoring.blueprint import blueprint

__all__ = [
    "blueprint", "dossier", "other_answers", "others", "pages_declaration", "pages_queue", "pages_sheet",
    "pages_submission", "scales", "task_rows",
]  # fmt: skip
