"""Compiling ahead: numba compiles a function at its first call, and keeps it on disk for the processes after."""

import hashlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from scipy import sparse

from judging.engines.assignment.planning import solve

EXPERTS, PROJECTS = 60, 100
FOLDER = Path(__file__).parent
STAMP = "compiled-from.txt"


def warm_up() -> None:
    """Plan two small problems that use everything compiled, so that no plan that somebody waits for pays for it."""
    forget_stale(FOLDER)
    affinity = np.random.Generator(np.random.PCG64(0)).integers(0, 1000, (EXPERTS, PROJECTS)) / 1000
    solve(affinity, None, 3, 0, 5)
    listed = sparse.csc_array(affinity * (affinity > 0.2))
    solve(listed, None, 2, 0, 5, goal="total")


def forget_stale(folder: Path) -> None:
    """Throw away what was compiled from other sources than those in ``folder``.

    numba compares a function with its own file only, not with the files of the functions that it calls.
    """
    sources = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    digest, kept = hashlib.sha256(sources).hexdigest(), folder / "__pycache__"
    with suppress(OSError):
        if (kept / STAMP).read_text("ascii") == digest:
            return
    with suppress(OSError):
        for path in kept.glob("*.nb[ci]"):
            path.unlink(missing_ok=True)
        kept.mkdir(exist_ok=True)
        (kept / STAMP).write_text(digest, "ascii")
