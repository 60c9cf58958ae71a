"""What each status of a contest allows, written by hand beside the table of gates."""

import pytest

from judging.domain.gates import CLOSED, Act, GateClosed, closed, is_open, require
from judging.domain.lifecycle import ContestStatus, NotPossible

OPEN = {
    Act.EDIT_RULES: {"draft"},
    Act.MOVE_DATES: {"published"},
    Act.PLAN_MILESTONES: {"draft", "published", "ranking_frozen", "approved", "results_published"},
    Act.SET_SOFT_DEADLINE: {"draft", "published"},
    Act.APPLY: {"published"},
    Act.WITHDRAW: {"published"},
    Act.DECIDE: {"published"},
    Act.DECIDE_BY_PANEL: {"published"},
    Act.CHANGE_AGREEMENTS: {"draft", "published"},
    Act.CHANGE_PUBLIC_PAGE: {"draft", "published", "ranking_frozen", "approved", "results_published"},
    Act.CHANGE_VISIBILITY: {"draft", "published"},
    Act.FORCE_AGREEMENTS: {"published"},
    Act.CHANGE_EXPERTS: {"draft", "published"},
    Act.CHANGE_CONFLICTS: {"draft", "published"},
    Act.ASSIGN: {"published"},
    Act.REVIEW: {"published"},
    Act.NAME_LEAD: {"published"},
    Act.AGREE_ON_SCORE: {"published"},
    Act.DISCUSS: {"published", "ranking_frozen"},
    Act.SET_DISCUSSION: {"draft", "published", "ranking_frozen"},
}


def test_each_act_is_open_in_these_statuses_and_no_others() -> None:
    found = {act: {status.value for status in ContestStatus if is_open(act, status)} for act in Act}
    assert found == OPEN


def test_a_closed_gate_says_why_and_is_no_error() -> None:
    with pytest.raises(NotPossible) as told:
        require(Act.CHANGE_EXPERTS, "ranking_frozen")
    assert isinstance(told.value, GateClosed)
    assert (told.value.act, str(told.value)) == (
        Act.CHANGE_EXPERTS, "The ranking is frozen. To change anything here, unfreeze it first.",
    )  # fmt: skip
    require(Act.CHANGE_EXPERTS, "draft")
    assert closed(Act.REVIEW, "published") is None


def test_nobody_is_told_that_a_cancelled_contest_is_frozen_over_experts_conflicts_and_reviews() -> None:
    said = {CLOSED[act][ContestStatus.CANCELLED] for act in (Act.CHANGE_EXPERTS, Act.CHANGE_CONFLICTS, Act.REVIEW)}
    assert said == {
        "The contest is cancelled: nothing in it can be changed any more.",
        "The contest is cancelled: reviews are no longer accepted.",
    }
