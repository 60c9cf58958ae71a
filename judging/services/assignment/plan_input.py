"""The input of a plan: the contest as the document that its protocol begins with, read in one short transaction.

Experts are sorted by e-mail and applications by number; a pair is [place of the expert, place of the application] in
these lists. Nothing of the marks is read: a plan is blind to what others have judged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from judging.domain.affinity import BREADTH, WEIGHTS, MatchLevel, ancestors
from judging.domain.distribution import DistributionRules, PlanKind
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.models import Application, Cluster, Contest, Expert, Organisation, Review
from judging.queries.assignment import places
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.plans import assignment_rules
from judging.queries.conflicts import barred_pairs
from judging.queries.contests import rules_of

Pair = tuple[int, int]
"""(expert id, application id)."""


@dataclass(frozen=True)
class Situation:
    """The input document, and what leads back from it to the tables.

    ``experts`` and ``applications`` are ids in the document's order, ``expert_topics`` and ``application_topics`` what
    the affinities come from. ``orphans`` are proposals that nothing can come of: {(expert id, application id): why},
    ``conflict`` or ``not_admitted``.
    """

    document: Mapping[str, Any]
    experts: tuple[int, ...]
    applications: tuple[int, ...]
    expert_topics: tuple[tuple[str, ...], ...]
    application_topics: tuple[tuple[str, ...], ...]
    orphans: Mapping[Pair, str]


@dataclass(frozen=True)
class _Sorted:
    """Every review of an admitted application by what it means for a plan.

    ``bound`` counts an expert's tasks outside the plan, ``held`` those inside that stand, ``standing`` an
    application's.
    """

    conflicts: frozenset[Pair]
    taken: frozenset[Pair]
    locked: frozenset[Pair]
    previous: frozenset[Pair]
    bound: Counter[int]

    @cached_property
    def held(self) -> Counter[int]:
        return Counter(expert_id for expert_id, _ in self.locked)

    @cached_property
    def standing(self) -> Counter[int]:
        return Counter(application_id for _, application_id in self.locked)


def load_input(session: Session, contest: Contest, kind: PlanKind, only: int | None = None) -> Situation:
    """Read the contest: a constant number of selects, whatever its size. ``only``: for this application alone."""
    rules = assignment_rules(session, contest.id)
    experts, projects = _experts(session, contest.id), _projects(session, contest.id)
    if kind is PlanKind.ADDITIONAL:
        diverged = {item.id for item in divergences(session, contest.id) if item.open}
        projects = [project for project in projects if project.id in diverged and only in (None, project.id)]
    tasks = _sorted(session, contest.id, kind, {project.id for project in projects})
    rows = {expert.id: place for place, expert in enumerate(experts)}
    columns = {project.id: place for place, project in enumerate(projects)}
    return Situation(
        document={
            "kind": kind.value,
            "rules": rules_document(rules),
            "experts": [_expert(expert, tasks, rules, kind) for expert in experts],
            "applications": _applications(projects, tasks, kind, rules_of(contest).experts_per_application),
            "affinity": _affinity([tuple(e.topics) for e in experts], [tuple(p.topics) for p in projects]),
            **{
                name: sorted([rows[e], columns[a]] for e, a in getattr(tasks, name) if e in rows and a in columns)
                for name in ("conflicts", "taken", "locked", "previous")
            },
        },
        experts=tuple(rows),
        applications=tuple(columns),
        expert_topics=tuple(tuple(expert.topics) for expert in experts),
        application_topics=tuple(tuple(project.topics) for project in projects),
        orphans=_orphans(session, contest.id) if kind is PlanKind.REGULAR else {},
    )


def _experts(session: Session, contest_id: int) -> list[Any]:
    query = (
        select(Expert.id, Expert.email, Expert.region, Expert.topics, Expert.max_load, Expert.methodologist,
               Expert.declined_at,
               Organisation.inn)
        .outerjoin(Organisation, Organisation.id == Expert.organisation_id)
        .where(Expert.contest_id == contest_id)
    )  # fmt: skip
    return sorted(session.execute(query), key=lambda row: row.email)


def _projects(session: Session, contest_id: int) -> list[Any]:
    initiator = aliased(Organisation)
    query = (
        select(Application.id, Application.number, Application.topics, Cluster.region,
               initiator.region.label("initiator_region"))
        .join(Cluster, Cluster.id == Application.cluster_id)
        .outerjoin(initiator, initiator.id == Application.initiator_id)
        .where(places.admitted(contest_id))
    )  # fmt: skip
    return sorted(session.execute(query), key=lambda row: row.number)


def _sorted(session: Session, contest_id: int, kind: PlanKind, wanted: set[int]) -> _Sorted:
    """``wanted`` are the applications of the plan; tasks on all others only bind their experts."""
    conflicts = barred_pairs(session, contest_id)
    tasks = places.tasks(session, contest_id)
    locked, previous, taken, bound = set(), set(), set(), Counter[int]()
    for task in tasks:
        pair = (task.expert_id, task.application_id)
        occupied = task.status in OCCUPIED
        if kind is PlanKind.REGULAR and task.status is ReviewStatus.PROPOSED and not task.additional:
            previous.update({pair} - conflicts)
        elif occupied and _fills(task, kind) and pair not in conflicts and task.application_id in wanted:
            locked.add(pair)
        else:
            taken.add(pair)
            bound[task.expert_id] += occupied
    return _Sorted(conflicts, frozenset(taken - conflicts), frozenset(locked), frozenset(previous), bound)


def _fills(task: places.PresentTask, kind: PlanKind) -> bool:
    """Whether a task is one of those among which the plan's experts will be."""
    return (kind is PlanKind.ADDITIONAL or not task.additional) and not task.set_aside


