"""The cheapest changes of each kind that make an impossible problem possible, each tried before it is proposed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from judging.engines.assignment.answer import Diagnosis, Relaxation
from judging.engines.assignment.case import Case, Open
from judging.engines.assignment.feasibility import Ints, among, cover, distinct, eased, groups, lifted
from judging.engines.assignment.program import Pool, least_change

Faults = Callable[[Case], list[Diagnosis]]

DEPTH = 4
"""How many changes of different kinds are put together at most."""
GROUPS = 12
"""With more groups short of experts than this, new experts are asked for that are fit for all."""


def repairs(case: Case, found: list[Diagnosis], faults: Faults, depth: int = DEPTH) -> Iterator[Relaxation]:
    """Changes that leave no fault; those that are enough alone come first."""
    partial: list[tuple[Relaxation, Case, list[Diagnosis]]] = []
    for change in _candidates(case, found):
        after = case.relaxed(change)
        left = faults(after)
        if not left:
            yield change
        else:
            partial.append((change, after, left))
    for change, after, left in partial:
        further = next(repairs(after, left, faults, depth - 1), None) if depth > 1 else None
        if further is not None:
            yield _joined(change, further)


def _joined(one: Relaxation, other: Relaxation) -> Relaxation:
    """Both, as one change where they are of one kind."""
    rest = (replace(other, together=()), *other.together)
    together: list[Relaxation] = []
    for further in rest:
        if further.kind == one.kind and further.changes is not None and one.changes is not None:
            keys = sorted({*one.changes, *further.changes})
            one = replace(one, changes={key: one.changes.get(key, 0) + further.changes.get(key, 0) for key in keys})
        elif further.kind == one.kind == "unlock":
            one = replace(one, pairs=tuple(sorted({*one.pairs, *further.pairs})))
        else:
            together.append(further)
    return replace(one, together=(*one.together, *together))


def _candidates(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    """Changes of every kind that may help against the first fault (and all others of its nature)."""
    first = found[0]
    makers: Mapping[str, Callable[[Case, list[Diagnosis]], Iterator[Relaxation]]] = {
        "load_range": _for_load_range,
        "lock_conflict": _for_locks,
        "lock_load": _for_locks,
        "lock_demand": _for_locks,
        "capacity": _for_shortage,
        "hall_group": _for_shortage,
        "min_loads": _for_least_loads,
        "min_load_group": _for_least_loads,
        "rules": _for_rules,
    }
    yield from makers[first.kind](case, found)


def _for_load_range(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    excess = np.maximum(case.least - case.most, 0)
    yield Relaxation("lower_min_loads", _changes(excess))
    yield Relaxation("raise_loads", _changes(excess))


def _for_locks(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    first = found[0]
    if first.kind == "lock_conflict":
        yield Relaxation("allow", pairs=first.pairs)
    if first.kind == "lock_load":
        yield Relaxation("raise_loads", _changes(np.maximum(case.locks_of_experts - case.most, 0)))
    yield from _unlocking(case)


def _for_shortage(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    left = case.open()
    begun = cover(left.eligible, left.need, left.room)
    extra = _by_rules(case, "raise_loads")
    extra = _further_places(left) if extra is None else extra
    if extra.any():
        yield Relaxation("raise_loads", _changes(extra))
    unmet = eased(left.eligible, left.need, left.room)
    if any(fault.kind == "capacity" for fault in found):
        parts = [np.flatnonzero(left.need)]
    else:
        parts = groups(left.eligible, begun.tight, left.room)
    yield _new_experts(case, parts if len(parts) <= GROUPS else [np.sort(np.concatenate(parts))], unmet)
    fewer = _by_rules(case, "lower_demand")
    yield Relaxation("lower_demand", _changes(unmet if fewer is None else fewer))
    yield from _unlocking(case)


def _further_places(left: Open) -> Ints:
    """What the loads must rise by; a project that wants more than all its experts gets all of them."""
    need = np.minimum(left.need, left.eligible.row_counts(np.ones(len(left.room), np.bool_)))
    return lifted(left.eligible, need, left.room, cover(left.eligible, need, left.room))


def _new_experts(case: Case, parts: list[Ints], unmet: Ints) -> Relaxation:
    """New experts for each part, as many as take all that is unmet there, no one of them twice in one project."""
    taking = case.most[case.most > 0]
    room = max(1, int(np.median(taking))) if len(taking) else 1
    asked = []
    for part in parts:
        number = max(int(unmet[part].max()), -(-int(unmet[part].sum()) // min(room, len(part))))
        asked.append(Relaxation("add_experts", number=number, room=min(room, len(part)), projects=tuple(part.tolist())))
    return replace(asked[0], together=tuple(asked[1:]))


def _for_least_loads(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    left = case.open()
    fewer = _by_rules(case, "lower_min_loads")
    if fewer is None:
        fewer = eased(left.eligible.transposed(), left.floor, left.need)
    yield Relaxation("lower_min_loads", _changes(fewer))
    yield from _unlocking(case)


def _for_rules(case: Case, found: list[Diagnosis]) -> Iterator[Relaxation]:
    for code in dict.fromkeys(code for fault in found for code in fault.rules):
        gone = least_change(case, "drop_rule", rule=code)
        named = [fault.projects for fault in found if code in fault.rules]
        projects = named[0] if gone is None else tuple(np.flatnonzero(gone).tolist())
        yield Relaxation("drop_rule", rule=code, projects=projects)
    for kind in ("raise_loads", "lower_demand", "lower_min_loads"):
        amounts = least_change(case, kind)
        if amounts is not None and amounts.any():
            yield Relaxation(kind, _changes(amounts))
    yield from _unlocking(case)


def _by_rules(case: Case, kind: str) -> Ints | None:
    """The change that suits the rules too; None where there are none, or no such change is enough."""
    return least_change(case, kind) if case.ruled else None


def _unlocking(case: Case) -> Iterator[Relaxation]:
    """The fewest locks to release; where that is not enough alone, those that cannot be held anyway."""
    if not len(case.locks):
        return
    gone = least_change(case, "unlock", pairs=None if case.ruled else _flow_pool(case))
    if gone is None:
        gone = _hopeless(case)
    if gone.any():
        pairs = tuple((int(expert), int(project)) for expert, project in case.locks[gone > 0])
        yield Relaxation("unlock", pairs=pairs)


def _flow_pool(case: Case) -> Pool:
    """The pairs that a flow without locks needs, and the locks."""
    width = len(case.most)
    flow = cover(case.eligible, case.demand, case.most)
    turned = cover(case.eligible.transposed(), case.least, case.demand)
    keys = np.concatenate([flow.rows * width + flow.columns, turned.columns * width + turned.rows])
    locks = case.locks[:, 1] * width + case.locks[:, 0]
    keys = distinct(keys)
    keys = keys[~among(keys, distinct(locks))]
    projects, experts = np.append(keys // width, case.locks[:, 1]), np.append(keys % width, case.locks[:, 0])
    locked = np.arange(len(projects)) >= len(keys)
    return Pool(projects, experts, locked, case.eligible.has(projects, experts), False)


def _hopeless(case: Case) -> Ints:
    """Locks in conflict, and of those above a load or a demand the ones of smallest affinity."""
    order = np.lexsort((case.worth, case.eligible.has(case.locks[:, 1], case.locks[:, 0])))
    held_by, held_on, gone = case.locks_of_experts, case.locks_of_projects, np.zeros(len(order), np.int64)
    for lock in order.tolist():
        expert, project = case.locks[lock]
        over = held_by[expert] > case.most[expert] or held_on[project] > case.demand[project]
        if over or not case.eligible.has(case.locks[lock : lock + 1, 1], case.locks[lock : lock + 1, 0]).any():
            gone[lock] = 1
            held_by[expert] -= 1
            held_on[project] -= 1
    return gone


def _changes(amounts: Ints) -> dict[int, int]:
    return {int(index): int(amounts[index]) for index in np.flatnonzero(amounts)}
