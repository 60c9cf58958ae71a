"""The integer programme over rules that are not a flow: is there a plan, and what is the least that would make one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from judging.engines.assignment.case import APART, Case
from judging.engines.assignment.feasibility import Bools, Ints, distinct, some_pairs

Floats = NDArray[np.float64]

PAIRS = 20_000
"""As many pairs enter whole; of more, some of each project do."""
EACH = 12
"""Pairs a project, and members a rule and project, that enter at first where not all do."""
MOST_PAIRS = 200_000
NODES = 50_000


@dataclass(frozen=True)
class Pool:
    """Pairs that enter the programme; ``locked`` those that are locks; ``whole``: no eligible pair is missing."""

    projects: Ints
    experts: Ints
    locked: Bools
    eligible: Bools
    whole: bool


@dataclass
class _Rows:
    """Constraints ``low <= A x + S y <= high``, x the pairs, y what is soft."""

    pairs: int
    soft: int = 0
    left: list[Any] = field(default_factory=list)
    right: list[Any] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)

    def add(self, row: Ints, pair: Ints, low: Any, high: Any, count: int, soft: tuple[Ints, Any] | None = None) -> None:
        """``count`` rows; ``soft``: (column of y of each row, its weight)."""
        if not count:
            return
        ones = np.ones(len(row))
        self.left.append(sparse.csr_matrix((ones, (row, pair)), shape=(count, self.pairs)))
        at, weight = (np.zeros(0, np.int64), 0.0) if soft is None else soft
        weights = np.broadcast_to(np.asarray(weight, float), (len(at),))
        self.right.append(sparse.csr_matrix((weights, (np.arange(len(at)), at)), shape=(count, self.soft)))
        self.low.append(np.broadcast_to(np.asarray(low, float), (count,)))
        self.high.append(np.broadcast_to(np.asarray(high, float), (count,)))


def pool(case: Case, each: int = EACH) -> Pool:
    """The pairs of the case, all of them where they are few enough."""
    free = case.open().eligible
    width = free.shape[1]
    everything = np.ones(width, np.bool_)
    counts = free.row_counts(everything)
    whole = int(counts.sum()) <= PAIRS or int(counts.max(initial=0)) <= each
    rows = np.flatnonzero(case.demand > 0)
    rng = np.random.default_rng(0)
    wanted = [some_pairs(free, rows, everything, width if whole else each, rng)]
    if not whole:
        for rule in (rule for rule in case.rules if rule.at_least > 0 and rule.members.ndim == 1):
            wanted.append(some_pairs(free, np.flatnonzero(rule.projects), rule.members, each, rng))
    keys = distinct(np.concatenate([row * width + column for row, column in wanted]))
    projects = np.concatenate([keys // max(1, width), case.locks[:, 1]])
    experts = np.concatenate([keys % max(1, width), case.locks[:, 0]])
    locked = np.arange(len(projects)) >= len(keys)
    return Pool(projects, experts, locked, case.eligible.has(projects, experts), whole)


def possible(case: Case) -> bool:
    """There is a plan that obeys the rules too (loads, demands and locks alone being possible)."""
    each = EACH
    while True:
        pairs = pool(case, each)
        if least_change(case, "", pairs=pairs) is not None:
            return True
        if pairs.whole or len(pairs.projects) > MOST_PAIRS:
            return False
        each *= 8


def least_change(case: Case, kind: str, *, rule: str = "", pairs: Pool | None = None) -> Ints | None:
    """The smallest change of this ``kind`` with which a plan exists, spread evenly; None where none does.

    By kind: ``raise_loads``, ``lower_min_loads`` [experts], ``lower_demand`` [projects], ``drop_rule`` [projects] of
    the ``rule``, ``unlock`` [locks], ``rules`` [1] by how much all rules together must be broken; "" changes nothing.
    """
    pairs = pairs or pool(case)
    experts, projects = len(case.most), len(case.demand)
    sizes = {"raise_loads": experts, "lower_min_loads": experts, "lower_demand": projects, "drop_rule": projects}
    none = np.zeros(0, np.int64)
    broken = sum(int(half.projects.sum()) for half in halves(case, none, none)) if kind == "rules" else 0
    rows = _Rows(len(pairs.projects), sizes.get(kind, broken))
    _counts(rows, case, pairs, kind)
    _rules(rows, case, pairs, kind, rule)
    answer = _solved(rows, case, pairs, kind)
    if answer is None or kind == "":
        return answer
    if kind == "unlock":
        return 1 - answer[: rows.pairs][pairs.locked]
    change = answer[rows.pairs : rows.pairs + rows.soft]
    return change.sum(keepdims=True) if kind == "rules" else change


def _counts(rows: _Rows, case: Case, pairs: Pool, kind: str) -> None:
    """Demands and loads."""
    experts, projects, index = len(case.most), len(case.demand), np.arange(rows.pairs)
    soft = (np.arange(projects), 1) if kind == "lower_demand" else None
    rows.add(pairs.projects, index, case.demand, case.demand, projects, soft)
    soft = (np.arange(experts), -1) if kind == "raise_loads" else None
    rows.add(pairs.experts, index, -np.inf, case.most, experts, soft)
    soft = (np.arange(experts), 1) if kind == "lower_min_loads" else None
    rows.add(pairs.experts, index, case.least, np.inf, experts, soft)


@dataclass(frozen=True)
class Half:
    """One half of a rule: in each of ``projects`` [projects] no fewer, or (``upper``) no more, members than ``bound``.

    ``members`` [pairs] marks the members in the pool.
    """

    code: str
    projects: Bools
    members: Bools
    bound: int
    upper: bool


def halves(case: Case, projects: Ints, experts: Ints) -> Iterator[Half]:
    """What of the rules can bind, over these pairs. Who wants nobody is under no rule."""
    wanting = case.demand > 0
    for rule in case.rules:
        members = rule.holds(projects, experts)
        if rule.at_least > 0:
            yield Half(rule.code, rule.projects & wanting, members, rule.at_least, False)
        if rule.at_most is not None:
            where = rule.projects & (case.demand > rule.at_most)
            yield Half(rule.code, where, members, rule.at_most, True)
    for pair in case.apart:
        yield Half(APART, case.apart_projects & (case.demand > 1), np.isin(experts, pair), 1, True)


def _rules(rows: _Rows, case: Case, pairs: Pool, kind: str, code: str) -> None:
    begun = 0
    for half in halves(case, pairs.projects, pairs.experts):
        where = np.flatnonzero(half.projects)
        soft: tuple[Ints, Any] | None = None
        if kind == "drop_rule" and half.code == code:
            soft = (where, -int(case.demand.max(initial=0)) if half.upper else half.bound)
        elif kind == "rules":
            soft = (begun + np.arange(len(where)), -1 if half.upper else 1)
        chosen = np.flatnonzero(half.members & half.projects[pairs.projects])
        row = np.searchsorted(where, pairs.projects[chosen])
        low, high = (-np.inf, half.bound) if half.upper else (half.bound, np.inf)
        rows.add(row, chosen, low, high, len(where), soft)
        begun += len(where)


def _solved(rows: _Rows, case: Case, pairs: Pool, kind: str) -> Ints | None:
    """The programme's variables: pairs, soft, and the greatest of the soft."""
    even = rows.soft if kind in {"raise_loads", "lower_demand", "lower_min_loads"} else 0
    total = rows.pairs + rows.soft + (even > 0)
    if not total:
        return _empty(rows)
    table = sparse.hstack([sparse.vstack(rows.left), sparse.vstack(rows.right)]).tocsr()
    limits = [LinearConstraint(_widened(table, total), np.concatenate(rows.low), np.concatenate(rows.high))]
    if even:
        below = sparse.hstack([sparse.csr_matrix((even, rows.pairs)), sparse.eye(even), -np.ones((even, 1))])
        limits.append(LinearConstraint(below.tocsr(), -np.inf, 0))
    low, high = np.zeros(total), np.full(total, np.inf)
    high[: rows.pairs] = pairs.eligible | (pairs.locked & (kind != "unlock"))
    low[: rows.pairs] = pairs.locked & (kind != "unlock")
    if kind == "drop_rule":
        high[rows.pairs :] = 1
    whole = np.ones(total)
    answer = milp(
        _costs(rows, case, pairs, kind, total),
        integrality=whole,
        bounds=Bounds(low, high),
        constraints=limits,
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )
    return None if answer.x is None else np.rint(answer.x).astype(np.int64)


def _empty(rows: _Rows) -> Ints | None:
    """Without a single variable the counts have to hold as they are."""
    low, high = np.concatenate([*rows.low, np.zeros(1)]), np.concatenate([*rows.high, np.zeros(1)])
    return np.zeros(0, np.int64) if (low <= 0).all() and (high >= 0).all() else None


def _widened(table: Any, width: int) -> Any:
    return sparse.csr_matrix((table.data, table.indices, table.indptr), shape=(table.shape[0], width))


def _costs(rows: _Rows, case: Case, pairs: Pool, kind: str, total: int) -> Floats:
    """Fewest first; among those evenly, and locks of small affinity before others."""
    costs = np.zeros(total)
    if kind == "unlock":
        spread = np.argsort(np.argsort(case.worth, kind="stable"), kind="stable") / max(1, len(case.worth) ** 2)
        costs[: rows.pairs][pairs.locked] = -1 - spread
    else:
        costs[rows.pairs :] = 1
        if total > rows.pairs + rows.soft:
            costs[rows.pairs : -1] = 1 + max(len(case.demand), int(case.demand.max(initial=0)), int(case.least.max()))
    return costs
