"""A contest in the hands of its secretary: every route of the area is in one of these modules."""

from judging.web.contests import creating, criteria, launching, looking, rules
from judging.web.contests.blueprint import blueprint

__all__ = ["blueprint", "creating", "criteria", "launching", "looking", "rules"]
