"""The answer: a plan with its certificate, or a diagnosis of why there is none."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judging.engines.assignment.problem import Pair

ENGINE_VERSION = "1"
"""Grows with every change that may change a plan; a part of the protocol."""


@dataclass(frozen=True)
class Certificate:
    """How good the plan is, in affinities.

    No plan has a worst project above ``floor_bound``, and none of this floor a total above ``total_bound`` (bounds of
    linear programmes; ``floor_bound`` is None where the goal does not look at the floor). ``floor_gap`` and
    ``total_gap`` are the distances left; ``optimal``: no plan is better by the goal. ``moves`` were tried;
    ``limit_reached``: the search stopped at its limit and the plan is the best found, not the best there is.
    """

    floor_bound: float | None
    total_bound: float
    floor_gap: float | None
    total_gap: float
    optimal: bool
    moves: int
    limit_reached: bool


@dataclass(frozen=True)
class Changes:
    """Against the earlier plan: pairs ``kept``, ``added`` and ``removed``."""

    kept: tuple[Pair, ...] = ()
    added: tuple[Pair, ...] = ()
    removed: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Who judges what, and how good that is.

    ``pairs`` int64 [n × 2] of (expert, project), sorted; ``scores`` float [projects] the sums of affinities; ``loads``
    int [experts]; ``floor`` the worst score of a project that wants experts, ``total`` the sum of all scores;
    ``missing`` {project: experts that could not be found}, empty unless the plan was asked to be partial.
    """

    pairs: NDArray[np.int64]
    scores: NDArray[np.float64]
    loads: NDArray[np.int64]
    floor: float
    total: float
    certificate: Certificate
    changes: Changes
    missing: Mapping[int, int]


@dataclass(frozen=True)
class Relaxation:
    """One change that makes the problem solvable; ``verified`` by solving it.

    ``kind`` and what it changes:
    ``raise_loads``: {expert: further projects}; ``add_experts``: ``number`` new experts, each fit for ``projects`` and
    taking ``room`` of them; ``lower_demand``: {project: experts fewer}; ``lower_min_loads``: {expert: fewer};
    ``unlock``: ``pairs`` no longer locked; ``allow``: ``pairs`` no longer in conflict; ``drop_rule``: the group rule
    ``rule`` (``apart``: the pairs of experts kept apart) left out for ``projects``. ``together`` are further changes
    without which this one is not enough.
    """

    kind: str
    changes: Mapping[int, int] | None = None
    pairs: tuple[Pair, ...] = ()
    projects: tuple[int, ...] = ()
    number: int = 0
    room: int = 0
    rule: str = ""
    together: tuple["Relaxation", ...] = ()
    verified: bool = True


@dataclass(frozen=True)
class Diagnosis:
    """Why no plan exists.

    ``kind``: ``capacity`` (all experts together have fewer places than are wanted), ``min_loads`` (minimum loads add up
    to more than is wanted), ``lock_conflict`` (``pairs`` are locked and in conflict, or not eligible), ``lock_load``
    and ``lock_demand`` (more locks than the load of ``experts``, the demand of ``projects``), ``load_range`` (least
    above greatest load), ``hall_group`` (``projects`` have only ``experts`` to share: ``places`` for ``wanted``),
    ``min_load_group`` (``experts`` must take ``wanted`` but the ``projects`` they fit have only ``places``), ``rules``
    (the group rules ``rules`` cannot be kept for ``projects``; the code ``apart`` stands for the pairs of experts kept
    apart). ``short`` is how many are lacking in all. Of a group, locked pairs within it count both in ``wanted`` and in
    ``places``. ``others``: what else is impossible, apart from this. Every one of ``relaxations`` repairs all.
    """

    kind: str
    projects: tuple[int, ...] = ()
    experts: tuple[int, ...] = ()
    short: int = 0
    wanted: int = 0
    places: int = 0
    pairs: tuple[Pair, ...] = ()
    rules: tuple[str, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    others: tuple["Diagnosis", ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


class Infeasible(ValueError):
    """No plan obeys the hard rules; the diagnosis says which of them, for whom, and what would help."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(f"no plan is possible: {diagnosis.kind}, {diagnosis.short} short")
        self.diagnosis = diagnosis

    @property
    def kind(self) -> str:
        """What makes it impossible; see :class:`Diagnosis`."""
        return self.diagnosis.kind

    @property
    def projects(self) -> tuple[int, ...]:
        """The tight group of projects."""
        return self.diagnosis.projects

    @property
    def experts(self) -> tuple[int, ...]:
        """The experts that the tight group has to share."""
        return self.diagnosis.experts

    @property
    def short(self) -> int:
        """How many places (or, for minimum loads, projects) are lacking."""
        return self.diagnosis.short

    @property
    def relaxations(self) -> tuple[Relaxation, ...]:
        """Changes that make it possible, each shown to work."""
        return self.diagnosis.relaxations
