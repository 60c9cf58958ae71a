"""An expert's work on one application: the declaration, the draft, handing in; and its return by the secretary."""

from judging.services.scoring.batch_submit import Asked, Outcome, submit_reviews
from judging.services.scoring.draft_save import SheetDraft, save_draft
from judging.services.scoring.marks_save import Marks, save_marks
from judging.services.scoring.review_declare import declare_no_conflict, recuse
from judging.services.scoring.review_decline import decline_review
from judging.services.scoring.review_gate import Closed, why_closed
from judging.services.scoring.review_later import put_off, take_up_again
from judging.services.scoring.review_return import return_review
from judging.services.scoring.review_submit import submit_review

__all__ = [
    "Asked", "Closed", "Marks", "Outcome", "SheetDraft", "declare_no_conflict", "decline_review", "put_off", "recuse",
    "return_review", "save_draft", "save_marks", "submit_review", "submit_reviews", "take_up_again", "why_closed",
]  # fmt: skip
