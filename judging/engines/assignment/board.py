"""A plan laid out for exchanges, compiled: who has which place, who could have it, and the group rules."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ENDLESS = 1 << 60
EXPERT, GAIN, WORTH = 0, 1, 2
PROJECT, HELD = 0, 1
LOAD, LEAST, MOST, PRICE = 0, 1, 2, 3
FIRST, PLACE, SCORE, FLOOR = 0, 1, 2, 3
COST, SLOT, CHOSEN, ORIGIN = 0, 1, 2, 3


class Rules(NamedTuple):
    """Group rules.

    Candidate c is in the groups ``group[first[c] : first[c + 1]]``; project p has ``counts[p, g]``
    experts of group g and should have ``fewest[p, g]`` to ``greatest[p, g]``.
    """

    first: Ints
    group: Ints
    counts: Ints
    fewest: Ints
    greatest: Ints


class Board(NamedTuple):
    """A plan with all that may be put into it, in few arrays because the search hands them on often.

    ``candidate`` [candidates × (EXPERT, GAIN, WORTH)]: those of a project stand together, by descending worth.
    ``slot`` [places × (PROJECT, HELD)]: whose place it is, and the candidate that has it. ``person`` [experts × (LOAD,
    LEAST, MOST, PRICE)]; the places of expert e are ``tasks[e, : LOAD]``. ``project`` [projects + 1 × (FIRST, PLACE,
    SCORE, FLOOR)]: its candidates begin at FIRST and its places at PLACE, and end where the next project's begin.
    """

    candidate: Ints
    slot: Ints
    person: Ints
    tasks: Ints
    project: Ints
    rules: Rules


class Trail(NamedTuple):
    """Working memory of a search.

    ``cell`` [length × experts × (COST, SLOT, CHOSEN, ORIGIN)]: the cheapest chain of
    that length which ends with the expert, who got place SLOT as candidate CHOSEN after expert ORIGIN was freed;
    ``queue`` lists the experts reached, ``reached`` how many. ``best``: cost, length, expert, closing place (or -1) and
    closing candidate; ``path`` [2 × exchanges] places and candidates; ``moves``: searches, chains, limit.
    """

    cell: Ints
    queue: Ints
    reached: Ints
    best: Ints
    path: Ints
    moves: Ints


class Manner(NamedTuple):
    """How to search.

    Chains up to ``depth`` exchanges; a unit lacking to a floor costs ``penalty`` units of gain; the
    beginning of a chain may cost up to ``slack``; ``trade``: a project may fall under its floor where others rise by
    more; ``bounded``: beginnings dearer than the best chain so far are dropped; ``apart``: the places of a project are
    tried one by one, so that no chain is hidden by a cheaper one that frees another expert.
    """

    depth: int
    penalty: int
    slack: int
    trade: bool
    bounded: bool
    apart: bool


def new_trail(experts: int, depth: int, limit: int) -> Trail:
    """Working memory for chains up to ``depth``; at most ``limit`` searches."""
    cell = np.zeros((depth + 1, max(experts, 1), 4), dtype=np.int64)
    cell[:, :, COST] = ENDLESS
    queue = np.zeros((depth + 1, max(experts, 1)), dtype=np.int64)
    path = np.zeros((2, depth + 2), dtype=np.int64)
    limits = np.array([0, 0, limit], dtype=np.int64)
    return Trail(cell, queue, np.zeros(depth + 1, np.int64), np.zeros(5, np.int64), path, limits)


@njit(cache=True)
def _breach(rules: Rules, project: int, group: int, change: int) -> int:
    """How far the rule of a group is broken on a project after ``change``."""
    count = rules.counts[project, group] + change
    return int(max(0, rules.fewest[project, group] - count) + max(0, count - rules.greatest[project, group]))


@njit(cache=True)
def _is_member(rules: Rules, candidate: int, group: int) -> bool:
    for place in range(rules.first[candidate], rules.first[candidate + 1]):
        if rules.group[place] == group:
            return True
    return False


@njit(cache=True)
def harm(rules: Rules, project: int, out: int, new: int) -> int:
    """What replacing candidate ``out`` by ``new`` adds to the broken rules of a project."""
    change = 0
    for place in range(rules.first[out], rules.first[out + 1]):
        group = rules.group[place]
        if not _is_member(rules, new, group):
            change += _breach(rules, project, group, -1) - _breach(rules, project, group, 0)
    for place in range(rules.first[new], rules.first[new + 1]):
        group = rules.group[place]
        if not _is_member(rules, out, group):
            change += _breach(rules, project, group, 1) - _breach(rules, project, group, 0)
    return change


@njit(cache=True)
def breaches(rules: Rules, project: int) -> int:
    """How far the rules of a project are broken."""
    total = 0
    for group in range(rules.counts.shape[1]):
        total += _breach(rules, project, group, 0)
    return total


@njit(cache=True)
def is_settled(project: Ints, rules: Rules, which: int) -> bool:
    """Whether an exchange on the project can gain nothing but worth."""
    if project[which, SCORE] < project[which, FLOOR]:
        return False
    return len(rules.group) == 0 or breaches(rules, which) == 0


@njit(cache=True)
def is_on(candidate: Ints, slot: Ints, begin: int, end: int, expert: int) -> bool:
    """Whether the expert has one of the places from ``begin`` to ``end``."""
    for place in range(begin, end):
        if candidate[slot[place, HELD], EXPERT] == expert:
            return True
    return False
