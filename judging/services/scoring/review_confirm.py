"""An application that was submitted anew while it was reviewed: its expert takes account of the changes."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import NotPossible, ReviewStatus
from judging.models import Review
from judging.queries.versions_read import last_number
from judging.services.audit import record
from judging.services.concurrency import Stale
from judging.services.holding import hold_with
from judging.services.scoring.review_gate import label_of, require_open
from judging.services.scoring.version_read import note_read


def confirm_changes(session: Session, review: Review, number: int, *, by: By) -> bool:
    """Note that the expert has read submission ``number`` of the application; False where that is noted already.

    The version of the sheet stays: what is typed on it elsewhere is not overtaken by this. Raises ``NotPossible``
    unless the review is in work, ``GateClosed`` or ``Closed`` where it can no longer change, :class:`Stale` where the
    application has another last submission than the one that was looked at.
    """
    hold_with(session, review, shared=True)
    require_open(review)
    if review.status != ReviewStatus.ACCEPTED:
        raise NotPossible(N_("Only a review that is in work can take account of changes."))
    last, known = last_number(session, review.application_id), review.application_version
    if number != last:
        raise Stale(review)
    if known == last:
        return False
    note_read(session, review, last)
    record(
        session,
        Event.REVIEW_CHANGES_CONFIRMED,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"application_version": [known, last]},
    )
    return True
