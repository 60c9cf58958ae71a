"""Working a plan out: from the situation to everything that is stored of it. No database, no clock.

It takes seconds to minutes for a large contest, so it runs outside any transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from typing import Any

from judging.domain.affinity import affinity_of
from judging.domain.distribution import Change, GroupRule
from judging.domain.lifecycle import Action
from judging.services.assignment.plan_input import Situation
from judging.services.assignment.plan_protocol import (
    Progress,
    Question,
    Solved,
    diagnosis_document,
    from_own_region,
    names_of,
    protocol_of,
    solve_question,
)

PASSED_OVER = 3
"""How many experts not chosen are explained an application."""
WORST = 20
FIELDS, FEW_FIELDS = 5, 2
INSIGHTS = 5
"""Of the fields of so many worst served applications so many are tried (each is a plan of its own, so fewer where one
takes long), and so many of the best are kept."""
QUICK_PAIRS = 100_000
"""Contests of so many pairs of experts and applications are planned in a moment."""


@dataclass(frozen=True)
class Served:
    """An application as :class:`judging.models.PlannedApplication` stores it."""

    application_id: int
    demand: int
    standing: int
    filled: int
    score: int
    passed_over: list[dict[str, Any]]


@dataclass(frozen=True)
class Proposed:
    """A pair as :class:`judging.models.PlannedPair` stores it."""

    expert_id: int
    application_id: int
    change: Change
    affinity: int
    parts: list[list[Any]]
    reasons: dict[str, Any]


@dataclass(frozen=True)
class Computed:
    """All that came of a plan; ``action`` leads to its status."""

    action: Action
    digest: str
    protocol: dict[str, Any]
    diagnosis: dict[str, Any] | None
    insights: dict[str, Any] | None
    served: tuple[Served, ...] = ()
    pairs: tuple[Proposed, ...] = ()


def compute(
    situation: Situation, question: Question, *, contest: str, now: datetime, progress: Progress | None = None
) -> Computed:
    """Work the plan out; ``progress(done, of)`` is called between its phases and may raise to stop it."""
    steps = _Steps(progress)
    solved = solve_question(question, steps.engine)
    protocol = protocol_of(question, solved, contest, now)
    if solved.plan is None:
        return Computed(
            Action.FIND_IMPOSSIBLE, question.digest, protocol, diagnosis=protocol["result"]["diagnosis"], insights=None
        )
    steps.further()
    served = tuple(_served(situation, solved))
    steps.further()
    pairs = (*_proposed(situation, solved, question), *_orphans(situation))
    added = sum(pair.change is Change.ADD for pair in pairs)
    insights = {"experts": _insights(situation, solved), "added": added, **_figures(protocol)}
    return Computed(
        Action.FINISH,
        question.digest,
        protocol,
        diagnosis=_diagnosis_of_partial(situation, solved),
        insights=insights,
        served=(*served, *_served_orphans(situation)),
        pairs=pairs,
    )


class _Steps:
    """Progress over the engine's phases and the two of explaining."""

    def __init__(self, progress: Progress | None) -> None:
        self.report = progress or (lambda done, of: None)
        self.done, self.phases = 0, 1

    def engine(self, done: int, of: int) -> None:
        self.done, self.phases = done, of
        self.report(done, of + 2)

    def further(self) -> None:
        self.done = max(self.done, self.phases - 1) + 1
        self.report(self.done, self.phases + 2)


def _figures(protocol: Mapping[str, Any]) -> dict[str, Any]:
    result = protocol["result"]
    return {"floor": result["floor"], "total": result["total"], "certificate": result["certificate"]}


def _diagnosis_of_partial(situation: Situation, solved: Solved) -> dict[str, Any] | None:
    """Why a partial plan could not be a full one."""
    if not any(solved.plan.missing.values()):
        return None
    from judging.engines.assignment.diagnosis import diagnose

    found = diagnose(solved.problem)
    return None if found is None else diagnosis_document(found, *names_of(situation.document))


def _served(situation: Situation, solved: Solved) -> Iterable[Served]:
    from judging.engines.assignment.explaining import why_not_all

    document, plan = situation.document, solved.plan
    names = names_of(document)
    filled = Counter(plan.pairs[:, 1].tolist())
    standing = Counter(application for _, application in document["locked"])
    barred = _Barred(document)
    found = why_not_all(solved.fixed, plan, most=PASSED_OVER)
    for place, (item, obstacles) in enumerate(zip(document["applications"], found, strict=True)):
        yield Served(
            application_id=situation.applications[place],
            demand=item["demand"],
            standing=standing[place],
            filled=filled[place],
            score=round(float(plan.scores[place])),
            passed_over=[_obstacle(names, barred, place, one) for one in obstacles],
        )


