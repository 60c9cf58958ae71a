"""The blueprint that the modules of this area hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
