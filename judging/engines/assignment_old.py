"""Who judges what: the plan with the greatest total match under the hard rules.

The problem is a transportation problem: every project wants a number of experts, every expert takes at most a number of
projects, a pair in conflict is impossible, and the sum of the pairs' affinities is to be as great as can be. Its matrix
is totally unimodular, so a vertex solution of the linear programme is a plan of whole pairs and its optimum is the true
one (Schrijver, Theory of Linear and Integer Programming, 1986, ch. 19). Where not every project can be served, as many
places as possible are filled first and what is missing is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
"""(expert index, project index)."""


@dataclass(frozen=True)
class Plan:
    """``pairs`` sorted, with the locked ones; ``short`` {project: experts missing}; ``total`` the sum of affinities."""

    pairs: tuple[Pair, ...]
    short: dict[int, int]
    total: float


@dataclass(frozen=True)
class _Problem:
    experts: NDArray[np.intp]
    projects: NDArray[np.intp]
    gain: NDArray[np.float64]
    demand: NDArray[np.int64]
    room: NDArray[np.int64]


def solve(
    affinity: NDArray[np.float64],
    conflicts: NDArray[np.bool_],
    demand: NDArray[np.int64],
    max_load: NDArray[np.int64],
    *,
    locked: Iterable[Pair] = (),
) -> Plan:
    """Return the optimal plan.

    ``affinity`` and ``conflicts`` are [experts × projects]; ``demand`` [projects] counts experts wanted in all and
    ``max_load`` [experts] projects taken in all, the ``locked`` pairs (work begun, never undone) included. Locked pairs
    may exceed both; then nothing is added there. Raises ``ValueError`` for shapes that do not fit.
    """
    _check_shapes(affinity, conflicts, demand, max_load)
    kept = sorted(set(locked))
    problem = _remaining(affinity, conflicts, demand, max_load, kept)
    chosen = _optimum(problem) if len(problem.gain) else np.zeros(0, dtype=bool)
    added = zip(problem.experts[chosen].tolist(), problem.projects[chosen].tolist(), strict=True)
    pairs = tuple(sorted({*kept, *added}))
    return Plan(pairs, _shortage(pairs, demand), float(sum(affinity[pair] for pair in pairs)))


def _check_shapes(
    affinity: NDArray[np.float64],
    conflicts: NDArray[np.bool_],
    demand: NDArray[np.int64],
    max_load: NDArray[np.int64],
) -> None:
    experts, projects = affinity.shape
    if conflicts.shape != affinity.shape or demand.shape != (projects,) or max_load.shape != (experts,):
        raise ValueError("affinity, conflicts, demand and max_load do not fit together")
    if not np.isfinite(affinity).all():
        raise ValueError("affinity must be finite")


def _remaining(
    affinity: NDArray[np.float64],
    conflicts: NDArray[np.bool_],
    demand: NDArray[np.int64],
    max_load: NDArray[np.int64],
    kept: list[Pair],
) -> _Problem:
    """What is left to decide once the locked pairs stand."""
    wanted, room, open_pairs = demand.copy(), max_load.copy(), ~conflicts
    for expert, project in kept:
        wanted[project] -= 1
        room[expert] -= 1
        open_pairs[expert, project] = False
    wanted, room = np.maximum(wanted, 0), np.maximum(room, 0)
    open_pairs &= (room > 0)[:, None] & (wanted > 0)[None, :]
    experts, projects = np.nonzero(open_pairs)
    return _Problem(experts, projects, affinity[experts, projects], wanted, room)


def _optimum(problem: _Problem) -> NDArray[np.bool_]:
    """Solve the linear programme; a filled place is worth more than any exchange of affinities."""
    # scipy takes half a second to import, which every start of the application would pay for
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    count = len(problem.gain)
    spread = float(problem.gain.max() - problem.gain.min())
    places = int(min(problem.demand.sum(), problem.room.sum()))
    worth = problem.gain - problem.gain.min() + (spread * places + 1.0)
    ones, columns = np.ones(count), np.arange(count)
    by_project = csr_array((ones, (problem.projects, columns)), shape=(len(problem.demand), count))
    by_expert = csr_array((ones, (problem.experts, columns)), shape=(len(problem.room), count))
    limits = np.concatenate([problem.demand, problem.room])
    rules = csr_array(vstack([by_project, by_expert]))
    found = linprog(-worth, A_ub=rules, b_ub=limits, bounds=(0, 1), method="highs-ds")
    if found.status != 0:
        raise RuntimeError(f"the solver stopped: {found.message}")
    chosen: NDArray[np.bool_] = found.x > 0.5
    return chosen


def _shortage(pairs: tuple[Pair, ...], demand: NDArray[np.int64]) -> dict[int, int]:
    served = np.bincount([project for _, project in pairs], minlength=len(demand))
    return {int(p): int(demand[p] - served[p]) for p in np.nonzero(served < demand)[0]}
