"""The best plans of small problems, found by trying everything: no mathematics to be wrong about.

Every set of experts that a project may have is listed; then the projects are taken one after another, and for every
state of the loads that can arise the best value so far is kept. Worths are whole numbers (thousandths), so that equal
is equal. Nothing of the engine is used here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from tests.engines.assignment_checker import Facts

SCALE = 1000
FIELD = 4
"""Bits that hold an expert's load in a state; loads are below 8, the highest bit catches what is too much."""


@dataclass(frozen=True)
class Choice:
    """One set of experts for one project: what it adds to the loads, its worth, its places, the kept earlier pairs."""

    load: int
    score: int
    places: int
    kept: int


class Choices:
    """All choices of a small problem whose affinities are multiples of 1/1000."""

    def __init__(self, problem: Any, partial: bool = False) -> None:
        self.problem, self.facts = problem, Facts(problem)
        self.worth = np.rint(np.asarray(_dense(problem.affinity)) * SCALE).astype(int)
        self.locked = {tuple(pair) for pair in self.facts.locked.tolist()}
        self.previous = {tuple(pair) for pair in problem.previous}
        self.apart = [set(pair) for pair in self.facts.apart.tolist()]
        wanting = np.flatnonzero(self.facts.wanting).tolist()
        self.lists = [self._of(project, partial) for project in wanting]
        self.idle = any(project not in wanting for _, project in self.locked)

    def _of(self, project: int, partial: bool) -> list[Choice]:
        everybody = np.column_stack([np.arange(self.facts.experts), np.full(self.facts.experts, project)])
        able = np.flatnonzero(self.facts.allowed(everybody)).tolist()
        demand = int(self.facts.demand[project])
        sizes = range(demand + 1) if partial else [demand]
        sets = (chosen for size in sizes for chosen in combinations(able, size))
        return [self._choice(chosen, project) for chosen in sets if self._obeys(set(chosen), project, partial)]

    def _obeys(self, chosen: set[int], project: int, partial: bool) -> bool:
        held = {expert for expert, where in self.locked if where == project}
        if not held <= chosen or any(pair <= chosen for pair in self.apart):
            return False
        return all(self._keeps(rule, chosen, project, partial) for rule in self.problem.groups)

    def _keeps(self, rule: Any, chosen: set[int], project: int, partial: bool) -> bool:
        if rule.projects is not None and not rule.projects[project]:
            return True
        members = rule.members if rule.members.ndim == 1 else rule.members[:, project]
        number = sum(bool(members[expert]) for expert in chosen)
        least = 0 if partial and len(chosen) < self.facts.demand[project] else rule.at_least
        return least <= number and (rule.at_most is None or number <= rule.at_most)

    def _choice(self, chosen: tuple[int, ...], project: int) -> Choice:
        return Choice(
            load=sum(1 << FIELD * expert for expert in chosen),
            score=int(self.worth[list(chosen), project].sum()),
            places=len(chosen),
            kept=sum((expert, project) in self.previous for expert in chosen),
        )

    def best(self, start: Any, extend: Callable[[Any, Choice], Any], least: bool = True) -> Any:
        """Return the greatest value over all plans, or None where there is none.

        ``extend(value, choice)`` must never turn a smaller value into a greater one. ``least``: minimum loads hold.
        """
        if self.idle:
            return None
        limit = _packed(np.minimum(self.facts.most, 7)) | _packed(np.full(self.facts.experts, 8))
        guard = _packed(np.full(self.facts.experts, 8))
        states = {0: start}
        for choices in self.lists:
            following: dict[int, Any] = {}
            for state, value in states.items():
                for choice in choices:
                    load = state + choice.load
                    if (limit - load) & guard == guard:
                        further = extend(value, choice)
                        if load not in following or further > following[load]:
                            following[load] = further
            states = following
        floor = _packed(np.minimum(self.facts.least, 7)) if least else 0
        ends = [value for load, value in states.items() if ((load | guard) - floor) & guard == guard]
        return max(ends, default=None)

    def at_least(self, floor: int | None) -> "Choices":
        """Return the same choices without those that leave a project under ``floor``."""
        if floor is not None:
            self.lists = [[choice for choice in choices if choice.score >= floor] for choices in self.lists]
        return self


def _dense(matrix: Any) -> Any:
    return matrix.toarray() if hasattr(matrix, "toarray") else matrix


def _packed(loads: Iterable[int]) -> int:
    return sum(int(load) << FIELD * expert for expert, load in enumerate(loads))


@dataclass(frozen=True)
class Best:
    """The most earlier pairs that a plan keeps, and the worth of the best plans among those, in thousandths.

    ``floor`` is known for ``fair`` and ``leximin``, the sorted ``scores`` of projects that want experts for the latter.
    """

    total: int
    kept: int
    floor: int | None = None
    scores: tuple[int, ...] | None = None


def best_plan(problem: Any, goal: Any = None) -> Best | None:
    """Return the best worth for the goal (the problem's own by default), or None where no plan exists.

    For ``("floor", x)`` None as well where x is beyond reach.
    """
    goal = problem.goal if goal is None else goal
    if goal == "leximin":
        return _leximin(problem)
    if goal == "total":
        return _largest(problem, None, None)
    if goal == "fair":
        floor = best_floor(problem)
        return None if floor is None else _largest(problem, floor, floor)
    return _largest(problem, int(np.ceil(goal[1] * SCALE - 1e-6)), None)


def best_floor(problem: Any) -> int | None:
    """Return the greatest floor of all plans (0 where no project wants experts), or None where no plan exists."""
    choices = Choices(problem)
    found = choices.best((0, 1 << 40), lambda value, choice: (value[0] + choice.kept, min(value[1], choice.score)))
    if found is None:
        return None
    return found[1] if choices.lists else 0


def _largest(problem: Any, at_least: int | None, floor: int | None) -> Best | None:
    choices = Choices(problem).at_least(at_least)
    found = choices.best((0, 0), lambda value, choice: (value[0] + choice.kept, value[1] + choice.score))
    return None if found is None else Best(found[1], found[0], floor)


def _leximin(problem: Any) -> Best | None:
    choices = Choices(problem)
    found = choices.best(
        (0, ()), lambda value, choice: (value[0] + choice.kept, tuple(sorted([*value[1], choice.score])))
    )
    if found is None:
        return None
    kept, scores = found
    return Best(sum(scores), kept, scores[0] if scores else 0, scores)


def most_places(problem: Any) -> int | None:
    """Return the most places that any plan fills where projects may get less; minimum loads do not bind."""
    return Choices(problem, partial=True).best(0, lambda value, choice: value + choice.places, least=False)
