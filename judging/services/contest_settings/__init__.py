"""What was decided of a contest, as a whole: begun with for another year, and put in force from a file."""

from judging.services.contest_settings.contest_copy import ContestCopy, copied_staff, copy_contest
from judging.services.contest_settings.settings_apply import (
    Assessment,
    SettingsChange,
    SettingsRefused,
    apply_settings,
    assess_settings,
)

__all__ = [
    "Assessment", "ContestCopy", "SettingsChange", "SettingsRefused", "apply_settings", "assess_settings",
    "copied_staff", "copy_contest",
]  # fmt: skip
