"""Reading draft plans: the open one of a contest, its figures, both of its sides a page at a time, and its causes."""

from judging.queries.assignment.plans.causes import diagnosis_messages, insight_messages, relaxation_messages
from judging.queries.assignment.plans.loads import PlanLoad, load_page
from judging.queries.assignment.plans.open import PlanTotals, assignment_rules, current_plan, plan_totals
from judging.queries.assignment.plans.pairs import PlanPair
from judging.queries.assignment.plans.rows import PlanRow, plan_page

__all__ = [
    "PlanLoad", "PlanPair", "PlanRow", "PlanTotals", "assignment_rules", "current_plan", "diagnosis_messages",
    "insight_messages", "load_page", "plan_page", "plan_totals", "relaxation_messages",
]  # fmt: skip
