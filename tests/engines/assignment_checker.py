"""An independent check of plans: the hard rules, the worth, whether one exchange would better it, bounds of the LP.

Nothing of the engine is used here. ``problem`` is anything with the fields of the engine's ``Problem``; ``pairs`` is an
int array [n × 2] of (expert, project). Loops are over projects or pairs, whole rows at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

TOLERANCE = 1e-6

Pairs = np.ndarray
Exchange = tuple[tuple[int, int], ...]
"""Pairs taken out, then as many pairs put in."""


class Facts:
    """The problem with everything spelt out: arrays for demand and loads, and who may judge what at what affinity."""

    def __init__(self, problem: Any) -> None:
        self.problem = problem
        self.experts, self.projects = problem.affinity.shape
        self.demand = np.broadcast_to(np.asarray(problem.demand), self.projects).astype(int)
        self.least = np.broadcast_to(np.asarray(problem.min_load), self.experts).astype(int)
        self.most = np.broadcast_to(np.asarray(problem.max_load), self.experts).astype(int)
        self.locked = as_pairs(problem.locked)
        self.apart = as_pairs(problem.apart)
        self.wanting = self.demand > 0
        rows, columns, values = _listed(problem.affinity)
        keys = rows * self.projects + columns
        barred = _true(problem.conflicts, self.projects)
        forbidden = as_pairs(problem.forbidden)
        barred = np.union1d(barred, forbidden[:, 0] * self.projects + forbidden[:, 1])
        free = ~np.isin(keys, barred)
        order = np.argsort(keys[free], kind="stable")
        self.keys, self.values = keys[free][order], values[free][order]

    def inside(self, expert: int, project: int) -> bool:
        return 0 <= expert < self.experts and 0 <= project < self.projects

    def key(self, pairs: Pairs) -> np.ndarray:
        return pairs[:, 0] * self.projects + pairs[:, 1]

    def allowed(self, pairs: Pairs) -> np.ndarray:
        """Whether each pair is eligible, in no conflict and not forbidden."""
        if not len(self.keys):
            return np.zeros(len(pairs), bool)
        place = np.minimum(np.searchsorted(self.keys, self.key(pairs)), len(self.keys) - 1)
        return self.keys[place] == self.key(pairs)

    def affinity(self, pairs: Pairs) -> np.ndarray:
        """Return the affinities of allowed pairs."""
        return self.values[np.searchsorted(self.keys, self.key(pairs))]

    def scores(self, pairs: Pairs) -> np.ndarray:
        return np.bincount(pairs[:, 1], weights=self.affinity(pairs), minlength=self.projects)

    def loads(self, pairs: Pairs) -> np.ndarray:
        return np.bincount(pairs[:, 0], minlength=self.experts)

    def floor(self, scores: np.ndarray) -> float:
        """Return the worst score of a project that wants experts (0 where none does)."""
        return float(scores[self.wanting].min()) if self.wanting.any() else 0.0


def as_pairs(pairs: Any) -> Pairs:
    return np.array([tuple(pair) for pair in pairs], dtype=int).reshape(-1, 2)


def _listed(matrix: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if sparse.issparse(matrix):
        held = sparse.coo_array(sparse.csc_array(matrix))
        return held.row.astype(int), held.col.astype(int), held.data.astype(float)
    rows, columns = np.indices(matrix.shape)
    return rows.ravel(), columns.ravel(), np.asarray(matrix, float).ravel()


def _true(conflicts: Any, projects: int) -> np.ndarray:
    if conflicts is None:
        return np.zeros(0, int)
    rows, columns, held = _listed(conflicts)
    return (rows * projects + columns)[held.astype(bool)]


# hard rules


def broken_rules(problem: Any, pairs: Any, missing: dict[int, int] | None = None) -> list[str]:
    """Name every hard rule that the plan breaks.

    ``missing`` {project: experts} is for partial plans: so many may be lacking, and least loads need not be reached.
    """
    facts, pairs = Facts(problem), np.asarray(pairs).reshape(-1, 2)
    if missing is not None:
        facts.least = np.zeros_like(facts.least)
    checks: tuple[Callable[[Facts, Pairs, dict[int, int]], Iterator[str]], ...] = (
        _shape, _demand, _loads, _allowed, _locks, _apart, _groups,
    )  # fmt: skip
    outside = [f"pair ({e}, {p}) is outside the matrix" for e, p in pairs if not facts.inside(e, p)]
    return outside or [fault for check in checks for fault in check(facts, pairs, missing or {})]


def _shape(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    if pairs.dtype.kind != "i":
        yield f"pairs of {pairs.dtype}"
    if any(tuple(before) >= tuple(after) for before, after in pairwise(pairs.tolist())):
        yield "pairs not sorted, or one twice"


def _demand(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    lacking = np.zeros(facts.projects, int)
    for project, number in missing.items():
        lacking[project] = number
    got = np.bincount(pairs[:, 1], minlength=facts.projects)
    for project in np.flatnonzero(got != facts.demand - lacking):
        yield f"project {project}: {got[project]} experts of {facts.demand[project]}"


def _loads(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    loads = facts.loads(pairs)
    for expert in np.flatnonzero(loads > facts.most):
        yield f"expert {expert}: {loads[expert]} projects, at most {facts.most[expert]}"
    for expert in np.flatnonzero(loads < facts.least):
        yield f"expert {expert}: {loads[expert]} projects, at least {facts.least[expert]}"


def _allowed(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    for expert, project in pairs[~facts.allowed(pairs)]:
        yield f"pair ({expert}, {project}) is not allowed"


def _locks(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    for expert, project in facts.locked[~np.isin(facts.key(facts.locked), facts.key(pairs))]:
        yield f"locked pair ({expert}, {project}) is left out"


def _apart(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    for one, other in facts.apart:
        for project in np.intersect1d(pairs[pairs[:, 0] == one, 1], pairs[pairs[:, 0] == other, 1]):
            yield f"experts {one} and {other} together on project {project}"


def _groups(facts: Facts, pairs: Pairs, missing: dict[int, int]) -> Iterator[str]:
    for rule in facts.problem.groups:
        number = np.bincount(pairs[_members(rule, pairs), 1], minlength=facts.projects)
        applies = np.ones(facts.projects, bool) if rule.projects is None else rule.projects
        low = applies & (number < rule.at_least) & facts.wanting
        low[list(missing)] = False
        high = np.zeros_like(low) if rule.at_most is None else applies & (number > rule.at_most)
        for project in np.flatnonzero(low | high):
            yield f"rule {rule.code}, project {project}: {number[project]} members"


def _members(rule: Any, pairs: Pairs) -> np.ndarray:
    members = np.asarray(rule.members)
    return members[pairs[:, 0]] if members.ndim == 1 else members[pairs[:, 0], pairs[:, 1]]


# one exchange


def better_exchange(problem: Any, pairs: Any) -> Exchange | None:
    """Return a replacement or a swap that keeps every hard rule and betters the goal, or None where there is none.

    A replacement puts an expert with room in the place of one who may have less; a swap exchanges the experts of two
    places. Better: a larger total; (floor, total) in this order for ``fair``; the sorted scores for ``leximin``; a
    larger total with no project under x for ``("floor", x)`` (or a higher floor while one is under it).
    """
    facts, pairs = Facts(problem), np.asarray(pairs).reshape(-1, 2)
    judge = _Judge(facts, pairs)
    for found in (_replacements(judge), _swaps(judge)):
        for exchange in found:
            if not broken_rules(problem, _after(pairs, exchange)):
                return exchange
    return None


def _after(pairs: Pairs, exchange: Exchange) -> Pairs:
    half = len(exchange) // 2
    kept = [tuple(pair) for pair in pairs.tolist() if tuple(pair) not in exchange[:half]]
    return np.array(sorted([*kept, *exchange[half:]]))


class _Judge:
    """Says which exchanges better the goal. Scores are compared with a tolerance."""

    def __init__(self, facts: Facts, pairs: Pairs) -> None:
        self.facts, self.pairs = facts, pairs
        self.affinity = facts.affinity(pairs)
        self.scores, self.loads = facts.scores(pairs), facts.loads(pairs)
        self.floor = facts.floor(self.scores)
        self.movable = ~np.isin(facts.key(pairs), facts.key(facts.locked))
        self.taken = np.zeros((facts.experts, facts.projects), bool)
        self.taken[pairs[:, 0], pairs[:, 1]] = True
        self.open = np.full((facts.experts, facts.projects), np.nan)
        self.open.ravel()[facts.keys] = facts.values
        self.open[self.taken] = np.nan
        wanting = np.flatnonzero(facts.wanting)
        self.lowest = wanting[np.argsort(self.scores[wanting], kind="stable")][:3]

    def rest(self, first: int, second: np.ndarray) -> np.ndarray:
        """Return the worst score of the projects other than ``first`` and ``second``."""
        worst = np.full(len(second), np.inf)
        for project in self.lowest[::-1]:
            if project != first:
                worst = np.where(second != project, self.scores[project], worst)
        return worst

    def better(self, first: int, gain: np.ndarray, second: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Whether gains of ``gain`` for the project ``first`` and ``other`` for the projects ``second`` are better.

        Where one project alone gains it stands on both sides.
        """
        goal = self.facts.problem.goal
        more = gain + other > TOLERANCE
        if goal == "total":
            return more
        before = np.minimum(self.scores[first], self.scores[second])
        now = np.minimum(self.scores[first] + gain, self.scores[second] + other)
        if goal == "leximin":
            return (now > before + TOLERANCE) | ((now > before - TOLERANCE) & more)
        worst = np.minimum(now, self.rest(first, second))
        limit = self.floor if goal == "fair" else min(goal[1], self.floor)
        lifted = (worst > self.floor + TOLERANCE) & (goal == "fair" or self.floor < goal[1] - TOLERANCE)
        return lifted | ((worst >= limit - TOLERANCE) & more)


