"""Putting a task off: the draft is saved, and the task comes back after all others; it is no nearer to being done."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from judging.domain.access import By
from judging.domain.events import Event
from judging.domain.rubric import ExpertCriterion
from judging.models import Review
from judging.services.audit import record
from judging.services.scoring.draft_save import SheetDraft, save_draft
from judging.services.scoring.review_gate import label_of

REVIEWS = cast(Table, Review.__table__)


def put_off(
    session: Session, review: Review, draft: SheetDraft, *, by: By, rules: Sequence[ExpertCriterion] | None = None
) -> Review:
    """Save the draft and put the task behind all others; one that was put off already goes to the very end.

    Raises what :func:`save_draft` raises, and then nothing is put off.
    """
    save_draft(session, review, draft, by=by, rules=rules)
    return _turn(session, review, by.now, by=by)


def take_up_again(
    session: Session, review: Review, draft: SheetDraft, *, by: By, rules: Sequence[ExpertCriterion] | None = None
) -> Review:
    """Save the draft and give the task its turn back. Raises what :func:`save_draft` raises."""
    save_draft(session, review, draft, by=by, rules=rules)
    return review if review.later_at is None else _turn(session, review, None, by=by)


def _turn(session: Session, review: Review, later: datetime | None, *, by: By) -> Review:
    """Note the place in the queue. It is no part of the sheet: its version stays, and no other tab becomes stale."""
    session.flush()
    session.execute(update(REVIEWS).where(REVIEWS.c.id == review.id).values(later_at=later))
    set_committed_value(review, "later_at", later)
    record(
        session,
        Event.REVIEW_PUT_OFF,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"later": later is not None},
    )
    return review
