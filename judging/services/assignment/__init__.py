"""Who judges what: the automatic plan, changes by hand, telling the experts, reminding them.

Everything here starts as a proposal that the expert cannot see; only :func:`notify_assignments` makes tasks of it.
"""

from judging.services.assignment.changes import (
    NoAdditionalNeeded,
    PairBarred,
    PairTaken,
    ReasonNeeded,
    add_additional_review,
    propose_review,
    reassign_review,
    remove_proposals,
    remove_review,
)
from judging.services.assignment.doors import AssignmentClosed
from judging.services.assignment.notices import Told, day_of, notify_assignments, remind_experts
from judging.services.assignment.planning import Outcome, Unfilled, plan_assignment

__all__ = [
    "AssignmentClosed", "NoAdditionalNeeded", "Outcome", "PairBarred", "PairTaken", "ReasonNeeded", "Told",
    "Unfilled", "add_additional_review", "day_of", "notify_assignments", "plan_assignment", "propose_review",
    "reassign_review", "remind_experts", "remove_proposals", "remove_review",
]  # fmt: skip
