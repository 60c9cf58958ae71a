"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.home import pages_public, pages_self_check
from judging.web.home.blueprint import blueprint

__all__ = ["blueprint", "pages_public", "pages_self_check"]
