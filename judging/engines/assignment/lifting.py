"""Exchanges carried out until floors are reached, rules are kept, and the total cannot be raised; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from judging.engines.assignment.board import (
    EXPERT,
    FLOOR,
    GAIN,
    HELD,
    LOAD,
    PROJECT,
    SCORE,
    Board,
    Ints,
    Manner,
    Rules,
    Trail,
    breaches,
    is_settled,
)  # fmt: skip
from judging.engines.assignment.exchange import BREACH, search


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
        rules.counts[project, rules.group[place]] += change


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
    order: Ints = np.argsort(-lack, kind="mergesort")
    wanting: Ints = order[lack[order] > 0]
    return wanting


@njit(cache=True)
def _shortest(board: Board, trail: Trail, manner: Manner, which: int) -> int:
    """The best of the shortest chains that improve; long ones are dear to look for."""
    for depth in range(2, manner.depth + 1):
        exchanges = search(board, trail, manner, which, depth)
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
            while not is_settled(board.project, board.rules, which) and trail.moves[0] < trail.moves[2]:
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
def touched(board: Board, before: Ints) -> NDArray[np.bool_]:
    """The projects [projects] with a place that is held otherwise than ``before`` [places]."""
    fresh = np.zeros(len(board.project) - 1, dtype=np.bool_)
    for place in range(len(before)):
        if board.slot[place, HELD] != before[place]:
            fresh[board.slot[place, PROJECT]] = True
    return fresh


@njit(cache=True)
def polish(board: Board, trail: Trail, manner: Manner, passes: int, fresh: NDArray[np.bool_]) -> bool:
    """Raise the total with all floors and rules kept; return whether no chain that improves is left.

    ``fresh`` [projects] says where to begin looking; it is used up.
    """
    for _ in range(passes):
        for which in range(len(fresh)):
            while fresh[which]:
                fresh[which] = False
                if trail.moves[0] >= trail.moves[2]:
                    return False
                exchanges = search(board, trail, manner, which, manner.depth)
                if exchanges:
                    _refresh(board, trail, exchanges, fresh)
                    _apply(board, trail, exchanges)
                    _refresh(board, trail, exchanges, fresh)
        if not fresh.any():
            return True
    return False
