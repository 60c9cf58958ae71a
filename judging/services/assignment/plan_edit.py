"""Draft plans: asked for, looked at and ticked, applied or discarded. Experts see nothing of any of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.distribution import Change, Goal, PlanKind
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.jobs import JobKind, key_of
from judging.domain.lifecycle import INITIAL, Action, NotPossible, PlanStatus, ReviewStatus, Subject, advance
from judging.domain.plan_explanation import Message
from judging.models import Application, AssignmentPlan, AssignmentRevision, Contest, Expert, PlannedPair, Review
from judging.queries.assignment import places
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.plans import assignment_rules, current_plan
from judging.services import contest_counters
from judging.services.assignment.plan_compare import broken_pairs, differences
from judging.services.assignment.plan_input import load_input
from judging.services.assignment.plan_protocol import asked_of
from judging.services.calculations import note
from judging.services.concurrency import check_version
from judging.services.holding import hold
from judging.services.queue import ask, cancel

WAITED_FOR_PAIRS = 40_000
"""So many pairs of experts and applications are planned while a request waits."""


class PlanOutdated(RuleViolation):
    """What the plan builds on has changed; ``changes`` say what, and ``current`` is the plan as it is stored."""

    def __init__(self, current: AssignmentPlan, changes: tuple[Message, ...]) -> None:
        super().__init__(N_("The plan no longer fits what it was made for. Make a new one."))
        self.current = current
        self.changes = changes


@dataclass(frozen=True)
class PlanRequest:
    """What plan is asked for: ``goal`` and ``seed`` from the contest's rules unless given.

    ``partial``: fill as many places as possible where no full plan exists; ``keep``: as many present proposals stay as
    in any plan, and the goal decides the rest.
    """

    goal: Goal | None = None
    seed: int | None = None
    kind: PlanKind = PlanKind.REGULAR
    partial: bool = False
    keep: bool = False


BY_THE_RULES = PlanRequest()


@dataclass(frozen=True)
class Ticks:
    """Changes of a plan, in the version looked at, that are to be ticked (``chosen``) or unticked."""

    pair_ids: Collection[int]
    chosen: bool
    version: int


def request_plan(session: Session, contest: Contest, wanted: PlanRequest = BY_THE_RULES, *, by: By) -> AssignmentPlan:
    """Queue a plan; an older open one is discarded.

    A job works it out; after the commit ``jobs.run_plan(plan.id)`` does
    that of a small one at once. Raises ``GateClosed``; ``NotPossible`` where
    there is nothing to plan.
    """
    hold(session, contest.id, Act.ASSIGN)
    _require_work(session, contest, wanted.kind)
    older = current_plan(session, contest.id)
    if older is not None:
        _close(session, older, Action.DISCARD, by.now)
        session.flush()
    rules = assignment_rules(session, contest.id)
    plan = AssignmentPlan(
        contest_id=contest.id,
        kind=wanted.kind.value,
        status=INITIAL[Subject.PLAN].value,
        goal=(wanted.goal or rules.goal).value,
        seed=rules.seed if wanted.seed is None else wanted.seed,
        partial=wanted.partial,
        keep=wanted.keep,
        requested_by_id=by.actor.user_id,
        requested_by=by.actor.name,
        requested_at=by.now,
        revision=contest_counters.assignment_revision(session, contest.id),
    )
    session.add(plan)
    details = {"kind": plan.kind, "goal": plan.goal, "seed": plan.seed, "partial": plan.partial, "keep": plan.keep}
    note(session, plan, Event.PLAN_REQUESTED, details, by=by)
    ask(session, JobKind.PLANS, {"plan": plan.id}, key=key_of(JobKind.PLANS, plan.id), by=by)
    return plan


def is_small(session: Session, contest: Contest) -> bool:
    """Whether a plan of the contest takes so little that a request may wait for it."""
    experts = session.scalar(select(func.count(Expert.id)).where(Expert.contest_id == contest.id)) or 0
    return experts * _admitted(session, contest) <= WAITED_FOR_PAIRS


def tick_pairs(session: Session, contest: Contest, plan: AssignmentPlan, ticks: Ticks, *, by: By) -> None:
    """Tick or untick changes of a plan that is ready; pairs that the plan keeps cannot be unticked.

    Raises ``GateClosed``, ``Stale``, ``NotPossible`` where the plan is not ready or has no such changes.
    """
    _open(session, contest, plan, ticks.version)
    _require_ready(plan)
    rows = session.scalars(
        select(PlannedPair).where(
            PlannedPair.plan_id == plan.id, PlannedPair.id.in_(ticks.pair_ids), PlannedPair.change != Change.KEEP
        )
    ).all()
    if {row.id for row in rows} != set(ticks.pair_ids) or not rows:
        raise NotPossible(N_("The plan has no such changes."))
    turned = [row for row in rows if row.chosen != ticks.chosen]
    if not turned:
        return
    for row in turned:
        row.chosen = ticks.chosen
    plan.version += 1
    details = {"ticked" if ticks.chosen else "unticked": len(turned)}
    note(session, plan, Event.PLAN_TICKED, details, by=by)


def apply_plan(session: Session, contest: Contest, plan: AssignmentPlan, *, version: int, by: By) -> None:
    """Make proposals of the ticked additions and delete the ticked removals; nobody is told yet.

    Begun work and whatever an expert has been told of stands. Raises ``GateClosed``, ``Stale``, ``NotPossible``
    where the plan is not ready, :class:`PlanOutdated` where a ticked change is no longer possible; nothing is dropped
    in silence.
    """
    _open(session, contest, plan, version)
    _require_ready(plan)
    pairs = session.scalars(
        select(PlannedPair).where(PlannedPair.plan_id == plan.id, PlannedPair.chosen, PlannedPair.change != Change.KEEP)
    ).all()
    broken = broken_pairs(session, contest, plan, pairs)
    if broken:
        raise PlanOutdated(plan, broken)
    added = [pair for pair in pairs if pair.change == Change.ADD]
    removed = [pair for pair in pairs if pair.change == Change.REMOVE]
    state = {
        "gone": _delete(session, removed),
        "added": _propose(session, plan, added, by.now),
        "additional": plan.kind == PlanKind.ADDITIONAL,
    }
    _close(session, plan, Action.APPLY, by.now)
    plan.version += 1
    details = {
        "added": len(added),
        "removed": len(removed),
        "unticked": _unticked(session, plan.id),
        "sha256": plan.input_digest,
        "goal": plan.goal,
        "seed": plan.seed,
    }
    note(session, plan, Event.PLAN_APPLIED, details, by=by, state=state)


def plan_changes(session: Session, contest: Contest, plan: AssignmentPlan) -> tuple[Message, ...]:
    """What has changed since the plan was made: it can be applied still, but a new one may be better. For its page.

    The input of a large contest takes seconds to read, so it is compared only after something happened there.
    """
    if plan.input_digest is None or not _touched(session, plan):
        return ()
    document = load_input(session, contest, PlanKind(plan.kind)).document
    if asked_of(plan, document).digest == plan.input_digest or not plan.protocol:
        return ()
    names = select(Expert.email, Expert.name).where(Expert.contest_id == contest.id)
    return differences(plan.protocol["input"], document, {row.email: row.name for row in session.execute(names)})


def _touched(session: Session, plan: AssignmentPlan) -> bool:
    """Whether anything happened in the contest since the plan was asked for, apart from the plan itself."""
    revision = session.scalar(
        select(AssignmentRevision.revision).where(AssignmentRevision.contest_id == plan.contest_id)
    )
    return (revision or 0) != plan.revision


def outdate_plan(session: Session, contest: Contest, plan: AssignmentPlan, *, by: By) -> None:
    """Mark a ready plan as out of date (after :class:`PlanOutdated`, in a transaction of its own)."""
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(plan)
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), Action.OUTDATE).value
    plan.version += 1
    note(session, plan, Event.PLAN_OUTDATED, {}, by=by)


def discard_plan(session: Session, contest: Contest, plan: AssignmentPlan, *, version: int, by: By) -> None:
    """Throw an open plan away; a worker that is at it stores nothing. Raises ``Stale`` and ``NotPossible``."""
    _open(session, contest, plan, version)
    _close(session, plan, Action.DISCARD, by.now)
    plan.version += 1
    note(session, plan, Event.PLAN_DISCARDED, {}, by=by)


def _open(session: Session, contest: Contest, plan: AssignmentPlan, version: int) -> None:
    """Lock the contest and read the plan as it is now; it must be the one that the page showed."""
    hold(session, contest.id, Act.ASSIGN)
    session.refresh(plan, with_for_update=True)
    if plan.contest_id != contest.id:
        raise NotPossible(N_("The plan belongs to another contest."))
    check_version(plan, version)


def _require_ready(plan: AssignmentPlan) -> None:
    advance(Subject.PLAN, PlanStatus(plan.status), Action.APPLY)


def _close(session: Session, plan: AssignmentPlan, action: Action, now: datetime) -> None:
    """The plan's last step; a worker that is at it loses its claim."""
    plan.status = advance(Subject.PLAN, PlanStatus(plan.status), action).value
    plan.closed_at = now
    cancel(session, key_of(JobKind.PLANS, plan.id), now=now)


