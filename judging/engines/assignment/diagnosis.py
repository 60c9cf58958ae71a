"""Why no plan exists: what is impossible, the counts first, then the groups, then the rules."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from judging.engines.assignment.answer import Diagnosis
from judging.engines.assignment.case import Case, Open
from judging.engines.assignment.feasibility import Bools, Eligible, Ints, cover, groups
from judging.engines.assignment.problem import Problem
from judging.engines.assignment.relaxing import repairs
from judging.engines.assignment.ruling import broken_rules


def diagnose(problem: Problem) -> Diagnosis | None:
    """What makes the problem impossible and which changes would make it possible; None where a plan exists.

    Of several faults the one that a person would want to hear first; the rest are its ``others``.
    """
    case = Case.of(problem)
    found = faults(case)
    if not found:
        return None
    first, *others = found
    return replace(first, others=tuple(others), relaxations=tuple(repairs(case, found, faults)))


def faults(case: Case) -> list[Diagnosis]:
    """Everything that is impossible, first what is to be said first.

    Each fault is what remains without those before it; rules are looked at when there is nothing else.
    """
    counts = list(chain(_load_range(case), _lock_conflict(case), _lock_load(case), _lock_demand(case)))
    case = case.mended()
    left = case.open()
    found = [*counts, *_shortages(case, left), *_least_loads(case, left)]
    return found or broken_rules(case)


def _load_range(case: Case) -> Iterator[Diagnosis]:
    """Experts whose least load is above the greatest."""
    excess = np.maximum(case.least - case.most, 0)
    if excess.any():
        who = np.flatnonzero(excess)
        wanted, places = int(case.least[who].sum()), int(case.most[who].sum())
        yield Diagnosis("load_range", experts=_ids(who), short=int(excess.sum()), wanted=wanted, places=places)


def _lock_conflict(case: Case) -> Iterator[Diagnosis]:
    bad = case.locks[~case.eligible.has(case.locks[:, 1], case.locks[:, 0])]
    if len(bad):
        projects, experts = np.unique(bad[:, 1]), np.unique(bad[:, 0])
        pairs = tuple((int(expert), int(project)) for expert, project in bad)
        yield Diagnosis("lock_conflict", _ids(projects), _ids(experts), len(bad), pairs=pairs)


def _lock_load(case: Case) -> Iterator[Diagnosis]:
    held = case.locks_of_experts
    over = np.flatnonzero(held > case.most)
    if len(over):
        wanted, places = int(held[over].sum()), int(case.most[over].sum())
        pairs = _locks_among(case.locks, np.isin(case.locks[:, 0], over))
        yield Diagnosis("lock_load", (), _ids(over), wanted - places, wanted, places, pairs)


def _lock_demand(case: Case) -> Iterator[Diagnosis]:
    held = case.locks_of_projects
    over = np.flatnonzero(held > case.demand)
    if len(over):
        wanted, places = int(held[over].sum()), int(case.demand[over].sum())
        pairs = _locks_among(case.locks, np.isin(case.locks[:, 1], over))
        yield Diagnosis("lock_demand", _ids(over), (), wanted - places, wanted, places, pairs)


def _shortages(case: Case, left: Open) -> Iterator[Diagnosis]:
    """Projects for which there are too few places: single ones, all together, groups."""
    own = left.eligible.row_counts(left.room > 0)
    lacking = np.maximum(left.need - own, 0)
    locks = case.locks[:, ::-1]
    for project in sorted(np.flatnonzero(lacking).tolist(), key=lambda project: (-lacking[project], project)):
        yield _hall_group(left.eligible, np.array([project]), left.need, left.room, locks)
    need = left.need - lacking
    places = np.minimum(left.room, left.eligible.column_counts(need > 0))
    short = max(0, int(need.sum() - places.sum()))
    if short:
        yield Diagnosis(
            "capacity", short=short, wanted=int(need.sum()) + len(locks), places=int(places.sum()) + len(locks)
        )
    flow = cover(left.eligible, need, left.room)
    if int(flow.unmet.sum()) > short:
        yield from _hall_groups(left.eligible, flow.tight, need, left.room, locks)


def _least_loads(case: Case, left: Open) -> Iterator[Diagnosis]:
    """Minimum loads for which there are too few projects: all together, groups."""
    short = max(0, int(left.floor.sum() - left.need.sum()))
    held = len(case.locks)
    if short:
        wanted, places = int(left.floor.sum()) + held, int(left.need.sum()) + held
        yield Diagnosis("min_loads", short=short, wanted=wanted, places=places)
    if not left.floor.any():
        return
    turned = left.eligible.transposed()
    flow = cover(turned, left.floor, left.need)
    if int(flow.unmet.sum()) > short:
        for group in _hall_groups(turned, flow.tight, left.floor, left.need, case.locks):
            yield replace(group, kind="min_load_group", projects=group.experts, experts=group.projects)


def _hall_groups(eligible: Eligible, tight: Bools, need: Ints, room: Ints, locks: Ints) -> list[Diagnosis]:
    """The independent groups within ``tight``, the greatest shortage first."""
    found = [_hall_group(eligible, rows, need, room, locks) for rows in groups(eligible, tight, room)]
    return sorted(found, key=lambda group: (-group.short, group.projects))


def _hall_group(eligible: Eligible, rows: Ints, need: Ints, room: Ints, locks: Ints) -> Diagnosis:
    """The ``rows`` want more than their columns can give; ``locks`` (row, column) count on both sides."""
    inside = np.zeros(len(need), np.bool_)
    inside[rows] = True
    given = np.minimum(room, eligible.column_counts(inside))
    held = locks[inside[locks[:, 0]]]
    wanted, places = int(need[rows].sum()) + len(held), int(given.sum()) + len(held)
    given[held[:, 1]] += 1
    return Diagnosis("hall_group", _ids(rows), _ids(np.flatnonzero(given)), wanted - places, wanted, places)


def _ids(indices: Ints) -> tuple[int, ...]:
    return tuple(indices.tolist())


def _locks_among(locks: Ints, which: Bools) -> tuple[tuple[int, int], ...]:
    return tuple((int(expert), int(project)) for expert, project in locks[which])
