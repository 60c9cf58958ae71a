"""A contest in the hands of its secretary: create, edit, publish."""

from flask import Blueprint

blueprint = Blueprint("contests", __name__)
