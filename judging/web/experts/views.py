"""Experts of a contest and their conflicts."""

from flask import Blueprint

blueprint = Blueprint("experts", __name__)
