"""A contest from its first draft to its launch: create, edit, publish, extend, cancel."""

from judging.services.contests.contest_create import ContestTerms, create_contest
from judging.services.contests.contest_edit import change_general, change_rules
from judging.services.contests.contest_launch import (
    cancel_contest,
    extend_schedule,
    publication_faults,
    publication_warnings,
    publish_contest,
)
from judging.services.contests.rubric_edit import (
    CriterionChange,
    CriterionTexts,
    add_criterion,
    change_criterion,
    move_criterion,
    remove_criterion,
)
from judging.services.contests.stage_link import StageLink, link_stage

__all__ = [
    "ContestTerms",
    "CriterionChange",
    "CriterionTexts",
    "StageLink",
    "add_criterion",
    "cancel_contest",
    "change_criterion",
    "change_general",
    "change_rules",
    "create_contest",
    "extend_schedule",
    "link_stage",
    "move_criterion",
    "publication_faults",
    "publication_warnings",
    "publish_contest",
    "remove_criterion",
]  # fmt: skip
