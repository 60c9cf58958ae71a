"""Affinities as whole numbers, and the questions that are asked of all of them at once.

Whole numbers make every comparison exact and the same on every machine. Affinities on a decimal grid (up to six
decimals) are represented exactly, others to one part in 5·10⁸ of the greatest. A pair that no plan may hold is
:data:`BARRED`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

from judging.engines.assignment.problem import InputFault, Pair, Problem

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
BARRED = np.int32(-(1 << 31))
GREATEST = 1 << 29
SAMPLE = 4096
MARKED = 50_000_000
"""Up to so many values a table of marks is quicker than sorting."""
LARGEST_PRICE = 1 << 48


class Gains(Protocol):
    """The whole-number affinities of a problem with ``shape`` (experts, projects); affinity × ``scale`` = gain."""

    @property
    def shape(self) -> tuple[int, int]:
        """(experts, projects)."""

    @property
    def scale(self) -> float:
        """How many units of gain are one of affinity."""

    def best_by_project(self, price: Ints, width: int) -> Numbers:
        """The ``width`` experts of greatest gain - ``price`` [experts] for each project, best first; -1 fills up."""

    def best_by_expert(self, width: int) -> tuple[Ints, Ints]:
        """The pairs (experts, projects) of the ``width`` greatest gains of each expert."""

    def improving(self, experts: Ints, projects: Ints, holders: Numbers, width: int) -> Numbers:
        """As :meth:`best_by_project`, of pairs whose gain exceeds the prices of both their ends.

        ``holders`` [projects × any] are experts to leave out, -1 for none.
        """

    def of(self, experts: Ints, projects: Ints) -> Ints:
        """The gains of single pairs, BARRED for those that no plan may hold."""

    def fits(self) -> tuple[Ints, Ints]:
        """How many projects each expert may take, and how many experts each project."""


def gains_of(problem: Problem, locked: Iterable[Pair]) -> Gains:
    """Make the gains; conflicts, forbidden and ``locked`` pairs are barred. Raises :class:`InputFault`."""
    closed = np.array(sorted({*map(tuple, problem.forbidden), *locked}), dtype=np.int64).reshape(-1, 2)
    if sparse.issparse(problem.affinity):
        return _listed(problem, closed)
    return _dense(problem, closed)


def _dense(problem: Problem, closed: Ints) -> "DenseGains":
    affinity = np.asarray(problem.affinity)
    if affinity.ndim != 2 or not np.isfinite(affinity).all():
        raise InputFault("affinity must be a finite matrix [experts × projects]")
    scale = _scale(affinity.ravel())
    gain = np.empty(affinity.shape, dtype=np.int32)
    for start in range(0, len(affinity), 256):
        np.rint(affinity[start : start + 256] * np.float64(scale), out=gain[start : start + 256], casting="unsafe")
    conflicts = problem.conflicts
    if conflicts is not None:
        if conflicts.shape != affinity.shape:
            raise InputFault("conflicts must have the shape of affinity")
        if sparse.issparse(conflicts):
            gain[conflicts.nonzero()] = BARRED
        else:
            gain[np.asarray(conflicts, dtype=bool)] = BARRED
    gain[closed[:, 0], closed[:, 1]] = BARRED
    return DenseGains(gain, scale)


def _listed(problem: Problem, closed: Ints) -> "ListedGains":
    matrix = sparse.csc_array(problem.affinity)
    matrix.sum_duplicates()
    matrix.sort_indices()
    if not np.isfinite(matrix.data).all():
        raise InputFault("affinity must be finite")
    scale = _scale(matrix.data)
    experts, projects = matrix.shape
    gain = np.rint(matrix.data * np.float64(scale)).astype(np.int32)
    expert = matrix.indices.astype(np.int32)
    column = np.repeat(np.arange(projects), np.diff(matrix.indptr))
    keys = column * experts + expert
    if problem.conflicts is not None:
        if problem.conflicts.shape != matrix.shape:
            raise InputFault("conflicts must have the shape of affinity")
        rows, columns = problem.conflicts.nonzero()
        gain[np.isin(keys, columns.astype(np.int64) * experts + rows)] = BARRED
    gain[np.isin(keys, closed[:, 1] * experts + closed[:, 0])] = BARRED
    return ListedGains((experts, projects), matrix.indptr.astype(np.int64), expert, gain, scale)


def _scale(values: NDArray[Any]) -> float:
    """A power of ten that makes the values whole, or the power of two that uses the room there is."""
    greatest = float(np.abs(values).max(initial=0))
    if not greatest:
        return 1.0
    precision = float(np.finfo(values.dtype).eps) if values.dtype.kind == "f" else 0.0
    for digits in range(7):
        scale = 10.0**digits
        slack = 1e-6 + 4 * precision * greatest * scale
        if greatest * scale >= GREATEST or slack > 0.02:
            break
        if _whole(values[:SAMPLE], scale, slack) and _whole(values, scale, slack):
            return scale
    return float(2.0 ** np.floor(np.log2(GREATEST / greatest)))


def _whole(values: NDArray[Any], scale: float, slack: float) -> bool:
    for start in range(0, len(values), 1 << 18):
        scaled = values[start : start + (1 << 18)] * np.float64(scale)
        if np.abs(scaled - np.rint(scaled)).max(initial=0) > slack:
            return False
    return True


@dataclass(frozen=True)
class DenseGains:
    """Every pair, as a matrix."""

    gain: Numbers
    scale: float

    @property
    def shape(self) -> tuple[int, int]:
        """(experts, projects)."""
        return self.gain.shape[0], self.gain.shape[1]

    def best_by_project(self, price: Ints, width: int) -> Numbers:
        """See :class:`Gains`."""
        nothing = np.zeros(self.shape[1], dtype=np.int64)
        return _best_dense(
            self.gain, price, nothing, _nobody(self.shape[1]), min(width, self.shape[0]), int(BARRED) - LARGEST_PRICE
        )

    def best_by_expert(self, width: int) -> tuple[Ints, Ints]:
        """See :class:`Gains`."""
        width = min(width, self.shape[1])
        if width < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        columns = _best_of_rows(self.gain, width)
        rows = np.repeat(np.arange(self.shape[0]), width)
        chosen = columns.ravel() >= 0
        return rows[chosen], columns.ravel()[chosen].astype(np.int64)

    def improving(self, experts: Ints, projects: Ints, holders: Numbers, width: int) -> Numbers:
        """See :class:`Gains`."""
        width = min(width, self.shape[0])
        return _best_dense(self.gain, experts, projects, holders, width, 0)

    def of(self, experts: Ints, projects: Ints) -> Ints:
        """See :class:`Gains`."""
        return self.gain[experts, projects].astype(np.int64)

    def fits(self) -> tuple[Ints, Ints]:
        """See :class:`Gains`."""
        open_pairs = self.gain != BARRED
        return open_pairs.sum(axis=1), open_pairs.sum(axis=0)


@dataclass(frozen=True)
class ListedGains:
    """Only the listed pairs, by project: those of project p are at ``first[p] : first[p + 1]``, experts ascending."""

    shape: tuple[int, int]
    first: Ints
    expert: Numbers
    gain: Numbers
    scale: float

    def best_by_project(self, price: Ints, width: int) -> Numbers:
        """See :class:`Gains`."""
        nothing = np.zeros(self.shape[1], dtype=np.int64)
        return self._best(price, nothing, _nobody(self.shape[1]), width, int(BARRED) - LARGEST_PRICE)

    def best_by_expert(self, width: int) -> tuple[Ints, Ints]:
        """See :class:`Gains`."""
        column = np.repeat(np.arange(self.shape[1]), np.diff(self.first))
        order = np.lexsort((column, -self.gain.astype(np.int64), self.expert))
        rows = self.expert[order]
        begin = np.searchsorted(rows, np.arange(self.shape[0]))
        chosen = order[(np.arange(len(rows)) - begin[rows] < width) & (self.gain[order] != BARRED)]
        return self.expert[chosen].astype(np.int64), column[chosen]

    def improving(self, experts: Ints, projects: Ints, holders: Numbers, width: int) -> Numbers:
        """See :class:`Gains`."""
        return self._best(experts, projects, holders, width, 0)

    def _best(self, experts: Ints, projects: Ints, holders: Numbers, width: int, above: int) -> Numbers:
        longest = int(np.diff(self.first).max(initial=0))
        pairs = (self.first, self.expert, self.gain)
        return _best_listed(pairs, experts, projects, holders, max(1, min(width, longest)), above)

    def of(self, experts: Ints, projects: Ints) -> Ints:
        """See :class:`Gains`."""
        column = np.repeat(np.arange(self.shape[1]), np.diff(self.first))
        keys = column * self.shape[0] + self.expert
        wanted = projects * self.shape[0] + experts
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        if not len(keys):
            return np.full(len(wanted), BARRED, dtype=np.int64)
        return np.where(keys[place] == wanted, self.gain[place], BARRED).astype(np.int64)

    def fits(self) -> tuple[Ints, Ints]:
        """See :class:`Gains`."""
        is_open = self.gain != BARRED
        column = np.repeat(np.arange(self.shape[1]), np.diff(self.first))
        return (
            np.bincount(self.expert[is_open], minlength=self.shape[0]),
            np.bincount(column[is_open], minlength=self.shape[1]),
        )


def distinct(keys: Ints, size: int) -> Ints:
    """The different values among ``keys``, all below ``size``, ascending."""
    if size > MARKED:
        return np.unique(keys)
    marks = np.zeros(size, dtype=np.bool_)
    marks[keys] = True
    return np.flatnonzero(marks)


def _nobody(projects: int) -> Numbers:
    return np.zeros((projects, 0), dtype=np.int32)


@njit(cache=True)
def _insert(worth: Ints, index: Numbers, value: int, who: int) -> None:
    """Put ``value`` into the descending list ``worth`` (its last entry falls out) and ``who`` beside it."""
    place = len(worth) - 1
    while place > 0 and worth[place - 1] < value:
        worth[place], index[place] = worth[place - 1], index[place - 1]
        place -= 1
    worth[place], index[place] = value, who


@njit(cache=True)
def _is_in(row: Numbers, who: int) -> bool:
    found = False
    for other in row:
        found |= other == who
    return found


@njit(cache=True)
def _best_dense(gain: Numbers, experts: Ints, projects: Ints, holders: Numbers, width: int, above: int) -> Numbers:
    rows, columns = gain.shape
    worth = np.full((columns, max(width, 1)), above, dtype=np.int64)
    index = np.full((columns, max(width, 1)), -1, dtype=np.int32)
    last = np.full(columns, above, dtype=np.int64)
    for row in range(rows if width else 0):
        price = experts[row]
        for column in range(columns):
            if gain[row, column] == BARRED:
                continue
            value = gain[row, column] - price - projects[column]
            if value > last[column] and not _is_in(holders[column], row):
                _insert(worth[column], index[column], value, row)
                last[column] = worth[column, -1]
    return index


@njit(cache=True)
def _best_listed(
    pairs: tuple[Ints, Numbers, Numbers],
    experts: Ints,
    projects: Ints,
    holders: Numbers,
    width: int,
    above: int,
) -> Numbers:
    first, expert, gain = pairs
    columns = len(projects)
    index = np.full((columns, width), -1, dtype=np.int32)
    worth = np.empty(width, dtype=np.int64)
    for column in range(columns):
        worth[:] = above
        for place in range(first[column], first[column + 1]):
            if gain[place] == BARRED:
                continue
            value = gain[place] - experts[expert[place]] - projects[column]
            if value > worth[-1] and not _is_in(holders[column], expert[place]):
                _insert(worth, index[column], value, expert[place])
    return index


@njit(cache=True)
def _best_of_rows(gain: Numbers, width: int) -> Numbers:
    rows, columns = gain.shape
    index = np.full((rows, width), -1, dtype=np.int32)
    worth = np.empty(width, dtype=np.int64)
    for row in range(rows):
        worth[:] = BARRED
        for column in range(columns):
            if gain[row, column] > worth[-1]:
                _insert(worth, index[row], gain[row, column], column)
    return index
