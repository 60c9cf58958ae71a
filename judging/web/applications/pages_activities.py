"""Codes of activities (ОКВЭД2) by their names: a page to look them up, and data for the script of the forms."""

from typing import Any

from flask import jsonify, render_template, request

from judging.domain.access import DESK, Permission
from judging.web.access import is_fetch, requires
from judging.web.applications.blueprint import blueprint
from judging.web.classifiers import classifier, search_activities

LEAST = 2
"""Characters of what is looked for."""


@blueprint.get("/okved")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def activities() -> Any:
    """The activities whose code or name begins so; whoever signed in may look, also at the preview of a form."""
    query = request.args.get("q", "").strip()[:200]
    found = search_activities(query) if len(query) >= LEAST else []
    if is_fetch():
        return jsonify(found=found)
    return render_template(
        "applications/activities.html", query=query, found=found, least=LEAST, whole=classifier("okved") is not None
    )
