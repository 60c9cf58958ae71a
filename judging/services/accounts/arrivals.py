"""Who has just given the password, to confirm the address or to accept an invitation, is signed in by that.

The address is that of the link, whatever :class:`SigningIn` says.
"""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.models import SignIn
from judging.services.accounts.registration import confirm_registration
from judging.services.accounts.sessions import SigningIn, open_session
from judging.services.accounts.team_invitations import Newcomer, accept_team_invitation


def confirm_and_sign_in(
    session: Session, token: str, entry: SigningIn, *, by: By, join_at: str | None = None
) -> tuple[SignIn, str]:
    """Make the account of a registration (see :func:`confirm_registration`) and open its first session."""
    user = confirm_registration(session, token, proof=entry.proof, by=by, join_at=join_at)
    return open_session(session, user, entry, by=by)


def join_and_sign_in(session: Session, token: str, new: Newcomer, entry: SigningIn, *, by: By) -> tuple[SignIn, str]:
    """Bring a newcomer into the team (see :func:`accept_team_invitation`) and open the account's first session."""
    return open_session(session, accept_team_invitation(session, token, new=new, by=by), entry, by=by)
