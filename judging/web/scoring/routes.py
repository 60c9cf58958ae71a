"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.scoring import (
    pages_changes,
    pages_declaration,
    pages_queue,
    pages_sheet,
    pages_submission,
    scales,
    task_rows,
    where_to_look,
)
from judging.web.scoring.blueprint import blueprint

__all__ = [
    "blueprint", "pages_changes", "pages_declaration", "pages_queue", "pages_sheet", "pages_submission", "scales",
    "task_rows", "where_to_look",
]  # fmt: skip
