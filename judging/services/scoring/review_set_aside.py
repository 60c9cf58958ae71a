"""The secretary sets a submitted review aside, with a reason, or lets it count again; the sheet itself stays as it is.

What is set aside can be read by everybody who could read it before. It does not count, and its place is open for
another expert, exactly as if the pair had come into conflict.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import Action, NotPossible, ReviewStatus, Subject, allowed
from judging.models import Review
from judging.services import letters
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold_with
from judging.services.scoring.review_gate import label_of, require_open

SET_ASIDE = letters.Wording(
    subject=N_("Your review of application %(number)s was set aside"),
    body=N_(
        "%(name)s,\n\n"
        "the secretary of the contest “%(contest)s” set your review of application %(number)s, “%(title)s”, aside: "
        "it stays as you handed it in and does not count in the ranking.\n\n"
        "The reason: %(reason)s\n\n"
        "You need not do anything. If you think that this is a mistake, write to the secretary of the contest.\n"
    ),
)
COUNTED_AGAIN = letters.Wording(
    subject=N_("Your review of application %(number)s counts again"),
    body=N_(
        "%(name)s,\n\n"
        "your review of application %(number)s, “%(title)s”, in the contest “%(contest)s” had been set aside. "
        "It counts in the ranking again, as you handed it in.\n\n"
        "The reason: %(reason)s\n\n"
        "You need not do anything.\n"
    ),
)


def set_review_aside(session: Session, review: Review, *, reason: str, version: int, by: By) -> Review:
    """Take a submitted review out of the count, open its place for another expert, and tell its expert why.

    Raises ``NotPossible`` unless it is submitted and counts, ``ReasonMissing``, ``Stale``; ``GateClosed`` once the
    ranking is frozen.
    """
    _held(session, review, Action.SET_ASIDE, reason, version)
    if review.set_aside_at is not None:
        raise NotPossible(N_("The review is set aside already."))
    review.set_aside_at, review.set_aside_reason, review.set_aside_by_id = by.now, reason.strip(), by.actor.user_id
    _note(session, review, Event.REVIEW_SET_ASIDE, SET_ASIDE, reason, by=by)
    return review


def count_review_again(session: Session, review: Review, *, reason: str, version: int, by: By) -> Review:
    """Let a review that was set aside count again, and tell its expert.

    Raises ``NotPossible`` unless it is set aside, and what :func:`set_review_aside` raises.
    """
    _held(session, review, Action.COUNT_AGAIN, reason, version)
    if review.set_aside_at is None:
        raise NotPossible(N_("The review is not set aside."))
    review.set_aside_at = review.set_aside_reason = review.set_aside_by_id = None
    _note(session, review, Event.REVIEW_COUNTED_AGAIN, COUNTED_AGAIN, reason, by=by)
    return review


def _held(session: Session, review: Review, action: Action, reason: str, version: int) -> None:
    hold_with(session, review)
    allowed(Subject.REVIEW, ReviewStatus(review.status), action, reason=reason)
    check_version(review, version)
    require_open(review)


def _note(
    session: Session, review: Review, event: Event, wording: letters.Wording, reason: str, *, by: By
) -> None:  # fmt: skip
    record(
        session,
        event,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"reason": reason.strip()},
    )
    _tell(session, review, wording, reason.strip(), now=by.now)


def _tell(session: Session, review: Review, wording: letters.Wording, reason: str, *, now: datetime) -> None:
    expert, application = review.expert, review.application
    letters.write(
        session,
        wording,
        key=f"review-set-aside-{review.id}-{review.version}",
        recipient=expert.user.email if expert.user else expert.email,
        locale=expert.user.locale if expert.user else "ru",
        params={
            "name": expert.name,
            "contest": application.contest.title,
            "number": application.number,
            "title": application.title,
            "reason": reason,
        },
        now=now,
        contest_id=review.contest_id,
    )
