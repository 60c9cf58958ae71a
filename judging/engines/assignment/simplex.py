"""The primal network simplex method on integers, compiled.

Minimises Σ cost × flow over a directed network with capacities and node supplies that add up to nothing. A spanning
tree of basic arcs is kept strongly feasible, so degenerate pivots cannot cycle (Cunningham, A Network Simplex Method,
1976; the leaving rule is that of Ahuja, Magnanti, Orlin, Network Flows, 1993, section 11.6). Entering arcs are found by
block search (Grigoriadis, 1986). A solved network can be solved again after arcs were added or costs changed: it goes
on from the tree it has. Every node has an artificial arc to a root, at a cost that no real path reaches: flow left
there says that the supplies cannot be met.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
AT_LOWER, BASIC, AT_UPPER = 1, 0, -1
ENDLESS = np.int64(1) << 60


class Arcs(NamedTuple):
    """Arc ``a`` goes from ``tail`` to ``head``; the first arcs, one a node, are the artificial ones."""

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    flow: Ints
    state: Ints


class Tree(NamedTuple):
    """The basis: each node but the root hangs on ``parent`` by the arc ``via``, which points ``up`` (1) or down (-1).

    ``price`` are the node potentials: cost + price[tail] - price[head] is nothing on basic arcs. Children form lists.
    """

    parent: Ints
    via: Ints
    up: Ints
    depth: Ints
    child: Ints
    following: Ints
    preceding: Ints
    price: Ints


class Network:
    """A growing network; see the module.

    ``supply`` [nodes], positive where flow begins; ``artificial`` is the cost of
    flow that real arcs cannot carry, above any sum of costs on a path.
    """

    def __init__(self, supply: Ints, artificial: int) -> None:
        self.nodes = len(supply)
        self.size = self.nodes
        self._cursor = self.nodes
        self.tree, self.arcs = _begin(np.asarray(supply, dtype=np.int64), np.int64(artificial))

    def add(self, tail: Ints, head: Ints, capacity: Ints, cost: Ints) -> slice:
        """Append arcs without flow; return where they stand."""
        place = slice(self.size, self.size + len(tail))
        self._grow(place.stop)
        for array, values in zip(self.arcs[:4], (tail, head, capacity, cost), strict=True):
            array[place] = values
        self.arcs.flow[place] = 0
        self.arcs.state[place] = AT_LOWER
        self.size = place.stop
        return place

    def _grow(self, size: int) -> None:
        room = len(self.arcs.tail)
        if size > room:
            more = max(size, room + room // 2) - room
            self.arcs = Arcs(*(np.concatenate([array, np.zeros(more, dtype=np.int64)]) for array in self.arcs))

    def change_costs(self, place: slice, cost: Ints) -> None:
        """Give the arcs of ``place`` other costs; the next :meth:`solve` goes on from the present flow."""
        self.arcs.cost[place] = cost
        _reprice(self.tree, self.arcs, self.nodes)

    def solve(self) -> int:
        """Make the flow optimal; return the number of pivots."""
        self._cursor, pivots = _pivot_all(self.tree, self.arcs, self.nodes, self.size, self._cursor)
        return int(pivots)

    @property
    def unmet(self) -> int:
        """How much flow is left on artificial arcs; to be read after :meth:`solve`."""
        return int(self.arcs.flow[: self.nodes].sum())


@njit(cache=True)
def _begin(supply: Ints, artificial: np.int64) -> tuple[Tree, Arcs]:
    nodes = len(supply)
    tree = Tree(
        np.full(nodes + 1, -1, np.int64),
        np.arange(nodes + 1),
        np.ones(nodes + 1, np.int64),
        np.ones(nodes + 1, np.int64),
        np.full(nodes + 1, -1, np.int64),
        np.full(nodes + 1, -1, np.int64),
        np.full(nodes + 1, -1, np.int64),
        np.zeros(nodes + 1, np.int64),
    )
    arcs = Arcs(
        np.zeros(nodes, np.int64),
        np.zeros(nodes, np.int64),
        np.full(nodes, ENDLESS),
        np.zeros(nodes, np.int64),
        np.abs(supply),
        np.zeros(nodes, np.int64),
    )
    tree.depth[nodes] = 0
    for node in range(nodes):
        if supply[node] >= 0:
            arcs.tail[node], arcs.head[node] = node, nodes
        else:
            arcs.tail[node], arcs.head[node] = nodes, node
            arcs.cost[node] = artificial
            tree.up[node] = -1
            tree.price[node] = artificial
        tree.parent[node] = nodes
        _hang(tree, node, nodes)
    return tree, arcs


@njit(cache=True)
def _hang(tree: Tree, node: int, parent: int) -> None:
    """Make ``node`` the first child of ``parent``."""
    first = tree.child[parent]
    tree.following[node], tree.preceding[node] = first, -1
    if first >= 0:
        tree.preceding[first] = node
    tree.child[parent] = node


@njit(cache=True)
def _unhang(tree: Tree, node: int) -> None:
    """Take ``node`` out of its parent's list."""
    before, after = tree.preceding[node], tree.following[node]
    if before >= 0:
        tree.following[before] = after
    else:
        tree.child[tree.parent[node]] = after
    if after >= 0:
        tree.preceding[after] = before


