"""The one style sheet of the site: it is whole, in order, kept for a year, and found by those who are not signed in."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from judging.web.styles import COMPONENTS, FOLDER, sheet

DATABASES = ("sqlite",)
PAGES_OWN = {
    "assignment", "chart", "discussion", "firmness", "form_editor", "heat_map", "plan", "public_page", "queue",
    "reading", "score_sheet",
}  # fmt: skip
"""Components whose pages name them themselves."""


def test_every_page_leads_to_one_sheet_that_a_visitor_may_keep_for_a_year(app: Flask, client: FlaskClient) -> None:
    links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/sign-in").text)
    assert links == [f"{app.static_url_path}/css/site.css"]
    answer = client.get(links[0])
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/css", sheet())
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_the_sheet_holds_every_component_but_those_of_few_pages() -> None:
    assert {path.stem for path in (FOLDER / "components").iterdir()} == {*COMPONENTS, *PAGES_OWN}
    text, place = sheet(), 0
    for name in ("tokens", "base", "layout", *(f"components/{name}" for name in COMPONENTS), "print"):
        part = (FOLDER / f"{name}.css").read_text("utf-8").replace("../../", "../")
        place = text.index(part, place) + len(part)
    assert text[place:].strip() == "}"


def test_what_the_sheet_refers_to_is_there() -> None:
    referred = re.findall(r'url\("([^"]+)"\)', sheet())
    assert [name for name in referred if not (FOLDER / Path(name)).resolve().is_file()] == []
    assert len(referred) == 6
