"""Every page a role reaches by links, in Chromium at both widths: no console error, nothing for axe, none too wide."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from judging.domain.access import Role
from judging.services.demo import demo_accounts
from tests.browser import WIDTHS, Look, chromium, live_server
from tests.demo_site import cookie_of, cookies, demo_app, reachable

ROLES = (Role.PUBLIC, Role.TEAM, Role.EXPERT, Role.SECRETARY, Role.CHAIR, Role.OBSERVER, Role.ADMINISTRATOR)
READERS = (Role.CHAIR, Role.OBSERVER)
"""They read the secretary's pages, without most forms: one width is enough."""
BY_FORM_ONLY = {
    "accounts.register_sent", "accounts.forgot_password_sent", "scoring.summary", "register.admission", "home.favicon",
    "assignment.confirmation", "assignment.insights", "assignment.draft_state", "assignment.protocol",
    "firmness.progress", "health.check",
}  # fmt: skip
"""Pages that only a form or the browser itself leads to; tests/journeys/test_assignment_board.py looks at a draft's."""


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Flask, str, dict[Role, str | None]]]:
    with demo_app() as app:
        everybody = cookies(app)
        with live_server(app) as base:
            yield app, base, everybody


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_is_sound(site: tuple[Flask, str, dict[Role, str | None]], browser: Browser, role: Role) -> None:
    app, base, everybody = site
    pages = reachable(app, role, everybody[role])
    faults = []
    for width in WIDTHS[:1] if role in READERS else WIDTHS:
        cookie = {"judging": everybody[role]} if everybody[role] else None
        look = Look(browser, base, cookie, width)
        for found in pages:
            if found.is_page:
                look.open(found.path)
                look.check()
        faults += look.faults
        look.close()
    assert not faults, "\n".join(faults)


def test_every_page_can_be_reached_by_somebody(site: tuple[Flask, str, dict[Role, str | None]]) -> None:
    app, _, everybody = site
    reached = {found.endpoint for role in ROLES for found in reachable(app, role, everybody[role])}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and "token" not in rule.arguments
    }
    assert pages - reached - BY_FORM_ONLY == set()


def test_each_administrator_of_the_demonstration_has_a_role_to_decide_on_and_one_of_their_own(
    site: tuple[Flask, str, dict[Role, str | None]],
) -> None:
    app, ways = site[0], []
    for account in demo_accounts():
        if account.role is Role.ADMINISTRATOR:
            client = app.test_client()
            client.set_cookie("judging", cookie_of(app, account.email))
            text = client.get("/people/requests").text
            ways.append((text.count("/approval"), text.count("/refusal")))
    assert ways == [(1, 2), (1, 2)]