@njit(cache=True)
def _entering(tree: Tree, arcs: Arcs, size: int, start: int, block: int) -> tuple[int, int]:
    """The best arc of the first block that has one that improves, and where to go on; -1 where none does."""
    best, chosen, left, arc = 0, -1, block, start
    for _ in range(size):
        reduced = arcs.state[arc] * (arcs.cost[arc] + tree.price[arcs.tail[arc]] - tree.price[arcs.head[arc]])
        if reduced < best:
            best, chosen = reduced, arc
        arc += 1
        if arc == size:
            arc = 0
        left -= 1
        if left == 0:
            if chosen >= 0:
                return chosen, arc
            left = block
    return chosen, arc


@njit(cache=True)
def _join(tree: Tree, one: int, other: int) -> int:
    """Where the paths of two nodes to the root meet."""
    while one != other:
        if tree.depth[one] > tree.depth[other]:
            one = tree.parent[one]
        elif tree.depth[one] < tree.depth[other]:
            other = tree.parent[other]
        else:
            one, other = tree.parent[one], tree.parent[other]
    return one


@njit(cache=True)
def _leaving(tree: Tree, arcs: Arcs, first: int, second: int, join: int, most: int) -> tuple[int, int, int]:
    """How much flow fits round the cycle, the node under the arc that leaves, and the side it is on (0: none leaves).

    The flow goes down from the join to ``first``, over the entering arc, and up from ``second``. Of equal arcs the last
    on the way from the join leaves: that keeps the tree strongly feasible.
    """
    amount, out, side, node = most, -1, 0, first
    while node != join:
        arc = tree.via[node]
        left = arcs.flow[arc] if tree.up[node] > 0 else arcs.capacity[arc] - arcs.flow[arc]
        if left < amount:
            amount, out, side = left, node, 1
        node = tree.parent[node]
    node = second
    while node != join:
        arc = tree.via[node]
        left = arcs.capacity[arc] - arcs.flow[arc] if tree.up[node] > 0 else arcs.flow[arc]
        if left <= amount:
            amount, out, side = left, node, 2
        node = tree.parent[node]
    return amount, out, side


@njit(cache=True)
def _push(tree: Tree, arcs: Arcs, first: int, second: int, join: int, amount: int) -> None:
    """Send ``amount`` down from the join to ``first`` and up from ``second`` to the join."""
    node = first
    while node != join:
        arcs.flow[tree.via[node]] -= tree.up[node] * amount
        node = tree.parent[node]
    node = second
    while node != join:
        arcs.flow[tree.via[node]] += tree.up[node] * amount
        node = tree.parent[node]


@njit(cache=True)
def _rehang(tree: Tree, arcs: Arcs, entering: int, inner: int, outer: int, out: int) -> None:
    """Cut the subtree under ``out`` and hang it by its node ``inner`` on ``outer``: parents on the path turn round."""
    node, parent, via = inner, outer, entering
    up = 1 if arcs.tail[entering] == inner else -1
    while True:
        old_parent, old_via, old_up = tree.parent[node], tree.via[node], tree.up[node]
        _unhang(tree, node)
        tree.parent[node], tree.via[node], tree.up[node] = parent, via, up
        _hang(tree, node, parent)
        if node == out:
            return
        node, parent, via, up = old_parent, node, old_via, -old_up


@njit(cache=True)
def _shift(tree: Tree, top: int, change: int) -> None:
    """Add ``change`` to the prices of the subtree of ``top`` and set its depths."""
    node = top
    while True:
        tree.price[node] += change
        tree.depth[node] = tree.depth[tree.parent[node]] + 1
        if tree.child[node] >= 0:
            node = tree.child[node]
            continue
        while node != top and tree.following[node] < 0:
            node = tree.parent[node]
        if node == top:
            return
        node = tree.following[node]


@njit(cache=True)
def _pivot(tree: Tree, arcs: Arcs, entering: int) -> None:
    state = arcs.state[entering]
    first, second = arcs.tail[entering], arcs.head[entering]
    if state < 0:
        first, second = second, first
    join = _join(tree, first, second)
    amount, out, side = _leaving(tree, arcs, first, second, join, arcs.capacity[entering])
    if amount > 0:
        arcs.flow[entering] += state * amount
        _push(tree, arcs, first, second, join, amount)
    if side == 0:
        arcs.state[entering] = -state
        return
    leaving = tree.via[out]
    inner, outer = (first, second) if side == 1 else (second, first)
    _rehang(tree, arcs, entering, inner, outer, out)
    arcs.state[entering] = BASIC
    arcs.state[leaving] = AT_LOWER if arcs.flow[leaving] == 0 else AT_UPPER
    _shift(tree, inner, tree.price[outer] - tree.price[inner] - tree.up[inner] * arcs.cost[entering])


@njit(cache=True)
def _pivot_all(tree: Tree, arcs: Arcs, nodes: int, size: int, start: int) -> tuple[int, int]:
    block = max(int(np.sqrt(size)), 10)
    pivots, cursor = 0, start if start < size else 0
    while True:
        entering, cursor = _entering(tree, arcs, size, cursor, block)
        if entering < 0:
            return cursor, pivots
        _pivot(tree, arcs, entering)
        pivots += 1


@njit(cache=True)
def _reprice(tree: Tree, arcs: Arcs, root: int) -> None:
    """Set every price from the costs of the basic arcs, parents first."""
    node = tree.child[root]
    while node >= 0 and node != root:
        parent = tree.parent[node]
        tree.price[node] = tree.price[parent] - tree.up[node] * arcs.cost[tree.via[node]]
        if tree.child[node] >= 0:
            node = tree.child[node]
            continue
        while node != root and tree.following[node] < 0:
            node = tree.parent[node]
        if node == root:
            return
        node = tree.following[node]
