"""A sheet that a browser found in its own copy when it was opened again: it may be older than what was sent."""

from sqlalchemy.orm import Session

from judging.domain.sheet_history import is_overtaken, texts_of
from judging.models import Review
from judging.queries.scoring import stored_sheet
from judging.queries.sheet_histories import saves_of
from judging.services.scoring.draft_save import SheetDraft, drafted


def copy_is_overtaken(session: Session, review: Review, draft: SheetDraft) -> bool:
    """Say whether everything on the copy is on the stored sheet or was on it once: then nothing of it is to be saved.

    Raises ``Refused`` for answers that are none of those offered.
    """
    return is_overtaken(texts_of(drafted(draft)), texts_of(stored_sheet(review)), saves_of(session, review.id))
