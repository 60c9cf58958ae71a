"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.applications import (
    pages_activities,
    pages_applications,
    pages_cluster,
    pages_documents,
    pages_nomination,
    pages_papers,
    pages_receipts,
    pages_sections,
    pages_signatures,
    pages_submission,
)
from judging.web.applications.blueprint import blueprint

__all__ = [
    "blueprint", "pages_activities", "pages_applications", "pages_cluster", "pages_documents", "pages_nomination",
    "pages_papers", "pages_receipts", "pages_sections", "pages_signatures", "pages_submission",
]  # fmt: skip
