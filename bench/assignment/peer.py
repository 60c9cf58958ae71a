"""The peer: one plain minimum-cost flow over the whole graph, as OR-tools' SimpleMinCostFlow solves it.

It finds a plan of the largest total; it knows nothing of fairness. Least loads are exact, without great costs: an
expert supplies its least load itself, and one common source supplies what is left to whom has room above it.
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from bench.assignment.case import GRAIN, Case


class NoPlanError(Exception):
    """The flow cannot serve every project."""


def flow(case: Case) -> NDArray[np.int64]:
    """Return the pairs of a plan with the largest total, sorted; affinities are rounded to millionths.

    Raises NoPlanError where there is none.
    """
    rows, columns, values, demand, least, most = _rest(case)
    experts, projects = case.shape
    source, extra = experts + projects, int(demand.sum() - least.sum())
    if extra < 0 or demand.min(initial=0) < 0 or (least > most).any():
        raise NoPlanError
    solver = min_cost_flow.SimpleMinCostFlow()
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        rows, experts + columns, np.ones(len(rows), np.int64), -np.rint(values * GRAIN).astype(np.int64)
    )
    everybody = np.arange(experts)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.full(experts, source), everybody, most - least, np.zeros(experts, np.int64)
    )
    solver.set_nodes_supplies(np.arange(source + 1), np.concatenate([least, -demand, [extra]]))
    if solver.solve() != solver.OPTIMAL:
        raise NoPlanError
    used = solver.flows(pairs) > 0
    chosen = np.concatenate([case.locked, np.column_stack([rows[used], columns[used]])])
    return chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))]


def _rest(case: Case) -> tuple[NDArray[np.int64], ...]:
    """Return the eligible pairs, demand and loads that are left beside the locked pairs."""
    rows, columns, values = case.eligible()
    if not len(case.locked):
        return rows, columns, values, case.demand, case.min_load, case.max_load
    experts, projects = case.shape
    keys, fixed = rows * projects + columns, case.locked[:, 0] * projects + case.locked[:, 1]
    if not np.isin(fixed, keys).all():
        raise NoPlanError
    free = ~np.isin(keys, fixed)
    busy = np.bincount(case.locked[:, 0], minlength=experts)
    served = np.bincount(case.locked[:, 1], minlength=projects)
    left = case.demand - served, np.maximum(case.min_load - busy, 0), case.max_load - busy
    return rows[free], columns[free], values[free], *left
