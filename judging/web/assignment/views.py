"""Who judges what."""

from flask import Blueprint

blueprint = Blueprint("assignment", __name__)
