"""Problems for the assignment engine: strategies for small ones, seeded larger ones. Affinities of small ones are
multiples of 1/1000, so that the exhaustive search can count in whole numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from judging.engines.assignment import GroupRule, Problem
from tests.engines.assignment_exhaustive import SCALE

EXPERTS, PROJECTS = 5, 5


def affinities(shape: tuple[int, int]) -> st.SearchStrategy[np.ndarray]:
    """Few whole levels (many plans are equal), or thousandths; some below zero."""
    levels = arrays(int, shape, elements=st.integers(0, 3)).map(lambda whole: whole.astype(float))
    signed = arrays(int, shape, elements=st.integers(-4, 9)).map(lambda whole: whole.astype(float))
    fine = arrays(int, shape, elements=st.integers(-300, SCALE)).map(lambda whole: whole / SCALE)
    return st.one_of(levels, signed, fine)


@st.composite
def problems(
    draw: st.DrawFn,
    goal: Any = None,
    *,
    experts: int = EXPERTS,
    projects: int = PROJECTS,
    rules: bool = False,
    locks: bool = True,
    demand: st.SearchStrategy[int] | None = None,
) -> Problem:
    """Return a small problem, mostly one that has a plan: dense or sparse, with conflicts, least loads and locks.

    ``goal`` is a goal or a strategy (None: any). ``rules`` adds group rules, experts kept apart and forbidden pairs.
    """
    shape = draw(st.integers(2, experts)), draw(st.integers(1, projects))
    affinity = draw(affinities(shape))
    conflicts = draw(st.one_of(st.none(), arrays(int, shape, elements=st.integers(0, 5)).map(lambda x: x == 5)))
    wanted = np.minimum(draw(arrays(int, shape[1], elements=st.integers(0, 3) if demand is None else demand)), shape[0])
    most = -(-int(wanted.sum()) // shape[0]) + draw(arrays(int, shape[0], elements=st.integers(0, 2)))
    least = np.minimum(draw(arrays(int, shape[0], elements=st.integers(-2, 1))).clip(0), most)
    problem = Problem(affinity, conflicts, wanted, least, most, goal=_drawn(draw, goals() if goal is None else goal))
    if rules:
        problem = draw(ruled(problem))
    if locks:
        problem = replace(problem, locked=draw(chosen_pairs(problem, 2)))
    return thinned(problem) if draw(st.integers(0, 3)) == 3 else problem


def _drawn(draw: st.DrawFn, goal: Any) -> Any:
    return draw(goal) if isinstance(goal, st.SearchStrategy) else goal


def goals() -> st.SearchStrategy[Any]:
    """Every goal."""
    return st.one_of(st.sampled_from(["total", "fair", "leximin"]), floors())


def floors() -> st.SearchStrategy[Any]:
    """Floors that are picked, in thousandths; many are beyond reach."""
    return st.integers(-500, 6000).map(lambda whole: ("floor", whole / SCALE))


@st.composite
def chosen_pairs(draw: st.DrawFn, problem: Problem, most: int) -> tuple[tuple[int, int], ...]:
    """Return up to ``most`` pairs that a plan may hold: of projects that want experts, without conflicts."""
    if draw(st.booleans()):
        return ()
    barred = np.zeros(problem.affinity.shape, bool) if problem.conflicts is None else problem.conflicts
    free = np.argwhere(~barred & (np.asarray(problem.demand) > 0) & (np.asarray(problem.max_load) > 0)[:, None])
    if not len(free):
        return ()
    pairs = draw(st.lists(st.sampled_from([tuple(pair) for pair in free.tolist()]), max_size=most, unique=True))
    return tuple(sorted(pairs))


@st.composite
def ruled(draw: st.DrawFn, problem: Problem) -> Problem:
    """Return the problem with rules on the experts of each project."""
    experts, projects = problem.affinity.shape
    wanting = np.asarray(problem.demand) > 0
    rules = []
    for number in range(draw(st.integers(1, 2))):
        members = draw(arrays(bool, draw(st.sampled_from([(experts,), (experts, projects)]))))
        applies = wanting & draw(arrays(bool, projects))
        least = draw(st.integers(0, 1))
        rules.append(GroupRule(f"rule {number}", members, least, draw(st.sampled_from([None, 1, 2])), applies))
    some = st.integers(0, experts - 1)
    apart = draw(st.lists(st.tuples(some, some).filter(lambda pair: pair[0] < pair[1]), max_size=2, unique=True))
    forbidden = draw(st.lists(st.tuples(some, st.integers(0, projects - 1)), max_size=2, unique=True))
    return replace(problem, groups=tuple(rules), apart=tuple(apart), forbidden=tuple(forbidden))


def thinned(problem: Problem) -> Problem:
    """Return the same problem as a sparse matrix of the pairs that are in no conflict; zeros are listed as well."""
    barred = np.zeros(problem.affinity.shape, bool) if problem.conflicts is None else problem.conflicts
    rows, columns = np.nonzero(~barred)
    listed = sparse.csc_array((problem.affinity[rows, columns], (rows, columns)), shape=problem.affinity.shape)
    return replace(problem, affinity=listed, conflicts=None)


def drawn(experts: int, projects: int, start: int, *, least: int = 0, **more: Any) -> Problem:
    """Return a larger problem: three experts a project, a tenth of places to spare, a twentieth in conflict.

    ``start`` is the seed of the data; ``more`` are further fields of the problem.
    """
    random = np.random.default_rng(start)
    field, subject = random.random((experts, 6)) ** 3, random.random((projects, 6)) ** 3
    affinity = np.round(field @ subject.T / np.sqrt((field**2).sum(1)[:, None] * (subject**2).sum(1)), 3)
    conflicts = random.random(affinity.shape) < 0.05
    most = np.full(experts, -(-33 * projects // (10 * experts)))
    return Problem(affinity, conflicts, 3, least, most, **more)


def whole(values: Any) -> Any:
    """Return sums of affinities in thousandths."""
    return np.rint(np.asarray(values) * SCALE).astype(int)
