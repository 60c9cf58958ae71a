"""The engine as the bench asks it, and what is checked of its answers without its help."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.assignment.case import Case
from judging.engines.assignment import Diagnosis, Plan, Problem, Relaxation, plan, solve
from tests.engines.assignment_checker import better_exchange, broken_rules


def goal_of(method: str) -> Any:
    """Return the goal by its name; ``floor:1.5`` is the picked floor 1.5."""
    name, _, limit = method.partition(":")
    return ("floor", float(limit)) if limit else name


def problem_of(case: Case, method: str) -> Problem:
    """Return the case as the engine takes it."""
    return Problem(
        affinity=case.affinity,
        conflicts=case.conflicts,
        demand=case.demand,
        min_load=case.min_load,
        max_load=case.max_load,
        locked=[(int(expert), int(project)) for expert, project in case.locked],
        goal=goal_of(method),
    )


def warm(method: str) -> None:
    """Solve a toy problem, dense and sparse, so that what is compiled at the first call is compiled and loaded."""
    toy = 1.0 + np.arange(40 * 60).reshape(40, 60) % 7
    for affinity in (toy, sparse.csc_array(toy)):
        plan(Problem(affinity, None, 2, 0, 4, goal=("floor", 2.0) if ":" in method else goal_of(method)))


def solved(case: Case, method: str) -> NDArray[np.int64]:
    """Return the pairs of the plan."""
    return solve(
        case.affinity,
        case.conflicts,
        case.demand,
        case.min_load,
        case.max_load,
        locked=problem_of(case, method).locked,
        goal=goal_of(method),
    )


def planned(case: Case, method: str) -> Plan:
    """Return the plan with its certificate."""
    return plan(problem_of(case, method))


def certified(found: Plan) -> dict[str, Any]:
    """Return what the plan's certificate says."""
    told = found.certificate
    return {
        "floor_bound": told.floor_bound,
        "total_bound": told.total_bound,
        "optimal": told.optimal,
        "moves": told.moves,
        "limit": told.limit_reached,
    }


def faults(case: Case, method: str, pairs: NDArray[np.int64], deep: bool) -> dict[str, Any]:
    """Return the hard rules that are broken and, if ``deep``, an exchange that would be better."""
    problem = problem_of(case, method)
    found: dict[str, Any] = {"broken": broken_rules(problem, pairs)}
    return found | ({"exchange": better_exchange(problem, pairs)} if deep else {})


def checked(case: Case, told: Diagnosis) -> dict[str, Any]:
    """Return the diagnosis as plain values, and for each relaxation whether the flow then finds a plan."""
    works = [(_named(change), _feasible(relaxed(case, change))) for change in told.relaxations]
    sizes = {"kind": told.kind, "short": told.short, "wanted": told.wanted, "places": told.places}
    groups = {"projects": list(told.projects), "experts": list(told.experts), "pairs": [list(p) for p in told.pairs]}
    return sizes | groups | {"relaxations": works, "expect": case.expect, "flow": _feasible(case)}


def _named(change: Relaxation) -> str:
    amount = sum((change.changes or {}).values()) or change.number or len(change.pairs)
    own = f"{change.kind} {amount}"
    return " and ".join([own, *(_named(further) for further in change.together)])


def _feasible(case: Case) -> bool:
    from bench.assignment import peer  # here: a process that measures the engine's memory does not hold the peer

    try:
        peer.flow(case)
    except peer.NoPlanError:
        return False
    return True


def relaxed(case: Case, change: Relaxation) -> Case:
    """Return the case with the change, and those together with it, made."""
    for one in (change, *change.together):
        case = _APPLY[one.kind](case, one)
    return case


def _amounts(change: Relaxation, number: int) -> NDArray[np.int64]:
    amounts = np.zeros(number, np.int64)
    for index, amount in (change.changes or {}).items():
        amounts[index] = amount
    return amounts


def _raised(case: Case, change: Relaxation) -> Case:
    return replace(case, max_load=case.max_load + _amounts(change, case.shape[0]))


def _eased(case: Case, change: Relaxation) -> Case:
    return replace(case, min_load=case.min_load - _amounts(change, case.shape[0]))


def _fewer(case: Case, change: Relaxation) -> Case:
    return replace(case, demand=case.demand - _amounts(change, case.shape[1]))


def _unlocked(case: Case, change: Relaxation) -> Case:
    kept = [pair for pair in case.locked.tolist() if tuple(pair) not in change.pairs]
    return replace(case, locked=np.array(kept, np.int64).reshape(-1, 2))


def _allowed(case: Case, change: Relaxation) -> Case:
    barred = case.conflicts.copy()
    for expert, project in change.pairs:
        barred[expert, project] = False
    return replace(case, conflicts=barred)


def _joined(case: Case, change: Relaxation) -> Case:
    """Add experts; dense cases only."""
    number, projects = change.number, case.shape[1]
    barred = np.zeros(case.shape, bool) if case.conflicts is None else case.conflicts
    kept_out = np.ones((number, projects), bool)
    kept_out[:, list(change.projects)] = False
    return replace(
        case,
        affinity=np.vstack([case.affinity, np.zeros((number, projects))]),
        conflicts=np.vstack([barred, kept_out]),
        min_load=np.append(case.min_load, np.zeros(number, np.int64)),
        max_load=np.append(case.max_load, np.full(number, change.room)),
    )


_APPLY = {
    "raise_loads": _raised,
    "lower_min_loads": _eased,
    "lower_demand": _fewer,
    "unlock": _unlocked,
    "allow": _allowed,
    "add_experts": _joined,
}
