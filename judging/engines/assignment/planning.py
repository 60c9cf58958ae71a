"""The plan: the largest total first, then fairness by exchanges, then proof."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from judging.engines.assignment.answer import Certificate, Changes, Infeasible, Plan
from judging.engines.assignment.bounds import Bounds, bounds_of
from judging.engines.assignment.diagnosis import diagnose
from judging.engines.assignment.exact import Found, Programme
from judging.engines.assignment.improving import BOTTOM, Improver, Start, Style
from judging.engines.assignment.instance import Instance, NoPlan, affinities, instance_of
from judging.engines.assignment.problem import Goal, Pair, Problem
from judging.engines.assignment.transport import Transport, largest_total

Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]
EXACT_PAIRS, PROVED_PAIRS = 600, 3_000
"""Problems with at most EXACT_PAIRS pairs are solved as integer programmes at once; up to PROVED_PAIRS pairs the total
is, once a bound has shown that the floor of the search is the highest."""
EXACT_LEXIMIN = 60
NEVER = 10**9

QUICK = Style(width=60, raw=60, depth=4, trade=True, priced=True, bounded=True, stuck=60, slack=0.0)
THOROUGH = Style(width=60, raw=40, depth=5, trade=False, priced=True, bounded=True, stuck=NEVER, slack=0.04)
DEEP = Style(width=60, raw=60, depth=6, trade=True, priced=True, bounded=True, stuck=60, slack=0.0)
WIDE = Style(width=100, raw=60, depth=6, trade=True, priced=True, bounded=True, stuck=40, slack=0.0)
SWEEP = Style(width=NEVER, raw=0, depth=2, trade=False, priced=False, bounded=False, stuck=NEVER, slack=0.0)
"""Every replacement and every swap over all pairs, after the search."""
SWEPT = 1_000_000
QUICKLY, ROUNDS = 60_000, 50
"""Up to QUICKLY pairs a plan is searched in several styles, and leximin is repeated until nothing can be raised."""
STEPS = 4


@dataclass(frozen=True)
class _Made:
    """A plan of what is left to decide; ``proven`` optimal, or stopped at a ``limited`` number of ``moves``."""

    experts: Ints
    projects: Ints
    proven: bool = False
    limited: bool = False
    moves: int = 0


def solve(
    affinity: Any,
    conflicts: Any,
    demand: ArrayLike,
    min_load: ArrayLike,
    max_load: ArrayLike,
    *,
    locked: Iterable[Pair] = (),
    goal: Goal = "fair",
    seed: int = 0,
) -> Ints:
    """Return the plan as an int array [n × 2] of (expert, project), sorted; see :class:`Problem` for the arguments.

    The plan is that of :func:`plan` without its certificate. Raises :class:`Infeasible` where no plan exists,
    ``InputFault`` for arrays that do not fit together.
    """
    problem = Problem(affinity, conflicts, demand, min_load, max_load, tuple(locked), goal=goal, seed=seed)
    return _pairs(*_decide(problem, None))


def plan(problem: Problem, *, partial: bool = False, progress: Progress | None = None) -> Plan:
    """Return the plan with its certificate; ``progress(done, of)`` is called between the steps.

    With ``partial``, where demands or minimum loads cannot be met, as many places are filled as can be, and
    ``Plan.missing`` names the rest. Raises :class:`Infeasible` where no plan exists, ``InputFault`` for what is no
    problem.
    """
    try:
        return _certified(problem, problem, progress)
    except Infeasible as impossible:
        if not partial:
            raise
        return _certified(_lowered(problem, impossible), problem, progress)


def _lowered(problem: Problem, impossible: Infeasible) -> Problem:
    """The problem with as much demand, and as high minimum loads, as can be met."""
    for change in impossible.relaxations:
        together = (change, *change.together)
        if {one.kind for one in together} <= {"lower_demand", "lower_min_loads"}:
            for one in together:
                name = "demand" if one.kind == "lower_demand" else "min_load"
                length = problem.affinity.shape[1 if one.kind == "lower_demand" else 0]
                amounts = np.broadcast_to(np.asarray(getattr(problem, name), dtype=np.int64), (length,)).copy()
                for index, fewer in (one.changes or {}).items():
                    amounts[index] -= fewer
                problem = replace(problem, demand=amounts) if name == "demand" else replace(problem, min_load=amounts)
            return problem
    raise impossible


def _certified(problem: Problem, asked: Problem, progress: Progress | None) -> Plan:
    tell = progress or (lambda _done, _of: None)
    tell(0, STEPS)
    instance, made = _decide(problem, tell)
    pairs = _pairs(instance, made)
    values = affinities(problem, pairs)
    experts, projects = instance.gains.shape
    scores = np.bincount(pairs[:, 1], weights=values, minlength=projects).astype(np.float64)
    floor = float(scores[instance.counted].min()) if instance.counted.any() else 0.0
    total = float(values.sum())
    tell(3, STEPS)
    changes = _changes(problem, pairs)
    bounds = _bounds(instance, made, problem, changes.kept)
    tell(STEPS, STEPS)
    wanted = np.broadcast_to(np.asarray(asked.demand, dtype=np.int64), (projects,))
    short = wanted - np.bincount(pairs[:, 1], minlength=projects)
    return Plan(
        pairs=pairs,
        scores=scores,
        loads=np.bincount(pairs[:, 0], minlength=experts),
        floor=floor,
        total=total,
        certificate=_certificate(bounds, made, floor, total, 0.6 / instance.gains.scale),
        changes=changes,
        missing={int(p): int(short[p]) for p in np.flatnonzero(short)},
    )


def _bounds(instance: Instance, made: _Made, problem: Problem, kept: tuple[Pair, ...]) -> Bounds:
    """The bounds on the plans that keep the same earlier pairs."""
    if not kept:
        return bounds_of(instance, made.experts, made.projects, problem.goal)
    locked = {*map(tuple, instance.locked.tolist()), *kept}
    before = np.array(kept, dtype=np.int64)
    size = instance.gains.shape[0]
    free = ~np.isin(made.projects * size + made.experts, before[:, 1] * size + before[:, 0])
    left = instance_of(replace(problem, locked=tuple(sorted(locked)), previous=()))
    return bounds_of(left, made.experts[free], made.projects[free], problem.goal)


def _certificate(bounds: Bounds, made: _Made, floor: float, total: float, grain: float) -> Certificate:
    """``grain`` is what two different sums differ by at least: a smaller gap is none."""
    floor_bound = None if bounds.floor is None else max(bounds.floor, floor)
    total_bound = max(bounds.total, total)
    floor_gap = None if floor_bound is None else floor_bound - floor
    total_gap = total_bound - total
    highest = bounds.picked or floor_gap is None or floor_gap < grain
    optimal = made.proven or (not bounds.leximin and not made.limited and highest and total_gap < grain)
    if optimal:
        if not bounds.leximin:  # whose plan may have a smaller total than others of its floor
            total_bound, total_gap = total, 0.0
        if floor_bound is not None and (not bounds.picked or made.limited):
            floor_bound, floor_gap = floor, 0.0
    return Certificate(floor_bound, total_bound, floor_gap, total_gap, optimal, made.moves, made.limited)


def _changes(problem: Problem, pairs: Ints) -> Changes:
    before = {(int(e), int(p)) for e, p in problem.previous}
    if not before:
        return Changes()
    now = set(map(tuple, pairs.tolist()))
    return Changes(tuple(sorted(before & now)), tuple(sorted(now - before)), tuple(sorted(before - now)))


def _pairs(instance: Instance, made: _Made) -> Ints:
    """Every pair of the plan, the locked ones too, sorted."""
    chosen = np.concatenate([np.stack([made.experts, made.projects], axis=1), instance.locked])
    return chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))].astype(np.int64)


def _decide(problem: Problem, tell: Progress | None) -> tuple[Instance, _Made]:
    """Prepare and plan; where no plan exists raise :class:`Infeasible` with the diagnosis."""
    tell = tell or (lambda _done, _of: None)
    try:
        instance = instance_of(problem)
        return instance, _plan(instance, problem, tell)
    except NoPlan:
        diagnosis = diagnose(problem)
        if diagnosis is None:
            raise RuntimeError("the search found no plan, but there is one") from None
        raise Infeasible(diagnosis) from None


def _plan(instance: Instance, problem: Problem, tell: Progress) -> _Made:
    wants = instance.wants
    if not wants.least.sum() <= wants.demand.sum() <= wants.most.sum():
        raise NoPlan
    previous = _previous(instance, problem)
    if _size(instance) <= EXACT_PAIRS:
        made = _exactly(instance, problem, previous)
        if made is not None:
            return made
    start = largest_total(instance.gains, wants, previous if len(previous[0]) else None, problem.seed)
    if start.unmet:
        raise NoPlan
    tell(1, STEPS)
    if len(previous[0]):
        return _replanned(instance, problem, start, previous, tell)
    if problem.goal == "total" and not instance.groups.rules:
        return _Made(start.experts, start.projects, proven=True, moves=start.pivots)
    return _searched(instance, problem, start, tell)


def _previous(instance: Instance, problem: Problem) -> tuple[Ints, Ints]:
    """Those pairs of the earlier plan that are neither locked nor impossible now."""
    rows = np.array(sorted({(int(e), int(p)) for e, p in problem.previous}), dtype=np.int64).reshape(-1, 2)
    is_open = instance.gains.of(rows[:, 0], rows[:, 1]) > np.iinfo(np.int32).min
    return rows[is_open, 0], rows[is_open, 1]


def _exactly(instance: Instance, problem: Problem, previous: tuple[Ints, Ints]) -> _Made | None:
    """The proven optimum of a small problem; None where the proof would take too long, or where there is no plan."""
    programme: Programme | None = Programme(instance)
    if programme is not None and len(previous[0]):
        programme = programme.keeping(*previous)
    if programme is None:
        return None
    if problem.goal == "leximin":
        return _if_proven(programme.leximin()) if _size(instance) <= EXACT_LEXIMIN else None
    if problem.goal == "total":
        return _if_proven(programme.largest())
    highest, asked = programme.highest_floor(), _asked(problem.goal, instance.gains.scale)
    if highest is None:
        return None
    floor = highest if asked is None else min(asked, highest)
    made = _if_proven(programme.largest(np.full(len(instance.base), floor)))
    return made and replace(made, limited=asked is not None and asked > highest)


def _if_proven(found: Found | None) -> _Made | None:
    return _Made(found.experts, found.projects, proven=True) if found is not None and found.proven else None


def _asked(goal: Goal, scale: float) -> int | None:
    """The floor that the goal names, in gains, rounded up; None for a goal that names none."""
    return int(np.ceil(goal[1] * scale - 1e-6)) if isinstance(goal, tuple) else None


def _replanned(
    instance: Instance, problem: Problem, start: Transport, previous: tuple[Ints, Ints], tell: Progress
) -> _Made:
    """Keep as much of the earlier plan as any plan can, and decide the rest."""
    experts = instance.gains.shape[0]
    same = np.isin(start.projects * experts + start.experts, previous[1] * experts + previous[0])
    kept = [(int(e), int(p)) for e, p in zip(start.experts[same], start.projects[same], strict=True)]
    fixed = replace(problem, locked=(*map(tuple, instance.locked.tolist()), *kept), previous=())
    try:
        rest = _plan(instance_of(fixed), fixed, tell)
    except NoPlan:
        return _plan(instance, replace(problem, previous=()), tell)
    extra = np.array(kept, dtype=np.int64).reshape(-1, 2)
    chosen = np.concatenate([rest.experts, extra[:, 0]]), np.concatenate([rest.projects, extra[:, 1]])
    return replace(rest, experts=chosen[0], projects=chosen[1], proven=rest.proven and problem.goal == "total")


def _size(instance: Instance) -> int:
    return instance.gains.shape[0] * instance.gains.shape[1]


def _styles(instance: Instance) -> tuple[Style, ...]:
    """How to search, by the number of pairs: small problems are tried in several ways."""
    if _size(instance) <= QUICKLY:
        return QUICK, THOROUGH
    if _size(instance) <= 600_000:
        return (DEEP,)
    return (WIDE,) if _size(instance) <= 20_000_000 else (QUICK,)


def _searched(instance: Instance, problem: Problem, plan: Transport, tell: Progress) -> _Made:
    """The best plan that exchanges reach from the one of the largest total."""
    parts = (instance.gains, instance.wants, plan, instance.base, instance.held, instance.groups)
    start = Start(*parts, best_total=_size(instance) > QUICKLY)
    best: Improver | None = None
    for style in _styles(instance):
        improver = Improver(start, style, instance.counted, problem.moves)
        if not improver.keep_rules():
            continue
        _aim(improver, problem.goal, instance.gains.scale)
        if best is None or improver.standing(problem.goal) > best.standing(problem.goal):
            best = improver
    tell(2, STEPS)
    if best is None:
        return _lawful(instance)
    if _size(instance) <= SWEPT:
        best = _swept(start, best, problem)
    experts, projects = best.pairs()
    made = _Made(experts, projects, limited=best.limited, moves=plan.pivots + best.searches)
    return _proven(instance, problem.goal, made, best.floor) if _size(instance) <= PROVED_PAIRS else made


def _swept(start: Start, best: Improver, problem: Problem) -> Improver:
    """The plan after every single replacement and swap that improves it."""
    experts, projects = best.pairs()
    swept = Improver(
        replace(start, plan=replace(start.plan, experts=experts, projects=projects), best_total=False),
        SWEEP,
        best.counted,
        problem.moves,
    )
    swept.limited = best.limited
    _aim(swept, problem.goal, start.gains.scale)
    swept.trail.moves[0] += best.searches
    return swept


def _proven(instance: Instance, goal: Goal, made: _Made, floor: int) -> _Made:
    """The largest total of a middling problem at the floor that the search reached, if that floor is the highest."""
    if goal == "leximin" or (isinstance(goal, tuple) and not made.limited):
        floors = None if goal == "leximin" else _asked(goal, instance.gains.scale)
    elif goal == "total":
        floors = BOTTOM
    else:
        bound = bounds_of(instance, made.experts, made.projects, "fair").floor
        floors = floor if bound is not None and bound * instance.gains.scale < floor + 1 - 1e-6 else None
    if floors is None:
        return made
    found = Programme(instance).largest(np.full(len(instance.base), floors))
    if found is None or not found.proven:
        return made
    return replace(made, experts=found.experts, projects=found.projects, proven=True)


def _aim(improver: Improver, goal: Goal, scale: float) -> None:
    asked = _asked(goal, scale)
    if asked is not None and (improver.floor >= asked or improver.try_floor(asked)):
        improver.hold_floor(asked)
    elif goal != "total":
        improver.raise_floor()
        improver.limited = improver.limited or asked is not None
    improver.raise_total()
    if goal == "leximin":
        rounds = ROUNDS if len(improver.counted) * len(improver.board.person) <= QUICKLY else 1
        while rounds and improver.raise_each():
            improver.raise_total()
            rounds -= 1


def _lawful(instance: Instance) -> _Made:
    """Group rules that exchanges could not keep: by an integer programme, or not at all."""
    found = Programme(instance).largest()
    if found is None:
        raise NoPlan
    return _Made(found.experts, found.projects, limited=True)
