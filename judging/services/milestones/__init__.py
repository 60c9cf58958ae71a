"""Milestones of a contest and more time for one: plan, note by hand, grant and take back."""

from judging.services.milestones.extensions import ExtensionRequest, extend_application, extend_expert, revoke_extension
from judging.services.milestones.milestone_by_hand import come_by_hand, take_back_by_hand
from judging.services.milestones.milestone_edit import MilestonePlan, remove_milestone, set_milestone

__all__ = [
    "ExtensionRequest", "MilestonePlan", "come_by_hand", "extend_application", "extend_expert", "remove_milestone",
    "revoke_extension", "set_milestone", "take_back_by_hand",
]  # fmt: skip
