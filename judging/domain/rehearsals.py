"""A rehearsal: the steps in which a trial is walked through, and which of them comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle import ContestStatus
from judging.domain.stages import Stage

APPLICATIONS, EXPERTS = 40, 20
"""How much a rehearsal fills in."""


class Step(StrEnum):
    """What a rehearsal does at one press."""

    ACCEPTANCE = "acceptance"
    CHECK = "check"
    ASSIGNMENT = "assignment"
    REVIEW = "review"
    FREEZE = "freeze"
    APPROVAL = "approval"
    RESULTS = "results"


STEP_LABELS: Mapping[Step, str] = {
    Step.ACCEPTANCE: N_("Acceptance: experts join, teams hand in"),
    Step.CHECK: N_("Formal check: acceptance ends, every application is decided on"),
    Step.ASSIGNMENT: N_("Assignment: a plan is made, applied, and the experts are told"),
    Step.REVIEW: N_("Review: sheets are filled in and handed in, the review ends"),
    Step.FREEZE: N_("The ranking is frozen"),
    Step.APPROVAL: N_("The ranking is approved"),
    Step.RESULTS: N_("The results are published, for the staff alone"),
}


class Until(StrEnum):
    """How far a rehearsal goes at one press."""

    NEXT = "next"
    END = "end"


@dataclass(frozen=True)
class State:
    """What a step depends on: counts of numbered and undecided applications, of tasks told and unfinished.

    ``divided``: applications whose reviews have diverged and that wait for one more expert.
    """

    status: ContestStatus
    stage: Stage
    received: int = 0
    undecided: int = 0
    told: int = 0
    unfinished: int = 0
    divided: int = 0


_BY_STATUS: Mapping[ContestStatus, Step | None] = {
    ContestStatus.DRAFT: Step.ACCEPTANCE,
    ContestStatus.RANKING_FROZEN: Step.APPROVAL,
    ContestStatus.APPROVED: Step.RESULTS,
    ContestStatus.RESULTS_PUBLISHED: None,
    ContestStatus.CANCELLED: None,
}


def next_step(state: State) -> Step | None:
    """Return what is to be done next, whoever did what went before; None where the contest is over."""
    if state.status in _BY_STATUS:
        return _BY_STATUS[state.status]
    if state.stage is Stage.UPCOMING or (state.stage is Stage.ACCEPTING and state.received < APPLICATIONS):
        return Step.ACCEPTANCE
    if state.stage is Stage.ACCEPTING or state.undecided:
        return Step.CHECK
    if not state.told:
        return Step.ASSIGNMENT
    if state.stage is Stage.REVIEW or state.unfinished or state.divided:
        return Step.REVIEW
    return Step.FREEZE


def done_steps(state: State) -> tuple[Step, ...]:
    """Return the steps that lie behind a contest in this state."""
    if state.status is ContestStatus.CANCELLED:
        return ()
    following = next_step(state)
    steps = tuple(Step)
    return steps if following is None else steps[: steps.index(following)]