class _Barred:
    """Why a pair that the engine only knows as closed is closed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.conflicts = {tuple(pair) for pair in document["conflicts"]}
        self.taken = {tuple(pair) for pair in document["taken"]}

    def kind(self, expert: int, application: int, kind: str) -> str:
        if (expert, application) in self.conflicts:
            return "conflict"
        if (expert, application) in self.taken:
            return "taken"
        return GroupRule.OWN_REGION.value if kind in ("conflict", "forbidden") else kind


def _obstacle(
    names: tuple[Sequence[str], Sequence[str]], barred: _Barred, application: int, found: Any
) -> dict[str, Any]:
    emails, numbers = names
    return {
        "expert": emails[found.expert],
        "affinity": round(float(found.affinity)),
        "kind": barred.kind(int(found.expert), application, found.kind),
        "rule": found.rule,
        "loss": None if found.loss is None else round(float(found.loss)),
        "applications": [numbers[place] for place in found.projects],
    }


def _proposed(situation: Situation, solved: Solved, question: Question) -> Iterable[Proposed]:
    document = situation.document
    locked = {tuple(pair) for pair in document["locked"]}
    previous = {tuple(pair) for pair in document["previous"]}
    planned = {(int(expert), int(application)) for expert, application in solved.plan.pairs.tolist()} - locked
    reasons = _Reasons(document)
    for pair in sorted(planned | previous, key=lambda pair: (pair[1], pair[0])):
        if pair not in planned:
            yield _pair(situation, pair, Change.REMOVE, {"why": "not_kept" if question.keep else "replaced"})
        else:
            yield _pair(situation, pair, Change.KEEP if pair in previous else Change.ADD, reasons.of(*pair))


def _pair(situation: Situation, pair: tuple[int, int], change: Change, reasons: dict[str, Any]) -> Proposed:
    expert, application = pair
    found = affinity_of(situation.expert_topics[expert], situation.application_topics[application])
    return Proposed(
        expert_id=situation.experts[expert],
        application_id=situation.applications[application],
        change=change,
        affinity=found.value,
        parts=[[part.application_code, part.expert_code, part.level.value] for part in found.parts],
        reasons=reasons,
    )


def _orphans(situation: Situation) -> Iterable[Proposed]:
    for (expert_id, application_id), why in sorted(situation.orphans.items()):
        yield Proposed(expert_id, application_id, Change.REMOVE, 0, [], {"why": why})


def _served_orphans(situation: Situation) -> Iterable[Served]:
    """Applications that are no longer admitted but have proposals still."""
    known = set(situation.applications)
    return [Served(key, 0, 0, 0, 0, []) for key in sorted({pair[1] for pair in situation.orphans} - known)]


class _Reasons:
    """Which rules of the contest a pair helps to keep."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.own = from_own_region(document)

    def of(self, expert: int, application: int) -> dict[str, Any]:
        rules, card = self.document["rules"], self.document["experts"][expert]
        elsewhere = not self.own[expert, application]
        kept = {
            GroupRule.OWN_REGION: rules["own_region_barred"] and elsewhere,
            GroupRule.OTHER_REGION: rules["other_region_at_least"] and elsewhere,
            GroupRule.ORGANISATION: rules["one_per_organisation"] and card["organisation"],
            GroupRule.METHODOLOGIST: rules["methodologists_at_least"] and card["methodologist"],
        }
        return {"rules": [rule.value for rule, holds in kept.items() if holds]}


def _insights(situation: Situation, solved: Solved) -> list[dict[str, Any]]:
    """What one more expert of a field would give, for the fields of the worst served applications.

    Where places are left empty nothing is said: the diagnosis names who is lacking.
    """
    import numpy as np

    from judging.engines.assignment.explaining import value_of_expert

    if any(solved.plan.missing.values()):
        return []
    room = median_low([item["max_load"] for item in situation.document["experts"]] or [1])
    number = FIELDS if len(situation.experts) * len(situation.applications) <= QUICK_PAIRS else FEW_FIELDS
    found = []
    for code in _poor_fields(situation, solved.plan.scores)[:number]:
        row = [affinity_of([code], topics).value for topics in situation.application_topics]
        gain = value_of_expert(solved.fixed, solved.plan, np.array(row, dtype=np.float64), max(1, room))
        found.append({"code": code, "room": max(1, room), "floor": round(gain.floor), "total": round(gain.total)})
    useful = [item for item in found if item["floor"] > 0 or item["total"] > 0]
    return sorted(useful, key=lambda item: (-item["floor"], -item["total"], item["code"]))[:INSIGHTS]


def _poor_fields(situation: Situation, scores: Sequence[float]) -> list[str]:
    """The topics of the worst served applications, those of the worst first."""
    worst = sorted(range(len(situation.applications)), key=lambda place: (float(scores[place]), place))[:WORST]
    counts: defaultdict[str, int] = defaultdict(int)
    for place in worst:
        for code in situation.application_topics[place]:
            counts[code] += 1
    return sorted(counts, key=lambda code: (-counts[code], code))
