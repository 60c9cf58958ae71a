"""The ranking: page, downloads, freezing, publishing."""

from flask import Blueprint

blueprint = Blueprint("ranking", __name__)
