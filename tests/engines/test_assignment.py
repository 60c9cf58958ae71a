"""The assignment engine: hard rules hold, the total is the true optimum, what cannot be filled is named."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.engines.assignment import Plan, solve


@st.composite
def problems(draw: st.DrawFn, experts: int = 4, projects: int = 4):
    rows, columns = draw(st.integers(1, experts)), draw(st.integers(1, projects))
    whole = st.integers(0, 20)
    affinity = np.array([[draw(whole) for _ in range(columns)] for _ in range(rows)], dtype=float)
    conflicts = np.array([[draw(st.booleans()) for _ in range(columns)] for _ in range(rows)])
    demand = np.array([draw(st.integers(0, 3)) for _ in range(columns)])
    load = np.array([draw(st.integers(0, 3)) for _ in range(rows)])
    return affinity, conflicts, demand, load


def brute_force(affinity, conflicts, demand, load) -> tuple[int, float]:
    """The most places and, among those, the greatest total, by trying every choice of experts for every project."""
    experts, projects = affinity.shape
    choices = []
    for project in range(projects):
        free = [e for e in range(experts) if not conflicts[e, project]]
        choices.append([c for k in range(min(int(demand[project]), len(free)) + 1) for c in combinations(free, k)])
    best = (0, 0.0)
    for plan in product(*choices):
        taken = np.bincount([e for chosen in plan for e in chosen], minlength=experts)
        if (taken <= load).all():
            total = sum(affinity[e, p] for p, chosen in enumerate(plan) for e in chosen)
            best = max(best, (int(taken.sum()), float(total)))
    return best


@given(problems())
@settings(max_examples=60, deadline=None)
def test_hard_rules_hold_and_the_total_is_the_optimum(problem) -> None:
    affinity, conflicts, demand, load = problem
    plan = solve(affinity, conflicts, demand, load)
    assert not any(conflicts[pair] for pair in plan.pairs)
    assert (np.bincount([p for _, p in plan.pairs], minlength=len(demand)) <= demand).all()
    assert (np.bincount([e for e, _ in plan.pairs], minlength=len(load)) <= load).all()
    assert (len(plan.pairs), plan.total) == brute_force(*problem)
    assert sum(plan.short.values()) == demand.sum() - len(plan.pairs)


@given(problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_locked_pairs_stay_and_only_what_is_missing_is_added(problem, data) -> None:
    affinity, conflicts, demand, load = problem
    first = solve(affinity, conflicts, demand, load)
    locked = data.draw(st.sets(st.sampled_from(first.pairs))) if first.pairs else set()
    again = solve(affinity, conflicts, demand, load, locked=locked)
    assert locked <= set(again.pairs)
    assert (len(again.pairs), again.total) == (len(first.pairs), first.total)


def test_the_same_problem_gives_the_same_plan() -> None:
    random = np.random.default_rng(7)
    affinity = random.integers(0, 5, (30, 80)).astype(float)
    problem = affinity, random.random((30, 80)) < 0.05, np.full(80, 3), np.full(30, 10)
    assert solve(*problem) == solve(*problem)


def test_a_project_that_nobody_may_judge_is_named() -> None:
    conflicts = np.array([[False, True], [False, True]])
    plan = solve(np.ones((2, 2)), conflicts, np.array([1, 2]), np.array([2, 2]))
    assert plan.short == {1: 2}
    assert len(plan.pairs) == 1


def test_locked_work_beyond_the_load_is_kept_and_nothing_added() -> None:
    plan = solve(
        np.ones((1, 3)), np.zeros((1, 3), dtype=bool), np.ones(3, dtype=int), np.array([1]), locked=[(0, 0), (0, 1)]
    )
    assert plan == Plan(((0, 0), (0, 1)), {2: 1}, 2.0)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="fit together"):
        solve(np.ones((2, 2)), np.zeros((2, 3), dtype=bool), np.ones(2, dtype=int), np.ones(2, dtype=int))
