"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.journal import pages_journal
from judging.web.journal.blueprint import blueprint

__all__ = ["blueprint", "pages_journal"]
