"""The blueprint that the modules of this area attach their views to."""

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
