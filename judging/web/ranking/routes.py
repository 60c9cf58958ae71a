"""Every route of the area: its modules of pages add them to the blueprint."""

from judging.web.ranking import pages_panel, pages_prepared_downloads, pages_ranking, pages_workbook_check
from judging.web.ranking.blueprint import blueprint

__all__ = ["blueprint", "pages_panel", "pages_prepared_downloads", "pages_ranking", "pages_workbook_check"]
