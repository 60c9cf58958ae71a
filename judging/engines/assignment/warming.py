"""Compiling ahead: numba compiles a function at its first call, and keeps it on disk for the processes after."""

import numpy as np
from scipy import sparse

from judging.engines.assignment.planning import solve

EXPERTS, PROJECTS = 60, 100


def warm_up() -> None:
    """Plan two small problems that use everything compiled, so that no plan that somebody waits for pays for it."""
    affinity = np.random.Generator(np.random.PCG64(0)).integers(0, 1000, (EXPERTS, PROJECTS)) / 1000
    solve(affinity, None, 3, 0, 5)
    listed = sparse.csc_array(affinity * (affinity > 0.2))
    solve(listed, None, 2, 0, 5, goal="total")
