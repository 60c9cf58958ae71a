"""One style sheet for the whole site, put together from the small ones that components are written in.

A browser that comes for the first time makes one request for it instead of thirty-six, over the same slow connection.
What only some pages need (charts, plans, the score sheet) stays apart, and those pages name it themselves.
"""

from functools import cache
from pathlib import Path

from flask import Flask, Response

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.web.access import requires

FOLDER = Path(__file__).resolve().parents[1] / "static" / "css"
NAME = "css/site.css"
COMPONENTS = (
    "autosave", "breadcrumbs", "button", "card", "conflict", "countdown", "data_bar", "dialog", "empty_state",
    "error_summary", "field", "fieldset", "file_slot", "filter_bar", "icon", "key_value", "mark_scale", "notice",
    "pagination", "progress", "proof", "questionnaire", "ranking", "repeat", "score_total", "section", "stat", "steps",
    "summary_list", "table", "tabs", "tag", "task_list", "timeline",
)  # fmt: skip
"""Components that are on pages of many kinds, in the order in which one may override another."""


def register(app: Flask) -> None:
    """Serve the sheet beside the static files, under their address, which changes whenever one of them does."""
    app.add_url_rule(f"{app.static_url_path}/{NAME}", "styles.site", site)


@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def site() -> Response:
    """The sheet; it may be kept for a year."""
    answer = Response(sheet(), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@cache
def sheet() -> str:
    """Tokens, the base, the layout, every component, and what differs on paper."""
    parts = [_text(f"{name}.css") for name in ("tokens", "base", "layout")]
    parts += [_text(f"components/{name}.css").replace('url("../../', 'url("../') for name in COMPONENTS]
    return "\n".join([*parts, "@media print {", _text("print.css"), "}", ""])


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
