"""What no plan can exceed: bounds on the floor and on the total, by linear programmes and their dual prices.

A linear programme over the likeliest pairs gives every project a weight, what one more unit of its floor would cost.
With any weights the plan of the largest weighted total bounds the goal from above (Lagrange), and that plan is found
exactly over all pairs by :func:`largest_total`: so the bounds hold for the whole problem, whatever was left out of the
linear programme.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from judging.engines.assignment.gains import BARRED, GREATEST, DenseGains, Gains, ListedGains
from judging.engines.assignment.instance import Instance
from judging.engines.assignment.problem import Goal
from judging.engines.assignment.transport import largest_total

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
COLUMNS = 60_000
"""Linear programmes with more pairs are not solved; the floor is then bounded by each project's own ceiling."""
WIDTH = 12
EVEN = 1 << 12
"""Weights are multiples of 1/EVEN."""


@dataclass(frozen=True)
class Bounds:
    """Bounds in affinities.

    ``floor`` is None where the goal does not look at it; ``leximin``: the bounds do not tell of the
    second worst score and further; ``picked``: the floor was picked, and need not be the highest.
    """

    floor: float | None
    total: float
    leximin: bool = False
    picked: bool = False


def bounds_of(instance: Instance, experts: Ints, projects: Ints, goal: Goal) -> Bounds:
    """Bound the goal of a plan (``experts``, ``projects`` of its pairs, without the locked ones)."""
    free = _total(instance)
    if goal == "total" or not instance.counted.any():
        return Bounds(None, free)
    scores = instance.base.copy()
    np.add.at(scores, projects, instance.gains.of(experts, projects))
    level = int(scores[instance.counted].min())
    if isinstance(goal, tuple):
        level = min(level, int(np.ceil(goal[1] * instance.gains.scale - 1e-6)))
    columns = _columns(instance, experts, projects)
    ceiling = _ceiling(instance)
    if not len(columns[0]) or len(columns[0]) > COLUMNS:
        return Bounds(ceiling / instance.gains.scale, free, goal == "leximin", isinstance(goal, tuple))
    floor = ceiling if ceiling == level else min(ceiling, _floor_bound(instance, columns))
    total = min(free, _total_bound(instance, columns, level))
    return Bounds(floor / instance.gains.scale, total, goal == "leximin", isinstance(goal, tuple))


def _total(instance: Instance) -> float:
    found = largest_total(instance.gains, instance.wants)
    return float(found.total + instance.base.sum()) / instance.gains.scale


def _ceiling(instance: Instance) -> int:
    """The worst project's best: what it would have if it were alone."""
    best = instance.base.copy()
    demand = instance.wants.demand
    for wanted in np.unique(demand[demand > 0]):
        near = instance.gains.best_by_project(np.zeros(instance.gains.shape[0], np.int64), int(wanted))
        where = np.flatnonzero(demand == wanted)
        gain = instance.gains.of(near[where].ravel().astype(np.int64), np.repeat(where, near.shape[1]))
        best[where] += gain.reshape(len(where), -1).sum(axis=1)
    return int(best[instance.counted].min())


