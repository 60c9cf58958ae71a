"""Conflicts of interest: found by ИНН, declared by the expert, entered or lifted by the secretary.

A conflict bars the pair at once: a task that is not yet handed in is taken off the expert; a review that was handed in
keeps its marks and is not counted, because the ranking looks at the list of conflicts.
"""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.conflicts import Reason, stored_reason
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import Action, ReviewStatus, Subject, allowed
from judging.domain.lifecycle.review import OFF
from judging.models import Application, Conflict, Expert, LiftedConflict, Review
from judging.queries import conflicts as queries
from judging.services.audit import record
from judging.services.holding import hold, hold_with

KINDS = {
    "initiator": Reason.EMPLOYER_INITIATOR,
    "partner": Reason.EMPLOYER_PARTNER,
    "managing": Reason.EMPLOYER_MANAGING,
}

FEW = 100
"""ИНН that one query names; one application has a few."""


class ConflictKnown(RuleViolation):
    """The pair is on the list already."""


def detect_for_application(session: Session, application: Application, *, by: By) -> tuple[Conflict, ...]:
    """Write down every conflict by ИНН between one application and the contest's experts."""
    session.flush()
    return _write_found(session, application.contest_id, queries.interests_of(application), by=by)


def detect_for_expert(session: Session, expert: Expert, *, by: By) -> tuple[Conflict, ...]:
    """Write down every conflict by ИНН between one expert and the contest's applications."""
    session.flush()
    if expert.organisation is None:
        return ()
    found = queries.interests(session, expert.contest_id, inn=expert.organisation.inn)
    return _write_found(session, expert.contest_id, found, only=expert.id, by=by)


def detect_all(session: Session, contest_id: int, *, by: By) -> tuple[Conflict, ...]:
    """Write down every conflict by ИНН of the contest that is not on the list yet; not once the ranking is frozen."""
    hold(session, contest_id, Act.CHANGE_CONFLICTS)
    return _write_found(session, contest_id, queries.interests(session, contest_id), by=by)


def enter_conflict(session: Session, *, expert: Expert, application: Application, reason: str, by: By) -> Conflict:
    """Write down a conflict that the secretary learnt of; raise :class:`ConflictKnown` if the pair is listed.

    Not once the ranking is frozen, and never without a reason.
    """
    hold(session, application.contest_id, Act.CHANGE_CONFLICTS)
    if not reason.strip():
        raise RuleViolation(N_("Give the reason."))
    return _add(session, expert, application, "entered", reason, Event.CONFLICT_ENTERED, by=by)


def declare_conflict(session: Session, review: Review, *, reason: str, by: By) -> Conflict:
    """Write down what the expert declared about this task, and take them off it; not once the ranking is frozen."""
    expert, application = review.expert, review.application
    hold(session, application.contest_id, Act.CHANGE_CONFLICTS)
    return _add(session, expert, application, "declared", reason, Event.CONFLICT_DECLARED, by=by)


def lift_conflict(session: Session, conflict: Conflict, *, reason: str, by: By) -> None:
    """Strike a conflict off the list (entered by mistake, or checked and not one).

    It is not found again for the same reason. Not once the ranking is frozen.
    """
    hold_with(session, conflict, Act.CHANGE_CONFLICTS)
    if not reason.strip():
        raise RuleViolation(N_("Give the reason."))
    record(
        session,
        Event.CONFLICT_LIFTED,
        by=by,
        subject=conflict.application,
        label=_pair_label(conflict.expert, conflict.application),
        contest_id=conflict.contest_id,
        details={
            "reason": reason.strip(),
            "conflict": conflict.reason,
            "expert": conflict.expert.email,
            "expert_id": conflict.expert_id,
        },
        state={"expert": conflict.expert_id},
    )
    session.add(
        LiftedConflict(
            contest_id=conflict.contest_id,
            expert_id=conflict.expert_id,
            application_id=conflict.application_id,
            reason=conflict.reason,
            lifted_at=by.now,
            lifted_by_id=by.actor.user_id,
        )
    )
    session.delete(conflict)
    session.flush()


def _write_found(
    session: Session,
    contest_id: int,
    found: Collection[queries.Interest],
    *,
    by: By,
    only: int | None = None,
) -> tuple[Conflict, ...]:
    """Write down what was found of everybody employed there or the expert ``only``; what was lifted stays lifted."""
    employed = defaultdict(list)
    inns = {interest.inn for interest in found}
    for expert_id, inn in queries.employers(session, contest_id, only, inns if len(inns) <= FEW else None):
        employed[inn].append(expert_id)
    if inns.isdisjoint(employed):
        return ()
    hold(session, contest_id, Act.CHANGE_CONFLICTS)
    known = set(queries.barred_pairs(session, contest_id))
    lifted = queries.lifted(session, contest_id)
    added = []
    for interest in found:
        reason = stored_reason(KINDS[interest.kind], interest.inn)
        for expert_id in employed[interest.inn]:
            pair = (expert_id, interest.application_id)
            if pair not in known and (*pair, reason) not in lifted:
                known.add(pair)
                added.append(_add_found(session, expert_id, interest, by=by))
    return tuple(added)


def _add_found(session: Session, expert_id: int, interest: queries.Interest, *, by: By) -> Conflict:
    expert = session.get_one(Expert, expert_id)
    application = session.get_one(Application, interest.application_id)
    reason = stored_reason(KINDS[interest.kind], interest.inn)
    return _add(session, expert, application, "detected", reason, Event.CONFLICT_FOUND, by=by)


def _add(
    session: Session,
    expert: Expert,
    application: Application,
    kind: str,
    reason: str,
    event: Event,
    *,
    by: By,
) -> Conflict:
    if expert.contest_id != application.contest_id:
        raise RuleViolation(N_("The expert and the application belong to different contests."))
    if queries.are_barred(session, expert_id=expert.id, application_id=application.id):
        raise ConflictKnown(N_("This conflict of interest is on the list already."))
    conflict = Conflict(
        contest_id=application.contest_id,
        expert=expert,
        application=application,
        kind=kind,
        reason=reason,
        created_at=by.now,
        created_by_id=by.actor.user_id,
    )
    session.add(conflict)
    task = _task(session, expert, application)
    taken_off = _take_off(session, task, reason)
    record(
        session,
        event,
        by=by,
        subject=application,
        label=_pair_label(expert, application),
        contest_id=application.contest_id,
        details={"expert": expert.email, "reason": reason, "task": taken_off},
        state={"expert": expert.id, "task": task.id if task else None},
    )
    return conflict


def _task(session: Session, expert: Expert, application: Application) -> Review | None:
    """The pair's task, locked."""
    return session.scalar(
        select(Review).where(Review.expert_id == expert.id, Review.application_id == application.id).with_for_update()
    )


def _take_off(session: Session, review: Review | None, reason: str) -> list[str | None]:
    """Take the pair's task off the expert; return its status before and after."""
    if review is None:
        return [None, None]
    before = ReviewStatus(review.status)
    if before in OFF:
        return [before.value, before.value]
    after = allowed(Subject.REVIEW, before, Action.BAR, reason=reason).target
    if after is None:
        session.delete(review)
        return [before.value, None]
    if after is not before:
        review.status, review.reason = after.value, reason
    return [before.value, after.value]


def _pair_label(expert: Expert, application: Application) -> str:
    return f"{expert.name} / {application.number}"
