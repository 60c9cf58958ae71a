"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.discussions import pages_discussion, pages_list
from judging.web.discussions.blueprint import blueprint

__all__ = ["blueprint", "pages_discussion", "pages_list"]
