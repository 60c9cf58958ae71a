"""Accounts: registration, sessions, passwords, invitations, roles. What other areas call is named here."""

from judging.services.accounts.email_addresses import normal_email
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

__all__ = [
    "CONSENT_VERSION", "AccountBlocked", "Busy", "Invitation", "LastAdministrator", "LinkUnusable", "Proof",
    "Registration", "RoleGrant", "SigningIn", "accept_invitation",
    "approve_role", "ask_invitation", "ask_reset", "ask_role", "block_account", "change_password", "change_profile",
    "confirm_registration", "confirm_session", "create_administrator", "end_request", "grant_role", "hash_password",
    "invite", "invitee_of", "new_password", "normal_email", "note_use", "prove", "register_team", "reset_password",
    "revoke_role", "sign_in", "sign_out", "sign_out_everywhere", "sign_out_person",
    "unblock_account", "usable_link",
]  # fmt: skip
