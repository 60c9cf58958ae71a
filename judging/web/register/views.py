"""The register of applications: admit, reject."""

from flask import Blueprint

blueprint = Blueprint("register", __name__)
