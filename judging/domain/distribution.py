"""The rules by which a contest distributes applications among experts, and what a plan is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from judging.domain.canonical import digest
from judging.domain.errors import N_, Fault

GREATEST_SEED = 2**31 - 1
GREATEST_LEAST_LOAD = 1000


class Goal(StrEnum):
    """What the best plan is: see :data:`GOAL_HINTS`."""

    TOTAL = "total"
    FAIR = "fair"
    LEXIMIN = "leximin"


class PlanKind(StrEnum):
    """Whom a plan looks for: the experts of every application, or one more where the reviews have diverged."""

    REGULAR = "regular"
    ADDITIONAL = "additional"


class QueueOrder(StrEnum):
    """In which order experts are led from one application to the next; see :mod:`judging.domain.queue_order`."""

    FIXED = "fixed"
    FAIR = "fair"


class AdditionalCall(StrEnum):
    """What the system does where reviews diverge: propose the additional expert to the secretary, or assign them."""

    PROPOSE = "propose"
    ASSIGN = "assign"


class Change(StrEnum):
    """What a plan does with a pair; a kept one is there already."""

    ADD = "add"
    KEEP = "keep"
    REMOVE = "remove"


class GroupRule(StrEnum):
    """The rules on the experts of one application together, as diagnoses and explanations name them."""

    OWN_REGION = "own_region"
    OTHER_REGION = "other_region"
    ORGANISATION = "organisation"
    METHODOLOGIST = "methodologist"


ADDITIONAL_CALL_LABELS: Mapping[AdditionalCall, str] = {
    AdditionalCall.PROPOSE: N_("Propose to the secretary"),
    AdditionalCall.ASSIGN: N_("Assign and notify by itself"),
}

ADDITIONAL_CALL_HINTS: Mapping[AdditionalCall, str] = {
    AdditionalCall.PROPOSE: N_("The expert hears of it after the secretary has confirmed the choice."),
    AdditionalCall.ASSIGN: N_("The expert gets the task and a letter at once; the secretary sees it in the list."),
}

GOAL_LABELS: Mapping[Goal, str] = {
    Goal.TOTAL: N_("The greatest total match"),
    Goal.FAIR: N_("The worst served application first"),
    Goal.LEXIMIN: N_("The worst, then the second worst, and so on"),
}

GOAL_HINTS: Mapping[Goal, str] = {
    Goal.TOTAL: N_("The sum of the matches of all pairs is as great as can be; single applications may fare badly."),
    Goal.FAIR: N_("No application has less than it must; of such plans the one with the greatest total match."),
    Goal.LEXIMIN: N_("As just as can be, application by application; the total match may be a little smaller."),
}

QUEUE_LABELS: Mapping[QueueOrder, str] = {
    QueueOrder.FIXED: N_("By deadline, then by number"),
    QueueOrder.FAIR: N_("Fair: applications with the fewest reviews first"),
}

QUEUE_HINTS: Mapping[QueueOrder, str] = {
    QueueOrder.FIXED: N_("Every expert goes through the applications in the same order, that of the list."),
    QueueOrder.FAIR: N_(
        "Applications with the fewest submitted reviews come first; among equals by lot, which the number above "
        "decides; a nomination is kept together. So no application is always the last one."
    ),
}

CHANGE_LABELS: Mapping[Change, str] = {
    Change.ADD: N_("will be added"),
    Change.KEEP: N_("stays"),
    Change.REMOVE: N_("will be removed"),
}

RULE_LABELS: Mapping[GroupRule, str] = {
    GroupRule.OWN_REGION: N_("no expert from the applicant's region"),
    GroupRule.OTHER_REGION: N_("experts from another region"),
    GroupRule.ORGANISATION: N_("no two experts of one organisation"),
    GroupRule.METHODOLOGIST: N_("methodologists among the experts"),
}


@dataclass(frozen=True)
class DistributionRules:
    """The rules of one contest; these defaults hold until the staff change them (``version`` 0: never changed).

    ``own_region_barred``: no expert from a region of the application's cluster or initiator; ``other_region_at_least``
    so many experts from other regions than these; ``one_per_organisation``: no two experts of one employer on an
    application; ``methodologists_at_least`` so many methodologists an application; ``min_load`` applications at least
    for every expert; ``seed`` orders what is equal; ``queue``: the order in which experts are led on. ``additional``:
    what follows by itself where reviews diverge.
    """

    goal: Goal = Goal.FAIR
    own_region_barred: bool = False
    other_region_at_least: int = 0
    one_per_organisation: bool = False
    methodologists_at_least: int = 0
    min_load: int = 0
    seed: int = 0
    version: int = 0
    queue: QueueOrder = QueueOrder.FIXED
    additional: AdditionalCall = AdditionalCall.PROPOSE


def input_digest(document: Mapping[str, Any], *, goal: str, seed: int, partial: bool, keep: bool) -> str:
    """Return the hash of everything that a plan depends on: ``document`` is the input of its protocol."""
    return digest({"goal": goal, "seed": seed, "partial": partial, "keep": keep, "input": document})


def distribution_faults(rules: DistributionRules, experts_per_application: int) -> tuple[Fault, ...]:
    """Name everything that is wrong with ``rules``; the paths are names of its fields."""
    return tuple(_faults(rules, experts_per_application))


def _faults(rules: DistributionRules, experts_per_application: int) -> Iterator[Fault]:
    limits = {
        "other_region_at_least": experts_per_application,
        "methodologists_at_least": experts_per_application,
        "min_load": GREATEST_LEAST_LOAD,
        "seed": GREATEST_SEED,
    }
    for field, limit in limits.items():
        if not 0 <= getattr(rules, field) <= limit:
            yield Fault(field, N_("From 0 to %(limit)s"), {"limit": limit})
