"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.applications import (
    pages_activities,
    pages_applications,
    pages_changes,
    pages_cluster,
    pages_documents,
    pages_nomination,
    pages_receipts,
    pages_sections,
    pages_submission,
    pages_withdrawal,
)
from judging.web.applications.blueprint import blueprint

__all__ = [
    "blueprint", "pages_activities", "pages_applications", "pages_changes", "pages_cluster", "pages_documents",
    "pages_nomination", "pages_receipts", "pages_sections", "pages_submission", "pages_withdrawal",
]  # fmt: skip
