"""A problem in arrays fit for diagnosis: projects are rows, experts are columns, everything of full length."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from judging.engines.assignment.answer import Relaxation
from judging.engines.assignment.feasibility import Bools, Eligible, Ints, among, distinct
from judging.engines.assignment.problem import GroupRule, Problem

APART = "apart"
"""The code that stands for the pairs of experts kept apart, beside the codes of group rules."""


@dataclass(frozen=True)
class Rule:
    """A group rule; ``projects`` [projects] are those for which it holds."""

    code: str
    members: Bools
    at_least: int
    at_most: int | None
    projects: Bools

    def holds(self, projects: Ints, experts: Ints) -> Bools:
        """For each pair whether the expert is a member for the project."""
        members = self.members[experts] if self.members.ndim == 1 else self.members[experts, projects]
        return np.asarray(members, np.bool_)


@dataclass(frozen=True)
class Open:
    """What is left when the locks are taken as done: eligible pairs, wanted, room, and loads still to be reached."""

    eligible: Eligible
    need: Ints
    room: Ints
    floor: Ints


@dataclass(frozen=True)
class Case:
    """A problem. Every array has its full length.

    ``eligible`` [projects × experts] holds the pairs that no conflict excludes; ``locks`` int [n × 2] are (expert,
    project), sorted, ``worth`` their affinities; ``apart`` int [n × 2] are experts kept apart in ``apart_projects``.
    """

    eligible: Eligible
    demand: Ints
    least: Ints
    most: Ints
    locks: Ints
    worth: NDArray[np.float64]
    rules: tuple[Rule, ...]
    apart: Ints
    apart_projects: Bools

    @staticmethod
    def of(problem: Problem) -> "Case":
        """The same problem."""
        affinity = problem.affinity if sparse.issparse(problem.affinity) else np.asarray(problem.affinity)
        experts, projects = affinity.shape
        locks, apart, forbidden = (_pairs(given) for given in (problem.locked, problem.apart, problem.forbidden))
        eligible = _eligible(affinity, problem.conflicts).changed(forbidden[:, 1], forbidden[:, 0], False)
        return Case(
            eligible=eligible,
            demand=_full(problem.demand, projects),
            least=_full(problem.min_load, experts),
            most=_full(problem.max_load, experts),
            locks=locks,
            worth=_values(affinity, locks),
            rules=tuple(_rule(rule, projects) for rule in problem.groups),
            apart=apart[apart[:, 0] != apart[:, 1]],
            apart_projects=np.ones(projects, np.bool_),
        )

    @property
    def ruled(self) -> bool:
        """There are rules that a flow does not know."""
        return bool(self.rules) or len(self.apart) > 0

    @property
    def locks_of_projects(self) -> Ints:
        """Locks a project."""
        return np.bincount(self.locks[:, 1], minlength=len(self.demand))

    @property
    def locks_of_experts(self) -> Ints:
        """Locks an expert."""
        return np.bincount(self.locks[:, 0], minlength=len(self.most))

    def mended(self) -> "Case":
        """With locks that fit: their pairs eligible, their loads and demands high enough; and no load range empty."""
        return replace(
            self,
            eligible=self.eligible.changed(self.locks[:, 1], self.locks[:, 0], True),
            demand=np.maximum(self.demand, self.locks_of_projects),
            least=np.minimum(self.least, self.most),
            most=np.maximum(self.most, self.locks_of_experts),
        )

    def open(self) -> Open:
        """What remains beside the locks, which have to fit."""
        return Open(
            eligible=self.eligible.changed(self.locks[:, 1], self.locks[:, 0], False),
            need=self.demand - self.locks_of_projects,
            room=self.most - self.locks_of_experts,
            floor=np.maximum(self.least - self.locks_of_experts, 0),
        )

    def codes(self) -> tuple[str, ...]:
        """The distinct codes of the rules, in their order."""
        return tuple(dict.fromkeys([rule.code for rule in self.rules] + [APART] * (len(self.apart) > 0)))

    def without(self, code: str, projects: Bools | None = None) -> "Case":
        """With the rules of this code left out, for ``projects`` (None: for all)."""
        gone = np.ones(len(self.demand), np.bool_) if projects is None else projects
        rules = (replace(rule, projects=rule.projects & ~gone) if rule.code == code else rule for rule in self.rules)
        kept = tuple(rule for rule in rules if rule.projects.any())
        if code != APART:
            return replace(self, rules=kept)
        rest = self.apart_projects & ~gone
        return replace(self, rules=kept, apart_projects=rest, apart=self.apart if rest.any() else self.apart[:0])

    def relaxed(self, change: Relaxation) -> "Case":
        """With the change and those together with it."""
        case = _APPLY[change.kind](self, change)
        for further in change.together:
            case = case.relaxed(further)
        return case


def _full(given: ArrayLike, length: int) -> Ints:
    return np.broadcast_to(np.asarray(given, np.int64), (length,)).copy()


def _pairs(given: Any) -> Ints:
    """Distinct pairs, sorted."""
    rows = np.asarray(given if isinstance(given, np.ndarray) else list(given), np.int64).reshape(-1, 2)
    return np.unique(rows, axis=0)


def _eligible(affinity: Any, conflicts: Any) -> Eligible:
    experts, projects = affinity.shape
    banned = sparse.coo_array(conflicts) if sparse.issparse(conflicts) else None
    if not sparse.issparse(affinity):
        if conflicts is None or banned is not None:
            matrix = np.ones((projects, experts), np.bool_)
        else:
            matrix = np.ascontiguousarray(~np.asarray(conflicts, np.bool_).T)
        if banned is not None:
            matrix[banned.col[banned.data != 0], banned.row[banned.data != 0]] = False
        return Eligible(matrix)
    listed = sparse.coo_array(affinity)
    keys = distinct(listed.col.astype(np.int64) * experts + listed.row)
    if banned is not None:
        keys = keys[~among(keys, distinct((banned.col.astype(np.int64) * experts + banned.row)[banned.data != 0]))]
    elif conflicts is not None:
        keys = keys[~np.asarray(conflicts, np.bool_)[keys % experts, keys // experts]]
    return Eligible.listed(keys, (projects, experts))


def _values(affinity: Any, pairs: Ints) -> NDArray[np.float64]:
    if not len(pairs):
        return np.zeros(0)
    table = affinity.tocsr() if sparse.issparse(affinity) else affinity
    return np.asarray(table[pairs[:, 0], pairs[:, 1]], np.float64).ravel()


def _rule(rule: GroupRule, projects: int) -> Rule:
    where = np.ones(projects, np.bool_) if rule.projects is None else np.asarray(rule.projects, np.bool_)
    return Rule(rule.code, np.asarray(rule.members, np.bool_), rule.at_least, rule.at_most, where)


def _amounts(changes: Mapping[int, int] | None, length: int) -> Ints:
    amounts = np.zeros(length, np.int64)
    for index, amount in (changes or {}).items():
        amounts[index] = amount
    return amounts


def _with_experts(case: Case, change: Relaxation) -> Case:
    """New experts are members of no group."""
    more = change.number
    rules = []
    for rule in case.rules:
        blank = np.zeros((more, *rule.members.shape[1:]), np.bool_)
        rules.append(replace(rule, members=np.concatenate([rule.members, blank])))
    return replace(
        case,
        eligible=case.eligible.extended(more, np.array(change.projects, np.int64)),
        least=np.append(case.least, np.zeros(more, np.int64)),
        most=np.append(case.most, np.full(more, change.room)),
        rules=tuple(rules),
    )


def _unlocked(case: Case, change: Relaxation) -> Case:
    gone = set(change.pairs)
    kept = np.array([pair not in gone for pair in map(tuple, case.locks.tolist())], np.bool_)
    return replace(case, locks=case.locks[kept], worth=case.worth[kept])


def _allowed(case: Case, change: Relaxation) -> Case:
    pairs = np.array(change.pairs, np.int64).reshape(-1, 2)
    return replace(case, eligible=case.eligible.changed(pairs[:, 1], pairs[:, 0], True))


def _without(case: Case, change: Relaxation) -> Case:
    projects = np.zeros(len(case.demand), np.bool_)
    projects[list(change.projects)] = True
    return case.without(change.rule, projects)


_APPLY: Mapping[str, Callable[[Case, Relaxation], Case]] = {
    "raise_loads": lambda case, change: replace(case, most=case.most + _amounts(change.changes, len(case.most))),
    "lower_min_loads": lambda case, change: replace(case, least=case.least - _amounts(change.changes, len(case.most))),
    "lower_demand": lambda case, change: replace(case, demand=case.demand - _amounts(change.changes, len(case.demand))),
    "add_experts": _with_experts,
    "unlock": _unlocked,
    "allow": _allowed,
    "drop_rule": _without,
}
