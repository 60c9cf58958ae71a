"""Accounts: registration, sessions, passwords, invitations, roles. What other areas call is named here."""

from judging.services.accounts.arrivals import confirm_and_sign_in, join_and_sign_in
from judging.services.accounts.email_addresses import normal_email
from judging.services.accounts.invitation_answers import accept_own, decline_invitation, decline_own
from judging.services.accounts.invitations import Invitation, accept_invitation, invite, invitee_of
from judging.services.accounts.mailed_links import LinkUnusable, usable_link
from judging.services.accounts.password_hashing import Busy, Proof, hash_password, prove
from judging.services.accounts.password_recovery import ask_reset, change_password, reset_password
from judging.services.accounts.password_rules import new_password
from judging.services.accounts.people import block_account, change_profile, create_administrator, unblock_account
from judging.services.accounts.registration import CONSENT_VERSION, Registration, confirm_registration, register_team
from judging.services.accounts.role_approvals import approve_role, ask_invitation, ask_role, end_request
from judging.services.accounts.roles import LastAdministrator, RoleGrant, grant_role, revoke_role
from judging.services.accounts.sessions import (
    AccountBlocked,
    SigningIn,
    confirm_session,
    note_use,
    sign_in,
    sign_out,
    sign_out_everywhere,
    sign_out_person,
)
from judging.services.accounts.team_invitations import (
    Mate,
    Newcomer,
    NotTheirs,
    accept_team_invitation,
    invitation_by_token,
    invite_mate,
    mend_team,
    resend_invitation,
    revoke_invitation,
)
from judging.services.accounts.team_members import hand_over_lead, leave_team, remove_member
from judging.services.accounts.team_requests import accept_request, create_team, refuse_request, withdraw_requests

__all__ = [
    "CONSENT_VERSION", "AccountBlocked", "Busy", "Invitation", "LastAdministrator", "LinkUnusable", "Mate",
    "Newcomer", "NotTheirs", "Proof", "Registration", "RoleGrant", "SigningIn", "accept_invitation", "accept_own",
    "accept_request", "accept_team_invitation", "approve_role", "ask_invitation", "ask_reset", "ask_role",
    "block_account", "change_password", "change_profile", "confirm_and_sign_in", "confirm_registration",
    "confirm_session", "create_administrator", "create_team", "decline_invitation", "decline_own", "end_request",
    "grant_role", "hand_over_lead", "hash_password", "invitation_by_token", "invite", "invite_mate", "invitee_of",
    "join_and_sign_in", "leave_team", "mend_team", "new_password", "normal_email", "note_use", "prove",
    "refuse_request", "register_team", "remove_member", "resend_invitation", "reset_password", "revoke_invitation",
    "revoke_role", "sign_in", "sign_out", "sign_out_everywhere", "sign_out_person", "unblock_account",
    "usable_link", "withdraw_requests",
]  # fmt: skip
