"""An expert's work on one application: the declaration, the draft, handing in; and its return by the secretary."""

from judging.services.scoring.draft_save import SheetDraft, save_draft
from judging.services.scoring.review_confirm import confirm_changes
from judging.services.scoring.review_declare import declare_no_conflict, recuse
from judging.services.scoring.review_gate import Closed, why_closed
from judging.services.scoring.review_return import return_review
from judging.services.scoring.review_submit import submit_review
from judging.services.scoring.version_read import changes_unseen

__all__ = [
    "Closed", "SheetDraft", "changes_unseen", "confirm_changes", "declare_no_conflict", "recuse", "return_review",
    "save_draft", "submit_review", "why_closed",
]  # fmt: skip
