"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.workdays import pages_workdays
from judging.web.workdays.blueprint import blueprint

__all__ = ["blueprint", "pages_workdays"]
