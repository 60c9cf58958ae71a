"""Impossible assignment problems: what is said is true, and what is proposed helps, against exhaustive search."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st
from scipy import sparse

from judging.engines.assignment.answer import Diagnosis, Relaxation
from judging.engines.assignment.diagnosis import diagnose
from judging.engines.assignment.problem import GroupRule, Problem

LEAST_LOADS = {"min_loads", "min_load_group"}
Claim = Callable[[Problem, Diagnosis | None], None]


# --- an independent reading of the problem, by exhaustive search ------------------------------------------------------


def shape(problem: Problem) -> tuple[int, int]:
    return problem.affinity.shape


def full(given: Any, length: int) -> list[int]:
    return [int(given)] * length if np.isscalar(given) else [int(value) for value in given]


def eligible(problem: Problem) -> np.ndarray:
    experts, projects = shape(problem)
    if sparse.issparse(problem.affinity):
        listed = problem.affinity.tocoo()
        able = np.zeros((experts, projects), bool)
        able[listed.row, listed.col] = True
    else:
        able = np.ones((experts, projects), bool)
    if problem.conflicts is not None:
        banned = problem.conflicts.toarray() if sparse.issparse(problem.conflicts) else np.asarray(problem.conflicts)
        able &= ~banned.astype(bool)
    for pair in problem.forbidden:
        able[tuple(pair)] = False
    return able


def locks_of(problem: Problem) -> set[tuple[int, int]]:
    return {(int(expert), int(project)) for expert, project in problem.locked}


def keeps_rules(problem: Problem, project: int, chosen: tuple[int, ...]) -> bool:
    if not chosen:
        return True
    for rule in problem.groups:
        if rule.projects is not None and not rule.projects[project]:
            continue
        members = sum(bool(rule.members[i] if rule.members.ndim == 1 else rule.members[i, project]) for i in chosen)
        if members < rule.at_least or (rule.at_most is not None and members > rule.at_most):
            return False
    return not any(one != other and one in chosen and other in chosen for one, other in problem.apart)


def exists(problem: Problem) -> bool:
    """Whether a plan exists, by trying all."""
    experts, projects = shape(problem)
    able, locks = eligible(problem), locks_of(problem)
    demand, least, most = (
        full(problem.demand, projects),
        full(problem.min_load, experts),
        full(problem.max_load, experts),
    )
    loads = {(0,) * experts}
    for project in range(projects):
        must = {expert for expert, other in locks if other == project}
        choices = [
            chosen
            for chosen in combinations(np.flatnonzero(able[:, project]).tolist(), demand[project])
            if must <= set(chosen) and keeps_rules(problem, project, chosen)
        ]
        added = [tuple(int(expert in chosen) for expert in range(experts)) for chosen in choices]
        reached = {tuple(map(sum, zip(load, more, strict=True))) for load in loads for more in added}
        loads = {load for load in reached if all(taken <= limit for taken, limit in zip(load, most, strict=True))}
    return any(all(taken >= limit for taken, limit in zip(load, least, strict=True)) for load in loads)


def parts(items: tuple[int, ...] | range) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def shortage(problem: Problem, group: tuple[int, ...]) -> tuple[int, int, set[int]]:
    """(wanted, places, who has places) of a group of projects, by plain arithmetic."""
    experts, projects = shape(problem)
    able, locks = eligible(problem), locks_of(problem)
    demand, most = full(problem.demand, projects), full(problem.max_load, experts)
    places, who = 0, set()
    for expert in range(experts):
        free = most[expert] - sum(other == expert for other, _ in locks)
        open_to = sum(able[expert, project] and (expert, project) not in locks for project in group)
        held = sum((expert, project) in locks for project in group)
        gives = held + min(free, int(open_to))
        places += gives
        who |= {expert} if gives else set()
    return sum(demand[project] for project in group), places, who


def least_load_shortage(problem: Problem, group: tuple[int, ...]) -> tuple[int, int, set[int]]:
    """(must take, places, projects with places) of a group of experts, by plain arithmetic."""
    experts, projects = shape(problem)
    able, locks = eligible(problem), locks_of(problem)
    demand, least = full(problem.demand, projects), full(problem.min_load, experts)
    must = sum(max(least[expert], sum(other == expert for other, _ in locks)) for expert in group)
    places, who = 0, set()
    for project in range(projects):
        free = demand[project] - sum(other == project for _, other in locks)
        open_to = sum(able[expert, project] and (expert, project) not in locks for expert in group)
        held = sum((expert, project) in locks for expert in group)
        gives = held + min(free, int(open_to))
        places += gives
        who |= {project} if gives else set()
    return must, places, who


def with_change(problem: Problem, change: Relaxation) -> Problem:
    """The problem as the relaxation describes it."""
    experts, projects = shape(problem)
    if change.kind in {"raise_loads", "lower_min_loads", "lower_demand"}:
        name, sign, size = {
            "raise_loads": ("max_load", 1, experts),
            "lower_min_loads": ("min_load", -1, experts),
            "lower_demand": ("demand", -1, projects),
        }[change.kind]
        values = full(getattr(problem, name), size)
        for index, amount in change.changes.items():
            values[index] += sign * amount
            assert amount > 0
            assert values[index] >= 0
        problem = replace(problem, **{name: values})
    elif change.kind == "unlock":
        assert set(change.pairs) <= locks_of(problem)
        problem = replace(problem, locked=sorted(locks_of(problem) - set(change.pairs)))
    elif change.kind == "allow":
        problem = replace(
            problem, affinity=np.zeros((experts, projects)), conflicts=~allowed(problem, change), forbidden=()
        )
    elif change.kind == "drop_rule":
        problem = without_rule(problem, change)
    else:
        problem = with_experts(problem, change)
    for further in change.together:
        problem = with_change(problem, further)
    return problem


def allowed(problem: Problem, change: Relaxation) -> np.ndarray:
    able = eligible(problem)
    for pair in change.pairs:
        assert not able[pair]
        able[pair] = True
    return able


def without_rule(problem: Problem, change: Relaxation) -> Problem:
    projects = shape(problem)[1]
    gone = np.isin(np.arange(projects), change.projects)
    groups = []
    for rule in problem.groups:
        where = np.ones(projects, bool) if rule.projects is None else rule.projects
        groups.append(replace(rule, projects=where & ~gone) if rule.code == change.rule else rule)
    if change.rule != "apart":
        return replace(problem, groups=groups)
    for index, (one, other) in enumerate(problem.apart):
        members = np.isin(np.arange(shape(problem)[0]), [one, other])
        groups.append(GroupRule(f"apart {index}", members, at_most=1 if one != other else None, projects=~gone))
    return replace(problem, groups=groups, apart=())


def with_experts(problem: Problem, change: Relaxation) -> Problem:
    assert change.kind == "add_experts"
    experts, projects = shape(problem)
    able = np.vstack([eligible(problem), np.tile(np.isin(np.arange(projects), change.projects), (change.number, 1))])
    groups = [
        replace(rule, members=np.concatenate([rule.members, np.zeros((change.number, *rule.members.shape[1:]), bool)]))
        for rule in problem.groups
    ]
    return replace(
        problem,
        affinity=np.zeros(able.shape),
        conflicts=~able,
        forbidden=(),
        groups=groups,
        min_load=full(problem.min_load, experts) + [0] * change.number,
        max_load=full(problem.max_load, experts) + [change.room] * change.number,
    )


# --- problems ---------------------------------------------------------------------------------------------------------


@st.composite
def problems(draw: st.DrawFn, *, locks: bool = False, rules: bool = False, least: bool = True) -> Problem:
    experts, projects = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["none", "dense", "sparse conflicts", "sparse affinity", "both sparse"]))
    cells = st.lists(st.integers(0, 9), min_size=experts * projects, max_size=experts * projects)
    share = draw(st.sampled_from([9, 7, 5]))
    able = np.array(draw(cells)).reshape(experts, projects) < share
    affinity: Any = np.array(draw(cells), float).reshape(experts, projects) / 9
    conflicts: Any = None if kind == "none" else ~able
    if kind == "sparse conflicts":
        conflicts = sparse.csr_matrix(~able)
    elif kind in {"sparse affinity", "both sparse"}:
        rows, columns = np.nonzero(able)
        affinity = sparse.csc_matrix((affinity[rows, columns], (rows, columns)), shape=able.shape)
        conflicts = None if kind == "sparse affinity" else sparse.coo_matrix(np.eye(experts, projects, dtype=bool))
    pairs = st.tuples(st.integers(0, experts - 1), st.integers(0, projects - 1))
    most = draw(st.lists(st.integers(0, 3), min_size=experts, max_size=experts))
    floor = draw(st.lists(st.integers(0, 2), min_size=experts, max_size=experts)) if least else 0
    return Problem(
        affinity=affinity,
        conflicts=conflicts,
        demand=draw(st.lists(st.integers(0, 3), min_size=projects, max_size=projects) | st.integers(0, 2)),
        min_load=floor,
        max_load=draw(st.sampled_from([most, 1, 2, 4])),
        locked=draw(st.lists(pairs, max_size=4)) if locks else (),
        forbidden=draw(st.lists(pairs, max_size=1)),
        groups=draw(st.lists(group_rules(experts, projects), max_size=3)) if rules else (),
        apart=draw(st.lists(st.tuples(st.integers(0, experts - 1), st.integers(0, experts - 1)), max_size=2))
        if rules
        else (),
    )


@st.composite
def group_rules(draw: st.DrawFn, experts: int, projects: int) -> GroupRule:
    flag = st.booleans()
    size = draw(st.sampled_from([(experts,), (experts, projects)]))
    members = np.array(draw(st.lists(flag, min_size=int(np.prod(size)), max_size=int(np.prod(size))))).reshape(size)
    where = draw(st.none() | st.lists(flag, min_size=projects, max_size=projects).map(np.array))
    code = draw(st.sampled_from(["region", "organisation", "methodologist"]))
    return GroupRule(code, members, draw(st.integers(0, 2)), draw(st.none() | st.integers(0, 2)), where)


def told(diagnosis: Diagnosis) -> list[Diagnosis]:
    return [diagnosis, *diagnosis.others]


# --- what holds of a problem and its diagnosis ------------------------------------------------------------------------


def diagnosed_exactly_when_no_plan_exists(problem: Problem, diagnosis: Diagnosis | None) -> None:
    assert (diagnosis is None) == exists(problem)


def every_relaxation_makes_a_plan_possible(problem: Problem, diagnosis: Diagnosis | None) -> None:
    if diagnosis is not None:
        event(diagnosis.kind)
        changes = {f"{change.kind} {change.rule} {change.together}": change for change in diagnosis.relaxations}
        assert {name: exists(with_change(problem, change)) for name, change in changes.items()} == dict.fromkeys(
            changes, True
        )


def what_no_rule_forbids_can_be_relaxed(problem: Problem, diagnosis: Diagnosis | None) -> None:
    assert diagnosis is None or diagnosis.relaxations != () or problem.groups or problem.apart


def locks_fit(problem: Problem) -> bool:
    experts, projects = shape(problem)
    able, locks = eligible(problem), locks_of(problem)
    most, demand, least = (
        full(problem.max_load, experts),
        full(problem.demand, projects),
        full(problem.min_load, experts),
    )
    return (
        all(able[pair] for pair in locks)
        and all(sum(one == expert for one, _ in locks) <= most[expert] for expert in range(experts))
        and all(sum(one == project for _, one in locks) <= demand[project] for project in range(projects))
        and all(low <= high for low, high in zip(least, most, strict=True))
    )


def the_shortage_is_the_greatest_there_is(problem: Problem, diagnosis: Diagnosis | None) -> None:
    if not locks_fit(problem):
        return
    projects = shape(problem)[1]
    greatest = max(
        wanted - places for wanted, places, _ in (shortage(problem, group) for group in parts(range(projects)))
    )
    assert (diagnosis is None) == (greatest == 0)
    if diagnosis is None:
        return
    kinds = {"capacity": 0, "hall_group": 0}
    for fault in told(diagnosis):
        kinds[fault.kind] += fault.short
    costs = {
        change.kind: sum(change.changes.values())
        for change in diagnosis.relaxations
        if change.changes is not None and not change.together
    }
    single = {fault.projects: fault.short for fault in told(diagnosis) if len(fault.projects) == 1}
    beside = sum(single.values()) if kinds["hall_group"] < greatest else 0
    assert max(kinds["hall_group"], kinds["capacity"] + beside) == greatest
    assert costs == dict.fromkeys(costs, greatest)


def a_group_named_first_is_a_tightest_group_and_none_of_it_can_be_spared(
    problem: Problem, diagnosis: Diagnosis | None
) -> None:
    if diagnosis is None or diagnosis.kind != "hall_group":
        return
    wanted, places, experts = shortage(problem, diagnosis.projects)
    assert (diagnosis.wanted, diagnosis.places, diagnosis.short, diagnosis.experts) == (
        wanted,
        places,
        wanted - places,
        tuple(sorted(experts)),
    )
    smaller = [part for part in parts(diagnosis.projects) if part != diagnosis.projects]
    assert max(wanted - places for wanted, places, _ in (shortage(problem, part) for part in smaller)) < diagnosis.short


def minimum_loads_that_cannot_be_reached_are_named_by_their_group(
    problem: Problem, diagnosis: Diagnosis | None
) -> None:
    if diagnosis is None or not {fault.kind for fault in told(diagnosis)} <= LEAST_LOADS:
        return
    experts = shape(problem)[0]
    groups = [(group, *least_load_shortage(problem, group)) for group in parts(range(experts))]
    greatest = max(must - places for _, must, places, _ in groups)
    total = sum(fault.short for fault in told(diagnosis) if fault.kind == "min_load_group") or diagnosis.short
    assert total == greatest
    assert {sum(change.changes.values()) for change in diagnosis.relaxations if change.kind == "lower_min_loads"} == {
        greatest
    }
    for fault in told(diagnosis):
        if fault.kind == "min_load_group":
            must, places, projects = least_load_shortage(problem, fault.experts)
            assert (fault.wanted, fault.places, fault.projects) == (must, places, tuple(sorted(projects)))
            assert fault.short == must - places > 0


def no_fewer_locks_could_be_released_than_proposed(problem: Problem, diagnosis: Diagnosis | None) -> None:
    if diagnosis is None:
        return
    locks = sorted(locks_of(problem))
    enough = [len(part) for part in parts(tuple(range(len(locks)))) if exists(freed(problem, locks, part))]
    proposed = [
        len(change.pairs) for change in diagnosis.relaxations if change.kind == "unlock" and not change.together
    ]
    assert proposed == ([min(enough)] if enough else [])


def freed(problem: Problem, locks: list[tuple[int, int]], part: tuple[int, ...]) -> Problem:
    return replace(problem, locked=[pair for index, pair in enumerate(locks) if index not in part])


def each_of_the_rules_named_matters(problem: Problem, diagnosis: Diagnosis | None) -> None:
    if diagnosis is None or diagnosis.kind != "rules":
        return
    assert exists(replace(problem, groups=(), apart=()))
    for fault in told(diagnosis):
        named = [rule for rule in problem.groups if rule.code in fault.rules]
        apart = list(problem.apart) if "apart" in fault.rules else []
        assert not exists(replace(problem, groups=named, apart=apart))
        for code in fault.rules:
            fewer = [rule for rule in named if rule.code != code]
            assert exists(replace(problem, groups=fewer, apart=apart if code != "apart" else []))


# --- properties -------------------------------------------------------------------------------------------------------

EVERYWHERE = (
    diagnosed_exactly_when_no_plan_exists,
    every_relaxation_makes_a_plan_possible,
    what_no_rule_forbids_can_be_relaxed,
)
ON_LOADS = (*EVERYWHERE, minimum_loads_that_cannot_be_reached_are_named_by_their_group)
ON_SHORTAGES = (
    *EVERYWHERE,
    the_shortage_is_the_greatest_there_is,
    a_group_named_first_is_a_tightest_group_and_none_of_it_can_be_spared,
)
ON_LOCKS = no_fewer_locks_could_be_released_than_proposed
"""A diagnosis takes a tenth of a second: everything that must hold of it is asked of the same one."""


@pytest.mark.parametrize(
    ("drawn", "claims"),
    [
        (problems(), ON_LOADS),
        (problems(locks=True), (*ON_LOADS, ON_LOCKS)),
        (problems(locks=True, rules=True), (*EVERYWHERE, ON_LOCKS)),
        (problems(least=False), ON_SHORTAGES),
        (problems(locks=True, least=False), (*ON_SHORTAGES, ON_LOCKS)),
        (problems(rules=True, least=False), (*EVERYWHERE, each_of_the_rules_named_matters)),
    ],
    ids=["plain", "locks", "locks and rules", "no least loads", "locks, no least loads", "rules, no least loads"],
)
def test_what_is_said_of_a_problem_is_true_and_what_is_proposed_helps(drawn: Any, claims: tuple[Claim, ...]) -> None:
    @settings(max_examples=30)
    @given(drawn)
    def holds(problem: Problem) -> None:
        diagnosis = diagnose(problem)
        for claim in claims:
            claim(problem, diagnosis)

    holds()


@settings(max_examples=6, phases=[Phase.generate], derandomize=True)
@given(problems(locks=True, rules=True))
def test_the_same_problem_has_the_same_diagnosis(problem: Problem) -> None:
    assert diagnose(problem) == diagnose(problem)
