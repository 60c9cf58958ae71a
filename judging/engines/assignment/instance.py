"""A problem made ready to be solved: checked, in whole numbers, with the locked pairs taken as done."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from judging.engines.assignment.gains import Gains, gains_of
from judging.engines.assignment.problem import GOALS, InputFault, Problem
from judging.engines.assignment.rules import Groups, groups_of
from judging.engines.assignment.transport import Wants

Ints = NDArray[np.int64]


class NoPlan(Exception):
    """No plan obeys the hard rules; the diagnosis will say why."""


@dataclass(frozen=True)
class Instance:
    """What is left to decide.

    ``base`` [projects] are the gains of the ``locked`` pairs [n × 2], ``held`` [projects ×
    rules] their groups; ``counted`` are the projects that want experts, whose scores matter.
    """

    gains: Gains
    wants: Wants
    base: Ints
    held: Ints
    groups: Groups
    locked: Ints
    counted: NDArray[np.bool_]


def instance_of(problem: Problem) -> Instance:
    """Prepare; raises :class:`InputFault` for what is no problem, :class:`NoPlan` where the locks do not fit."""
    experts, projects = _shape(problem)
    demand = _numbers("demand", problem.demand, projects)
    least = _numbers("min_load", problem.min_load, experts)
    most = _numbers("max_load", problem.max_load, experts)
    locked = _locks(problem, experts, projects)
    groups = groups_of(problem, experts, projects)
    of_experts = np.bincount(locked[:, 0], minlength=experts)
    of_projects = np.bincount(locked[:, 1], minlength=projects)
    if (of_experts > most).any() or (of_projects > demand).any() or (least > most).any():
        raise NoPlan
    gains = gains_of(problem, [(int(e), int(p)) for e, p in locked])
    base = np.zeros(projects, dtype=np.int64)
    np.add.at(base, locked[:, 1], _gains_of_locks(problem, gains, locked))
    held = np.zeros((projects, len(groups.rules)), dtype=np.int64)
    np.add.at(held, locked[:, 1], groups.members(locked[:, 0], locked[:, 1]))
    wants = Wants(demand - of_projects, np.maximum(least - of_experts, 0), most - of_experts)
    decided = (demand > 0) & (wants.demand == 0)
    if (held > groups.greatest)[demand > 0].any() or (held < groups.fewest)[decided].any():
        raise NoPlan
    return Instance(gains, wants, base, held, groups, locked, demand > 0)


def affinities(problem: Problem, pairs: Ints) -> NDArray[np.float64]:
    """The affinities of ``pairs`` [n × 2], as floats."""
    matrix = problem.affinity
    if sparse.issparse(matrix):
        values = sparse.csc_array(matrix)[pairs[:, 0], pairs[:, 1]]
        return np.asarray(values.todense() if sparse.issparse(values) else values, dtype=np.float64).ravel()
    return np.asarray(matrix)[pairs[:, 0], pairs[:, 1]].astype(np.float64)


def digest(problem: Problem) -> str:
    """SHA-256, in hexadecimal, of everything that the plan depends on."""
    experts, projects = _shape(problem)
    found = hashlib.sha256()
    for part in (
        np.array([experts, projects, problem.seed, problem.moves]),
        *_matrix(problem.affinity, np.float64),
        *(_matrix(problem.conflicts, np.uint8) if problem.conflicts is not None else ()),
        _numbers("demand", problem.demand, projects),
        _numbers("min_load", problem.min_load, experts),
        _numbers("max_load", problem.max_load, experts),
        *(np.array(sorted(map(tuple, rows)), dtype=np.int64).reshape(-1, 2) for rows in _lists(problem)),
    ):
        found.update(np.ascontiguousarray(part).tobytes() + b"/")
    for rule in problem.groups:
        found.update(f"{rule.code}/{rule.at_least}/{rule.at_most}/".encode() + np.packbits(rule.members).tobytes())
        found.update(b"all" if rule.projects is None else np.packbits(rule.projects).tobytes())
    found.update(repr(problem.goal).encode())
    return found.hexdigest()


def _lists(problem: Problem) -> tuple[Any, ...]:
    return problem.locked, problem.forbidden, problem.apart, problem.previous


def _matrix(matrix: Any, kind: type) -> tuple[NDArray[Any], ...]:
    if sparse.issparse(matrix):
        columns = sparse.csc_array(matrix)
        columns.sort_indices()
        return columns.indptr.astype(np.int64), columns.indices.astype(np.int64), columns.data.astype(kind)
    return (np.asarray(matrix).astype(kind),)


def _shape(problem: Problem) -> tuple[int, int]:
    goal = problem.goal
    if not (isinstance(goal, tuple) and goal[0] == "floor" and np.isfinite(goal[1])) and goal not in GOALS:
        raise InputFault(f"there is no goal {goal!r}")
    shape = problem.affinity.shape
    if len(shape) != 2:
        raise InputFault("affinity must be a matrix [experts × projects]")
    return int(shape[0]), int(shape[1])


def _numbers(name: str, given: ArrayLike, length: int) -> Ints:
    values = np.asarray(given)
    if values.ndim and values.shape != (length,):
        raise InputFault(f"{name} must be a whole number or {length} of them")
    if values.size and (not np.equal(values, np.floor(values)).all() or (values < 0).any()):
        raise InputFault(f"{name} must be whole numbers that are not negative")
    return np.broadcast_to(values.astype(np.int64), (length,)).copy()


def _locks(problem: Problem, experts: int, projects: int) -> Ints:
    for name in ("locked", "forbidden", "apart", "previous"):
        rows = np.array(sorted({(int(a), int(b)) for a, b in getattr(problem, name)}), dtype=np.int64).reshape(-1, 2)
        most = (experts, experts) if name == "apart" else (experts, projects)
        if len(rows) and ((rows < 0).any() or (rows >= most).any()):
            raise InputFault(f"{name} has a pair outside the matrix")
    if any(one == other for one, other in problem.apart):
        raise InputFault("apart has a pair of one expert with themselves")
    return np.array(sorted({(int(a), int(b)) for a, b in problem.locked}), dtype=np.int64).reshape(-1, 2)


def _gains_of_locks(problem: Problem, gains: Gains, locked: Ints) -> Ints:
    """The gains of the locked pairs; raises :class:`NoPlan` where one is in conflict or not eligible."""
    if not len(locked):
        return np.zeros(0, dtype=np.int64)
    closed = {(int(a), int(b)) for a, b in problem.forbidden}
    listed, conflicts = problem.affinity, problem.conflicts
    if sparse.issparse(listed):
        matrix = sparse.coo_array(listed)
        known = set(zip(matrix.row.tolist(), matrix.col.tolist(), strict=True))
        if any(pair not in known for pair in map(tuple, locked.tolist())):
            raise NoPlan
    if conflicts is not None:
        table = sparse.csc_array(conflicts) if sparse.issparse(conflicts) else np.asarray(conflicts)
        closed |= {pair for pair in map(tuple, locked.tolist()) if table[pair]}
    if any(pair in closed for pair in map(tuple, locked.tolist())):
        raise NoPlan
    return np.rint(affinities(problem, locked) * gains.scale).astype(np.int64)
