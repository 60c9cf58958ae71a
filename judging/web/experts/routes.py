"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.experts import pages_conflicts, pages_experts, pages_invitations
from judging.web.experts.blueprint import blueprint

__all__ = ["blueprint", "pages_conflicts", "pages_experts", "pages_invitations"]
