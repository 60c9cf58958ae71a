"""The secretary gives a submitted review back to its expert, with a reason; what was handed in stays on record."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import Action, NotPossible, ReviewStatus, Subject, advance
from judging.models import Review
from judging.queries.scoring import latest_version
from judging.services import letters
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold_with
from judging.services.scoring.review_gate import label_of, require_open
from judging.services.scoring.review_submit import keep_version

RETURNED = letters.Wording(
    subject=N_("Your review of application %(number)s was returned to you"),
    body=N_(
        "%(name)s,\n\n"
        "the secretary of the contest “%(contest)s” returned your review of application %(number)s, “%(title)s”.\n\n"
        "The reason: %(reason)s\n\n"
        "Your marks and comments are kept. Please sign in, open “My reviews”, correct the review and submit it again: "
        "until then it is a draft and does not count.\n"
    ),
)


def return_review(session: Session, review: Review, *, reason: str, version: int, by: By) -> Review:
    """Make a submitted review a draft again and tell its expert why; the version handed in is kept.

    Raises ``NotPossible`` unless it is submitted, ``ReasonMissing``, ``Stale``; ``GateClosed`` once the ranking is
    frozen.
    """
    hold_with(session, review)
    status = advance(Subject.REVIEW, ReviewStatus(review.status), Action.RETURN, reason=reason)
    check_version(review, version)
    require_open(review)
    if review.set_aside_at is not None:
        raise NotPossible(N_("The review is set aside: let it count again before it is returned."))
    number = _kept_number(session, review)
    before, review.status = review.status, status
    review.reason, review.submitted_at, review.lateness = reason.strip(), None, None
    record(
        session,
        Event.REVIEW_RETURNED,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"status": [before, str(status)], "reason": reason.strip(), "version": number},
    )
    _tell(session, review, number, now=by.now)
    return review


def _kept_number(session: Session, review: Review) -> int:
    """Return the number of the version handed in; one that came with an archive is written down now."""
    last = latest_version(session, review.id)
    if last is None:
        last = keep_version(session, review, made_at=review.submitted_at or review.created_at, made_by_id=None)
    return last.number


def _tell(session: Session, review: Review, number: int, *, now: datetime) -> None:
    expert, application = review.expert, review.application
    letters.write(
        session,
        RETURNED,
        key=f"review-returned-{review.id}-{number}",
        recipient=expert.user.email if expert.user else expert.email,
        locale=expert.user.locale if expert.user else "ru",
        params={
            "name": expert.name,
            "contest": application.contest.title,
            "number": application.number,
            "title": application.title,
            "reason": review.reason,
        },
        now=now,
        contest_id=review.contest_id,
    )
