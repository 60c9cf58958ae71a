"""Reading draft plans: the open one of a contest, its figures, and both of its sides a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from judging.domain.affinity import Level
from judging.domain.distribution import Change, DistributionRules
from judging.domain.explaining import Message
from judging.models import AssignmentPlan
from judging.queries.assignment.chips import BoardFilter, Chip, Page


@dataclass(frozen=True)
class PlanPair:
    """A pair of a plan: the change, whether it is ticked, how well it fits and why it was chosen.

    ``why`` is the match topic by topic and what else speaks for the pair; ``load_before`` and ``load_after`` are the
    expert's present tasks and those with every ticked change of the plan, ``max_load`` the limit.
    """

    id: int
    expert_id: int
    expert: str
    expert_region: str
    application_id: int
    number: str
    title: str
    change: Change
    chosen: bool
    affinity: int
    level: Level
    why: tuple[Message, ...]
    load_before: int
    load_after: int
    max_load: int


@dataclass(frozen=True)
class PlanRow:
    """An application in a plan: ``demand`` experts wanted, ``standing`` there already, ``filled`` with the plan.

    ``tasks`` are the standing ones, ``pairs`` the plan's; ``score`` the sum of the matches of all its experts;
    ``passed_over`` says why the best experts not chosen were not.
    """

    id: int
    number: str
    title: str
    cluster: str
    region: str
    topics: tuple[str, ...]
    demand: int
    standing: int
    filled: int
    score: int
    tasks: tuple[Chip, ...]
    pairs: tuple[PlanPair, ...]
    passed_over: tuple[Message, ...]

    @property
    def missing(self) -> int:
        """How many places the plan leaves empty."""
        return max(0, self.demand - self.filled)


@dataclass(frozen=True)
class PlanLoad:
    """An expert in a plan: tasks ``before`` and ``after`` its ticked changes, of ``max_load``; the plan's ``pairs``."""

    id: int
    name: str
    region: str
    topics: tuple[str, ...]
    before: int
    after: int
    max_load: int
    pairs: tuple[PlanPair, ...]


@dataclass(frozen=True)
class PlanTotals:
    """The figures of a plan; matches are sums over an application's experts.

    ``ticked_added`` and ``ticked_removed`` are what applying would do now. ``floor`` is the worst served application,
    ``worst`` the mean of the worst twentieth. No plan has a floor above ``floor_bound`` (None: not looked at) nor, at this floor, a total above ``total_bound``; ``optimal``: nothing is left to gain; ``limit_reached``: the
    search stopped at its limit.
    """

    applications: int
    added: int
    kept: int
    removed: int
    ticked_added: int
    ticked_removed: int
    missing: int
    short: int
    floor: int
    mean: float
    worst: float
    total: int
    floor_bound: float | None
    total_bound: float
    optimal: bool
    limit_reached: bool

    @property
    def changes(self) -> int:
        """How many pairs differ from the present proposals."""
        return self.added + self.removed


def assignment_rules(session: Session, contest_id: int) -> DistributionRules:
    """The rules of the contest's distribution; the defaults where nobody has changed them."""
    raise NotImplementedError


def current_plan(session: Session, contest_id: int) -> AssignmentPlan | None:
    """The open plan of the contest: neither applied nor discarded."""
    raise NotImplementedError


def plan_totals(session: Session, plan: AssignmentPlan) -> PlanTotals:
    """The figures of a plan that is ready: three selects."""
    raise NotImplementedError


def plan_page(session: Session, plan: AssignmentPlan, choice: BoardFilter) -> Page[PlanRow]:
    """One page by application: sorted by ``number``, ``title``, ``score``, ``missing`` (minus: descending).

    ``choice.state``: "changed" (with additions or removals), "short" (with empty places); ``choice.region`` of the
    cluster; ``choice.text`` searches. A constant number of selects.
    """
    raise NotImplementedError


def load_page(session: Session, plan: AssignmentPlan, choice: BoardFilter) -> Page[PlanLoad]:
    """One page by expert: sorted by ``name``, ``before``, ``after``, ``added``; states "changed", "full", "idle"."""
    raise NotImplementedError


def diagnosis_messages(session: Session, plan: AssignmentPlan) -> tuple[Message, ...]:
    """Why no full plan is possible, the most telling first; empty where one is."""
    raise NotImplementedError


def relaxation_messages(session: Session, plan: AssignmentPlan) -> tuple[Message, ...]:
    """What would make a full plan possible, the least change first; each was checked by planning with it."""
    raise NotImplementedError


def insight_messages(plan: AssignmentPlan) -> tuple[Message, ...]:
    """What one more expert of a field would give, the most useful first."""
    raise NotImplementedError
