"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.firmness import pages_firmness
from judging.web.firmness.blueprint import blueprint

__all__ = ["blueprint", "pages_firmness"]
