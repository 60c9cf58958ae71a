"""The blueprint of the area."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)
