"""An expert's work on one application: the declaration, the draft, handing in; and its return by the secretary."""

from judging.services.scoring.declaring import declare_no_conflict, recuse
from judging.services.scoring.drafting import save_draft
from judging.services.scoring.gate import Closed, why_closed
from judging.services.scoring.returning import return_review
from judging.services.scoring.submitting import submit_review

__all__ = [
    "Closed", "declare_no_conflict", "recuse", "return_review", "save_draft", "submit_review",
    "why_closed",
]  # fmt: skip
