"""Accounts: sign-in, registration, invitations, people and letters."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
