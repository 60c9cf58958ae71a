"""Every page a role reaches by links, in Chromium at both widths: no console error, nothing for axe, none too wide.

Axe looks at a page that has a kind of element which no earlier page had, at both widths, and it is walked through with
the Tab key; the others are opened, listened to and measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from flask import Flask
from playwright.sync_api import Browser

from judging.domain.access import Role
from judging.services.demo import demo_accounts
from tests.browser import WIDTHS, Look, chromium, live_server
from tests.demo_site import Found, cookie_of, cookies, demo_app, reachable

ROLES = (Role.PUBLIC, Role.TEAM, Role.EXPERT, Role.SECRETARY, Role.CHAIR, Role.OBSERVER, Role.ADMINISTRATOR)
PARTS = 5
"""Into how many tests the secretary's pages are dealt out, which are most of all."""
ONES = [(role, part) for role in ROLES for part in range(PARTS if role is Role.SECRETARY else 1)]
READERS = (Role.CHAIR, Role.OBSERVER)
"""They read the secretary's pages, without most forms: only what they alone see is looked at again."""
BY_FORM_ONLY = {
    "accounts.register_sent", "accounts.forgot_password_sent", "scoring.summary", "register.admission", "home.favicon",
    "assignment.confirmation", "assignment.insights", "assignment.draft_state", "assignment.protocol",
    "firmness.progress", "health.check", "ranking.prepared", "ranking.prepared_state", "styles.site",
}  # fmt: skip
"""Pages that only a form or the browser itself leads to; tests/journeys/test_assignment_board.py looks at a draft's."""


@dataclass
class Site:
    """The demonstration at ``base``, everybody's session cookie, the pages that each role has reached so far, the kinds
    of elements that axe has seen, and those of the secretary's pages."""

    app: Flask
    base: str
    cookies: dict[Role, str | None]
    pages: dict[Role, list[Found]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    secretary: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def reached(self, role: Role) -> list[Found]:
        if role not in self.pages:
            self.pages[role] = reachable(self.app, role, self.cookies[role])
        return self.pages[role]

    def kinds_for_the_secretary(self, path: str) -> set[tuple[str, str]]:
        if path not in self.secretary:
            self.secretary[path] = kinds_for(self.app, path, self.cookies[Role.SECRETARY])
        return self.secretary[path]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with demo_app() as app, live_server(app) as base:
        yield Site(app, base, cookies(app))


class Kinds(HTMLParser):
    """Collects the kinds of elements that a page has: tags with each of their classes, and with each attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs}
        self.found |= {(tag, f".{name}") for name in (dict(attrs).get("class") or "").split()}


def kinds(text: str) -> set[tuple[str, str]]:
    """The kinds of elements of a page."""
    page = Kinds()
    page.feed(text)
    return page.found


def kinds_for(app: Flask, path: str, cookie: str | None) -> set[tuple[str, str]]:
    """The kinds of elements of a page as a person gets it; none where the page is not theirs."""
    client = app.test_client()
    client.set_cookie("judging", cookie or "")
    answer = client.get(path)
    return kinds(answer.text) if answer.status_code == 200 else set()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize(("role", "part"), ONES, ids=str)
def test_every_page_is_sound(site: Site, browser: Browser, role: Role, part: int) -> None:
    app, cookie = site.app, site.cookies[role]
    paths = [found.path for found in site.reached(role) if found.is_page]
    if role in READERS:
        paths = [path for path in paths if not kinds_for(app, path, cookie) <= site.kinds_for_the_secretary(path)]
    if role is Role.SECRETARY:
        paths = paths[part::PARTS]
    look = Look(browser, site.base, {"judging": cookie} if cookie else None)
    wide, narrow = WIDTHS
    for path in paths:
        look.resize(wide)
        look.open(path)
        found = kinds(look.page.content())
        known = found <= site.seen
        see = look.measure if known else look.check
        site.seen |= found
        see()
        look.resize(narrow)
        see()
        if not known:
            look.resize(wide)
            look.open(path)
            look.walk()
    look.close()
    assert not look.faults, "\n".join(look.faults)


def test_every_page_can_be_reached_by_somebody(site: Site) -> None:
    reached = {found.endpoint for role in ROLES for found in site.reached(role)}
    pages = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and "token" not in rule.arguments
    }
    assert pages - reached - BY_FORM_ONLY == set()


def test_each_administrator_of_the_demonstration_has_a_role_to_decide_on_and_one_of_their_own(site: Site) -> None:
    ways = []
    for account in demo_accounts():
        if account.role is Role.ADMINISTRATOR:
            client = site.app.test_client()
            client.set_cookie("judging", cookie_of(site.app, account.email))
            text = client.get("/people/requests").text
            ways.append((text.count("/approval"), text.count("/refusal")))
    assert ways == [(1, 2), (1, 2)]
