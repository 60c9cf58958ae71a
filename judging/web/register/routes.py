"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.register import (
    pages_application,
    pages_decisions,
    pages_marks,
    pages_nomination,
    pages_register,
    pages_returns,
    pages_review,
    pages_review_history,
    pages_submissions,
)
from judging.web.register.blueprint import blueprint

__all__ = [
    "blueprint", "pages_application", "pages_decisions", "pages_marks", "pages_nomination", "pages_register",
    "pages_returns", "pages_review", "pages_review_history", "pages_submissions",
]  # fmt: skip
