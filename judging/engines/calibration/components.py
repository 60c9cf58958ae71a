"""Which experts and projects are linked by scores at all: only they can be compared without an assumption."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from judging.engines.calibration.scores import Ints, read_codes


@dataclass(frozen=True, eq=False)
class Components:
    """The parts of the expert–project graph.

    ``rater`` (J,) and ``item`` (I,) are the part of each code, 0..count-1, in the order of each part's first score.
    Codes without a score are parts of their own, after the others.
    """

    count: int
    rater: Ints
    item: Ints


def components(rater: ArrayLike, item: ArrayLike) -> Components:
    """Find the parts; raises :class:`InputFault` for rows of different lengths or codes below zero."""
    raters, items = read_codes(rater, item)
    return parts_of(raters, items, int(raters.max()) + 1, int(items.max()) + 1)


def parts_of(raters: Ints, items: Ints, n_raters: int, n_items: int) -> Components:
    """The parts of checked codes."""
    nodes = n_raters + n_items
    edges = coo_array((np.ones(len(raters), np.int8), (raters, items + n_raters)), shape=(nodes, nodes))
    count, found = connected_components(edges, directed=False)
    firsts = np.full(count, len(raters), np.int64)
    np.minimum.at(firsts, found[raters], np.arange(len(raters)))
    labels = np.empty(count, np.int64)
    labels[np.argsort(firsts, kind="stable")] = np.arange(count)
    numbered = labels[found]
    return Components(int(count), numbered[:n_raters], numbered[n_raters:])
