"""Accounts: sign-in, registration, invitations, people and letters; the routes are in the modules beside."""

from judging.web.accounts import doors, joining, outbox, own, people, recovering
from judging.web.accounts.blueprint import blueprint

__all__ = ["blueprint", "doors", "joining", "outbox", "own", "people", "recovering"]
