"""The checker of plans sees what is wrong: every broken rule, every better exchange; and two ways to the best agree."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.engines.assignment import GroupRule, Problem
from tests.engines.assignment_checker import Facts, as_pairs, better_exchange, broken_rules, floor_bound, total_bound
from tests.engines.assignment_exhaustive import Choices, best_floor, best_plan
from tests.engines.assignment_problems import problems, whole

SOUND = Problem(
    affinity=np.ones((4, 3)),
    conflicts=np.array([[0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]], bool),
    demand=np.array([2, 1, 1]),
    min_load=np.array([1, 1, 0, 0]),
    max_load=np.array([2, 1, 1, 1]),
    locked=((0, 0),),
    groups=(GroupRule("region", np.array([True, False, True, False]), at_least=1, at_most=1),),
    forbidden=((1, 1),),
    apart=((0, 3),),
)
PLAN = [[0, 0], [0, 1], [1, 0], [2, 2]]


def test_a_sound_plan_breaks_no_rule() -> None:
    assert broken_rules(SOUND, np.array(PLAN)) == []


BROKEN = {
    "not sorted": ([[0, 1], [0, 0], [1, 0], [2, 2]], ["pairs not sorted, or one twice"]),
    "one too few": (PLAN[:3], ["project 2: 0 experts of 1", "rule region, project 2: 0 members"]),
    "a load too great": ([[0, 0], [1, 0], [2, 1], [2, 2]], ["expert 2: 2 projects, at most 1"]),
    "a load too small": (
        [[0, 0], [0, 1], [2, 2], [3, 0]],
        ["expert 1: 0 projects, at least 1", "experts 0 and 3 together on project 0"],
    ),
    "a conflict": ([[0, 0], [0, 2], [1, 0], [2, 1]], ["pair (0, 2) is not allowed"]),
    "a forbidden pair": (
        [[0, 0], [1, 1], [2, 2], [3, 0]],
        ["pair (1, 1) is not allowed", "experts 0 and 3 together on project 0", "rule region, project 1: 0 members"],
    ),
    "a lock": (
        [[0, 1], [1, 0], [2, 2], [3, 0]],
        ["locked pair (0, 0) is left out", "rule region, project 0: 0 members"],
    ),
    "outside": ([[0, 0], [0, 1], [1, 0], [2, 3]], ["pair (2, 3) is outside the matrix"]),
    "a group": ([[0, 0], [1, 0], [2, 1], [3, 2]], ["rule region, project 2: 0 members"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_rule_is_named(name: str) -> None:
    pairs, faults = BROKEN[name]
    assert broken_rules(SOUND, np.array(pairs)) == faults


def test_a_partial_plan_may_lack_what_it_says() -> None:
    assert broken_rules(SOUND, np.array(PLAN[:3]), {2: 1}) == []


@st.composite
def planned(draw: st.DrawFn) -> tuple[Problem, Any]:
    """Return a small problem and one of its plans, good or bad (None where it has none)."""
    problem = draw(problems(rules=draw(st.booleans()), experts=3, projects=3, demand=st.integers(0, 2)))
    facts = Facts(problem)
    chosen = combinations(facts.keys.tolist(), int(facts.demand.sum()))
    listed = (np.column_stack(np.divmod(np.array(keys, int), facts.projects)) for keys in chosen)
    plans = [pairs for pairs in listed if broken_rules(problem, pairs) == []]
    return problem, draw(st.sampled_from(plans)) if plans else None


def exchanges(pairs: list[tuple[int, int]], experts: int) -> list[list[tuple[int, int]]]:
    """Return every plan that one replacement or one swap makes, rules or no rules."""
    found = []
    for one in pairs:
        rest = [pair for pair in pairs if pair != one]
        found += [[*rest, (expert, one[1])] for expert in range(experts)]
        for other in rest:
            found.append([pair for pair in rest if pair != other] + [(one[0], other[1]), (other[0], one[1])])
    return [sorted(plan) for plan in found]


def value(problem: Problem, pairs: Any) -> Any:
    facts = Facts(problem)
    scores = whole(facts.scores(as_pairs(pairs)))[facts.wanting]
    floor, total = int(scores.min(initial=10**6)), int(scores.sum())
    if isinstance(problem.goal, tuple):
        return min(floor, int(whole(problem.goal[1]))), total
    return {"total": (total,), "fair": (floor, total), "leximin": tuple(np.sort(scores).tolist())}[problem.goal]


@given(planned())
@settings(max_examples=80, deadline=None)
def test_a_better_exchange_is_found_where_there_is_one(drawn: tuple[Problem, Any]) -> None:
    problem, plan = drawn
    if plan is None:
        return
    pairs = [(e, p) for e, p in plan.tolist()]
    sound = [
        other for other in exchanges(pairs, problem.affinity.shape[0]) if broken_rules(problem, as_pairs(other)) == []
    ]
    better = [other for other in sound if value(problem, other) > value(problem, pairs)]
    found = better_exchange(problem, plan)
    assert (found is not None) == bool(better)
    if found is not None:
        half = len(found) // 2
        assert sorted([*(set(pairs) - set(found[:half])), *found[half:]]) in better


@given(problems("total"))
@settings(max_examples=60, deadline=None)
def test_the_exhaustive_search_and_the_linear_programme_agree_on_the_total(problem: Problem) -> None:
    best = best_plan(problem)
    bound = total_bound(problem)
    assert (best is None) == (bound == -np.inf)
    assert best is None or best.total == whole(bound)


@given(problems("fair", rules=True))
@settings(max_examples=40, deadline=None)
def test_no_plan_is_above_the_bounds_of_the_linear_programme(problem: Problem) -> None:
    best = best_plan(problem)
    if best is None:
        return
    assert best.total <= whole(total_bound(problem, best.floor / 1000)) + 1
    if (np.asarray(problem.demand) > 0).any():
        assert best_floor(problem) <= whole(floor_bound(problem)) + 1


def test_a_choice_of_experts_keeps_locks_and_rules() -> None:
    problem = replace(SOUND, demand=np.array([2, 0, 0]))
    assert [(choice.load, choice.score) for choice in Choices(problem).lists[0]] == [(0x11, 2000)]
