"""After a refusal: another expert in the place of the one who refused, or the same one asked again."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import Action, NotPossible, ReviewStatus, Subject, advance
from judging.models import Contest, Review
from judging.queries.conflicts import are_barred
from judging.services.assignment.experts_notify import tell_asked_again
from judging.services.assignment.review_assign import PairBarred, Reassignment, reassign_review
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold


def replace_refused(
    session: Session, contest: Contest, review: Review, change: Reassignment, *, by: By, tasks_url: str
) -> Review:
    """Assign another expert to the application of a refused task and tell them at once; the refused draft stays.

    Raises what :func:`reassign_review` raises, and ``NotPossible`` where the task is not refused.
    """
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(review)
    check_version(review, change.version)
    if not ReviewStatus(review.status).is_declined:
        raise NotPossible(N_("Only a task that its expert refused is replaced."))
    return reassign_review(session, contest, review, change, by=by, tasks_url=tasks_url)


def ask_again(session: Session, contest: Contest, review: Review, *, version: int, by: By, tasks_url: str) -> Review:
    """Give a refused task to its expert again, with the draft that was kept, and tell them.

    The expert declares anew. Raises ``GateClosed``, ``Stale``, ``NotPossible`` where the task is not refused, and
    :class:`PairBarred`.
    """
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(review)
    check_version(review, version)
    before = ReviewStatus(review.status)
    status = advance(Subject.REVIEW, before, Action.ASK_AGAIN)
    if are_barred(session, expert_id=review.expert_id, application_id=review.application_id):
        raise PairBarred(N_("This expert has a conflict of interest with this application."))
    review.status, review.reason = status, None
    record(
        session,
        Event.REVIEW_ASKED_AGAIN,
        by=by,
        subject=review,
        label=f"{review.expert.name} / {review.application.number}",
        contest_id=contest.id,
        details={"status": [before.value, status.value]},
    )
    tell_asked_again(session, review, now=by.now, tasks_url=tasks_url)
    return review
