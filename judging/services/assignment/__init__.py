"""Who judges what: draft plans, changes by hand, telling the experts, reminding them.

Everything here starts as a proposal that the expert cannot see; only :func:`notify_assignments` makes tasks of it.
"""

from judging.services.assignment.experts_notify import Times, Told, day_of, notify_assignments, remind_experts
from judging.services.assignment.plan_edit import (
    PlanOutdated,
    PlanRequest,
    Ticks,
    apply_plan,
    discard_plan,
    is_small,
    outdate_plan,
    plan_changes,
    request_plan,
    tick_pairs,
)
from judging.services.assignment.reminder_schedule import schedule_reminders
from judging.services.assignment.review_assign import (
    NoAdditionalNeeded,
    PairBarred,
    PairTaken,
    ReasonNeeded,
    Reassignment,
    add_additional_review,
    propose_review,
    reassign_review,
    remove_proposals,
    remove_review,
)
from judging.services.assignment.review_replace import ask_again, replace_refused
from judging.services.assignment.rules_change import change_assignment_rules

__all__ = [
    "NoAdditionalNeeded", "PairBarred", "PairTaken", "PlanOutdated", "PlanRequest", "ReasonNeeded", "Reassignment",
    "Ticks", "Times", "Told",
    "add_additional_review", "apply_plan", "ask_again", "change_assignment_rules", "day_of", "discard_plan", "is_small",
    "notify_assignments", "outdate_plan", "plan_changes", "propose_review", "reassign_review", "remind_experts",
    "remove_proposals", "remove_review", "replace_refused", "request_plan", "schedule_reminders", "tick_pairs",
]  # fmt: skip
