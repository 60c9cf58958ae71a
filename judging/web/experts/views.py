"""Experts of a contest and their conflicts: every route of the area is in one of these modules."""

from judging.web.experts import cards, interests, inviting
from judging.web.experts.blueprint import blueprint

__all__ = ["blueprint", "cards", "interests", "inviting"]
