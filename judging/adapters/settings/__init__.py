"""The settings of a contest as a file, ``contest-settings`` version 1: read strictly, written in the one way."""

from judging.adapters.settings.reading import LARGEST, read_settings
from judging.adapters.settings.writing import criterion_settings, dump_settings, settings_object

__all__ = ["LARGEST", "criterion_settings", "dump_settings", "read_settings", "settings_object"]
