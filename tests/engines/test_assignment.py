"""The assignment engine: hard rules hold, the goal is met as an exhaustive search meets it, the certificate is true."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from judging.engines.assignment import Changes, GroupRule, Infeasible, InputFault, Plan, Problem, plan, solve
from tests.engines.assignment_checker import better_exchange, broken_rules, floor_bound, total_bound
from tests.engines.assignment_exhaustive import Best, best_floor, best_plan, most_places
from tests.engines.assignment_problems import chosen_pairs, drawn, floors, problems, whole

ROOT = Path(__file__).resolve().parents[2]
GOALS = ("total", "fair", "leximin")


def tried(number: int) -> Any:
    return settings(max_examples=number, deadline=None)


def planned(problem: Problem) -> Plan | None:
    try:
        return plan(problem)
    except Infeasible:
        return None


def expected(problem: Problem) -> Best | None:
    """The best there is; a picked floor beyond reach gives what ``fair`` gives."""
    best = best_plan(problem)
    return best_plan(problem, "fair") if best is None and isinstance(problem.goal, tuple) else best


def worth(problem: Problem, found: Plan | Best | None) -> Any:
    """What the goal looks at, in thousandths; None for no plan."""
    if found is None:
        return None
    if isinstance(found, Best):
        return {"fair": (found.floor, found.total), "leximin": found.scores}.get(problem.goal, found.total)
    scores = whole(found.scores)
    wanting = np.broadcast_to(problem.demand, len(scores)) > 0
    sums = {
        "fair": (int(whole(found.floor)), int(whole(found.total))),
        "leximin": tuple(np.sort(scores[wanting]).tolist()),
    }
    return sums.get(problem.goal, int(whole(found.total)))


def sums(problem: Problem, pairs: np.ndarray) -> tuple[list[int], list[int], int, int]:
    """Scores in thousandths, loads, floor and total as they follow from the pairs."""
    matrix = problem.affinity.toarray() if sparse.issparse(problem.affinity) else problem.affinity
    experts, projects = pairs.T
    scores = whole(np.bincount(projects, weights=matrix[experts, projects], minlength=matrix.shape[1]))
    wanting = np.broadcast_to(problem.demand, len(scores)) > 0
    floor = int(scores[wanting].min()) if wanting.any() else 0
    return scores.tolist(), np.bincount(experts, minlength=len(matrix)).tolist(), floor, int(scores.sum())


def check(problem: Problem) -> Plan | None:
    """No plan where there is none; otherwise no rule broken, the best worth, and the sums of the pairs."""
    found = planned(problem)
    assert worth(problem, found) == worth(problem, expected(problem))
    if found is not None:
        assert broken_rules(problem, found.pairs) == []
        stated = whole(found.scores).tolist(), found.loads.tolist(), int(whole(found.floor)), int(whole(found.total))
        assert stated == sums(problem, found.pairs)
        assert found.missing == {}
    return found


# small problems against the exhaustive search


@given(problems("total"))
@tried(40)
def test_the_total_is_the_largest_there_is(problem: Problem) -> None:
    check(problem)


@given(problems("fair"))
@tried(40)
def test_fair_is_the_best_floor_and_then_the_largest_total(problem: Problem) -> None:
    check(problem)


@given(problems("leximin"))
@tried(30)
def test_leximin_is_the_best_worst_score_then_the_best_second_worst(problem: Problem) -> None:
    check(problem)


@given(problems(floors()))
@tried(40)
def test_a_picked_floor_is_kept_at_the_largest_total(problem: Problem) -> None:
    check(problem)


@given(problems(rules=True))
@tried(40)
def test_group_rules_hold_and_the_plan_is_the_best_under_them(problem: Problem) -> None:
    check(problem)


@given(problems("fair", experts=6, projects=5, demand=st.integers(1, 3), locks=False))
@tried(15)
def test_six_experts_and_five_projects_are_planned_as_an_exhaustive_search_does(problem: Problem) -> None:
    check(problem)


def test_a_leximin_plan_does_not_claim_the_largest_total_of_its_floor() -> None:
    affinity = np.array([[2, 2, 2, 2, 2], [2, 0, 0, 1, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2]], dtype=float)
    asked = Problem(affinity=affinity, demand=np.array([0, 3, 1, 2, 2]), max_load=np.full(4, 2), goal="leximin")
    found, other = plan(asked), plan(replace(asked, goal=("floor", 2.0)))
    assert (found.floor, found.total, found.certificate.optimal, other.total) == (2.0, 14.0, True, 15.0)
    assert found.certificate.total_bound >= 15.0


@given(problems())
@tried(30)
def test_what_the_certificate_says_is_true(problem: Problem) -> None:
    found = planned(problem)
    if found is None:
        return
    bounds, goal = found.certificate, problem.goal
    largest = expected(replace(problem, goal=goal if goal == "total" else ("floor", found.floor)))
    assert largest.total <= whole(bounds.total_bound) + 1
    assert bounds.total_gap == pytest.approx(bounds.total_bound - found.total, abs=1e-6)
    if bounds.floor_bound is not None:
        assert best_floor(problem) <= whole(bounds.floor_bound) + 1
    if bounds.optimal:
        assert worth(problem, found) == worth(problem, expected(problem))


# what does not change a plan, and what it changes by


@given(problems())
@tried(20)
def test_the_same_problem_gives_the_same_plan(problem: Problem) -> None:
    first, again = planned(problem), planned(problem)
    assert (first is None) == (again is None)
    assert first is None or first.pairs.tolist() == again.pairs.tolist()


@given(problems(), st.integers(1, 9))
@tried(20)
def test_another_seed_gives_a_plan_of_the_same_worth(problem: Problem, seed: int) -> None:
    assert worth(problem, planned(replace(problem, seed=seed))) == worth(problem, planned(problem))


FRESH = """
import hashlib
from dataclasses import replace
from judging.engines.assignment import plan
from tests.engines.assignment_problems import drawn
for goal in ("total", "fair", "leximin", ("floor", 2.1)):
    for least in (0, 7):
        found = plan(drawn(20, 50, 5, least=least, goal=goal, seed=11))
        print(hashlib.sha256(found.pairs.tobytes()).hexdigest())
