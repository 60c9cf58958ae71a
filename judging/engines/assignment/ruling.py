"""Group rules that cannot be kept: which of them, and for which projects."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from judging.engines.assignment.answer import Diagnosis
from judging.engines.assignment.case import Case
from judging.engines.assignment.feasibility import Ints
from judging.engines.assignment.program import halves, least_change, possible

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
    """Rules for which single projects have too few members or, beside the most that it allows, too few others."""
    left = case.open()
    found = []
    for code in case.codes():
        only = replace(case, rules=tuple(rule for rule in case.rules if rule.code == code), apart=case.apart[:0])
        able, members, held = (np.zeros((_count(only), len(case.demand)), np.int64) for _ in range(3))
        for row, column in left.eligible.pairs():
            free = left.room[column] > 0
            for index, half in enumerate(halves(only, row[free], column[free])):
                able[index] += np.bincount(row[free], minlength=len(case.demand))
                members[index] += np.bincount(row[free][half.members], minlength=len(case.demand))
        projects, experts = case.locks[:, 1], case.locks[:, 0]
        short = np.zeros(len(case.demand), np.int64)
        for index, half in enumerate(halves(only, projects, experts)):
            held[index] = np.bincount(projects[half.members], minlength=len(case.demand))
            if half.upper:
                most = half.bound - held[index]
                others = np.minimum(able[index] - members[index], left.need)
                lacking = np.maximum(left.need - others - np.maximum(most, 0), 0) + np.maximum(-most, 0)
            else:
                lacking = half.bound - held[index] - np.minimum(members[index], left.need)
            short = np.maximum(short, np.where(half.projects, lacking, 0))
        if short.any():
            found.append(_rule_fault(only, np.flatnonzero(short > 0), int(short.sum())))
    return sorted(found, key=lambda fault: -fault.short)


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