def _replacements(judge: _Judge) -> Iterator[Exchange]:
    facts = judge.facts
    room = judge.loads < facts.most
    for index in np.flatnonzero(judge.movable & (judge.loads > facts.least)[judge.pairs[:, 0]]):
        expert, project = (int(number) for number in judge.pairs[index])
        others = np.flatnonzero(room & ~np.isnan(judge.open[:, project]))
        gain = judge.open[others, project] - judge.affinity[index]
        better = judge.better(project, gain, np.full(len(others), project), gain)
        for other in others[better]:
            yield (expert, project), (int(other), project)


def _swaps(judge: _Judge) -> Iterator[Exchange]:
    movable = np.flatnonzero(judge.movable)
    experts, projects = judge.pairs[movable].T
    own = judge.affinity[movable]
    for place, (expert, project) in enumerate(judge.pairs[movable].tolist()):
        later = slice(place + 1, None)
        gain = judge.open[experts[later], project] - own[place]
        other = judge.open[expert, projects[later]] - own[later]
        possible = np.flatnonzero(~np.isnan(gain + other))
        second = projects[later][possible]
        better = judge.better(project, gain[possible], second, other[possible])
        for hit in possible[better] + place + 1:
            partner = int(experts[hit]), int(projects[hit])
            yield (expert, project), partner, (expert, partner[1]), (partner[0], project)


