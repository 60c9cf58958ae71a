"""Group rules as arrays: who counts as what on which project, and how many of them there should be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.engines.assignment.problem import GroupRule, InputFault, Pair, Problem

Ints = NDArray[np.int64]
ANY = 1 << 30


@dataclass(frozen=True)
class Groups:
    """The group rules of a problem, the pairs kept apart among them.

    ``fewest`` and ``greatest`` are [projects × rules]
    and count everybody, the locked ones too; ``codes`` name the rules.
    """

    rules: tuple[GroupRule, ...]
    fewest: Ints
    greatest: Ints

    @property
    def codes(self) -> tuple[str, ...]:
        """The name of each rule."""
        return tuple(rule.code for rule in self.rules)

    def members(self, experts: Ints, projects: Ints) -> NDArray[np.bool_]:
        """Whether each pair counts for each rule: bool [pairs × rules]."""
        table = np.zeros((len(experts), len(self.rules)), dtype=bool)
        for column, rule in enumerate(self.rules):
            table[:, column] = _members(rule, experts, projects)
        return table


def groups_of(problem: Problem, experts: int, projects: int) -> Groups:
    """Read the rules; raises :class:`InputFault` where a membership has a wrong shape."""
    rules = (*problem.groups, *(_apart(pair, experts) for pair in sorted({(min(p), max(p)) for p in problem.apart})))
    for rule in rules:
        if rule.members.shape not in {(experts,), (experts, projects)}:
            raise InputFault(f"members of the rule {rule.code} must be [experts] or [experts × projects]")
    fewest, greatest = np.zeros((projects, len(rules)), np.int64), np.full((projects, len(rules)), ANY, np.int64)
    for column, rule in enumerate(rules):
        where = slice(None) if rule.projects is None else np.asarray(rule.projects, dtype=bool)
        fewest[where, column] = rule.at_least
        greatest[where, column] = ANY if rule.at_most is None else rule.at_most
    return Groups(rules, fewest, greatest)


def _apart(pair: Pair, experts: int) -> GroupRule:
    members = np.zeros(experts, dtype=bool)
    members[list(pair)] = True
    return GroupRule("apart", members, at_most=1)


def _members(rule: GroupRule, experts: Ints, projects: Ints) -> NDArray[np.bool_]:
    members = np.asarray(rule.members, dtype=bool)
    inside = members[experts] if members.ndim == 1 else members[experts, projects]
    if rule.projects is not None:
        inside = inside & np.asarray(rule.projects, dtype=bool)[projects]
    return inside
