"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.accounts import (
    pages_account,
    pages_invitations,
    pages_letters,
    pages_password_reset,
    pages_people,
    pages_registration,
    pages_sign_in,
    pages_team,
    pages_team_invitation,
    pages_teams,
)
from judging.web.accounts.blueprint import blueprint

__all__ = [
    "blueprint",
    "pages_account",
    "pages_invitations",
    "pages_letters",
    "pages_password_reset",
    "pages_people",
    "pages_registration",
    "pages_sign_in",
    "pages_team",
    "pages_team_invitation",
    "pages_teams",
]
