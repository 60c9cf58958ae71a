"""Small problems solved to proven optimality as integer programmes (HiGHS, through scipy)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from judging.engines.assignment.gains import BARRED
from judging.engines.assignment.instance import Instance
from judging.engines.assignment.rules import ANY

Ints = NDArray[np.int64]
NODES = 3_000
"""The most nodes of one search; a limit in nodes, not in seconds, gives the same plan on every machine."""


@dataclass(frozen=True)
class Found:
    """The pairs (``experts``, ``projects``) of a plan; ``proven``: it is the best there is."""

    experts: Ints
    projects: Ints
    proven: bool


class Programme:
    """The plans of an instance as points of an integer programme: one variable a pair, and further ones for goals.

    Gains are divided by the scale, so that the solver's tolerances mean the same for all; what it finds is counted
    again in whole numbers.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        rows, columns = instance.gains.shape
        key = np.arange(rows * columns)
        self.experts, self.projects = key % rows, key // rows
        gain = instance.gains.of(self.experts, self.projects)
        is_open = (gain != BARRED) & (instance.wants.demand[self.projects] > 0)
        self.experts, self.projects, self.gain = self.experts[is_open], self.projects[is_open], gain[is_open]
        self.limits = [*self._flow(), *self._rules()]

    def largest(self, floors: Ints | None = None) -> Found | None:
        """The largest total where no counted project is under its floor (in gains); None where there is none."""
        limits = [] if floors is None else [self._floor_limit(floors)]
        return self.best(-self._worth(), [*self.limits, *limits])

    def highest_floor(self) -> int | None:
        """The highest floor of the counted projects, in gains; None where there is no plan or no proof."""
        counted = np.flatnonzero(self.instance.counted)
        if not len(counted):
            return 0
        score = self._scores()[counted]
        with_floor = sparse.hstack([score, sparse.csr_array(-np.ones((len(counted), 1)))])
        base = self.instance.base[counted] / self.instance.gains.scale
        limits = [*map(_widened, self.limits), LinearConstraint(with_floor, -base, np.inf)]
        found = self.best(np.append(np.zeros(len(self.gain)), -1.0), limits, free=1)
        if found is None or not found.proven:
            return None
        scores = self.instance.base.copy()
        np.add.at(scores, found.projects, self.instance.gains.of(found.experts, found.projects))
        return int(scores[counted].min())

    def keeping(self, experts: Ints, projects: Ints) -> "Programme | None":
        """The programme of those plans that keep as many of these pairs as any plan can."""
        rows = self.instance.gains.shape[0]
        kept = np.isin(self.projects * rows + self.experts, projects * rows + experts).astype(np.float64)
        found = self.best(-kept, self.limits)
        if found is None or not found.proven:
            return None
        number = np.isin(found.projects * rows + found.experts, projects * rows + experts).sum()
        self.limits.append(LinearConstraint(sparse.csr_array(kept[None, :]), number - 0.5, np.inf))
        return self

    def leximin(self) -> Found | None:
        """The plan whose worst score is highest, then the second worst, …, then the total; for very small problems."""
        return _Levels(self).climb()

    def _worth(self) -> NDArray[np.float64]:
        return np.asarray(self.gain / self.instance.gains.scale, dtype=np.float64)

    def _scores(self) -> sparse.csr_array:
        shape = (len(self.instance.base), len(self.gain))
        return sparse.csr_array((self._worth(), (self.projects, np.arange(len(self.gain)))), shape=shape)

    def _floor_limit(self, floors: Ints) -> LinearConstraint:
        counted = np.flatnonzero(self.instance.counted)
        least = (floors[counted] - self.instance.base[counted] - 0.5) / self.instance.gains.scale
        return LinearConstraint(self._scores()[counted], least, np.inf)

    def _flow(self) -> Sequence[LinearConstraint]:
        wants, count = self.instance.wants, len(self.gain)
        ones, place = np.ones(count), np.arange(count)
        by_project = sparse.csr_array((ones, (self.projects, place)), shape=(len(wants.demand), count))
        by_expert = sparse.csr_array((ones, (self.experts, place)), shape=(len(wants.most), count))
        return [
            LinearConstraint(by_project, wants.demand, wants.demand),
            LinearConstraint(by_expert, wants.least, wants.most),
        ]

    def _rules(self) -> Sequence[LinearConstraint]:
        instance, groups = self.instance, self.instance.groups
        if not groups.rules:
            return []
        members = groups.members(self.experts, self.projects)
        found = []
        for column in range(len(groups.rules)):
            place = np.flatnonzero(members[:, column])
            shape = (len(instance.base), len(self.gain))
            table = sparse.csr_array((np.ones(len(place)), (self.projects[place], place)), shape=shape)
            fewest = (groups.fewest - instance.held)[:, column]
            greatest = np.minimum(groups.greatest - instance.held, ANY)[:, column]
            used = np.flatnonzero(instance.counted & ((fewest > 0) | (greatest < ANY // 2)))
            if len(used):
                found.append(LinearConstraint(table[used], fewest[used], greatest[used]))
        return found

    def best(self, cost: NDArray[np.float64], limits: Sequence[LinearConstraint], free: int = 0) -> Found | None:
        """The plan of least ``cost``; variables beyond the pairs are switches, the last ``free`` of them unbounded."""
        if not len(cost):
            lawful = not self.instance.wants.demand.any() and not self.instance.wants.least.any()
            return Found(self.experts, self.projects, True) if lawful else None
        pairs, further = len(self.gain), len(cost) - len(self.gain)
        low = np.concatenate([np.zeros(len(cost) - free), np.full(free, -np.inf)])
        high = np.concatenate([np.ones(len(cost) - free), np.full(free, np.inf)])
        whole = np.concatenate([np.ones(pairs + further - free), np.zeros(free)])
        found = milp(
            cost, integrality=whole, bounds=Bounds(low, high), constraints=list(limits),
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )  # fmt: skip
        if found.x is None:
            return None
        taken = found.x[:pairs] > 0.5
        return Found(self.experts[taken], self.projects[taken], found.status == 0)


def _widened(limit: LinearConstraint, columns: int = 1) -> LinearConstraint:
    """The limit beside further variables that it does not see."""
    blank = sparse.csr_array((limit.A.shape[0], columns))
    return LinearConstraint(sparse.csr_array(sparse.hstack([limit.A, blank])), limit.lb, limit.ub)


class _Levels:
    """Leximin level by level: the highest value of the next worst score, then the fewest projects left at it.

    Which projects stay at a level is open, only their number is fixed: a switch for each project and level says whether
    the project has reached it (Ogryczak, Śliwiński, On equitable approaches to resource allocation problems, 2006).
    """

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        instance = programme.instance
        self.counted = np.flatnonzero(instance.counted)
        self.scale = instance.gains.scale
        self.base = instance.base[self.counted] / self.scale
        self.score = programme._scores()[self.counted]
        self.span = 2.0 + float(np.abs(programme.gain).sum() / self.scale) + float(np.abs(self.base).sum())

    def climb(self) -> Found | None:
        """The leximin plan of the largest total; None where a step has no proof."""
        steps: list[tuple[int, int]] = []
        number = len(self.counted)
        while number:
            reached = self._scores(self._solve(steps, number, None))
            if reached is None:
                return None
            level = int(np.sort(reached)[len(self.counted) - number])
            steps.append((level, number))
            above = self._scores(self._solve(steps, number, level + 1))
            if above is None:
                return None
            number = int((above > level).sum())
        return self._solve(steps, 0, None)

    def _scores(self, found: Found | None) -> Ints | None:
        """The scores of the counted projects in gains; None without a proof."""
        if found is None or not found.proven:
            return None
        instance = self.programme.instance
        scores = instance.base.copy()
        np.add.at(scores, found.projects, instance.gains.of(found.experts, found.projects))
        return np.asarray(scores[self.counted])

    def _solve(self, steps: list[tuple[int, int]], number: int, above: int | None) -> Found | None:
        """With ``steps`` kept: the highest level of ``number`` projects, or, given ``above``, as many as can at it."""
        size, pairs = len(self.counted), len(self.programme.gain)
        blocks = len(steps) + (number > 0)
        width = size * blocks + 1
        limits = [_widened(limit, width) for limit in self.programme.limits]
        for index, (level, least) in enumerate(steps):
            limits += self._reached(index, blocks, level / self.scale, least, 0.0)
        cost = np.zeros(pairs + width)
        if not number:
            cost[:pairs] = -self.programme.gain / self.scale
        elif above is None:
            limits += self._reached(len(steps), blocks, 0.0, number, 1.0)
            cost[-1] = -1.0
        else:
            limits += self._reached(len(steps), blocks, above / self.scale, 0, 0.0)
            cost[pairs + size * len(steps) : pairs + size * blocks] = -1.0
        return self.programme.best(cost, limits, free=1)

    def _reached(self, index: int, blocks: int, level: float, least: int, free: float) -> list[LinearConstraint]:
        """At least ``least`` projects score ``level`` (with ``free``: the last variable) and switch ``index`` on."""
        size, pairs = len(self.counted), len(self.programme.gain)
        before, after = size * index, size * (blocks - index - 1)
        switches = sparse.hstack(
            [sparse.csr_array((size, before)), sparse.eye_array(size) * -self.span, sparse.csr_array((size, after))]
        )
        last = sparse.csr_array(np.full((size, 1), -free))
        slack = 0.0 if free else 0.5 / self.scale
        table = sparse.csr_array(sparse.hstack([self.score, switches, last]))
        count = np.zeros((1, pairs + size * blocks + 1))
        count[0, pairs + before : pairs + before + size] = 1.0
        return [
            LinearConstraint(table, level - slack - self.base - self.span, np.inf),
            LinearConstraint(sparse.csr_array(count), least, size),
        ]
