"""Who judged what, laid out for elimination.

The side with more codes (the *many*) is eliminated: given the other side (the *few*) its effects are independent. What
is left is one dense matrix over the few of each component, its Schur complement. Components of about one size are
worked on together, as a stack.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from judging.engines.calibration.components import Components, parts_of
from judging.engines.calibration.factor import LAPACK_FROM
from judging.engines.calibration.scores import Floats, InputFault, Ints, Scores, tally

DENSE_FROM = 0.004
"""How many pairs of cells, as a share of all that a full table multiplies, make the table the quicker way."""
MOST_PAIRS, LARGEST_TABLE = 20_000_000, 100_000_000
"""With more pairs of cells a table is taken for its memory, as long as it has no more places than these."""
MOST_FEW = 20_000
T = TypeVar("T")
Stack = NDArray[np.float64] | NDArray[np.float32]


class Batch(Protocol):
    """Components of about one size. ``few`` (B, s) are the codes of each one's few, padded with the number of few."""

    @property
    def few(self) -> Ints:
        """The codes of each one's few, (B, s)."""

    def gram(self, weights: Floats, shares: Floats) -> Floats:
        """W' diag(shares) W of each component, (B, s, s); ``weights`` (cells,), ``shares`` (many,).

        Of a single great one only the lower triangle is sure to be filled.
        """

    def spread(self, weights: Floats, inverse: Stack) -> tuple[Ints, Floats]:
        """Cells of these components, and W T⁻¹ at each of them; of ``inverse`` the lower triangle is read if B is 1."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs of one of the many and one of the few that have a score, sorted by the many."""

    many: Ints
    few: Ints
    of_score: Ints
    """Which cell each score is in, (n,)."""


@dataclass(frozen=True, eq=False)
class Design:
    """The layout of one set of scores; ``items_many`` says that the projects are the side that is eliminated."""

    scores: Scores
    parts: Components
    items_many: bool
    n_many: int
    n_few: int
    cells: Cells

    @property
    def few_of_score(self) -> Ints:
        """The few of each score, (n,)."""
        return self.sides(self.scores.item, self.scores.rater)[1]

    @property
    def many_of_score(self) -> Ints:
        """The many of each score, (n,)."""
        return self.sides(self.scores.item, self.scores.rater)[0]

    def sides(self, many: T, few: T) -> tuple[T, T]:
        """(of the projects, of the experts) from (of the many, of the few), and the reverse."""
        return (many, few) if self.items_many else (few, many)

    @cached_property
    def batches(self) -> tuple[Batch, ...]:
        """The components that have scores, in stacks of about one size."""
        return tuple(_batches(self))

    def matrix(self, weights: Floats) -> csr_array:
        """W as a sparse matrix (many, few) of the weights of the cells."""
        starts = np.searchsorted(self.cells.many, np.arange(self.n_many + 1))
        return csr_array((weights, self.cells.few, starts), shape=(self.n_many, self.n_few))


