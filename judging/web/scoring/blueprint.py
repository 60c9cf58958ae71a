"""The blueprint of an expert's reviews."""

from flask import Blueprint

blueprint = Blueprint("scoring", __name__)
