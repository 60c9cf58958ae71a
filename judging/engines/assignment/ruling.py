"""Group rules that cannot be kept: which of them, and for which projects."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from judging.engines.assignment.answer import Diagnosis
from judging.engines.assignment.case import Case, Open
from judging.engines.assignment.feasibility import Eligible, Ints, cover, groups
from judging.engines.assignment.program import Half, halves, least_change, possible

TRIALS = 200
"""Programmes solved to make the group of projects small; with more projects the group named may be larger."""


def broken_rules(case: Case) -> list[Diagnosis]:
    """The rules that no plan can keep, where loads, demands and locks alone can be kept."""
    if not case.ruled:
        return []
    alone = _alone(case)
    if alone or possible(case):
        return alone
    for code in case.codes():
        without = case.without(code)
        if len(case.codes()) > 1 and not possible(without):
            case = without
    return [_named(case)]


def _alone(case: Case) -> list[Diagnosis]:
    """Halves of rules that cannot be kept even alone.

    The members (or, beside the most that are allowed, the others) are too few or have too few places for the projects.
    """
    left = case.open()
    found: list[Diagnosis] = []
    for code in case.codes():
        only = replace(case, rules=tuple(rule for rule in case.rules if rule.code == code), apart=case.apart[:0])
        for index in range(_count(only)):
            found.extend(_half_alone(only, left, index))
    return sorted(found, key=lambda fault: -fault.short)


def _half_alone(case: Case, left: Open, index: int) -> Iterator[Diagnosis]:
    """The faults of the half number ``index`` of the rules of one code."""
    locks = case.locks[:, ::-1]
    half = _half(case, locks[:, 0], locks[:, 1], index)
    held = np.bincount(locks[half.members, 0], minlength=len(case.demand))
    spare = np.maximum(half.bound - held, 0)
    need = np.where(half.projects, np.maximum(left.need - spare, 0) if half.upper else spare, 0)
    lacking = np.where(half.projects, np.maximum(held - half.bound, 0) if half.upper else 0, 0)
    lacking = np.maximum(lacking, need - left.need)
    if lacking.any():
        yield _rule_fault(case, np.flatnonzero(lacking), int(lacking.sum()))
    able = _able(case, left, index)
    need = np.minimum(need, left.need)
    flow = cover(able, need, left.room)
    for rows in groups(able, flow.tight, left.room):
        inside = np.zeros(len(need), np.bool_)
        inside[rows] = True
        given = np.minimum(left.room, able.column_counts(inside))
        wanted, places = int(need[rows].sum()), int(given.sum())
        who = tuple(np.flatnonzero(given).tolist())
        yield Diagnosis("rules", tuple(rows.tolist()), who, wanted - places, wanted, places, rules=case.codes())


def _able(case: Case, left: Open, index: int) -> Eligible:
    """The pairs that count for a half: of members, or of the others where it is an upper bound."""
    width, keys = len(case.most), [np.zeros(0, np.int64)]
    for row, column in left.eligible.pairs(np.flatnonzero(left.need > 0)):
        half = _half(case, row, column, index)
        counting = (half.members != half.upper) & half.projects[row]
        keys.append(row[counting] * width + column[counting])
    return Eligible.listed(np.concatenate(keys), left.eligible.shape)


def _half(case: Case, projects: Ints, experts: Ints, index: int) -> Half:
    return next(islice(halves(case, projects, experts), index, None))


def _count(case: Case) -> int:
    nothing = np.zeros(0, np.int64)
    return sum(1 for _ in halves(case, nothing, nothing))


def _named(case: Case) -> Diagnosis:
    """The fault of rules none of which can be spared."""
    everywhere = np.zeros(len(case.demand), np.bool_)
    nothing = np.zeros(0, np.int64)
    for half in halves(case, nothing, nothing):
        everywhere |= half.projects
    broken = least_change(case, "rules")
    projects = _smallest(np.flatnonzero(everywhere), lambda kept: possible(_only(case, kept)))
    return _rule_fault(case, projects, 1 if broken is None else int(broken[0]))


def _rule_fault(case: Case, projects: Ints, short: int) -> Diagnosis:
    """With the members concerned who may serve one of ``projects``."""
    inside = np.zeros(len(case.demand), np.bool_)
    inside[projects] = True
    who = np.zeros(len(case.most), np.bool_)
    for row, column in case.eligible.pairs(projects):
        for half in halves(case, row, column):
            who[column[half.members & half.projects[row]]] = True
    experts = tuple(np.flatnonzero(who).tolist())
    return Diagnosis("rules", tuple(projects.tolist()), experts, short, rules=case.codes())


def _only(case: Case, projects: Ints) -> Case:
    """With the rules held for these projects alone."""
    gone = np.ones(len(case.demand), np.bool_)
    gone[projects] = False
    for code in case.codes():
        case = case.without(code, gone)
    return case


def _smallest(items: Ints, fine: Callable[[Ints], bool]) -> Ints:
    """A part of ``items`` that is not ``fine`` while nothing of it can be spared.

    Halves are tried before single ones; what is left after TRIALS trials is kept.
    """
    needed: list[int] = []
    trials = 0
    stack = [items]
    while stack:
        part = stack.pop()
        rest = np.concatenate([np.array(needed, np.int64), *stack]) if stack or needed else part[:0]
        trials += 1
        if trials <= TRIALS and not fine(np.sort(rest)):
            continue
        if len(part) == 1 or trials > TRIALS:
            needed.extend(part.tolist())
        else:
            stack.extend([part[: len(part) // 2], part[len(part) // 2 :]])
    return np.array(sorted(needed), np.int64)
