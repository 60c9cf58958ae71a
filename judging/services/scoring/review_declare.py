"""The declaration that comes before everything else: no conflict of interest, or a recusal."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.conflicts import DECLARED, Reason, stored_reason
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.lifecycle import Action, ReviewStatus, Subject, advance, allowed
from judging.domain.stages import require_reviewing
from judging.models import Conflict, Review
from judging.queries.extensions import time_to_review
from judging.queries.teams import is_in_team
from judging.queries.versions_read import last_number
from judging.services.audit import record
from judging.services.conflicts import declare_conflict
from judging.services.holding import hold_with
from judging.services.kept_drafts import bring_back
from judging.services.scoring.review_gate import label_of, require_open

LONGEST_REASON = 1000


class OwnTeam(RuleViolation):
    """The expert is in the team whose application it is."""

    def __init__(self) -> None:
        super().__init__(N_("You are in the team of this application: declare the conflict of interest."))


def declare_no_conflict(session: Session, review: Review, *, by: By) -> Review:
    """Note that the expert declared no conflict: documents and sheet open, with what was written there before.

    Raises ``GateClosed``, ``Closed`` or ``NotOpen`` where no review is awaited, ``NotPossible`` where the declaration
    was made, :class:`OwnTeam` where it cannot be true.
    """
    hold_with(session, review, shared=True)
    require_open(review)
    time = time_to_review(session, review.application.contest, review.expert_id, by.now)
    require_reviewing(time.calendar, by.now)
    if review.expert.user_id is not None and is_in_team(session, review.application.team_id, review.expert.user_id):
        raise OwnTeam
    before = review.status
    with session.no_autoflush:  # one change of the row, one version
        review.status = advance(Subject.REVIEW, ReviewStatus(before), Action.ACCEPT)
        review.declared_at = by.now
        review.application_version = last_number(session, review.application_id)
        kept = bring_back(session, review)
    record(
        session,
        Event.NO_CONFLICT_DECLARED,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={"status": [before, str(review.status)]} | ({"draft_kept": kept.kept_at.isoformat()} if kept else {}),
    )
    return review


def recuse(session: Session, review: Review, *, reason: str, words: str = "", by: By) -> Conflict:
    """Take the expert off at their own wish; the pair goes on the list of conflicts.

    ``reason`` is one of ``DECLARED``; ``words`` explain it and are compulsory for another reason. Raises ``Refused``
    with the fields ``reason`` and ``words``, ``NotPossible`` where the task is the expert's no more.
    """
    hold_with(session, review)
    faults = _recusal_faults(reason, words.strip())
    if faults:
        raise Refused(faults)
    allowed(Subject.REVIEW, ReviewStatus(review.status), Action.RECUSE, reason=reason)
    return declare_conflict(session, review, reason=_stored(Reason(reason), words.strip()), by=by)


def _stored(reason: Reason, words: str) -> str:
    """A listed reason is kept as its code with the words added to it, another one as the expert's own words."""
    return words if reason is Reason.OTHER else stored_reason(reason, words)


def _recusal_faults(reason: str, words: str) -> list[Fault]:
    if reason not in DECLARED:
        return [Fault("reason", N_("Choose the kind of conflict"))]
    if reason == Reason.OTHER and not words:
        return [Fault("words", N_("Describe the conflict in a few words"))]
    if len(words) > LONGEST_REASON:
        return [Fault("words", N_("No more than %(limit)s characters"), {"limit": LONGEST_REASON})]
    return []
