"""Chains of exchanges that improve a plan, compiled.

A chain replaces an expert on one project; the newcomer, if full, is replaced on another of its projects by a third
expert, and so on, until the last has room or the chain comes back to the expert who was freed first (a replacement, a
swap, a ring: ejection chains, Glover, 1996). Loads stay within their bounds at every accepted chain. What a chain costs
is the loss of the total, and, much dearer, what projects lack to their floors and how far group rules are broken.

Costs are counted in *worth*: gain less the price of the expert's place from the transportation problem. Prices cancel
along a chain, and since chains are tried from every project, only chains whose every beginning improves need be
followed (the gain criterion of Lin and Kernighan, 1973): that is what makes the search quick.
"""

from numba import njit

from judging.engines.assignment.board import (
    CHOSEN,
    COST,
    ENDLESS,
    EXPERT,
    FIRST,
    FLOOR,
    GAIN,
    HELD,
    LEAST,
    LOAD,
    MOST,
    ORIGIN,
    PLACE,
    PRICE,
    PROJECT,
    SCORE,
    SLOT,
    WORTH,
    Board,
    Ints,
    Manner,
    Rules,
    Trail,
    harm,
    is_on,
    is_settled,
)  # fmt: skip

BREACH = 1 << 50
"""What one broken group rule costs."""


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
        return int(penalty * lack + BREACH * harm(rules, which, out, new))
    return int(penalty * lack)


@njit(cache=True)
def _open(board: Board, trail: Trail, manner: Manner, which: int, first: int, beyond: int) -> None:
    """Every first exchange on the project, at its places from ``first`` on, before ``beyond``."""
    candidate, slot, project, cell, rules = board.candidate, board.slot, board.project, trail.cell, board.rules
    slack, penalty, trade = manner.slack, manner.penalty, manner.trade
    most = slack if is_settled(project, rules, which) else ENDLESS
    lacking = -1 if len(rules.group) else max(0, project[which, FLOOR] - project[which, SCORE])
    begin, end, floor = project[which, PLACE], project[which + 1, PLACE], project[which, FLOOR]
    for place in range(first, beyond):
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
                if cost < cell[0, expert, COST] and cost < slack and not is_on(candidate, slot, begin, end, expert):
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
    if not is_settled(project, rules, which):
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
        if cost < limit and not is_on(candidate, slot, begin, end, newcomer):
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
def search(board: Board, trail: Trail, manner: Manner, which: int, depth: int) -> int:
    """Find the best chain up to ``depth`` that begins on the project; return its exchanges, none for no improvement."""
    trail.moves[0] += 1
    trail.best[0] = 0
    first, beyond = board.project[which, PLACE], board.project[which + 1, PLACE]
    if not manner.apart:
        return _grow(board, trail, manner, which, depth, first, beyond)
    exchanges = 0
    for place in range(first, beyond):
        found = _grow(board, trail, manner, which, depth, place, place + 1)
        exchanges = found if found else exchanges
    return exchanges


@njit(cache=True)
def _grow(board: Board, trail: Trail, manner: Manner, which: int, depth: int, first: int, beyond: int) -> int:
    """Make chains longer and longer; write one that is better than ``trail.best`` and return its exchanges."""
    trail.best[2] = -1
    trail.reached[:] = 0
    _open(board, trail, manner, which, first, beyond)
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