def _require_work(session: Session, contest: Contest, kind: PlanKind) -> None:
    if kind is PlanKind.ADDITIONAL:
        if not any(item.open for item in divergences(session, contest.id)):
            raise NotPossible(N_("No application waits for an additional expert."))
    elif not _admitted(session, contest):
        raise NotPossible(N_("There are no admitted applications to distribute."))


def _admitted(session: Session, contest: Contest) -> int:
    return session.scalar(select(func.count(Application.id)).where(places.admitted(contest.id))) or 0


def _unticked(session: Session, plan_id: int) -> int:
    query = select(func.count(PlannedPair.id)).where(PlannedPair.plan_id == plan_id, ~PlannedPair.chosen)
    return session.scalar(query) or 0


def _delete(session: Session, pairs: Sequence[PlannedPair]) -> list[int]:
    """Delete proposals; what an expert has been told of meanwhile is not touched (and was refused before).

    Returns the ids of the tasks that are gone.
    """
    gone: list[int] = []
    for pair in pairs:
        gone += session.scalars(
            delete(Review)
            .where(
                Review.expert_id == pair.expert_id,
                Review.application_id == pair.application_id,
                Review.status == ReviewStatus.PROPOSED,
            )
            .returning(Review.id)
        ).all()
    return gone


def _propose(
    session: Session, plan: AssignmentPlan, pairs: Sequence[PlannedPair], now: datetime
) -> list[tuple[int, int, int]]:
    """Add the proposals; return (task, expert, application) of each."""
    rows: list[dict[str, Any]] = [
        {
            "contest_id": plan.contest_id,
            "expert_id": pair.expert_id,
            "application_id": pair.application_id,
            "status": INITIAL[Subject.REVIEW].value,
            "additional": plan.kind == PlanKind.ADDITIONAL,
            "created_at": now,
        }
        for pair in pairs
    ]
    if not rows:
        return []
    added = insert(Review).returning(Review.id, Review.expert_id, Review.application_id)
    return sorted((row.id, row.expert_id, row.application_id) for row in session.execute(added, rows))
