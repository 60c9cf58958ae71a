"""The blueprint of the firmness area."""

from flask import Blueprint

blueprint = Blueprint("firmness", __name__)
