"""Accounts: sign-in, registration, invitations, people and letters."""
