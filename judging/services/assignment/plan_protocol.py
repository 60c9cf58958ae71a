"""The protocol of a plan: everything it depends on and what came of it, so that anybody can compute it anew.

A protocol is a JSON document that names experts by e-mail and applications by registration number. Its input hash is
the SHA-256 of the canonical JSON of goal, seed, ``partial``, ``keep`` and input; the same input gives the same result,
to the letter, on every machine with the same version of the engine.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from judging.domain.distribution import Goal, GroupRule, input_digest
from judging.models import AssignmentPlan

FORMAT = "judging-assignment-protocol"
VERSION = 1
DECIMALS = 3
"""Of the certificate's bounds, which come from a solver of floating point numbers; matches are integers."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Question:
    """What a plan is asked for: ``document`` as ``situation.load_input`` makes it.

    ``partial``: as full as possible where no full plan exists; ``keep``: with as many present proposals as any plan.
    """

    document: Mapping[str, Any]
    goal: Goal
    seed: int
    partial: bool = False
    keep: bool = False

    @cached_property
    def digest(self) -> str:
        """The hash of everything that the plan depends on."""
        return input_digest(self.document, goal=self.goal.value, seed=self.seed, partial=self.partial, keep=self.keep)


@dataclass(frozen=True)
class Solved:
    """The engine's problem with its plan, or with its diagnosis where there is none."""

    problem: Any
    plan: Any = None
    diagnosis: Any = None

    @cached_property
    def fixed(self) -> Any:
        """The problem where the kept proposals stand: what explanations of the plan compare with."""
        return replace(self.problem, locked=(*self.problem.locked, *self.plan.changes.kept), previous=())


def solve_question(question: Question, progress: Progress | None = None) -> Solved:
    """Run the engine."""
    from judging.engines.assignment import Infeasible, plan

    problem = problem_of(question)
    try:
        return Solved(problem, plan=plan(problem, partial=question.partial, progress=progress))
    except Infeasible as impossible:
        return Solved(problem, diagnosis=impossible.diagnosis)


def problem_of(question: Question) -> Any:
    """The engine's problem of a question; raises ``LookupError``, ``TypeError`` or ``ValueError`` for no question.

    The present proposals bind the plan only where they are to be kept; whatever of them is not in it is shown as a
    removal, to be ticked.
    """
    import numpy as np

    from judging.engines.assignment import Problem

    document = question.document
    experts, applications = document["experts"], document["applications"]
    shape = (len(experts), len(applications))
    closed = np.zeros(shape, dtype=bool)
    for name in ("conflicts", "taken"):
        for expert, application in document[name]:
            closed[expert, application] = True
    return Problem(
        affinity=_affinity(document["affinity"], shape),
        conflicts=closed,
        demand=np.array([item["demand"] for item in applications], dtype=np.int64),
        min_load=np.array([item["min_load"] for item in experts], dtype=np.int64),
        max_load=np.array([item["max_load"] for item in experts], dtype=np.int64),
        locked=_pairs(document["locked"]),
        groups=_groups(document),
        forbidden=_forbidden(document),
        previous=_pairs(document["previous"]) if question.keep else (),
        goal=question.goal.value,
        seed=question.seed,
    )


def protocol_of(question: Question, solved: Solved, contest: str, now: datetime) -> dict[str, Any]:
    """The whole document."""
    from judging.engines.assignment import ENGINE_VERSION

    return {
        "format": FORMAT,
        "version": VERSION,
        "engine": ENGINE_VERSION,
        "contest": contest,
        "goal": question.goal.value,
        "seed": question.seed,
        "partial": question.partial,
        "keep": question.keep,
        "input": dict(question.document),
        "input_sha256": question.digest,
        "result": result_of(question.document, solved),
        "made_at": now.isoformat(timespec="seconds"),
    }


def result_of(document: Mapping[str, Any], solved: Solved) -> dict[str, Any]:
    """The plan or the diagnosis by e-mail and number."""
    emails, numbers = names_of(document)
    if solved.plan is None:
        return {"diagnosis": diagnosis_document(solved.diagnosis, emails, numbers)}
    plan, by_number = solved.plan, defaultdict(list)
    for expert, application in plan.pairs.tolist():
        by_number[numbers[application]].append(emails[expert])
    return {
        "pairs": {number: sorted(found) for number, found in sorted(by_number.items())},
        "missing": {numbers[place]: int(count) for place, count in sorted(plan.missing.items()) if count},
        "floor": round(plan.floor),
        "total": round(plan.total),
        "certificate": _certificate(plan.certificate),
    }


def question_of(protocol: Mapping[str, Any]) -> Question:
    """Read the question out of a protocol; raises ``KeyError`` or ``ValueError`` where it is none."""
    if protocol["format"] != FORMAT or protocol["version"] != VERSION:
        raise ValueError("another format")
    asked = {name: bool(protocol[name]) for name in ("partial", "keep")}
    return Question(protocol["input"], Goal(protocol["goal"]), int(protocol["seed"]), **asked)


def asked_of(plan: AssignmentPlan, document: Mapping[str, Any]) -> Question:
    """The question of a stored plan over ``document``."""
    return Question(document, Goal(plan.goal), plan.seed, plan.partial, plan.keep)


