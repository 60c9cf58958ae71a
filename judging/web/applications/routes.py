"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.applications import (
    expert_comments,
    pages_activities,
    pages_all_documents,
    pages_applications,
    pages_arriving,
    pages_certification,
    pages_changes,
    pages_cluster,
    pages_documents,
    pages_earlier,
    pages_kit,
    pages_nomination,
    pages_papers,
    pages_people,
    pages_previews,
    pages_receipts,
    pages_renditions,
    pages_sections,
    pages_signatures,
    pages_submission,
    pages_withdrawal,
)
from judging.web.applications.blueprint import blueprint

__all__ = [
    "blueprint", "expert_comments", "pages_activities", "pages_all_documents", "pages_applications", "pages_arriving",
    "pages_certification", "pages_changes", "pages_cluster", "pages_documents", "pages_earlier", "pages_kit",
    "pages_nomination", "pages_papers", "pages_people", "pages_previews", "pages_receipts", "pages_renditions",
    "pages_sections", "pages_signatures", "pages_submission", "pages_withdrawal",
]  # fmt: skip
