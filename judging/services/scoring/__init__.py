"""An expert's work on one application: the declaration, the draft, handing in; and its return by the secretary."""

from judging.services.scoring.batch_submit import Asked, Outcome, submit_reviews
from judging.services.scoring.draft_save import SheetDraft, save_draft
from judging.services.scoring.found_copy import copy_is_overtaken
from judging.services.scoring.marks_save import Marks, save_marks
from judging.services.scoring.offline_load import SheetsLoad, all_kept, assess_sheets, load_sheets
from judging.services.scoring.review_confirm import confirm_changes
from judging.services.scoring.review_declare import declare_no_conflict, recuse
from judging.services.scoring.review_decline import decline_review
from judging.services.scoring.review_gate import Closed, why_closed
from judging.services.scoring.review_later import put_off, take_up_again
from judging.services.scoring.review_return import return_review
from judging.services.scoring.review_set_aside import count_review_again, set_review_aside
from judging.services.scoring.review_submit import submit_review
from judging.services.scoring.sheet_restore import restore_sheet
from judging.services.scoring.version_read import changes_unseen

__all__ = [
    "Asked", "Closed", "Marks", "Outcome", "SheetDraft", "SheetsLoad", "all_kept", "assess_sheets", "changes_unseen",
    "confirm_changes", "copy_is_overtaken", "count_review_again", "declare_no_conflict", "decline_review",
    "load_sheets", "put_off", "recuse", "restore_sheet", "return_review", "save_draft", "save_marks",
    "set_review_aside", "submit_review", "submit_reviews", "take_up_again", "why_closed",
]  # fmt: skip
