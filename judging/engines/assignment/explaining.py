"""Why these experts and not others; what one more expert would give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from judging.engines.assignment.answer import Plan
from judging.engines.assignment.gains import BARRED
from judging.engines.assignment.instance import Instance, instance_of
from judging.engines.assignment.planning import plan as plan_of
from judging.engines.assignment.problem import GroupRule, Problem

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Obstacle:
    """What keeps ``expert``, a good match of ``affinity``, from a project.

    ``kind``: ``conflict``; ``forbidden`` (pairs that no plan may hold, not for a conflict); ``rule`` (the group rule
    ``rule`` would be broken whoever made room); ``load`` (the expert is full with ``projects``: giving one of them to
    the best other expert would lose ``loss`` of the total, or nobody else could take any of them where ``loss`` is
    None, or all of them are locked where there are no ``projects``); ``locked`` (all experts of the project are
    locked); ``least_load`` (whoever left would have less than their least load); ``floor`` (nothing would be lost, but
    a project would fall under the plan's floor); ``total`` (the exchange would lose ``loss`` of the total).
    """

    expert: int
    affinity: float
    kind: str
    rule: str = ""
    loss: float | None = None
    projects: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gain:
    """What one more expert adds to the worst score and to the total (which may fall where the worst score rises)."""

    floor: float
    total: float


def why_not(problem: Problem, plan: Plan, project: int, *, most: int = 3) -> tuple[Obstacle, ...]:
    """Return what stood in the way of the ``most`` best experts not chosen for the project, the best first.

    Experts who are no better than everybody chosen are left out.
    """
    return _Looking(problem, plan).obstacles(project, most)


def why_not_all(problem: Problem, plan: Plan, *, most: int = 3) -> tuple[tuple[Obstacle, ...], ...]:
    """Return :func:`why_not` of every project."""
    looking = _Looking(problem, plan)
    return tuple(looking.obstacles(project, most) for project in range(len(plan.scores)))


def value_of_expert(problem: Problem, plan: Plan, affinity: ArrayLike, max_load: int) -> Gain:
    """Return how much better the plan would be with one more expert of these affinities [projects].

    The new expert has no conflicts, no minimum load and belongs to no group.
    """
    more = _with_expert(problem, np.asarray(affinity), max_load)
    better = plan_of(replace(more, previous=()))
    return Gain(better.floor - plan.floor, better.total - plan.total)


def _with_expert(problem: Problem, row: NDArray[Any], max_load: int) -> Problem:
    experts = problem.affinity.shape[0]
    matrix, conflicts = problem.affinity, problem.conflicts
    if sparse.issparse(matrix):
        matrix = sparse.csc_array(sparse.vstack([matrix, sparse.csr_array(row[None, :])]))
    else:
        matrix = np.vstack([np.asarray(matrix), row[None, :].astype(np.asarray(matrix).dtype)])
    if conflicts is not None:
        blank = np.zeros((1, matrix.shape[1]), dtype=bool)
        stack = sparse.vstack([conflicts, sparse.csr_array(blank)]) if sparse.issparse(conflicts) else None
        conflicts = np.vstack([np.asarray(conflicts), blank]) if stack is None else sparse.csc_array(stack)
    least = np.append(np.broadcast_to(np.asarray(problem.min_load), (experts,)), 0)
    greatest = np.append(np.broadcast_to(np.asarray(problem.max_load), (experts,)), max_load)
    groups = tuple(replace(rule, members=_with_outsider(rule)) for rule in problem.groups)
    return replace(problem, affinity=matrix, conflicts=conflicts, min_load=least, max_load=greatest, groups=groups)


def _with_outsider(rule: GroupRule) -> NDArray[np.bool_]:
    return np.concatenate([rule.members, np.zeros((1, *rule.members.shape[1:]), dtype=bool)])


class _Looking:
    """A plan seen from the pairs that are not in it."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.instance: Instance = instance_of(replace(problem, demand=np.maximum(
            np.bincount(plan.pairs[:, 1], minlength=len(plan.scores)), 0)))  # fmt: skip
        self.scale = self.instance.gains.scale
        self.locked = {(int(e), int(p)) for e, p in self.instance.locked}
        self.forbidden = {(int(e), int(p)) for e, p in problem.forbidden}
        self.least, self.most = self.instance.wants.least, self.instance.wants.most
        order = np.argsort(plan.pairs[:, 1], kind="stable")
        self.chosen = np.split(
            plan.pairs[order, 0], np.cumsum(np.bincount(plan.pairs[:, 1], minlength=len(plan.scores)))[:-1]
        )
        order = np.argsort(plan.pairs[:, 0], kind="stable")
        self.tasks = np.split(plan.pairs[order, 1], np.cumsum(plan.loads)[:-1])
        self.everyone = np.arange(len(plan.loads))

    def obstacles(self, project: int, most: int) -> tuple[Obstacle, ...]:
        """See :func:`why_not`."""
        affinity = self._affinity(project)
        chosen = self.chosen[project]
        if not len(chosen):
            return ()
        weakest = float(affinity[chosen].min())
        better = [e for e in np.argsort(-affinity, kind="stable") if e not in chosen and affinity[e] > weakest]
        gains = self.instance.gains.of(self.everyone, np.full(len(self.everyone), project))
        return tuple(self._obstacle(int(e), project, float(affinity[e]), gains) for e in better[:most])

    def _affinity(self, project: int) -> NDArray[np.float64]:
        matrix = self.problem.affinity
        if not sparse.issparse(matrix):
            return np.asarray(matrix)[:, project].astype(np.float64)
        row = np.full(matrix.shape[0], -np.inf)
        column = sparse.csc_array(matrix)[:, [project]].tocoo()
        row[column.row] = column.data
        return row

    def _obstacle(self, expert: int, project: int, affinity: float, gains: Ints) -> Obstacle:
        if gains[expert] == BARRED:
            kind = "forbidden" if (expert, project) in self.forbidden else "conflict"
            return Obstacle(expert, affinity, kind)
        tried = [self._exchange(expert, int(out), project, gains) for out in self.chosen[project]]
        ways = [way for way in tried if way is not None]
        lawful = [way for way in ways if not way[1]]
        if not lawful:
            kind = "rule" if ways else self._standstill(project)
            return Obstacle(expert, affinity, kind, rule=ways[0][1] if ways else "")
        gain, _, out = max(lawful, key=lambda way: way[0])
        if self.plan.loads[expert] < self.most[expert] + self._locks_of(expert):
            return self._plain(expert, affinity, -gain)
        tasks = tuple(int(p) for p in self.tasks[expert])
        cheapest = min((self._relief(expert, task, out, project) for task in tasks), default=None, key=_last_if_none)
        if cheapest is None:
            stays = all((expert, task) in self.locked for task in tasks)
            return Obstacle(expert, affinity, "load", projects=() if stays else tasks)
        loss = (cheapest - gain) / self.scale
        kind = "load" if loss > 0 else "floor"
        return Obstacle(expert, affinity, kind, loss=max(loss, 0.0), projects=tasks)

    def _standstill(self, project: int) -> str:
        """Why nobody may leave the project."""
        return "locked" if all((int(one), project) in self.locked for one in self.chosen[project]) else "least_load"

    def _plain(self, expert: int, affinity: float, loss: int) -> Obstacle:
        return Obstacle(expert, affinity, "total" if loss > 0 else "floor", loss=max(loss, 0) / self.scale)

    def _locks_of(self, expert: int) -> int:
        return sum(1 for one, _ in self.locked if one == expert)

    def _exchange(self, expert: int, out: int, project: int, gains: Ints) -> tuple[int, str, int] | None:
        """What the exchange gains, the rule that it would break, and who would leave; None where nobody may leave."""
        if (out, project) in self.locked or self.plan.loads[out] <= self.least[out] + self._locks_of(out):
            return None
        return int(gains[expert] - gains[out]), self._broken(expert, out, project), out

    def _broken(self, expert: int, out: int, project: int) -> str:
        groups = self.instance.groups
        if not groups.rules:
            return ""
        after = [*(e for e in self.chosen[project] if e != out), expert]
        count = groups.members(np.array(after), np.full(len(after), project)).sum(axis=0)
        bad = (count < groups.fewest[project]) | (count > groups.greatest[project])
        return groups.codes[int(np.flatnonzero(bad)[0])] if bad.any() else ""

    def _relief(self, expert: int, task: int, freed: int, project: int) -> int | None:
        """The least that is lost, in gains, when somebody with room takes the expert's task."""
        if (expert, task) in self.locked or task == project:
            return None
        gains = self.instance.gains.of(self.everyone, np.full(len(self.everyone), task))
        loads = self.plan.loads - np.bincount(self.instance.locked[:, 0], minlength=len(self.everyone))
        room = (loads < self.most) | (self.everyone == freed)
        room[self.chosen[task]] = False
        able: Sequence[int] = np.flatnonzero(room & (gains != BARRED)).tolist()
        held = self._gain(expert, task)
        losses = [held - int(gains[e]) for e in able if not self._broken(e, expert, task)]
        return min(losses, default=None)

    def _gain(self, expert: int, project: int) -> int:
        return int(self.instance.gains.of(np.array([expert]), np.array([project]))[0])


def _last_if_none(value: int | None) -> tuple[bool, int]:
    return value is None, value or 0
