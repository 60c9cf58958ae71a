"""Every route declares its permission, has typed arguments and a kebab-case path; templates are where they belong."""

import re
from pathlib import Path

import pytest
from flask import Flask

from judging.domain.access import Permission
from judging.web.navigation import CONTEST_ENTRIES, ENTRIES
from tests.conftest import application

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_A_PAGE = {
    "accounts/turn_down": "the page of accounts/refuse_invitation",
    "scoring/all_documents": "a file",
    "agreements/new": "the page of agreements/edit",
    "applications/all_documents": "a file",
    "applications/document": "a file",
    "applications/kept_section": "the page of applications/section",
    "applications/numbered_receipt": "the page of applications/receipt, of one submission",
    "applications/numbered_receipt_data": "a file",
    "applications/paper": "a file",
    "applications/preview_page": "a file",
    "applications/receipt_pdf": "a file",
    "applications/rendition": "a file",
    "applications/rendition_state": "data for a script",
    "applications/signature_file": "a file",
    "applications/submitted_pdf": "a file",
    "applications/receipt_data": "a file",
    "assignment/draft_state": "data for a script",
    "assignment/protocol": "a file",
    "contests/new_criterion": "the page of contests/criterion, empty",
    "contests/settings_file": "a file",
    "contests/new_nomination": "the page of contests/nomination, empty",
    "firmness/progress": "data for a script",
    "form_editor/download": "a file",
    "form_editor/template": "a file",
    "form_editor/edit_column": "the page of form_editor/edit_field, of a column",
    "form_editor/edit_row_check": "the page of form_editor/edit_check, of a row",
    "form_editor/new_check": "the page of form_editor/edit_check, empty",
    "form_editor/new_column": "the page of form_editor/edit_field, empty",
    "form_editor/new_field": "the page of form_editor/edit_field, empty",
    "form_editor/new_point": "the page of form_editor/edit_point, empty",
    "form_editor/new_row_check": "the page of form_editor/edit_check, empty",
    "form_editor/new_section": "the page of form_editor/edit_section, empty",
    "health/check": "data for a monitor",
    "looks/ask_application": "the page of looks/ask, of one application",
    "home/favicon": "an image",
    "ranking/prepared_state": "data for a script",
    "register/submission_data": "a file",
    "scoring/offline_workbook": "a file",
    "styles/site": "a style sheet",
    "trials/state": "data for a script",
}
"""What a GET answers with where there is no template of its name."""


@pytest.fixture(scope="module")
def routes() -> Flask:
    return application("sqlite")


def test_every_route_declares_its_permission(routes: Flask) -> None:
    faults = [
        name
        for name, view in routes.view_functions.items()
        if name != "static" and not isinstance(getattr(view, "permission", None), Permission)
    ]
    assert faults == []


def test_paths_are_kebab_case_and_arguments_typed(routes: Flask) -> None:
    faults = []
    for rule in routes.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        words = re.sub(r"<[^>]+>", "", rule.rule)
        if re.search(r"[^a-z0-9/.-]", words):
            faults.append(rule.rule)
        untyped = re.findall(r"<(\w+)>", rule.rule)
        faults += [f"{rule.rule}: {name}" for name in untyped if name.endswith("_id") or name == "number"]
    assert faults == []


def test_get_and_post_are_different_functions(routes: Flask) -> None:
    both = [r.rule for r in routes.url_map.iter_rules() if r.methods and {"GET", "POST"} <= r.methods]
    assert both == []


def test_routes_stand_in_modules_of_pages_that_their_area_imports(routes: Flask) -> None:
    """The style sheet alone is served by a hook of the whole floor."""
    found = {view.__module__ for name, view in routes.view_functions.items() if "." in name} - {"judging.web.styles"}
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("judging/web/*/pages_*.py")}
    assert found == files


def test_the_navigation_leads_to_pages_that_take_the_same_permission(routes: Flask) -> None:
    table = [(e, p) for _, e, p in (*ENTRIES, *CONTEST_ENTRIES)]
    assert [(e, getattr(routes.view_functions.get(e), "permission", None)) for e, _ in table] == table


def test_every_view_has_its_template_and_every_template_its_view(routes: Flask) -> None:
    areas = set(routes.blueprints)
    views = {name.replace(".", "/") for name in routes.view_functions if "." in name}
    read = {rule.endpoint.replace(".", "/") for rule in routes.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {
        path.relative_to(ROOT / "templates").with_suffix("").as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if path.parent.name in areas and not path.name.startswith("_")
    }
    assert (pages - views, (views & read) - pages) == (set(), set(WITHOUT_A_PAGE))
