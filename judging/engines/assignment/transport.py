"""The largest total: a transportation problem, solved exactly on few of its pairs at a time.

A network over the best experts of every project and the best projects of every expert is solved; the prices of its
nodes then tell which of all the other pairs would improve the plan. Those are added and the network solved again from
where it stands, until none is left: then the plan is optimal over all pairs (column generation; Dantzig, Wolfe, 1960).
Minimum loads are exact: an expert supplies its minimum itself, and one common source supplies the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.engines.assignment.gains import BARRED, GREATEST, Gains, distinct
from judging.engines.assignment.simplex import Network

Ints = NDArray[np.int64]
BY_PROJECT, BY_EXPERT, MORE = 5, 4, 8
WHOLE_PAIRS = 5_000
"""Problems with so many pairs are solved over all of them at once."""


@dataclass(frozen=True)
class Wants:
    """What is to be filled once the locked pairs stand: ``demand`` [projects], ``least`` and ``most`` [experts]."""

    demand: Ints
    least: Ints
    most: Ints


@dataclass(frozen=True)
class Transport:
    """The plan of the largest total: ``experts`` and ``projects`` of its pairs, by project and expert.

    ``price`` [experts] is what one more place of the expert would add to the total (in gains), ``pivots`` the work.
    ``unmet`` places cannot be filled: then no plan exists.
    """

    experts: Ints
    projects: Ints
    price: Ints
    total: int
    unmet: int
    pivots: int


def largest_total(gains: Gains, wants: Wants, bonus: tuple[Ints, Ints] | None = None, seed: int = 0) -> Transport:
    """Solve; ``wants.least`` may not add up to more than the demand, nor ``wants.most`` to less.

    ``bonus`` names pairs (experts, projects) of which as many as possible are taken, whatever the total. ``seed`` other
    than 0 shuffles the pairs, which decides between plans of the same total.
    """
    return _Columns(gains, wants, bonus, seed).solve()


class _Columns:
    def __init__(self, gains: Gains, wants: Wants, bonus: tuple[Ints, Ints] | None, seed: int) -> None:
        self.gains, self.wants, self.seed = gains, wants, seed
        self.experts, self.projects = gains.shape
        self.worth = 2 * GREATEST * (int(wants.demand.sum()) + 1) if bonus is not None else 0
        self.bonus = np.zeros(0, np.int64) if bonus is None else np.sort(bonus[1] * self.experts + bonus[0])
        source = self.experts + self.projects
        supply = np.concatenate([wants.least, -wants.demand, [wants.demand.sum() - wants.least.sum()]])
        dearest = (4 * GREATEST + self.worth) * (min(self.experts, self.projects) + 2)
        self.network = Network(supply, min(dearest, 1 << 46) if not self.worth else 1 << 56)
        everyone = np.arange(self.experts)
        free = self.network.add(
            np.full(self.experts, source), everyone, wants.most - wants.least, np.zeros(self.experts, np.int64)
        )
        self.begin = free.stop

    def solve(self) -> Transport:
        experts, projects = self._first()
        self._add(experts, projects)
        pivots = self.network.solve()
        while True:
            experts, projects = self._improving()
            if not len(experts):
                return self._answer(pivots)
            self._add(experts, projects)
            pivots += self.network.solve()

    def _first(self) -> tuple[Ints, Ints]:
        experts, projects = self.gains.shape
        wanting = self.wants.demand.max(initial=0)
        width = experts if experts * projects <= WHOLE_PAIRS else BY_PROJECT + int(wanting)
        near = self.gains.best_by_project(np.zeros(experts, np.int64), width)
        place = np.nonzero(near >= 0)
        keys = place[0].astype(np.int64) * experts + near[place]
        if width < experts:
            rows, columns = self.gains.best_by_expert(BY_EXPERT)
            keys = np.concatenate([keys, columns * experts + rows, self.bonus])
        keys = distinct(keys, self.experts * self.projects)
        if self.seed:
            keys = np.random.Generator(np.random.PCG64(self.seed)).permutation(keys)
        return keys % experts, keys // experts

    def _add(self, experts: Ints, projects: Ints) -> None:
        gain = self.gains.of(experts, projects)
        is_open = gain != BARRED
        experts, projects, gain = experts[is_open], projects[is_open], gain[is_open]
        if len(self.bonus):
            gain = gain + self.worth * np.isin(projects * self.experts + experts, self.bonus)
        self.network.add(experts, self.experts + projects, np.ones(len(experts), np.int64), -gain)

    def _chosen(self) -> tuple[Ints, Ints]:
        arcs, real = self.network.arcs, slice(self.begin, self.network.size)
        taken = arcs.flow[real] > 0
        return arcs.tail[real][taken], arcs.head[real][taken] - self.experts

    def _improving(self) -> tuple[Ints, Ints]:
        price = self.network.tree.price
        mine, theirs = price[: self.experts], price[self.experts : self.experts + self.projects]
        experts, projects = self._chosen()
        found = self.gains.improving(mine, -theirs, _table(experts, projects, self.projects), MORE)
        place = np.nonzero(found >= 0)
        return found[place].astype(np.int64), place[0].astype(np.int64)

    def _answer(self, pivots: int) -> Transport:
        experts, projects = self._chosen()
        order = np.lexsort((experts, projects))
        experts, projects = experts[order], projects[order]
        price = self.network.tree.price
        worth = price[: self.experts] - price[self.experts + self.projects]
        total = int(self.gains.of(experts, projects).sum())
        return Transport(experts, projects, np.clip(worth, -GREATEST, GREATEST), total, self.network.unmet, pivots)


def _table(experts: Ints, projects: Ints, columns: int) -> NDArray[np.int32]:
    """The experts of each project as rows, -1 filling up."""
    order = np.argsort(projects, kind="stable")
    experts, projects = experts[order], projects[order]
    count = np.bincount(projects, minlength=columns)
    table = np.full((columns, int(count.max(initial=0))), -1, dtype=np.int32)
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    table[projects, np.arange(len(projects)) - first[projects]] = experts
    return table
