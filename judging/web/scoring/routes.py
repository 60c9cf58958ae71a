"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.scoring import (
    dossier,
    other_answers,
    others,
    pages_changes,
    pages_declaration,
    pages_documents,
    pages_history,
    pages_offline,
    pages_print,
    pages_queue,
    pages_refusal,
    pages_sheet,
    pages_side_by_side,
    pages_submission,
    pages_table,
    scales,
    summary_words,
    task_rows,
    where_to_look,
)
from judging.web.scoring.blueprint import blueprint

__all__ = [
    "blueprint", "dossier", "other_answers", "others", "pages_changes", "pages_declaration", "pages_documents",
    "pages_history", "pages_offline", "pages_print", "pages_queue", "pages_refusal", "pages_sheet",
    "pages_side_by_side", "pages_submission", "pages_table", "scales", "summary_words", "task_rows", "where_to_look",
]  # fmt: skip
