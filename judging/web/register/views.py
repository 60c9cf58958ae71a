"""The register of applications: every route of the area is in one of these modules."""

from judging.web.register import deciding, listing, page, reviewing
from judging.web.register.blueprint import blueprint

__all__ = ["blueprint", "deciding", "listing", "page", "reviewing"]
