"""Changes of the plan by hand: propose, remove, hand over; additional reviews after a divergence."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import (
    INITIAL,
    Action,
    ApplicationStatus,
    NotPossible,
    ReasonMissing,
    ReviewStatus,
    Subject,
    allowed,
)
from judging.domain.lifecycle.review import OCCUPIED, OFF, UNFINISHED
from judging.models import Application, Contest, Expert, Review
from judging.queries.assignment import places
from judging.queries.assignment.divergences import divergences
from judging.queries.conflicts import are_barred
from judging.queries.contests import rules_of
from judging.services.assignment.experts_notify import notify_assignments, tell_removed
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold
from judging.services.kept_drafts import keep_draft, written_on


class PairBarred(RuleViolation):
    """The pair is in conflict."""


class PairTaken(RuleViolation):
    """The expert has, or has declined, a task on this application."""


class ReasonNeeded(RuleViolation):
    """Beyond the limit of the expert or of the application: possible, with a reason."""


class NoAdditionalNeeded(RuleViolation):
    """The reviews of the application have not diverged, or the additional one is on its way."""


def propose_review(
    session: Session,
    contest: Contest,
    *,
    expert: Expert,
    application: Application,
    by: By,
    reason: str = "",
) -> Review:
    """Propose one expert for one application; the expert does not see it before being notified.

    ``reason`` is needed where the expert's limit or the number of experts of the application is exceeded. Raises
    ``GateClosed``, :class:`PairBarred`, :class:`PairTaken`, :class:`ReasonNeeded`.
    """
    hold(session, contest.id, Act.ASSIGN)
    _check_pair(session, expert, application)
    _check_load(session, contest, expert, reason)
    if _filled(session, application) >= rules_of(contest).experts_per_application and not reason.strip():
        raise ReasonNeeded(N_("The application has enough experts already: give a reason for one more."))
    return _propose(session, expert, application, reason, by=by)


def add_additional_review(
    session: Session,
    contest: Contest,
    *,
    expert: Expert,
    application: Application,
    by: By,
    reason: str = "",
) -> Review:
    """Propose the expert of the additional review, once the regular reviews have diverged.

    Raises what :func:`propose_review` raises, and :class:`NoAdditionalNeeded`.
    """
    hold(session, contest.id, Act.ASSIGN)
    _check_pair(session, expert, application)
    found = divergences(session, contest.id, application.id)
    if not found:
        raise NoAdditionalNeeded(N_("The reviews of this application do not differ so much as to need another one."))
    if not found[0].open:
        raise NoAdditionalNeeded(N_("The additional review of this application is assigned already."))
    _check_load(session, contest, expert, reason)
    return _propose(session, expert, application, reason, by=by, additional=True)


def remove_review(
    session: Session, contest: Contest, review: Review, *, version: int, by: By, reason: str = ""
) -> None:
    """Take a task off its expert, who is told; what was written is kept, and is theirs again if the task is.

    A sheet that has been begun needs a ``reason``. Raises ``Stale``, ``GateClosed``, ``NotPossible`` for a
    review that was handed in or declined, ``ReasonMissing``.
    """
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(review)
    check_version(review, version)
    before = ReviewStatus(review.status)
    allowed(Subject.REVIEW, before, Action.REMOVE)
    draft = written_on(session, review)
    if draft and not reason.strip():
        raise ReasonMissing(N_("The expert has begun the sheet: give the reason for taking the task away."))
    kept = keep_draft(session, review, reason, by=by)
    if before is not ReviewStatus.PROPOSED:
        tell_removed(session, review, now=by.now, kept=kept)
    details = {"expert": review.expert.email, "status": [before.value, None], "reason": reason.strip(), **draft}
    application, label, gone = review.application, _label(review.expert, review.application), review.id
    session.delete(review)
    record(
        session,
        Event.ASSIGNMENT_REMOVED,
        by=by,
        subject=application,
        label=label,
        contest_id=contest.id,
        details=details,
        state={"gone": [gone]},
    )


@dataclass(frozen=True)
class Reassignment:
    """Who is to have a task instead, which version of it was looked at, and why it is taken away."""

    expert: Expert
    version: int
    reason: str = ""


def reassign_review(
    session: Session, contest: Contest, review: Review, change: Reassignment, *, by: By, tasks_url: str
) -> Review:
    """Take an unfinished task off its expert and give it to another one, who begins with an empty sheet.

    Of a task that its expert knows of both are told at once; where the expert is off it, by a conflict or a refusal,
    the other one alone, and the task stays with what was written on it. A proposal becomes a proposal. What was written
    is kept for the expert who wrote it. The reason is that of the removal; the new expert is taken within the limits.
    Raises what :func:`remove_review` and :func:`propose_review` raise, and ``NotOpen`` where the new expert has no time
    to hand the review in.
    """
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(review)
    check_version(review, change.version)
    application, additional, before = review.application, review.additional, ReviewStatus(review.status)
    if not before.is_off:
        remove_review(session, contest, review, version=change.version, by=by, reason=change.reason)
    again = add_additional_review if additional else propose_review
    heir = again(session, contest, expert=change.expert, application=application, by=by)
    if before in UNFINISHED or before.is_off:
        notify_assignments(session, contest, [heir.id], by=by, tasks_url=tasks_url)
        session.refresh(heir)
    return heir


def remove_proposals(session: Session, contest: Contest, *, by: By) -> int:
    """Drop every proposal that no expert has been told of; return how many there were."""
    hold(session, contest.id, Act.ASSIGN)
    reviews = session.scalars(
        select(Review).where(Review.contest_id == contest.id, Review.status == ReviewStatus.PROPOSED)
    ).all()
    if not reviews:
        raise NotPossible(N_("There are no proposals to remove."))
    gone = [review.id for review in reviews]
    for review in reviews:
        session.delete(review)
    record(
        session,
        Event.ASSIGNMENT_REMOVED,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details={"removed": len(reviews), "status": [ReviewStatus.PROPOSED.value, None]},
        state={"gone": gone},
    )
    return len(reviews)


def _check_pair(session: Session, expert: Expert, application: Application) -> None:
    if expert.contest_id != application.contest_id:
        raise RuleViolation(N_("The expert and the application belong to different contests."))
    if application.status != ApplicationStatus.ADMITTED:
        raise NotPossible(N_("Experts are assigned to admitted applications only."))
    if are_barred(session, expert_id=expert.id, application_id=application.id):
        raise PairBarred(N_("This expert has a conflict of interest with this application."))
    status = session.scalar(
        select(Review.status).where(Review.expert_id == expert.id, Review.application_id == application.id)
    )
    if status in OFF:
        raise PairTaken(N_("This expert has declined this application."))
    if status is not None:
        raise PairTaken(N_("This expert is on this application already."))


def _check_load(session: Session, contest: Contest, expert: Expert, reason: str) -> None:
    load = session.scalar(
        select(func.count(Review.id))
        .join(Application)
        .where(places.admitted(contest.id), Review.expert_id == expert.id, Review.status.in_(OCCUPIED))
    )
    if (load or 0) >= expert.max_load and not reason.strip():
        raise ReasonNeeded(
            N_("%(name)s has %(load)s tasks of %(limit)s: give a reason to exceed the limit."),
            name=expert.name,
            load=load or 0,
            limit=expert.max_load,
        )


def _filled(session: Session, application: Application) -> int:
    query = select(func.count(Review.id)).where(
        Review.application_id == application.id,
        Review.status.in_(OCCUPIED),
        Review.additional.is_(False),
        places.is_heard(),
    )
    return session.scalar(query) or 0


def _propose(
    session: Session,
    expert: Expert,
    application: Application,
    reason: str,
    *,
    by: By,
    additional: bool = False,
) -> Review:
    review = Review(
        contest_id=application.contest_id,
        expert=expert,
        application=application,
        status=INITIAL[Subject.REVIEW].value,
        additional=additional,
        created_at=by.now,
    )
    session.add(review)
    record(
        session,
        Event.ASSIGNMENT_PROPOSED,
        by=by,
        subject=review,
        label=_label(expert, application),
        contest_id=application.contest_id,
        details={"expert": expert.email, "additional": additional, "reason": reason.strip()},
        state={"expert": expert.id, "application": application.id},
    )
    return review


def _label(expert: Expert, application: Application) -> str:
    return f"{expert.name} / {application.number}"
