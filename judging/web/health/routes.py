"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.health import pages_health, pages_jobs
from judging.web.health.blueprint import blueprint

__all__ = ["blueprint", "pages_health", "pages_jobs"]