# bounds


@dataclass(frozen=True)
class _Programme:
    cost: np.ndarray
    equal: sparse.csr_array
    right: np.ndarray
    limited: sparse.csr_array
    limit: np.ndarray
    bounds: np.ndarray


def total_bound(problem: Any, floor: float | None = None) -> float:
    """Return the largest total of the linear relaxation, no project under ``floor``; −inf where it is empty."""
    facts = Facts(problem)
    programme = _programme(facts)
    limited, limit = programme.limited, programme.limit
    if floor is not None:
        worth = _by(facts.keys % facts.projects, facts.projects, -facts.values)[facts.wanting]
        limited = sparse.vstack([limited, worth])
        limit = np.concatenate([limit, np.full(worth.shape[0], -floor)])
    return -_solved(programme, programme.cost, programme.equal, limited, limit, programme.bounds)


def floor_bound(problem: Any) -> float:
    """Return the largest floor of the linear relaxation; −inf where it is empty."""
    facts = Facts(problem)
    programme = _programme(facts)
    worth = _by(facts.keys % facts.projects, facts.projects, -facts.values)[facts.wanting]
    lift = sparse.csr_array(np.ones((worth.shape[0], 1)))
    limited = sparse.block_array([[programme.limited, None], [worth, lift]])
    equal = sparse.hstack([programme.equal, sparse.csr_array((programme.equal.shape[0], 1))])
    limit = np.concatenate([programme.limit, np.zeros(worth.shape[0])])
    cost = np.concatenate([np.zeros(len(facts.keys)), [-1.0]])
    bounds = np.vstack([programme.bounds, [-np.inf, np.inf]])
    return -_solved(programme, cost, equal, limited, limit, bounds)


def _by(rows: np.ndarray, number: int, weights: np.ndarray) -> sparse.csr_array:
    return sparse.csr_array((weights, (rows, np.arange(len(rows)))), shape=(number, len(rows)))


def _programme(facts: Facts) -> _Programme:
    experts, projects = facts.keys // facts.projects, facts.keys % facts.projects
    one = np.ones(len(facts.keys))
    held = _by(experts, facts.experts, one)
    blocks, limits = [held, -held], [facts.most, -facts.least]
    for rule in facts.problem.groups:
        members = _members(rule, np.column_stack([experts, projects])).astype(float)
        applies = facts.wanting if rule.projects is None else rule.projects & facts.wanting
        number = _by(projects, facts.projects, members)[applies]
        blocks.append(-number)
        limits.append(np.full(number.shape[0], -rule.at_least))
        if rule.at_most is not None:
            blocks.append(number)
            limits.append(np.full(number.shape[0], rule.at_most))
    for one_expert, other in facts.apart:
        either = ((experts == one_expert) | (experts == other)).astype(float)
        blocks.append(_by(projects, facts.projects, either))
        limits.append(np.ones(facts.projects))
    bounds = np.column_stack([np.isin(facts.keys, facts.key(facts.locked)).astype(float), one])
    equal = _by(projects, facts.projects, one)
    return _Programme(-facts.values, equal, facts.demand, sparse.vstack(blocks).tocsr(), np.concatenate(limits), bounds)


def _solved(
    programme: _Programme,
    cost: np.ndarray,
    equal: sparse.csr_array,
    limited: sparse.csr_array,
    limit: np.ndarray,
    bounds: np.ndarray,
) -> float:
    if not len(cost):
        return 0.0 if not programme.right.any() and (limit >= 0).all() else np.inf
    found = linprog(cost, limited, limit, equal, programme.right, bounds, method="highs")
    return float(found.fun) if found.status == 0 else np.inf
