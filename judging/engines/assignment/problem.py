"""The question: who may judge what, how well each pair fits, and what every plan must obey."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pair = tuple[int, int]
"""(expert index, project index)."""

Goal = Literal["total", "fair", "leximin"] | tuple[Literal["floor"], float]
"""``total``: the largest sum of affinities; ``fair``: the worst project as high as possible, then the largest sum;
``leximin``: then the second worst, and so on, then the largest sum; ``("floor", x)``: the largest sum where no project
is under ``x``, or the fair plan where that is beyond reach."""

GOALS = ("total", "fair", "leximin")
DEFAULT_MOVES = 200_000


class InputFault(ValueError):
    """The arrays do not describe a problem: shapes, ranges or numbers that do not fit."""


@dataclass(frozen=True)
class GroupRule:
    """Of the experts of a project at least ``at_least`` and at most ``at_most`` (None: any number) are members.

    ``members`` is a bool array [experts], or [experts × projects] where membership depends on the project (an expert is
    "from another region" for some projects only). ``projects`` limits the rule to these columns (None: all).
    ``code`` names the rule in diagnoses and explanations.
    """

    code: str
    members: NDArray[np.bool_]
    at_least: int = 0
    at_most: int | None = None
    projects: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Problem:
    """Everything that a plan depends on. Rows are experts, columns are projects.

    ``affinity``: finite floats [experts × projects], or a scipy.sparse matrix whose listed pairs alone are eligible.
    ``conflicts``: bool of the same shape (dense or sparse) or None. ``demand``: experts a project, one number or
    [projects]. ``min_load`` and ``max_load``: projects an expert, one number or [experts]. ``locked``: pairs that every
    plan holds; they count towards demand and loads. ``groups``: rules on the experts of each project. ``forbidden``:
    further pairs that no plan holds. ``apart``: pairs of experts never on one project. ``previous``: pairs of an
    earlier plan; as many of them are kept as any plan can keep, and the goal decides the rest (a replan changes as
    little as it can). ``moves`` bounds the search (never seconds: the plan must not depend on the machine). ``seed``
    decides between what is equal.
    """

    affinity: Any
    conflicts: Any = None
    demand: ArrayLike = 1
    min_load: ArrayLike = 0
    max_load: ArrayLike = 1
    locked: Iterable[Pair] = ()
    groups: Sequence[GroupRule] = ()
    forbidden: Iterable[Pair] = ()
    apart: Iterable[Pair] = ()
    previous: Iterable[Pair] = ()
    goal: Goal = "fair"
    seed: int = 0
    moves: int = DEFAULT_MOVES