def _columns(instance: Instance, experts: Ints, projects: Ints) -> tuple[Ints, Ints]:
    """The likeliest pairs: the best of each project by gain and by worth, and those of the plan."""
    rows = instance.gains.shape[0]
    price = largest_total(instance.gains, instance.wants).price
    keys = [projects * rows + experts]
    for prices in (np.zeros(rows, np.int64), price):
        near = instance.gains.best_by_project(prices, WIDTH)
        place = np.nonzero(near >= 0)
        keys.append(place[0].astype(np.int64) * rows + near[place])
    key = np.unique(np.concatenate(keys))
    key = key[instance.wants.demand[key // rows] > 0]
    return key % rows, key // rows


def _floor_bound(instance: Instance, columns: tuple[Ints, Ints]) -> int:
    """The highest floor that a linear combination of plans can have, or a little above it."""
    weights = _weights(instance, columns, None)
    if weights is None or not weights.sum():
        return 1 << 60
    return int(_weighted(instance, weights) // int(weights.sum()))


def _total_bound(instance: Instance, columns: tuple[Ints, Ints], level: int) -> float:
    """The largest total of a linear combination of plans whose worst score is ``level``, or a little above it."""
    weights = _weights(instance, columns, level)
    if weights is None:
        return float("inf")
    bound = _weighted(instance, weights + EVEN) - int(weights[instance.counted].sum()) * level
    return bound / EVEN / instance.gains.scale


def _weights(instance: Instance, columns: tuple[Ints, Ints], level: int | None) -> Ints | None:
    """The dual prices of the floors [projects] as multiples of 1/EVEN; ``level`` None: of the highest floor."""
    wants, (experts, projects) = instance.wants, columns
    gain = instance.gains.of(experts, projects) / instance.gains.scale
    count, place = len(gain), np.arange(len(gain))
    counted = np.flatnonzero(instance.counted)
    ones = np.ones(count)
    by_project = sparse.csr_array((ones, (projects, place)), shape=(len(wants.demand), count))
    by_expert = sparse.csr_array((ones, (experts, place)), shape=(len(wants.most), count))
    score = sparse.csr_array((gain, (projects, place)), shape=by_project.shape)[counted]
    base, bound = instance.base[counted] / instance.gains.scale, np.flatnonzero(wants.least)
    free = int(level is None)
    rows = sparse.vstack(
        [_beside(by_expert, free, 0.0), _beside(-by_expert[bound], free, 0.0), _beside(-score, free, 1.0)]
    )
    cost = np.append(np.zeros(count), -1.0) if free else -gain
    limit = np.concatenate(
        [wants.most, -wants.least[bound], base - (0 if level is None else level / instance.gains.scale)]
    )
    found = linprog(
        cost, A_ub=sparse.csr_array(rows), b_ub=limit, A_eq=_beside(by_project, free, 0.0), b_eq=wants.demand,
        bounds=[(0, 1)] * count + [(None, None)] * free, method="highs-ipm",
    )  # fmt: skip
    if found.status != 0:
        return None
    weights = np.zeros(len(wants.demand), dtype=np.int64)
    share = np.maximum(-found.ineqlin.marginals[-len(counted) :], 0.0)
    most = share.max(initial=0.0)
    factor = EVEN if level is not None else (EVEN * 16 / most if most else 0.0)
    weights[counted] = np.rint(np.minimum(share, 1e6) * factor).astype(np.int64)
    return weights


def _beside(matrix: sparse.csr_array, free: int, value: float) -> sparse.csr_array:
    """The matrix with ``free`` further columns of ``value``."""
    return sparse.csr_array(sparse.hstack([matrix, sparse.csr_array(np.full((matrix.shape[0], free), value))]))


def _weighted(instance: Instance, weights: Ints) -> int:
    """An upper bound of Σ weight × score over all plans, in gains; rounded up where the numbers grow too large."""
    greatest = int(np.abs(instance.gains.of(*_some(instance))).max(initial=1)) * int(max(weights.max(initial=1), 1))
    shift = max(0, int(greatest).bit_length() - int(GREATEST).bit_length())
    found = largest_total(_times(instance.gains, weights, shift), instance.wants)
    places = int(instance.wants.demand.sum())
    base = sum(int(w) * int(b) for w, b in zip(weights, instance.base, strict=True) if b)
    return (found.total + (places if shift else 0)) * (1 << shift) + base


def _some(instance: Instance) -> tuple[Ints, Ints]:
    """The pair of greatest gain of every project."""
    near = instance.gains.best_by_project(np.zeros(instance.gains.shape[0], np.int64), 1)
    place = np.nonzero(near >= 0)
    return near[place].astype(np.int64), place[0].astype(np.int64)


def _times(gains: Gains, weights: Ints, shift: int) -> Gains:
    """The gains of each project times its weight, over 2^shift, rounded down (the caller adds one a place)."""
    if isinstance(gains, ListedGains):
        column = np.repeat(np.arange(gains.shape[1]), np.diff(gains.first))
        product = (gains.gain.astype(np.int64) * weights[column]) >> shift
        gain = np.where(gains.gain == BARRED, np.int64(BARRED), np.maximum(product, -GREATEST)).astype(np.int32)
        return ListedGains(gains.shape, gains.first, gains.expert, gain, gains.scale)
    if not isinstance(gains, DenseGains):
        raise TypeError(type(gains).__name__)
    product = np.empty_like(gains.gain)
    for start in range(0, len(product), 256):
        block = gains.gain[start : start + 256]
        worth = np.maximum((block.astype(np.int64) * weights) >> shift, -GREATEST)
        product[start : start + 256] = np.where(block == BARRED, np.int64(BARRED), worth)
    return DenseGains(product, gains.scale)
