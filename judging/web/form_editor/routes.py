"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.form_editor import (
    pages_checks,
    pages_fields,
    pages_files,
    pages_index,
    pages_preview,
    pages_sections,
    pages_templates,
    pages_versions,
)
from judging.web.form_editor.blueprint import blueprint

__all__ = [
    "blueprint", "pages_checks", "pages_fields", "pages_files", "pages_index", "pages_preview",
    "pages_sections", "pages_templates", "pages_versions",
]  # fmt: skip
