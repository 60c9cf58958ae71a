"""A contest from its first draft to its launch: create, edit, publish, extend, cancel."""

from judging.services.contests.contest_create import ContestTerms, create_contest
from judging.services.contests.contest_edit import change_general, change_rules, change_sheet
from judging.services.contests.contest_launch import (
    cancel_contest,
    extend_schedule,
    publication_faults,
    publication_warnings,
    publish_contest,
)
from judging.services.contests.nomination_edit import (
    NominationChange,
    NominationInUse,
    NoSuchNomination,
    add_nomination,
    change_nomination,
    move_nomination,
    remove_nomination,
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
    "NoSuchNomination",
    "NominationChange",
    "NominationInUse",
    "StageLink",
    "add_criterion",
    "add_nomination",
    "cancel_contest",
    "change_criterion",
    "change_general",
    "change_nomination",
    "change_rules",
    "change_sheet",
    "create_contest",
    "extend_schedule",
    "link_stage",
    "move_criterion",
    "move_nomination",
    "publication_faults",
    "publication_warnings",
    "publish_contest",
    "remove_criterion",
    "remove_nomination",
]  # fmt: skip
