"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.contests import (
    pages_contests,
    pages_copy,
    pages_creation,
    pages_criteria,
    pages_extensions,
    pages_launch,
    pages_milestones,
    pages_nominations,
    pages_public_texts,
    pages_rules,
    pages_settings,
    pages_stages,
    pages_visibility,
)
from judging.web.contests.blueprint import blueprint

__all__ = [
    "blueprint", "pages_contests", "pages_copy", "pages_creation", "pages_criteria", "pages_extensions", "pages_launch",
    "pages_milestones", "pages_nominations", "pages_public_texts", "pages_rules", "pages_settings", "pages_stages",
    "pages_visibility",
]  # fmt: skip
