"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.trials import pages_rehearsal, pages_trials
from judging.web.trials.blueprint import blueprint

__all__ = ["blueprint", "pages_rehearsal", "pages_trials"]
