"""The blueprint of the assignment area."""

from flask import Blueprint

blueprint = Blueprint("assignment", __name__)