"""


def test_another_process_gives_the_same_plans() -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", FRESH], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    here = [
        hashlib.sha256(plan(drawn(20, 50, 5, least=least, goal=goal, seed=11)).pairs.tobytes()).hexdigest()
        for goal in (*GOALS, ("floor", 2.1))
        for least in (0, 7)
    ]
    output, faults = other.communicate()
    assert (output.split(), faults, other.returncode) == (here, "", 0)


@given(problems(locks=False), st.randoms(use_true_random=False))
@tried(20)
def test_the_order_of_rows_and_columns_does_not_change_the_worth(problem: Problem, random: Any) -> None:
    experts, projects = problem.affinity.shape
    rows, columns = random.sample(range(experts), experts), random.sample(range(projects), projects)
    turned = replace(
        problem,
        affinity=problem.affinity[rows][:, columns],
        conflicts=None if problem.conflicts is None else problem.conflicts[rows][:, columns],
        demand=np.asarray(problem.demand)[columns],
        min_load=np.asarray(problem.min_load)[rows],
        max_load=np.asarray(problem.max_load)[rows],
    )
    assert worth(turned, planned(turned)) == worth(problem, planned(problem))


@given(problems(st.sampled_from(GOALS), demand=st.just(2)), st.integers(-5, 5))
@tried(20)
def test_a_constant_more_for_every_pair_raises_every_score_alike(problem: Problem, more: int) -> None:
    lifted = problem.affinity.copy()
    values = lifted.data if sparse.issparse(lifted) else lifted
    values += more
    found, other = planned(problem), planned(replace(problem, affinity=lifted))
    if found is None or other is None:
        assert found is other
        return
    raised = found.scores + 2 * more, found.floor + 2 * more, found.total + more * len(found.pairs)
    assert worth(problem, other) == worth(problem, replace(found, scores=raised[0], floor=raised[1], total=raised[2]))


@given(problems(st.sampled_from(GOALS)))
@tried(15)
def test_a_dense_and_a_sparse_problem_are_planned_alike(problem: Problem) -> None:
    if sparse.issparse(problem.affinity) or problem.conflicts is None:
        return
    rows, columns = np.nonzero(~problem.conflicts)
    listed = sparse.csr_matrix((problem.affinity[rows, columns], (rows, columns)), shape=problem.affinity.shape)
    barred = sparse.csc_array(problem.conflicts)
    thin, dense = replace(problem, affinity=listed, conflicts=None), replace(problem, conflicts=barred)
    results = [worth(problem, planned(each)) for each in (problem, thin, dense)]
    assert results[1:] == results[:1] * 2


# replanning


@given(problems(st.sampled_from(GOALS)), st.data())
@tried(30)
def test_a_replan_keeps_as_many_earlier_pairs_as_any_plan_and_is_the_best_of_those(problem, data) -> None:
    earlier = data.draw(earlier_pairs(problem))
    asked = replace(problem, previous=earlier)
    found, best = planned(asked), best_plan(asked)
    assert worth(problem, found) == worth(problem, best)
    if found is not None:
        now, then = {(e, p) for e, p in found.pairs.tolist()}, set(earlier)
        assert broken_rules(asked, found.pairs) == []
        assert len(now & then) == best.kept
        changes = Changes(*(tuple(sorted(part)) for part in (now & then, now - then, then - now)))
        assert found.changes == (changes if earlier else Changes())


@st.composite
def earlier_pairs(draw: st.DrawFn, problem: Problem) -> tuple[tuple[int, int], ...]:
    """A plan for other affinities where there is one, or any pairs."""
    dense = problem.affinity.toarray() if sparse.issparse(problem.affinity) else problem.affinity
    if draw(st.booleans()):
        other = draw(arrays(float, dense.shape, elements=st.integers(0, 3).map(float)))
        listed = problem.affinity.copy() if sparse.issparse(problem.affinity) else other
        if sparse.issparse(listed):
            listed.data = draw(arrays(float, len(listed.data), elements=st.integers(0, 3).map(float)))
        found = planned(replace(problem, affinity=listed, goal="total"))
        return () if found is None else tuple((e, p) for e, p in found.pairs.tolist())
    return draw(chosen_pairs(replace(problem, affinity=dense), 8))


def test_begun_work_stays_when_an_expert_leaves_a_larger_contest() -> None:
    problem = drawn(60, 200, 3, goal="fair")
    first = plan(problem)
    begun = [(e, p) for e, p in first.pairs.tolist() if e % 3 == 1]
    gone = problem.conflicts.copy()
    gone[0] = True
    again = replace(problem, conflicts=gone, locked=begun, max_load=np.asarray(problem.max_load) + 1)
    found = plan(replace(again, previous=[(e, p) for e, p in first.pairs.tolist()]))
    assert broken_rules(again, found.pairs) == []
    assert found.changes.removed == tuple((e, p) for e, p in first.pairs.tolist() if e == 0)
    assert sorted(p for _, p in found.changes.added) == sorted(p for _, p in found.changes.removed)
    assert len(found.changes.kept) + len(found.changes.added) == 600


# partial plans


@given(problems())
@tried(30)
def test_a_partial_plan_fills_as_many_places_as_can_be_filled(problem: Problem) -> None:
    most = most_places(problem)
    if most is None:
        return
    found = plan(problem, partial=True)
    assert broken_rules(problem, found.pairs, found.missing if expected(problem) is None else None) == []
    assert (len(found.pairs), sum(found.missing.values())) == (most, int(np.sum(problem.demand)) - most)
    assert 0 not in found.missing.values()


def test_a_project_that_nobody_may_judge_is_named() -> None:
    conflicts = np.array([[False, True], [False, True]])
    found = plan(Problem(np.ones((2, 2)), conflicts, np.array([1, 2]), 0, 2), partial=True)
    assert (len(found.pairs), found.missing) == (1, {1: 2})


# larger problems against bounds and the exchange of single pairs


LARGER = [(60, 200, 0), (40, 150, 11), (90, 120, 3)]


@pytest.mark.parametrize(("experts", "projects", "least"), LARGER)
def test_the_total_of_a_larger_problem_is_the_bound_of_the_linear_programme(experts, projects, least) -> None:
    problem = drawn(experts, projects, 1, least=least, goal="total")
    found = plan(problem)
    assert broken_rules(problem, found.pairs) == []
    assert found.total == pytest.approx(total_bound(problem), abs=1e-6)
    assert found.certificate.optimal
    assert better_exchange(problem, found.pairs) is None


@pytest.mark.parametrize("goal", ["fair", "leximin", ("floor", 2.3)])
@pytest.mark.parametrize(("experts", "projects", "least"), LARGER)
def test_no_single_exchange_betters_a_larger_plan(experts, projects, least, goal) -> None:
    problem = drawn(experts, projects, 2, least=least, goal=goal)
    found = plan(problem)
    assert broken_rules(problem, found.pairs) == []
    assert better_exchange(problem, found.pairs) is None


def test_no_single_exchange_betters_a_larger_plan_under_rules() -> None:
    random = np.random.default_rng(4)
    region, home = random.integers(0, 4, 50), random.integers(0, 4, 120)
    rules = (
        GroupRule("another region", region[:, None] != home[None, :], at_least=2),
        GroupRule("methodologists", random.random(50) < 0.4, at_least=1, at_most=2),
    )
    problem = drawn(50, 120, 4, groups=rules, apart=((0, 1), (2, 3)), forbidden=((5, 5),), goal="fair")
    found = plan(problem)
    assert broken_rules(problem, found.pairs) == []
    assert better_exchange(problem, found.pairs) is None


def test_the_bounds_of_a_certificate_are_those_of_the_linear_programme_or_tighter() -> None:
    problem = drawn(40, 100, 6, least=5, goal="fair")
    found = plan(problem)
    highest, largest = floor_bound(problem), total_bound(problem, found.floor)
    assert found.floor - 1e-6 <= found.certificate.floor_bound <= highest + 1e-6
    assert found.total - 1e-6 <= found.certificate.total_bound <= largest + 1e-6


# the interface


def test_solve_gives_the_sorted_pairs_of_the_plan() -> None:
    problem = drawn(20, 40, 8)
    pairs = solve(problem.affinity, problem.conflicts, 3, 0, problem.max_load)
    assert (pairs.dtype, pairs.shape) == (np.int64, (120, 2))
    assert pairs.tolist() == sorted(pairs.tolist()) == plan(problem).pairs.tolist()


def test_locked_pairs_count_towards_demand_and_load() -> None:
    pairs = solve(np.array([[0.0, 9.0], [5.0, 5.0]]), None, 1, 0, 1, locked=[(0, 0)], goal="total")
    assert pairs.tolist() == [[0, 0], [1, 1]]


def test_progress_is_told_from_nothing_done_to_everything_done() -> None:
    steps: list[tuple[int, int]] = []
    plan(drawn(20, 40, 9), progress=lambda done, of: steps.append((done, of)))
    assert steps
    assert steps == sorted(steps)
    assert all(0 <= done <= of for done, of in steps)


FAULTS: dict[str, dict[str, Any]] = {
    "conflicts of another shape": {"conflicts": np.zeros((2, 3), bool)},
    "demand of another length": {"demand": np.array([1, 1, 1])},
    "least loads of another length": {"min_load": np.zeros(3, int)},
    "greatest loads of another length": {"max_load": np.ones(3, int)},
    "affinity that is no number": {"affinity": np.array([[np.nan, 1.0], [1.0, 1.0]])},
    "affinity without end": {"affinity": np.array([[np.inf, 1.0], [1.0, 1.0]])},
    "affinity in one dimension": {"affinity": np.ones(4)},
    "demand below nothing": {"demand": -1},
    "loads below nothing": {"min_load": -1},
    "locked pair outside the matrix": {"locked": ((2, 0),)},
    "forbidden pair outside the matrix": {"forbidden": ((0, 2),)},
    "goal without a name": {"goal": "fairest"},
    "floor that is no number": {"goal": ("floor", float("nan"))},
    "rule about other experts": {"groups": (GroupRule("rule", np.ones(3, bool), at_least=1),)},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_problem_is_refused(fault: str) -> None:
    given = replace(Problem(np.ones((2, 2)), demand=1, max_load=2), **FAULTS[fault])
    with pytest.raises(InputFault):
        plan(given)


def test_nothing_wanted_gives_an_empty_plan() -> None:
    found = plan(Problem(np.ones((3, 2)), demand=0, max_load=2))
    assert (found.pairs.shape, found.total, found.missing) == ((0, 2), 0.0, {})
