"""The demonstration: contests at every stage with accounts of every role, loaded into an empty installation."""

from judging.services.demo.accounts import PASSWORD, Account, demo_accounts
from judging.services.demo.loading import load_demo

__all__ = ["PASSWORD", "Account", "demo_accounts", "load_demo"]
