"""The blueprint that the modules of this area add their routes to."""

from flask import Blueprint
from werkzeug.routing import BaseConverter

KEPT_SECTIONS = ("passport", "participants", "finance", "indicators", "documents", "consents")
"""Sections that had addresses of their own before forms were data: letters and bookmarks name them."""

blueprint = Blueprint("applications", __name__)
"""A cluster team's applications and their documents."""


class KeptSection(BaseConverter):
    """One of :data:`KEPT_SECTIONS` in a route."""

    regex = "|".join(KEPT_SECTIONS)


blueprint.record(lambda state: state.app.url_map.converters.update(kept_section=KeptSection))
