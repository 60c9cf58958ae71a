"""One set of data: everything that the engine and the flow are asked, and its digest."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

GRAIN = 1_000_000
"""Affinities are compared in millionths: the flow needs whole costs."""


@dataclass(frozen=True)
class Case:
    """What is asked, as arrays.

    ``affinity`` float [experts × projects] or sparse (the listed pairs alone are eligible), ``conflicts`` bool of the
    same shape or None, ``demand`` int [projects], loads int [experts], ``locked`` int [n × 2] (expert, project).
    ``expect`` is what a diagnosis must say of an impossible case, None where a plan exists.
    """

    name: str
    affinity: Any
    conflicts: Any
    demand: NDArray[np.int64]
    min_load: NDArray[np.int64]
    max_load: NDArray[np.int64]
    locked: NDArray[np.int64]
    expect: dict[str, Any] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Experts, projects."""
        experts, projects = self.affinity.shape
        return int(experts), int(projects)

    def eligible(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Experts, projects and affinities of every pair that is eligible and in no conflict, project by project."""
        if sparse.issparse(self.affinity):
            listed = sparse.coo_array(self.affinity)
            rows, columns, values = listed.row, listed.col, listed.data
            free = np.ones(len(rows), bool) if self.conflicts is None else ~self._in_conflict(rows, columns)
        else:
            free = np.ones(self.shape, bool) if self.conflicts is None else ~self.conflicts
            columns, rows = np.nonzero(free.T)
            values = self.affinity[rows, columns]
            free = np.ones(len(rows), bool)
        return rows[free].astype(np.int64), columns[free].astype(np.int64), values[free].astype(np.float64)

    def _in_conflict(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.bool_]:
        barred = sparse.coo_array(self.conflicts)
        width = self.shape[1]
        keys = (barred.row.astype(np.int64) * width + barred.col)[barred.data.astype(bool)]
        return np.isin(rows.astype(np.int64) * width + columns, keys)

    def digest(self) -> str:
        """Sixteen hexadecimal digits over all that a plan depends on, affinities in millionths."""
        rows, columns, values = self.eligible()
        order = np.lexsort((columns, rows))
        whole = np.rint(values[order] * GRAIN).astype("<i8")
        parts = (
            rows[order], columns[order], whole, self.demand, self.min_load, self.max_load, self.locked.ravel(),
        )  # fmt: skip
        bare = hashlib.sha256(repr(self.shape).encode())
        for part in parts:
            bare.update(np.ascontiguousarray(part, "<i8").tobytes())
        return bare.hexdigest()[:16]


def no_pairs() -> NDArray[np.int64]:
    """Return an empty list of pairs."""
    return np.zeros((0, 2), np.int64)
