"""Draft plans: asked for, looked at and ticked, applied or discarded. Experts see nothing of any of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.distribution import Goal, PlanKind
from judging.domain.errors import N_, RuleViolation
from judging.domain.explaining import Message
from judging.models import AssignmentPlan, Contest


class PlanOutdated(RuleViolation):
    """What the plan builds on has changed; ``changes`` say what, and ``current`` is the plan as it is stored."""

    def __init__(self, current: AssignmentPlan, changes: tuple[Message, ...]) -> None:
        super().__init__(N_("The plan no longer fits what it was made for. Make a new one."))
        self.current = current
        self.changes = changes


def request_plan(
    session: Session,
    contest: Contest,
    *,
    goal: Goal | None = None,
    seed: int | None = None,
    kind: PlanKind = PlanKind.REGULAR,
    partial: bool = False,
    actor: Actor,
    now: datetime,
) -> AssignmentPlan:
    """Queue a plan (``goal`` and ``seed`` from the contest's rules unless given); an older open one is discarded.

    ``partial``: fill as many places as possible where no full plan exists. After the commit ``jobs.run_plan(plan.id)``
    works a small one out at once; the worker takes what is queued. Raises ``AssignmentClosed``; ``NotPossible`` where
    there is nothing to plan.
    """
    raise NotImplementedError


def is_small(session: Session, contest: Contest) -> bool:
    """Whether a plan of the contest takes so little that a request may wait for it."""
    raise NotImplementedError


def tick_pairs(
    session: Session,
    contest: Contest,
    plan: AssignmentPlan,
    pair_ids: Collection[int],
    *,
    chosen: bool,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Tick or untick changes of a plan that is ready; pairs that the plan keeps cannot be unticked.

    Raises ``AssignmentClosed``, ``Stale``, ``NotPossible`` where the plan is not ready or has no such changes.
    """
    raise NotImplementedError


def apply_plan(
    session: Session, contest: Contest, plan: AssignmentPlan, *, version: int, actor: Actor, now: datetime
) -> None:
    """Make proposals of the ticked additions and delete the ticked removals; nobody is told yet.

    Begun work and whatever an expert has been told of stands. Raises ``AssignmentClosed``, ``Stale``, ``NotPossible``
    where the plan is not ready, :class:`PlanOutdated` where a ticked change is no longer possible; nothing is dropped
    in silence.
    """
    raise NotImplementedError


def plan_changes(session: Session, contest: Contest, plan: AssignmentPlan) -> tuple[Message, ...]:
    """What has changed since the plan was made: it can be applied still, but a new one may be better. For its page."""
    raise NotImplementedError


def outdate_plan(session: Session, contest: Contest, plan: AssignmentPlan, *, actor: Actor, now: datetime) -> None:
    """Mark a ready plan as out of date (after :class:`PlanOutdated`, in a transaction of its own)."""
    raise NotImplementedError


def discard_plan(
    session: Session, contest: Contest, plan: AssignmentPlan, *, version: int, actor: Actor, now: datetime
) -> None:
    """Throw an open plan away; a worker that is at it stores nothing. Raises ``Stale`` and ``NotPossible``."""
    raise NotImplementedError
