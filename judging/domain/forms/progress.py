"""How far a section of an application is."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_


class Progress(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


PROGRESS_LABELS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Section not started"),
    Progress.IN_PROGRESS: N_("Section in progress"),
    Progress.DONE: N_("Section complete"),
}
