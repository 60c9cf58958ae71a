"""From the plan of the largest total to a fair one: floors are raised as far as chains of exchanges carry them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.engines.assignment.board import (
    EXPERT,
    FIRST,
    FLOOR,
    GAIN,
    HELD,
    PROJECT,
    SCORE,
    Board,
    Manner,
    Rules,
    breaches,
    new_trail,
)  # fmt: skip
from judging.engines.assignment.gains import BARRED, Gains, distinct
from judging.engines.assignment.lifting import lift, polish, touched
from judging.engines.assignment.problem import Goal
from judging.engines.assignment.rules import Groups
from judging.engines.assignment.transport import Transport, Wants

Ints = NDArray[np.int64]
FEW = 400
PENALTY = 1000
"""What a unit that lacks to a floor weighs against a unit of the total, where both are sought together."""
BOTTOM = -(1 << 40)
"""The floor of a project that has none."""


@dataclass(frozen=True)
class Start:
    """What the search begins with: an instance once the locked pairs stand, and a plan of it.

    ``base`` [projects] are the gains of the locked pairs, ``held`` [projects × rules] their groups.
    ``best_total``: no plan has a larger total, so that only what is changed can be bettered again.
    """

    gains: Gains
    wants: Wants
    plan: Transport
    base: Ints
    held: Ints
    groups: Groups
    best_total: bool = True


@dataclass(frozen=True)
class Style:
    """How widely and deeply to search; see :class:`Manner`.

    ``width`` and ``raw`` are candidates a project by worth and
    by gain; ``priced`` counts in worth, else in gain; ``stuck`` projects end an attempt; ``slack`` is a share of the
    mean gain, for polishing.
    """

    width: int
    raw: int
    depth: int
    trade: bool
    priced: bool
    bounded: bool
    stuck: int
    slack: float


def make_board(start: Start, style: Style) -> Board:
    """Lay out the plan with its candidates."""
    gains, wants, plan = start.gains, start.wants, start.plan
    price = plan.price if style.priced else np.zeros(len(plan.price), np.int64)
    experts, projects = _candidates(start, price, style)
    gain = gains.of(experts, projects)
    worth = gain - price[experts]
    order = np.lexsort((experts, -worth, projects))
    experts, projects, gain, worth = experts[order], projects[order], gain[order], worth[order]
    rows, columns = gains.shape
    group_first, group = _group_lists(start.groups, experts, projects)
    count = start.held + _counts(start.groups, plan, columns)
    held = _find(experts, projects, plan.experts, plan.projects, rows)
    load = np.bincount(plan.experts, minlength=rows)
    score = start.base + _sums(gains.of(plan.experts, plan.projects), plan.projects, columns)
    first = np.searchsorted(projects, np.arange(columns + 1))
    place = np.concatenate([[0], np.cumsum(wants.demand)])
    return Board(
        candidate=_columns(experts, gain, worth),
        slot=_columns(np.repeat(np.arange(columns), wants.demand), held),
        person=_columns(load, wants.least, wants.most, price),
        tasks=_tasks(plan.experts, rows, int(wants.most.max(initial=0))),
        project=_columns(first, place, np.append(score, 0), np.full(columns + 1, BOTTOM)),
        rules=Rules(group_first, group, count, start.groups.fewest, start.groups.greatest),
    )


def _columns(*columns: Ints) -> Ints:
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.int64)


def _candidates(start: Start, price: Ints, style: Style) -> tuple[Ints, Ints]:
    """The pairs that exchanges may use: the best by worth, the best by gain, and those of the plan."""
    experts, projects = start.gains.shape
    keys = [start.plan.projects * experts + start.plan.experts]
    if style.width >= experts:
        every = np.arange(experts * projects)
        is_open = start.gains.of(every % experts, every // experts) != BARRED
        return _wanted(start, np.flatnonzero(is_open))
    for prices, width in ((price, style.width), (np.zeros_like(price), style.raw)):
        near = start.gains.best_by_project(prices, width)
        place = np.nonzero(near >= 0)
        keys.append(place[0].astype(np.int64) * experts + near[place])
    return _wanted(start, distinct(np.concatenate(keys), experts * projects))


def _wanted(start: Start, key: Ints) -> tuple[Ints, Ints]:
    """The pairs (project × experts + expert) on projects that still want experts."""
    experts = start.gains.shape[0]
    key = key[start.wants.demand[key // experts] > 0]
    return key % experts, key // experts


def _find(experts: Ints, projects: Ints, wanted: Ints, where: Ints, rows: int) -> Ints:
    """Where the pairs (``wanted``, ``where``) stand among the candidates."""
    keys = projects * rows + experts
    order = np.argsort(keys, kind="stable")
    return order[np.searchsorted(keys[order], where * rows + wanted)].astype(np.int64)


def _tasks(experts: Ints, rows: int, most: int) -> Ints:
    table = np.zeros((rows, most + 1), dtype=np.int64)
    order = np.argsort(experts, kind="stable")
    first = np.searchsorted(experts[order], np.arange(rows))
    table[experts[order], np.arange(len(order)) - first[experts[order]]] = order
    return table


def _sums(values: Ints, where: Ints, columns: int) -> Ints:
    total = np.zeros(columns, dtype=np.int64)
    np.add.at(total, where, values)
    return total


def _counts(groups: Groups, plan: Transport, columns: int) -> Ints:
    count = np.zeros((columns, len(groups.rules)), dtype=np.int64)
    np.add.at(count, plan.projects, groups.members(plan.experts, plan.projects))
    return count


def _group_lists(groups: Groups, experts: Ints, projects: Ints) -> tuple[Ints, Ints]:
    table = groups.members(experts, projects)
    where, group = np.nonzero(table)
    return np.searchsorted(where, np.arange(len(experts) + 1)).astype(np.int64), group.astype(np.int64)


class Improver:
    """A plan on a board that is made better step by step; ``counted`` are the projects whose score matters."""

    def __init__(self, start: Start, style: Style, counted: NDArray[np.bool_], moves: int) -> None:
        self.style, self.counted, self.limited = style, counted, False
        self.board = make_board(start, style)
        self.before, self.best_total = self.board.slot[:, HELD].copy(), start.best_total
        self.ceiling = self._ceilings(start)
        self.trail = new_trail(start.gains.shape[0], style.depth, moves)
        slack = 0 if style.priced else 1 << 45
        apart = style.depth == 2
        self.lifting = Manner(style.depth, PENALTY, slack, style.trade, style.bounded, apart)
        widest = int(np.abs(self.board.candidate[:, GAIN]).max(initial=1)) * int(start.wants.demand.max(initial=1))
        self.strict = self.lifting._replace(penalty=max(PENALTY, min(1 << 24, (1 << 48) // max(widest, 1))))
        gain = self.board.candidate[self.board.slot[:, HELD], GAIN]
        mean = int(np.abs(gain).mean()) if len(gain) else 0
        self.polishing = Manner(style.depth, PENALTY, int(mean * style.slack), False, False, apart)

    def _ceilings(self, start: Start) -> Ints:
        """The most that each project could have if it were alone."""
        gain, first = self.board.candidate[:, GAIN], self.board.project[:, FIRST]
        which = np.repeat(np.arange(len(first) - 1), np.diff(first))
        order = np.lexsort((-gain, which))
        among_best = np.arange(len(gain)) - first[which] < start.wants.demand[which]
        return start.base + _sums(gain[order][among_best], which[among_best], len(first) - 1)

    @property
    def _scores(self) -> Ints:
        return self.board.project[:-1, SCORE]

    @property
    def _floors(self) -> Ints:
        return self.board.project[:-1, FLOOR]

    @property
    def floor(self) -> int:
        """The worst score of a project that counts."""
        return int(self._scores[self.counted].min()) if self.counted.any() else 0

    @property
    def total(self) -> int:
        """The sum of all scores."""
        return int(self._scores.sum())

    @property
    def is_lawful(self) -> bool:
        """Whether every group rule is kept."""
        rules = self.board.rules
        return not rules.fewest.size or not any(breaches(rules, p) for p in range(len(self.counted)))

    @property
    def searches(self) -> int:
        """How many chains were looked for."""
        return int(self.trail.moves[0])

    def standing(self, goal: Goal) -> tuple[object, ...]:
        """What the goal compares plans by, better ones greater."""
        if goal == "total":
            return (self.total,)
        if goal == "leximin":
            return (tuple(np.sort(self._scores[self.counted]).tolist()), self.total)
        return (
            (not self.limited, self.total)
            if isinstance(goal, tuple) and not self.limited
            else (0, self.floor, self.total)
        )

    def hold_floor(self, floor: int) -> None:
        """Let no counted project fall under ``floor`` from now on."""
        self._floors[:] = np.where(self.counted, floor, BOTTOM)

    def keep_rules(self) -> bool:
        """Mend broken group rules, at whatever loss; return whether all are kept."""
        if self.is_lawful:
            return True
        lift(self.board, self.trail, self.lifting, 8, len(self.counted))
        return self.is_lawful

    def try_floor(self, floor: int) -> bool:
        """Bring every project that counts to ``floor``; return whether it was possible, else nothing is changed."""
        manner = self.lifting if self.style.depth > 2 else self.strict
        return self._attempt(np.where(self.counted, floor, BOTTOM), manner)

    def _attempt(self, floors: Ints, manner: Manner) -> bool:
        kept, before = self._snapshot(), self._floors.copy()
        self._floors[:] = floors
        if lift(self.board, self.trail, manner, 6, self.style.stuck) == 0:
            return True
        self._restore(kept)
        self._floors[:] = before
        return False

    def raise_floor(self) -> None:
        """Find the highest floor that exchanges reach, by bisection from where the plan stands.

        With few projects the highest of all is tried first, and the bisection is repeated until it is of no use.
        """
        low, high = self.floor, int(self.ceiling[self.counted].min()) if self.counted.any() else 0
        few = len(self.counted) <= FEW
        if not (few and low < high and self.try_floor(high)):
            self._bisect(low, high)
            while few and low < self.floor < high:
                low = self.floor
                self._bisect(low, high)
        self.hold_floor(self.floor)

    def _bisect(self, low: int, high: int) -> None:
        while low < high and self.trail.moves[0] < self.trail.moves[2]:
            middle = (low + high + 1) // 2
            if self.try_floor(middle):
                low = self.floor
            else:
                high = middle - 1

    def raise_each(self) -> bool:
        """Raise the worst project, then the second worst, and so on (leximin), each without lowering a worse one.

        Returns whether any was raised.
        """
        settled, changed = ~self.counted, False
        while not settled.all() and self.trail.moves[0] < self.trail.moves[2]:
            worst = int(np.where(settled, 1 << 60, self._scores).argmin())
            level = int(self._scores[worst])
            floors = np.where(settled, self._floors, np.minimum(self._scores, level + 1))
            floors[worst] = level + 1
            if level < self.ceiling[worst] and self._attempt(floors, self.strict):
                changed = True
            else:
                settled[worst] = True
                self._floors[worst] = level
        return changed

    def raise_total(self) -> None:
        """Raise the total with the floors kept, until no exchange that helps is left or the moves are used up."""
        fresh = touched(self.board, self.before) if self.best_total else np.ones(len(self.counted), dtype=np.bool_)
        done = polish(self.board, self.trail, self.polishing, 40, fresh)
        self.limited = self.limited or not done

    def pairs(self) -> tuple[Ints, Ints]:
        """The plan: experts and projects of its pairs."""
        return self.board.candidate[self.board.slot[:, HELD], EXPERT], self.board.slot[:, PROJECT]

    def _snapshot(self) -> Sequence[Ints]:
        board = self.board
        return [array.copy() for array in (board.slot, board.tasks, board.person, board.project, board.rules.counts)]

    def _restore(self, kept: Sequence[Ints]) -> None:
        board = self.board
        for array, old in zip(
            (board.slot, board.tasks, board.person, board.project, board.rules.counts), kept, strict=True
        ):
            array[:] = old
