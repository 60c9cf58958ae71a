"""Every page a role reaches by links, in Chromium at both widths: no console error, nothing for axe, none too wide.

Axe looks at a page that has a kind of element which no earlier page had, at both widths, and it is walked through with
the Tab key; the others are opened, listened to and measured. Pages with most kinds come first, so that few have to be
looked at.
"""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from judging.domain.access import Role
from judging.services.demo import demo_accounts
from tests.browser import WIDTHS, Look, live_server
from tests.databases import workspace
from tests.demo_site import Found, cookie_of, cookies, demo_app, kinds, reachable
from tests.sharing import made_once

ROLES = (Role.PUBLIC, Role.TEAM, Role.EXPERT, Role.SECRETARY, Role.CHAIR, Role.OBSERVER, Role.ADMINISTRATOR)
Kinds = frozenset[tuple[str, str]]
PARTS = 8
"""Into how many tests the secretary's pages are dealt out, which are most of all."""
ONES = [(role, part) for role in ROLES for part in range(PARTS if role is Role.SECRETARY else 1)]
READERS = (Role.CHAIR, Role.OBSERVER)
"""They read the secretary's pages, without most forms: only what they alone see is looked at again."""
BY_FORM_ONLY = {
    "accounts.register_sent", "accounts.forgot_password_sent", "scoring.summary", "register.admission", "home.favicon",
    "applications.section", "assignment.confirmation", "register.ending_return",
    "assignment.insights", "assignment.draft_state", "assignment.protocol",
    "firmness.progress", "health.check", "ranking.prepared", "ranking.prepared_state", "styles.site", "trials.state",
    "form_editor.new_column", "form_editor.edit_column", "form_editor.new_row_check", "form_editor.edit_row_check",
    "register.giving_back", "register.submission", "register.submission_data", "applications.receipt_data",
    "contests.edit_nomination", "accounts.waiting", "applications.certification", "applications.earlier_organisations",
    "applications.giving_up_changes", "applications.removing", "applications.undoing", "applications.preview_page",
    "looks.ask", "agreed_scores.show", "agreed_scores.check", "discussions.edit", "applications.rendition",
    "applications.rendition_state", "scoring.changes", "accounts.turn_down", "ranking.panel",
}  # fmt: skip
"""Pages that only a form or the browser itself leads to; tests/journeys/test_assignment_board.py looks at a draft's.

To parts of a table in a form only its own page leads; tests/journeys/test_form_editor.py looks at them. The first of
its kind that is looked at was never submitted here, and leads to no submission (tests/journeys/test_returns.py); the
contest with nominations is published, and its nominations are not edited any more (tests/web/test_nominations.py).
Agreed scores and one's own message that may still be changed are looked at by tests/journeys/test_deliberation.py, an
application that changed under its reviews by test_reading.py there, a declined invitation by test_sealed_marks.py, the
panel's decision by tests/web/test_panel.py.
"""


@dataclass
class Site:
    """The demonstration at ``base``, everybody's session cookie, and the kinds of elements that axe has seen."""

    app: Flask
    base: str
    cookies: dict[Role, str | None]
    seen: set[tuple[str, str]] = field(default_factory=set)

    def reached(self, role: Role) -> list[Found]:
        """What a role reaches, found once a run: every copy of the demonstration has the same pages."""

        def find(path: Path) -> None:
            path.write_bytes(pickle.dumps(reachable(self.app, role, self.cookies[role])))

        found: list[Found] = pickle.loads(made_once(f"reached-by-{role}", workspace(), find).read_bytes())
        return found

    def pages(self, role: Role) -> list[tuple[Found, Kinds]]:
        """The pages to be looked at as a role, each with the kinds that those before it have; the richest come first.

        The secretary's come before all others'. Of the readers' those that have something which hers do not have.
        """
        found = [one for one in self.reached(role) if one.is_page]
        if role is Role.SECRETARY:
            return richest_first(found, Kinds())
        if role in READERS:
            same = {one.endpoint: one.kinds for one in self.reached(Role.SECRETARY)}
            found = [one for one in found if not one.kinds <= same.get(one.endpoint, frozenset())]
        return richest_first(found, Kinds().union(*(one.kinds for one in self.reached(Role.SECRETARY))))


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with demo_app() as app, live_server(app) as base:
        yield Site(app, base, cookies(app))


def richest_first(pages: Iterable[Found], known: Kinds) -> list[tuple[Found, Kinds]]:
    """The same pages, next always the one with the most kinds that none before it has; each with those they have."""
    left, ordered = list(pages), list[tuple[Found, Kinds]]()
    while left:
        richest = max(left, key=lambda one: len(one.kinds - known))
        left.remove(richest)
        ordered.append((richest, known))
        known |= richest.kinds
    return ordered


@pytest.mark.first
@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_to_a_page(site: Site, role: Role) -> None:
    assert "home.index" in {found.endpoint for found in site.reached(role)}


@pytest.mark.browser
@pytest.mark.parametrize(("role", "part"), ONES, ids=str)
def test_every_page_is_sound(site: Site, browser: Browser, role: Role, part: int) -> None:
    pages, cookie = site.pages(role)[part :: PARTS if role is Role.SECRETARY else 1], site.cookies[role]
    look = Look(browser, site.base, {"judging": cookie} if cookie else None)
    wide, narrow = WIDTHS
    for page, before in pages:
        look.resize(wide)
        look.open(page.path)
        found = kinds(look.page.content())
        known = found <= site.seen | before
        see = look.measure if known else look.check
        site.seen |= found
        see()
        if not known:
            look.walk()
        look.resize(narrow)
        see()
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
