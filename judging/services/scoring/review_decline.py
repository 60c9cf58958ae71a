"""An expert refuses a task without a conflict of interest: the place is free at once, the draft stays where it is."""

from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.errors import N_, Refused
from judging.domain.events import Event
from judging.domain.lifecycle import Action, ReviewStatus, Subject, advance
from judging.domain.refusals import REFUSAL_LABELS, Refusal, refusal_faults, refusal_of, stored_refusal
from judging.models import Review, User
from judging.services import letters
from judging.services.audit import record
from judging.services.holding import hold_with
from judging.services.letters_to_staff import tell_secretaries
from judging.services.scoring.review_gate import label_of, require_open

DECLINED = letters.Wording(
    subject=N_("An expert refused application %(number)s"),
    body=N_(
        "%(name)s,\n\n"
        "in the contest “%(contest)s” the expert %(expert)s refused the review of application %(number)s.\n"
        "The reason: %(reason)s\n\n"
        "It is not a conflict of interest. The place is free; what the expert had written is kept. "
        "Whom the system proposes instead: %(link)s\n"
    ),
)


def decline_review(session: Session, review: Review, *, reason: str, words: str, by: By, refusals_url: str) -> Review:
    """Take the expert off at their own wish and tell the secretaries; no conflict is written down.

    ``reason`` is one of ``Refusal``; ``words`` explain it and are compulsory for another reason. Raises ``Refused``
    with the fields ``reason`` and ``words``, ``NotPossible`` where the task does not wait for the expert,
    ``GateClosed`` and ``Closed`` where no review is awaited.
    """
    hold_with(session, review)
    faults = refusal_faults(reason, words)
    if faults:
        raise Refused(faults)
    before = ReviewStatus(review.status)
    status = advance(Subject.REVIEW, before, Action.DECLINE, reason=reason)
    require_open(review)
    review.status, review.reason, review.later_at = status, stored_refusal(Refusal(reason), words), None
    record(
        session,
        Event.REVIEW_DECLINED,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"status": [before.value, status.value], "reason": review.reason},
    )
    _tell(session, review, by=by, refusals_url=refusals_url)
    return review


def _tell(session: Session, review: Review, *, by: By, refusals_url: str) -> None:
    application, (code, words) = review.application, refusal_of(review.reason)

    def said(person: User) -> dict[str, Any]:
        label = translated(person.locale, REFUSAL_LABELS[code], {})
        return {
            "number": application.number,
            "expert": review.expert.name,
            "reason": f"{label}: {words}" if words else label,
            "link": refusals_url,
        }

    key = f"review-declined-{review.id}-{by.now.isoformat()}"
    tell_secretaries(session, application.contest, DECLINED, said, key=key, now=by.now)