def _expert(expert: Any, tasks: _Sorted, rules: DistributionRules, kind: PlanKind) -> dict[str, Any]:
    most = max(expert.max_load - tasks.bound[expert.id], tasks.held[expert.id])
    if expert.declined_at is not None:
        most = tasks.held[expert.id]  # what stands may stay, and nothing comes
    least = max(0, rules.min_load - tasks.bound[expert.id]) if kind is PlanKind.REGULAR else 0
    return {
        "email": expert.email,
        "region": expert.region,
        "organisation": expert.inn,
        "methodologist": bool(expert.methodologist),
        "min_load": min(least, most),
        "max_load": most,
    }


def _applications(projects: Sequence[Any], tasks: _Sorted, kind: PlanKind, wanted: int) -> list[dict[str, Any]]:
    standing = tasks.standing
    return [
        {
            "number": project.number,
            "regions": sorted({project.region, project.initiator_region} - {None}),
            "demand": standing[project.id] + 1 if kind is PlanKind.ADDITIONAL else max(wanted, standing[project.id]),
        }
        for project in projects
    ]


def rules_document(rules: DistributionRules) -> dict[str, Any]:
    """The rules that a plan obeys, as its protocol has them."""
    return {
        "own_region_barred": rules.own_region_barred,
        "other_region_at_least": rules.other_region_at_least,
        "one_per_organisation": rules.one_per_organisation,
        "methodologists_at_least": rules.methodologists_at_least,
    }


def _affinity(experts: Sequence[tuple[str, ...]], projects: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """The matches as a small table: equal rows and equal columns are written once, in the order they first appear."""
    rows, columns = list(dict.fromkeys(experts)), list(dict.fromkeys(projects))
    table = match_table(rows, columns)
    by_row, kept_rows = _numbered(table)
    by_column, kept_columns = _numbered(table[kept_rows].T.copy())
    row, column = dict(zip(rows, by_row, strict=True)), dict(zip(columns, by_column, strict=True))
    return {
        "values": table[kept_rows][:, kept_columns].tolist(),
        "experts": [row[topics] for topics in experts],
        "applications": [column[topics] for topics in projects],
    }


def match_table(experts: Sequence[tuple[str, ...]], projects: Sequence[tuple[str, ...]]) -> Any:
    """``affinity_of(expert, project).value`` for all of them at once: int64 [experts × projects]."""
    import numpy as np

    own = {code: place for place, code in enumerate(sorted({code for topics in experts for code in topics}))}
    theirs = {code: place for place, code in enumerate(sorted({code for topics in projects for code in topics}))}
    weights = _code_weights(list(own), list(theirs))
    nearest = np.zeros((len(experts), len(theirs)), dtype=np.int64)
    for place, topics in enumerate(experts):
        if topics:
            nearest[place] = weights[[own[code] for code in topics]].max(axis=0, initial=0)
    by_code, turned = np.ascontiguousarray(nearest.T), np.zeros((len(projects), len(experts)), dtype=np.int64)
    for place, topics in enumerate(projects):
        if topics:
            parts = by_code[[theirs[code] for code in topics]]
            turned[place] = parts.max(axis=0) + parts.sum(axis=0) // (BREADTH * len(topics))
    return np.ascontiguousarray(turned.T)


def _code_weights(own: Sequence[str], theirs: Sequence[str]) -> Any:
    """``WEIGHTS[level_between(mine, code)]`` for all pairs of codes: int64 [own × theirs]."""
    import numpy as np

    weights = np.zeros((len(own), len(theirs)), dtype=np.int64)
    mine, other = [ancestors(code) for code in own], [ancestors(code) for code in theirs]
    for level in sorted(set(MatchLevel) - {MatchLevel.NONE}):
        left = np.array([nodes.get(level, "-") for nodes in mine], dtype=str)
        right = np.array([nodes.get(level, "+") for nodes in other], dtype=str)
        weights[left[:, None] == right[None, :]] = WEIGHTS[level]
    return weights


def _numbered(rows: Any) -> tuple[list[int], list[int]]:
    """For every row the number of its kind, and for every kind, as they first appear, the place of its first row."""
    numbers: dict[bytes, int] = {}
    first: list[int] = []
    found = []
    for place, row in enumerate(rows):
        number = numbers.setdefault(row.tobytes(), len(numbers))
        if number == len(first):
            first.append(place)
        found.append(number)
    return found, first


def _orphans(session: Session, contest_id: int) -> Mapping[Pair, str]:
    """Proposals on applications that are no longer admitted, or in conflict; additional ones too."""
    query = (
        select(Review.expert_id, Review.application_id, places.admitted(contest_id).label("admitted"),
               places.in_conflict().label("barred"))
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Review.status == ReviewStatus.PROPOSED)
    )  # fmt: skip
    return {
        (row.expert_id, row.application_id): "conflict" if row.admitted else "not_admitted"
        for row in session.execute(query)
        if row.barred or not row.admitted
    }
