"""The blueprint of the ranking area."""

from flask import Blueprint

blueprint = Blueprint("ranking", __name__)
