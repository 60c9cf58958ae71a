"""Chains of exchanges that improve a plan, compiled.

A chain replaces an expert on one project; the newcomer, if full, is replaced on another of its projects by a third
expert, and so on, until the last has room or the chain comes back to the expert who was freed first (a replacement, a
swap, a ring: ejection chains, Glover 1996). Loads stay within their bounds at every accepted chain. What a chain costs is the loss
of the total, and, much dearer, what projects lack to their floors and how far group rules are broken.

Costs are counted in *worth*: gain less the price of the expert's place from the transportation problem. Prices cancel
along a chain, and since chains are tried from every project, only chains whose every beginning improves need be
followed (the gain criterion of Lin and Kernighan, 1973): that is what makes the search quick.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ENDLESS = np.int64(1) << 60
EXPERT, GAIN, WORTH = 0, 1, 2
PROJECT, HELD = 0, 1
LOAD, LEAST, MOST, PRICE = 0, 1, 2, 3
FIRST, PLACE, SCORE, FLOOR = 0, 1, 2, 3
COST, SLOT, CHOSEN, ORIGIN = 0, 1, 2, 3
BREACH = np.int64(1) << 50
"""What one broken group rule costs."""


class Rules(NamedTuple):
    """Group rules. Candidate c is in the groups ``group[first[c] : first[c + 1]]``; project p has ``count[p, g]``
    experts of group g and should have ``fewest[p, g]`` to ``greatest[p, g]``."""

    first: Ints
    group: Ints
    count: Ints
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
    """Working memory of a search. ``cell`` [length × experts × (COST, SLOT, CHOSEN, ORIGIN)]: the cheapest chain of
    that length which ends with the expert, who got place SLOT as candidate CHOSEN after expert ORIGIN was freed;
    ``queue`` lists the experts reached, ``reached`` how many. ``best``: cost, length, expert, closing place (or -1) and
    closing candidate; ``path`` [2 × exchanges] places and candidates; ``moves``: searches, chains, limit."""

    cell: Ints
    queue: Ints
    reached: Ints
    best: Ints
    path: Ints
    moves: Ints


class Manner(NamedTuple):
    """How to search: chains up to ``depth`` exchanges; a unit lacking to a floor costs ``penalty`` units of gain; the
    beginning of a chain may cost up to ``slack``; ``trade``: a project may fall under its floor where others rise by
    more; ``bounded``: beginnings dearer than the best chain so far are dropped."""

    depth: int
    penalty: int
    slack: int
    trade: bool
    bounded: bool


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
    count = rules.count[project, group] + change
    return max(0, rules.fewest[project, group] - count) + max(0, count - rules.greatest[project, group])


@njit(cache=True)
def _is_member(rules: Rules, candidate: int, group: int) -> bool:
    for place in range(rules.first[candidate], rules.first[candidate + 1]):
        if rules.group[place] == group:
            return True
    return False


@njit(cache=True)
def _harm(rules: Rules, project: int, out: int, new: int) -> int:
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
    for group in range(rules.count.shape[1]):
        total += _breach(rules, project, group, 0)
    return total


@njit(cache=True)
def _is_settled(project: Ints, rules: Rules, which: int) -> bool:
    """Whether an exchange on the project can gain nothing but worth."""
    if project[which, SCORE] < project[which, FLOOR]:
        return False
    return len(rules.group) == 0 or breaches(rules, which) == 0


@njit(cache=True)
def _is_on(candidate: Ints, slot: Ints, begin: int, end: int, expert: int) -> bool:
    """Whether the expert has one of the places from ``begin`` to ``end``."""
    for place in range(begin, end):
        if candidate[slot[place, HELD], EXPERT] == expert:
            return True
    return False


@njit(cache=True)
def _crosses(candidate: Ints, slot: Ints, cell: Ints, length: int, expert: int, project: int, newcomer: int) -> bool:
    """Whether the chain that ends with ``expert`` has been on the project or has the newcomer in it."""
    for step in range(length, -1, -1):
        place = cell[step, expert, SLOT]
        if slot[place, PROJECT] == project or expert == newcomer:
            return True
        expert = candidate[slot[place, HELD], EXPERT]
    return False


@njit(cache=True)
def _note(trail: Trail, length: int, expert: int, cost: int, slot: int, chosen: int, origin: int) -> None:
    """Remember the cheapest way to an expert."""
    if trail.cell[length, expert, COST] == ENDLESS:
        trail.queue[length, trail.reached[length]] = expert
        trail.reached[length] += 1
    trail.cell[length, expert, COST] = cost
    trail.cell[length, expert, SLOT] = slot
    trail.cell[length, expert, CHOSEN] = chosen
    trail.cell[length, expert, ORIGIN] = origin


@njit(cache=True)
def _scan(
    candidate: Ints, cell: Ints, length: int, begin: int, end: int, begun: int, slack: int, most: int, penalty: int,
    left: int, floor: int, lacking: int, origin: int,
) -> int:  # fmt: skip
    """The first candidate from ``begin`` on that may be worth an exchange; ``end`` where there is none.

    ``begun`` is the cost so far with the worth that is given up; from a cost of ``most`` on a settled project has
    nothing to offer. ``left`` is the score without the one who leaves, ``lacking`` what it lacks to ``floor`` now, or
    -1 where group rules must be weighed. Most of the time of a search is spent here.
    """
    for new in range(begin, end):
        cost = begun - candidate[new, WORTH]
        if lacking == 0 and cost >= most:
            return end
        if lacking < 0:
            return new
        cost += penalty * (max(0, floor - left - candidate[new, GAIN]) - lacking)
        expert = candidate[new, EXPERT]
        if expert == origin or (cost < slack and cost < cell[length, expert, COST]):
            return new
    return end


@njit(cache=True)
def _extra(
    candidate: Ints, project: Ints, rules: Rules, which: int, out: int, new: int, penalty: int, trade: bool
) -> int:
    """What an exchange costs beside its worth: floors and rules."""
    score, floor = project[which, SCORE], project[which, FLOOR]
    after = score - candidate[out, GAIN] + candidate[new, GAIN]
    lack = max(0, floor - after) - max(0, floor - score)
    if lack > 0 and not trade:
        return ENDLESS
    if len(rules.group):
        return penalty * lack + BREACH * _harm(rules, which, out, new)
    return penalty * lack


@njit(cache=True)
def _open(board: Board, trail: Trail, manner: Manner, which: int) -> None:
    """Every first exchange on the project."""
    candidate, slot, project, cell, rules = board.candidate, board.slot, board.project, trail.cell, board.rules
    slack, penalty, trade = manner.slack, manner.penalty, manner.trade
    most = slack if _is_settled(project, rules, which) else ENDLESS
    lacking = -1 if len(rules.group) else max(0, project[which, FLOOR] - project[which, SCORE])
    begin, end, floor = project[which, PLACE], project[which + 1, PLACE], project[which, FLOOR]
    for place in range(begin, end):
        out, new, last = slot[place, HELD], project[which, FIRST], project[which + 1, FIRST]
        left = project[which, SCORE] - candidate[out, GAIN]
        while new < last:
            new = _scan(
                candidate, cell, 0, new, last, candidate[out, WORTH], slack, most, penalty, left, floor, lacking, -1
            )
            if new < last:
                expert = candidate[new, EXPERT]
                cost = candidate[out, WORTH] - candidate[new, WORTH]
                cost += _extra(candidate, project, rules, which, out, new, penalty, trade)
                if cost < cell[0, expert, COST] and cost < slack and not _is_on(candidate, slot, begin, end, expert):
                    _note(trail, 0, expert, cost, place, new, candidate[out, EXPERT])
                new += 1


@njit(cache=True)
def _close(board: Board, trail: Trail, length: int) -> None:
    """Chains that may end here: the last expert has room, and the first one freed may have one place fewer."""
    person, cell, best = board.person, trail.cell, trail.best
    for index in range(trail.reached[length]):
        expert = trail.queue[length, index]
        origin = cell[length, expert, ORIGIN]
        cost = cell[length, expert, COST] - person[expert, PRICE] + person[origin, PRICE]
        room = person[expert, LOAD] < person[expert, MOST] and person[origin, LOAD] > person[origin, LEAST]
        if room and cost < best[0]:
            best[0], best[1], best[2], best[3] = cost, length, expert, -1


@njit(cache=True)
def _replace(
    candidate: Ints, slot: Ints, project: Ints, cell: Ints, best: Ints, trail: Trail, rules: Rules, length: int,
    expert: int, place: int, slack: int, most: int, penalty: int, trade: bool,
) -> None:  # fmt: skip
    """Every replacement of ``expert``, the last of a chain, at one of its other places."""
    which, origin, out = slot[place, PROJECT], cell[length, expert, ORIGIN], slot[place, HELD]
    if not _is_settled(project, rules, which):
        most = ENDLESS
    begun, score, floor = (
        cell[length, expert, COST] + candidate[out, WORTH],
        project[which, SCORE],
        project[which, FLOOR],
    )
    left, lacking = score - candidate[out, GAIN], -1 if len(rules.group) else max(0, floor - score)
    begin, end = project[which, PLACE], project[which + 1, PLACE]
    new, last, after = project[which, FIRST], project[which + 1, FIRST], length + 1
    while new < last:
        new = _scan(candidate, cell, after, new, last, begun, slack, most, penalty, left, floor, lacking, origin)
        if new == last:
            return
        cost = begun - candidate[new, WORTH] + _extra(candidate, project, rules, which, out, new, penalty, trade)
        newcomer = candidate[new, EXPERT]
        limit = best[0] if newcomer == origin else min(slack, cell[after, newcomer, COST])
        if cost < limit and not _is_on(candidate, slot, begin, end, newcomer):
            if newcomer == origin:
                best[0], best[1], best[2], best[3], best[4] = cost, length, expert, place, new
            elif not _crosses(candidate, slot, cell, length, expert, -1, newcomer):
                _note(trail, after, newcomer, cost, place, new, origin)
        new += 1


@njit(cache=True)
def _spread(board: Board, trail: Trail, manner: Manner, length: int) -> None:
    """Make every chain of this length one exchange longer."""
    candidate, slot, person, tasks, project = board.candidate, board.slot, board.person, board.tasks, board.project
    cell, best, rules = trail.cell, trail.best, board.rules
    slack, penalty, trade = manner.slack, manner.penalty, manner.trade
    for index in range(trail.reached[length]):
        expert = trail.queue[length, index]
        most = slack
        if manner.bounded:
            most = min(slack, best[0] + max(0, person[cell[length, expert, ORIGIN], PRICE]))
        for task in range(person[expert, LOAD]):
            place = tasks[expert, task]
            if not _crosses(candidate, slot, cell, length, expert, slot[place, PROJECT], -1):
                _replace(
                    candidate, slot, project, cell, best, trail, rules, length, expert, place, slack, most, penalty,
                    trade,
                )  # fmt: skip


@njit(cache=True)
def _search(board: Board, trail: Trail, manner: Manner, which: int, depth: int) -> int:
    """Find the best chain up to ``depth`` that begins on the project; return its exchanges, none for no improvement."""
    trail.moves[0] += 1
    trail.best[0], trail.best[2] = 0, -1
    trail.reached[:] = 0
    _open(board, trail, manner, which)
    length = 0
    while True:
        _close(board, trail, length)
        if length == depth - 1 or trail.reached[length] == 0:
            break
        _spread(board, trail, manner, length)
        length += 1
    exchanges = _path(board, trail)
    for step in range(length + 1):
        for index in range(trail.reached[step]):
            trail.cell[step, trail.queue[step, index], COST] = ENDLESS
    return exchanges


@njit(cache=True)
def _path(board: Board, trail: Trail) -> int:
    """Write the best chain as places and the candidates that they get."""
    expert, exchanges = trail.best[2], 0
    if expert < 0:
        return 0
    if trail.best[3] >= 0:
        trail.path[0, 0], trail.path[1, 0] = trail.best[3], trail.best[4]
        exchanges = 1
    for step in range(trail.best[1], -1, -1):
        place = trail.cell[step, expert, SLOT]
        trail.path[0, exchanges], trail.path[1, exchanges] = place, trail.cell[step, expert, CHOSEN]
        exchanges += 1
        expert = board.candidate[board.slot[place, HELD], EXPERT]
    return exchanges


@njit(cache=True)
def _leave(board: Board, place: int) -> None:
    expert = board.candidate[board.slot[place, HELD], EXPERT]
    last = board.person[expert, LOAD] - 1
    for task in range(last + 1):
        if board.tasks[expert, task] == place:
            board.tasks[expert, task] = board.tasks[expert, last]
            break
    board.person[expert, LOAD] = last


@njit(cache=True)
def _count(rules: Rules, project: int, candidate: int, change: int) -> None:
    for place in range(rules.first[candidate], rules.first[candidate + 1]):
        rules.count[project, rules.group[place]] += change


@njit(cache=True)
def _apply(board: Board, trail: Trail, exchanges: int) -> None:
    """Carry out the chain in ``trail.path``."""
    trail.moves[1] += 1
    for step in range(exchanges):
        _leave(board, trail.path[0, step])
    for step in range(exchanges):
        place, new = trail.path[0, step], trail.path[1, step]
        out, which, expert = board.slot[place, HELD], board.slot[place, PROJECT], board.candidate[new, EXPERT]
        board.project[which, SCORE] += board.candidate[new, GAIN] - board.candidate[out, GAIN]
        _count(board.rules, which, out, -1)
        _count(board.rules, which, new, 1)
        board.slot[place, HELD] = new
        board.tasks[expert, board.person[expert, LOAD]] = place
        board.person[expert, LOAD] += 1


@njit(cache=True)
def _wanting(board: Board) -> Ints:
    """The projects under their floors or with broken rules, the worst first."""
    lack = np.maximum(board.project[:-1, FLOOR] - board.project[:-1, SCORE], 0)
    for which in range(len(lack)):
        if len(board.rules.group) and breaches(board.rules, which):
            lack[which] = BREACH
    order = np.argsort(-lack, kind="mergesort")
    return order[lack[order] > 0]


@njit(cache=True)
def _shortest(board: Board, trail: Trail, manner: Manner, which: int) -> int:
    """The best of the shortest chains that improve; long ones are dear to look for."""
    for depth in range(2, manner.depth + 1):
        exchanges = _search(board, trail, manner, which, depth)
        if exchanges:
            return exchanges
    return 0


@njit(cache=True)
def lift(board: Board, trail: Trail, manner: Manner, passes: int, stuck: int) -> int:
    """Bring projects to their floors and rules to be kept; return how many projects are still wanting.

    Gives up once more than ``stuck`` projects of one pass cannot be helped.
    """
    for _ in range(passes):
        changed, failed = False, 0
        for which in _wanting(board):
            while not _is_settled(board.project, board.rules, which) and trail.moves[0] < trail.moves[2]:
                exchanges = _shortest(board, trail, manner, which)
                if exchanges == 0:
                    failed += 1
                    break
                _apply(board, trail, exchanges)
                changed = True
            if failed > stuck:
                return len(_wanting(board))
        if not changed:
            break
    return len(_wanting(board))


@njit(cache=True)
def _refresh(board: Board, trail: Trail, exchanges: int, fresh: NDArray[np.bool_]) -> None:
    """Mark the projects of everybody in the chain as worth another look."""
    for step in range(exchanges):
        place = trail.path[0, step]
        fresh[board.slot[place, PROJECT]] = True
        expert = board.candidate[board.slot[place, HELD], EXPERT]
        for task in range(board.person[expert, LOAD]):
            fresh[board.slot[board.tasks[expert, task], PROJECT]] = True


@njit(cache=True)
def polish(board: Board, trail: Trail, manner: Manner, passes: int) -> bool:
    """Raise the total with all floors and rules kept; return whether no chain that improves is left."""
    fresh = np.ones(len(board.project) - 1, dtype=np.bool_)
    for _ in range(passes):
        for which in range(len(fresh)):
            while fresh[which]:
                fresh[which] = False
                if trail.moves[0] >= trail.moves[2]:
                    return False
                exchanges = _search(board, trail, manner, which, manner.depth)
                if exchanges:
                    _refresh(board, trail, exchanges, fresh)
                    _apply(board, trail, exchanges)
                    _refresh(board, trail, exchanges, fresh)
        if not fresh.any():
            return True
    return False
