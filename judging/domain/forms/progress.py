"""How far a section of an application is."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_


class Progress(StrEnum):
    """How far a section is.

    BLOCKED: something else has to be filled in first; CHANGES_REQUESTED: it was given back, and not saved since.
    """

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    BLOCKED = "blocked"
    CHANGES_REQUESTED = "changes_requested"


PROGRESS_LABELS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Section not started"),
    Progress.IN_PROGRESS: N_("Section in progress"),
    Progress.DONE: N_("Section complete"),
    Progress.BLOCKED: N_("Cannot be started yet"),
    Progress.CHANGES_REQUESTED: N_("Changes are requested"),
}
