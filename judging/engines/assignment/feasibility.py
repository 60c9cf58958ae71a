"""Whether places can be filled at all: eligibility of any size, and the greatest flow through it with its tightest cut.

One side needs (projects want experts, or experts must be given projects), the other gives. Only a pool of pairs enters
the flow; the pairs that cross its cut are added until none is left, so the answer is exact for all pairs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

POOL = 16
"""Pairs a row that enter the flow at once."""
CELLS = 2_000_000
"""Cells (dense) or listed pairs (sparse) looked at in one piece: bounds the memory."""


def distinct(keys: Ints) -> Ints:
    """Sorted, each once."""
    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=keys[:1] - 1) > 0]


def among(keys: Ints, known: Ints) -> Bools:
    """Which of ``keys`` are in the sorted ``known``."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[place] == keys)


@dataclass(frozen=True)
class Eligible:
    """Which row may go with which column: a C-contiguous bool ndarray, or a sparse CSR matrix of ones."""

    matrix: Any

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return int(self.matrix.shape[0]), int(self.matrix.shape[1])

    @property
    def is_sparse(self) -> bool:
        """Only listed pairs are stored."""
        return bool(sparse.issparse(self.matrix))

    def transposed(self) -> "Eligible":
        """Rows and columns exchanged."""
        turned = self.matrix.T.tocsr() if self.is_sparse else np.ascontiguousarray(self.matrix.T)
        return Eligible(turned)

    def pairs(self, rows: Ints | None = None, columns: Bools | None = None) -> Iterator[tuple[Ints, Ints]]:
        """The eligible pairs (row, column) of ``rows`` and ``columns`` (None: all), in order, whole rows at a time."""
        rows = np.arange(self.shape[0]) if rows is None else rows
        sizes = np.diff(self.matrix.indptr)[rows] if self.is_sparse else np.full(len(rows), self.shape[1])
        piece = np.cumsum(sizes, dtype=np.int64) // CELLS
        for part in np.split(rows, np.flatnonzero(np.diff(piece)) + 1):
            if not len(part):
                continue
            cut = self.matrix[part]
            if self.is_sparse:
                row, column = np.repeat(part, np.diff(cut.indptr)), cut.indices.astype(np.int64)
                keep = slice(None) if columns is None else columns[column]
                yield row[keep], column[keep]
            else:
                local, column = np.nonzero(cut if columns is None else cut & columns)
                yield part[local], column

    def row_counts(self, columns: Bools) -> Ints:
        """Of each row, how many of its eligible columns are among ``columns``."""
        if self.is_sparse:
            return np.asarray(self.matrix @ columns.astype(np.int64), np.int64)
        counts = np.zeros(self.shape[0], np.int64)
        step = max(1, CELLS // max(1, self.shape[1]))
        for start in range(0, len(counts), step):
            counts[start : start + step] = np.count_nonzero(self.matrix[start : start + step] & columns, axis=1)
        return counts

    def column_counts(self, rows: Bools) -> Ints:
        """Of each column, how many of its eligible rows are among ``rows``."""
        if self.is_sparse:
            return np.bincount(self.matrix[np.flatnonzero(rows)].indices, minlength=self.shape[1])
        counts = np.zeros(self.shape[1], np.int64)
        chosen, step = np.flatnonzero(rows), max(1, CELLS // max(1, self.shape[1]))
        for start in range(0, len(chosen), step):
            counts += np.count_nonzero(self.matrix[chosen[start : start + step]], axis=0)
        return counts

    def has(self, rows: Ints, columns: Ints) -> Bools:
        """For each pair whether it is eligible."""
        if not len(rows):
            return np.zeros(0, np.bool_)
        return np.asarray(self.matrix[rows, columns], np.bool_).ravel()

    def changed(self, rows: Ints, columns: Ints, eligible: bool) -> "Eligible":
        """The same with these pairs made eligible, or not."""
        if not len(rows):
            return self
        if not self.is_sparse:
            matrix = self.matrix.copy()
            matrix[rows, columns] = eligible
            return Eligible(matrix)
        listed = np.repeat(np.arange(self.shape[0]), np.diff(self.matrix.indptr)), self.matrix.indices
        keys, wanted = listed[0] * self.shape[1] + listed[1], rows * self.shape[1] + columns
        wanted = distinct(wanted)
        kept = np.append(keys, wanted) if eligible else keys[~among(keys, wanted)]
        return self.listed(distinct(kept), self.shape)

    @staticmethod
    def listed(keys: Ints, shape: tuple[int, int]) -> "Eligible":
        """Sparse, of sorted distinct ``keys`` (row times columns, plus column)."""
        rows, columns = np.divmod(keys, max(1, shape[1]))
        start = np.searchsorted(rows, np.arange(shape[0] + 1))
        return Eligible(sparse.csr_matrix((np.ones(len(keys), np.int8), columns, start), shape=shape))

    def extended(self, columns: int, rows: Ints) -> "Eligible":
        """The same with new columns at the end, each eligible for ``rows``."""
        block = np.zeros((self.shape[0], columns), np.bool_)
        block[rows] = True
        if self.is_sparse:
            return Eligible(sparse.hstack([self.matrix, sparse.csr_matrix(block.astype(np.int8))], format="csr"))
        return Eligible(np.hstack([self.matrix, block]))


@dataclass(frozen=True)
class Cover:
    """The greatest flow. ``rows`` and ``columns`` are the pool, sorted; ``used`` the pairs that it takes.

    ``unmet`` [rows] is what was not found. ``tight`` [rows] is the smallest group of rows with the greatest shortage,
    ``reached`` [columns] the columns that give all they have to it (both empty where nothing is unmet).
    """

    rows: Ints
    columns: Ints
    used: Bools
    unmet: Ints
    tight: Bools
    reached: Bools

    def given(self) -> Ints:
        """What each column gives."""
        return np.bincount(self.columns[self.used], minlength=len(self.reached))


def no_cover(shape: tuple[int, int]) -> Cover:
    """A flow of nothing, to begin with."""
    nothing = np.zeros(0, np.int64)
    rows, columns = shape
    return Cover(
        nothing, nothing, nothing != 0, np.zeros(rows, np.int64), np.zeros(rows, bool), np.zeros(columns, bool)
    )


def cover(eligible: Eligible, need: Ints, room: Ints, begun: Cover | None = None) -> Cover:
    """As much of ``need`` [rows] as ``room`` [columns] can give, each pair at most once.

    A flow ``begun`` (within ``need`` and ``room``) is only ever added to: no row and no column loses what it has in
    all, which makes flows in steps spread evenly.
    """
    state = begun or no_cover(eligible.shape)
    rng = np.random.default_rng(0)
    if begun is None:
        state = _pooled(state, *some_pairs(eligible, np.flatnonzero(need > 0), room > 0, POOL, rng))
    while True:
        state = _augmented(state, need, room)
        if not state.unmet.any():
            return state
        new = _crossing(eligible, state, room, rng)
        if not len(new[0]):
            return state
        state = _pooled(state, *new)


def some_pairs(
    eligible: Eligible, rows: Ints, allowed: Bools, most: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Of each of ``rows`` at most ``most`` eligible pairs with ``allowed`` columns, as many as there are.

    Each row begins at a random place, so that the rows share the columns evenly.
    """
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for row, column in eligible.pairs(rows, allowed):
        start = np.flatnonzero(np.diff(row, prepend=-1))
        size = np.diff(start, append=len(row))
        first = start + rng.integers(np.maximum(size, 1))
        rank = (np.arange(len(row)) - np.repeat(first, size)) % np.repeat(size, size)
        chosen = rank < most
        found.append((row[chosen], column[chosen]))
    return np.concatenate([row for row, _ in found]), np.concatenate([column for _, column in found])


def _crossing(eligible: Eligible, state: Cover, room: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Pairs outside the pool that lead out of the cut: to columns with room first, then to any."""
    rows, outside = np.flatnonzero(state.tight), ~state.reached
    new = _unknown(eligible, state, rows, outside & (room > state.given()), rng)
    if len(new[0]) >= len(rows):
        return new
    more = _unknown(eligible, state, rows, outside, rng)
    return np.concatenate([new[0], more[0]]), np.concatenate([new[1], more[1]])


def _unknown(
    eligible: Eligible, state: Cover, rows: Ints, allowed: Bools, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Some pairs of each row that are not in the pool: of those out of the cut only the used ones are."""
    spare = int(np.bincount(state.rows[state.used], minlength=1).max())
    row, column = some_pairs(eligible, rows, allowed, POOL + spare, rng)
    width = eligible.shape[1]
    new = ~among(row * width + column, (state.rows * width + state.columns)[state.used])
    return row[new], column[new]


def _pooled(state: Cover, rows: Ints, columns: Ints) -> Cover:
    """The state with new pairs in its pool."""
    width = len(state.reached)
    old, new = state.rows * width + state.columns, rows * width + columns
    keys = distinct(np.append(old, new))
    used = np.zeros(len(keys), bool)
    used[np.searchsorted(keys, old[state.used])] = True
    return Cover(keys // max(1, width), keys % max(1, width), used, state.unmet, state.tight, state.reached)


def _augmented(state: Cover, need: Ints, room: Ints) -> Cover:
    """The greatest flow within the pool, and what its unmet rows reach."""
    height, width = len(need), len(room)
    left = need - np.bincount(state.rows[state.used], minlength=height)
    free = room - state.given()
    used = state.used.copy()
    if left.any() and free.any():
        keys = state.rows * width + state.columns
        used[np.searchsorted(keys, _turned(state, left, free))] ^= True
    unmet = need - np.bincount(state.rows[used], minlength=height)
    tail = np.where(used, state.columns + 2 + height, state.rows + 2)
    head = np.where(used, state.rows + 2, state.columns + 2 + height)
    short = np.flatnonzero(unmet)
    nodes = height + width + 2
    graph = _graph(np.append(np.zeros(len(short), int), tail), np.append(short + 2, head), None, nodes)
    seen = np.zeros(nodes, bool)
    seen[breadth_first_order(graph, 0, return_predecessors=False)] = True
    return Cover(state.rows, state.columns, used, unmet, seen[2 : 2 + height], seen[2 + height :])


def _turned(state: Cover, left: Ints, free: Ints) -> Ints:
    """Keys of the pairs that a greatest augmentation takes up or gives back."""
    height, width = len(left), len(free)
    short, open_ = np.flatnonzero(left), np.flatnonzero(free)
    tail = np.where(state.used, state.columns + 2 + height, state.rows + 2)
    head = np.where(state.used, state.rows + 2, state.columns + 2 + height)
    tails = np.concatenate([np.zeros(len(short), int), tail, open_ + 2 + height])
    heads = np.concatenate([short + 2, head, np.ones(len(open_), int)])
    room = np.concatenate([left[short], np.ones(len(tail), int), free[open_]])
    flow = maximum_flow(_graph(tails, heads, room, height + width + 2), 0, 1).flow.tocoo()
    inner = (flow.data > 0) & (flow.row > 1) & (flow.col > 1)
    one, other = flow.row[inner].astype(np.int64) - 2, flow.col[inner].astype(np.int64) - 2
    keys: Ints = np.minimum(one, other) * width + np.maximum(one, other) - height
    return keys


def _graph(tail: Ints, head: Ints, room: Ints | None, nodes: int) -> Any:
    weights = np.ones(len(tail), np.int32) if room is None else room.astype(np.int32)
    return sparse.csr_matrix((weights, (tail, head)), shape=(nodes, nodes))


def lifted(eligible: Eligible, need: Ints, room: Ints, begun: Cover) -> Ints:
    """The fewest further places [columns], spread evenly, with which ``need`` is met.

    ``begun`` is the greatest flow of ``need`` and ``room``: what it leaves unmet is added one place each. No row may
    need more columns than are eligible.
    """
    if not begun.unmet.any():
        return np.zeros(len(room), np.int64)
    step = _least_step(lambda step: not cover(eligible, need, room + step, begun).unmet.any())
    nearly = cover(eligible, need, room + step - 1, begun)
    further: Ints = np.maximum(cover(eligible, need, room + step, nearly).given() - room, 0)
    return further


def eased(eligible: Eligible, need: Ints, room: Ints) -> Ints:
    """The least that must be taken from ``need`` [rows], spread evenly, for the rest to be met."""
    step = _least_step(lambda step: not cover(eligible, np.maximum(need - step, 0), room).unmet.any())
    state = cover(eligible, np.maximum(need - step, 0), room)
    for more in range(step - 1, -1, -1):
        state = cover(eligible, np.maximum(need - more, 0), room, state)
    return state.unmet


def _least_step(enough: Callable[[int], bool]) -> int:
    """The least positive step that is ``enough``; there is one, and every greater is too."""
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def groups(eligible: Eligible, tight: Bools, room: Ints) -> list[Ints]:
    """``tight`` rows in independent groups: two rows belong together where they contend for one column's room."""
    height, width = eligible.shape
    contended = (eligible.column_counts(tight) > room) & (room > 0)
    labels = np.arange(height + width)
    for row, column in eligible.pairs(np.flatnonzero(tight)):
        keep = contended[column]
        tail = np.append(np.arange(height + width), row[keep])
        head = np.append(labels, column[keep] + height)
        graph = _graph(tail, head, None, height + width)
        _, mark = connected_components(graph, directed=False)
        _, first = np.unique(mark, return_index=True)
        labels = first[mark]
    rows = np.flatnonzero(tight)
    order = np.argsort(labels[rows], kind="stable")
    return np.split(rows[order], np.flatnonzero(np.diff(labels[rows][order])) + 1) if len(rows) else []
