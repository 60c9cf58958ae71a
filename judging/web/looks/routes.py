"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.looks import pages_looks
from judging.web.looks.blueprint import blueprint

__all__ = ["blueprint", "pages_looks"]
