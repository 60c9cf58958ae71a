"""A sheet brought back to what it said at a moment; what it said until now stays in its history."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.models import Review
from judging.queries.sheet_histories import sheet_at
from judging.services.scoring.draft_save import SheetDraft, save_draft


def restore_sheet(session: Session, review: Review, *, moment: datetime, version: int, by: By) -> Review:
    """Save the draft as it was at ``moment``, its last save then included.

    Raises what :func:`save_draft` raises: ``Stale`` where the sheet was changed since ``version``, ``NotPossible`` once
    it is submitted, ``Refused`` where a mark of then is not on the scale of now.
    """
    then = sheet_at(session, review, moment)
    draft = SheetDraft(
        scores=then.scores,
        comments=then.comments,
        recommendation=then.recommendation.value if then.recommendation else None,
        version=version,
        restored=moment,
        abstained=then.abstained,
        to_applicant=then.to_applicant,
        private=then.private,
        confidence=then.confidence.value if then.confidence else None,
        in_scope=then.in_scope,
        scope_reason=then.scope_reason,
    )
    return save_draft(session, review, draft, by=by)
