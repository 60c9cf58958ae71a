"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.agreed_scores import pages_agreed
from judging.web.agreed_scores.blueprint import blueprint

__all__ = ["blueprint", "pages_agreed"]
