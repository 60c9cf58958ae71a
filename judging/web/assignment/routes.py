"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.assignment import (
    pages_board,
    pages_divergence,
    pages_heat_map,
    pages_hints,
    pages_letters,
    pages_plan,
    pages_plan_ticks,
    pages_proposals,
    pages_refusals,
    pages_reminders,
    pages_replacement,
    pages_rules,
)
from judging.web.assignment.blueprint import blueprint

__all__ = [
    "blueprint",
    "pages_board",
    "pages_divergence",
    "pages_heat_map",
    "pages_hints",
    "pages_letters",
    "pages_plan",
    "pages_plan_ticks",
    "pages_proposals",
    "pages_refusals",
    "pages_reminders",
    "pages_replacement",
    "pages_rules",
]
