"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.agreements import pages_acceptance, pages_agreements, pages_register, words
from judging.web.agreements.blueprint import blueprint

__all__ = ["blueprint", "pages_acceptance", "pages_agreements", "pages_register", "words"]
