"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.home import pages_public
from judging.web.home.blueprint import blueprint

__all__ = ["blueprint", "pages_public"]