def diagnosis_document(diagnosis: Any, emails: Sequence[str], numbers: Sequence[str]) -> dict[str, Any]:
    """The engine's diagnosis by e-mail and number."""
    return {
        "kind": diagnosis.kind,
        "applications": [numbers[place] for place in diagnosis.projects],
        "experts": [emails[place] for place in diagnosis.experts],
        "short": int(diagnosis.short),
        "wanted": int(diagnosis.wanted),
        "places": int(diagnosis.places),
        "pairs": [[emails[expert], numbers[application]] for expert, application in diagnosis.pairs],
        "rules": list(diagnosis.rules),
        "relaxations": [_relaxation(one, emails, numbers) for one in diagnosis.relaxations],
        "others": [diagnosis_document(one, emails, numbers) for one in diagnosis.others],
    }


def names_of(document: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The e-mails and the numbers in the document's order."""
    return [item["email"] for item in document["experts"]], [item["number"] for item in document["applications"]]


def _relaxation(relaxation: Any, emails: Sequence[str], numbers: Sequence[str]) -> dict[str, Any]:
    names = numbers if relaxation.kind == "lower_demand" else emails
    return {
        "kind": relaxation.kind,
        "changes": {names[place]: int(count) for place, count in (relaxation.changes or {}).items()},
        "pairs": [[emails[expert], numbers[application]] for expert, application in relaxation.pairs],
        "applications": [numbers[place] for place in relaxation.projects],
        "number": int(relaxation.number),
        "room": int(relaxation.room),
        "rule": relaxation.rule,
        "verified": bool(relaxation.verified),
        "together": [_relaxation(one, emails, numbers) for one in relaxation.together],
    }


def _certificate(certificate: Any) -> dict[str, Any]:
    return {
        "floor_bound": _rounded(certificate.floor_bound),
        "total_bound": _rounded(certificate.total_bound),
        "optimal": bool(certificate.optimal),
        "moves": int(certificate.moves),
        "limit_reached": bool(certificate.limit_reached),
    }


def _rounded(bound: float | None) -> float | None:
    return None if bound is None else round(float(bound), DECIMALS) + 0.0


def _affinity(table: Mapping[str, Any], shape: tuple[int, int]) -> Any:
    import numpy as np

    if not all(shape):
        return np.zeros(shape)
    values = np.array(table["values"], dtype=np.float64)
    affinity = values[np.ix_(table["experts"], table["applications"])]
    if affinity.shape != shape:
        raise ValueError("the affinities do not fit the experts and the applications")
    return affinity


def _pairs(pairs: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(expert), int(application)) for expert, application in pairs)


def from_own_region(document: Mapping[str, Any]) -> Any:
    """Bool [experts × applications]: the expert is from a region of the application's."""
    import numpy as np

    experts, applications = document["experts"], document["applications"]
    own = np.zeros((len(experts), len(applications)), dtype=bool)
    by_region = defaultdict(list)
    for place, expert in enumerate(experts):
        by_region[expert["region"]].append(place)
    for place, application in enumerate(applications):
        for region in application["regions"]:
            own[by_region[region], place] = True
    return own


def _forbidden(document: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """Pairs of one region where the rules bar them; what stands already stands."""
    import numpy as np

    if not document["rules"]["own_region_barred"]:
        return ()
    own = from_own_region(document)
    for expert, application in document["locked"]:
        own[expert, application] = False
    return _pairs(np.argwhere(own).tolist())


def _groups(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """The rules on the experts of one application together."""
    import numpy as np

    rules, experts = document["rules"], document["experts"]
    found = []
    if rules["other_region_at_least"]:
        members = ~from_own_region(document)
        found.append(_at_least(document, GroupRule.OTHER_REGION, members, rules["other_region_at_least"]))
    if rules["methodologists_at_least"]:
        members = np.array([expert["methodologist"] for expert in experts], dtype=bool)
        found.append(_at_least(document, GroupRule.METHODOLOGIST, members, rules["methodologists_at_least"]))
    if rules["one_per_organisation"]:
        found += _organisations(document)
    return tuple(found)


def _at_least(document: Mapping[str, Any], rule: GroupRule, members: Any, least: int) -> Any:
    """The rule wherever the places that are still free could keep it; what stands already stands."""
    import numpy as np

    from judging.engines.assignment import GroupRule as Rule

    applications = document["applications"]
    free = np.array([item["demand"] for item in applications], dtype=np.int64)
    lacking = np.full(len(applications), least, dtype=np.int64)
    for expert, application in document["locked"]:
        free[application] -= 1
        lacking[application] -= members[expert] if members.ndim == 1 else members[expert, application]
    return Rule(rule.value, members, at_least=least, projects=free >= lacking)


def _organisations(document: Mapping[str, Any]) -> Iterable[Any]:
    """A rule for every employer of two experts or more, but not where standing tasks break it already."""
    import numpy as np

    from judging.engines.assignment import GroupRule as Rule

    experts, applications = document["experts"], document["applications"]
    employed = defaultdict(list)
    for place, expert in enumerate(experts):
        if expert["organisation"]:
            employed[expert["organisation"]].append(place)
    for inn, places in sorted(employed.items()):
        if len(places) < 2:
            continue
        members = np.zeros(len(experts), dtype=bool)
        members[places] = True
        standing = np.zeros(len(applications), dtype=np.int64)
        for expert, application in document["locked"]:
            standing[application] += members[expert]
        yield Rule(f"{GroupRule.ORGANISATION.value}:{inn}", members, at_most=1, projects=standing <= 1)
