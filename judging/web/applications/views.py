"""A cluster team's applications and their documents."""

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