def lay_out(scores: Scores) -> Design:
    """Choose the side to eliminate and merge scores of one pair into cells; raises :class:`InputFault` if too great."""
    items_many = scores.n_items >= scores.n_raters
    many, few = (scores.item, scores.rater) if items_many else (scores.rater, scores.item)
    n_many, n_few = (scores.n_items, scores.n_raters) if items_many else (scores.n_raters, scores.n_items)
    keys, of_score = np.unique(many * n_few + few, return_inverse=True)
    cells = Cells(keys // n_few, keys % n_few, of_score.ravel())
    parts = parts_of(scores.rater, scores.item, scores.n_raters, scores.n_items)
    largest = int(np.bincount(parts.rater if items_many else parts.item).max())
    if largest > MOST_FEW:
        raise InputFault(
            f"{largest} linked experts or projects, whichever are fewer: more than {MOST_FEW} are too many"
        )
    return Design(scores, parts, items_many, n_many, n_few, cells)


@dataclass(frozen=True, eq=False)
class _Dense:
    """Full tables: ``at`` (B, p, s) is the cell of each pair, the number of cells where there is none."""

    few: Ints
    many: Ints
    at: Ints
    here: Ints

    def gram(self, weights: Floats, shares: Floats) -> Floats:
        table = np.append(weights, 0.0)[self.at]
        found: Floats = np.matmul(table.swapaxes(1, 2) * np.append(shares, 0.0)[self.many][:, None, :], table)
        return found

    def spread(self, weights: Floats, inverse: Stack) -> tuple[Ints, Floats]:
        full = whole(inverse) if len(inverse) == 1 else inverse
        table = np.append(weights, 0.0).astype(full.dtype)[self.at]
        return self.here, np.matmul(table, full)[self.at < len(weights)].astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Sparse:
    """Pairs of cells of one of the many: where each falls in the stack, and the two cells (second at the greater)."""

    few: Ints
    many: Ints
    flat: Ints
    first: Ints
    second: Ints
    cells: slice | Ints

    def gram(self, weights: Floats, shares: Floats) -> Floats:
        values = weights[self.first] * weights[self.second] * shares[self.many]
        batch, side = self.few.shape
        lower = tally(self.flat, values, batch * side * side).reshape(batch, side, side)
        return lower if batch == 1 and side >= LAPACK_FROM else _mirrored(lower)

    def spread(self, weights: Floats, inverse: Stack) -> tuple[Ints, Floats]:
        values = inverse.reshape(-1)[self.flat].astype(np.float64, copy=False)
        apart = self.first != self.second
        found = tally(self.first, values * weights[self.second], len(weights))
        found += tally(self.second[apart], (values * weights[self.first])[apart], len(weights))
        here = np.arange(len(weights))[self.cells]
        return here, found[here]


def _mirrored(lower: Floats) -> Floats:
    full = lower + lower.swapaxes(1, 2)
    diagonal = np.arange(lower.shape[1])
    full[:, diagonal, diagonal] = lower[:, diagonal, diagonal]
    return full


def whole(stack: Stack) -> Stack:
    """A stack of one, both of its triangles filled from the lower."""
    lower = np.tril(stack[0])
    full: Stack = (lower + np.tril(lower, -1).T)[None]
    return full


@dataclass(frozen=True, eq=False)
class _Sizes:
    """Of each component: how many of the many and few it has, and how many pairs of cells of one of the many."""

    many: Ints
    few: Ints
    pairs: Floats


def _batches(design: Design) -> list[Batch]:
    """Group the components by the size of their few, padded to the next rung, and by density."""
    of_many, of_few = design.sides(design.parts.item, design.parts.rater)
    seen = np.zeros(design.parts.count, bool)
    part_of_cell = of_few[design.cells.few]
    seen[part_of_cell] = True
    count = design.parts.count
    scored = np.bincount(design.cells.many, minlength=design.n_many)
    pairs = tally(of_many, scored * (scored + 1) / 2.0, count)
    sizes = _Sizes(np.bincount(of_many, minlength=count), np.bincount(of_few, minlength=count), pairs)
    fits = (pairs > MOST_PAIRS) & (sizes.many * sizes.few <= LARGEST_TABLE)
    dense = (pairs >= DENSE_FROM * sizes.many * sizes.few**2) | fits
    rungs = np.where(seen, _rung(sizes.few), 0)
    found: list[Batch] = []
    for key in np.unique(np.stack([rungs[seen], dense[seen]]), axis=1).T:
        chosen = np.flatnonzero(seen & (rungs == key[0]) & (dense == key[1]))
        found.append(_batch(design, chosen, sizes, (of_many, of_few, part_of_cell), dense=bool(key[1])))
    return found


def _rung(sizes: Ints) -> Ints:
    """The size a stack is padded to, at most a quarter more: 1 to 8, then 10, 12, 14, 16, 20 and so on."""
    step = 2 ** np.maximum(np.floor(np.log2(np.maximum(sizes, 1))).astype(np.int64) - 2, 0)
    rungs: Ints = -(-sizes // step) * step
    return rungs


def _batch(
    design: Design, chosen: Ints, sizes: _Sizes, parts: tuple[Ints, Ints, NDArray[np.int64]], *, dense: bool
) -> Batch:
    """Lay out the components ``chosen`` as one stack."""
    of_many, of_few, of_cell = parts
    stack = np.full(design.parts.count, -1, np.int64)
    stack[chosen] = np.arange(len(chosen))
    few, few_at = _table(stack, of_few, design.n_few, int(sizes.few[chosen].max()))
    here = np.flatnonzero(stack[of_cell] >= 0)
    cell_stack, cell_few = stack[of_cell[here]], few_at[design.cells.few[here]]
    if not dense:
        return _sparse(design, few, here, cell_stack, cell_few)
    many, many_at = _table(stack, of_many, design.n_many, int(sizes.many[chosen].max()))
    at = np.full((len(chosen), many.shape[1], few.shape[1]), len(design.cells.few), np.intp)
    at[cell_stack, many_at[design.cells.many[here]], cell_few] = here
    return _Dense(few, many, at, at[at < len(design.cells.few)])


def _table(stack: Ints, of_code: Ints, pad: int, width: int) -> tuple[Ints, Ints]:
    """The codes of each stacked component in a padded table, and the column of each code."""
    rows = stack[of_code]
    codes = np.flatnonzero(rows >= 0)
    codes = codes[np.argsort(rows[codes], kind="stable")]
    starts = np.searchsorted(rows[codes], np.arange(stack.max() + 1))
    columns = np.zeros(len(of_code), np.int64)
    columns[codes] = np.arange(len(codes)) - starts[rows[codes]]
    table = np.full((len(starts), width), pad, np.int64)
    table[rows[codes], columns[codes]] = codes
    return table, columns


def _sparse(design: Design, few: Ints, here: Ints, cell_stack: Ints, cell_few: Ints) -> _Sparse:
    """Every pair of cells of one of the many, found by how many cells it has."""
    many = design.cells.many[here]
    starts = np.flatnonzero(np.append(True, many[1:] != many[:-1])) if len(many) else np.zeros(0, np.int64)
    counts = np.diff(np.append(starts, len(many)))
    first, second = [], []
    for count in np.unique(counts):
        smaller, greater = np.tril_indices(int(count))[::-1]
        base = starts[counts == count][:, None]
        first.append((base + smaller).ravel())
        second.append((base + greater).ravel())
    low, high = np.concatenate(first), np.concatenate(second)
    side = few.shape[1]
    one, two = cell_few[low], cell_few[high]
    flat = (cell_stack[low] * side + np.maximum(one, two)) * side + np.minimum(one, two)
    cells = slice(None) if len(here) == len(design.cells.few) else here
    return _Sparse(few, many[low], flat, here[low], here[high], cells)
