"""A section of a form in Chromium, by keyboard alone: a condition, a pasted table, its sums, what is found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from judging.extensions import db
from judging.models import Application
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.pp41 import draft, pp41, with_form

pytestmark = pytest.mark.browser
YEARS = '2027\t1\u00a0250\u00a0000,50\t0\t0\t10\r\n2028\t2 000 000\t\t0\t20\r\n"20\n29"\tмного\t0\t0\t30\r\n'
PASTE = """(control, text) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  control.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""


@pytest.fixture(scope="module")
def team(app: Flask, browser: Browser) -> Iterator[tuple[Look, int]]:
    """Somebody of a team with an empty draft under the whole form of ПП 41."""
    now = datetime.now(UTC)
    with app.app_context():
        contest = factories.contest(
            db.session,
            applications_open=now - timedelta(days=30),
            applications_close=now + timedelta(days=5),
            review_close=now + timedelta(days=9),
        )
        with_form(db.session, contest, pp41())
        application = draft(db.session, contest)
        assert application.team is not None
        key, email = application.id, application.team.members[0].user.email
        db.session.commit()
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, email)})
        yield look, key
        look.close()


def column(page: Page, table: str, code: str) -> list[str]:
    values: list[str] = page.locator(f'[name^="{table}-"][name$="-{code}"]').evaluate_all(
        "all => all.map(one => one.value)"
    )
    return values


def test_the_finance_section_is_filled_by_keyboard(app: Flask, team: tuple[Look, int]) -> None:
    look, key = team
    page = look.open(f"/applications/{key}/finance")
    page.focus("#total_cost")
    for text in ("100", "60 ₽", "0"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    other = page.locator("#other_budget")
    expect(other).to_be_hidden()
    page.keyboard.press("Space")  # «Да»
    expect(other).to_be_visible()
    expect(page.locator("[data-questionnaire-status]")).to_have_text("Появился вопрос: Иные бюджетные средства")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")  # «Нет»: hidden, and kept
    expect(other).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.type("40")
    expect(page.locator("#private_share output")).to_have_text("60\u00a0%")
    page.focus("#sources-0-year")
    page.locator("#sources-0-year").evaluate(PASTE, YEARS)
    assert column(page, "sources", "year") == ["2027", "2028", "20 29"]
    expect(page.locator('#sources [data-total="own"]')).to_have_text("3\u00a0250\u00a0000,50")
    expect(page.locator("#sources-1-loan + .note")).to_have_text("Заполните")
    page.keyboard.press("Alt+ArrowDown")
    assert column(page, "sources", "year") == ["2028", "2027", "20 29"]
    expect(page.locator("#sources-1-year")).to_be_focused()
    page.keyboard.press("Control+Enter")
    assert column(page, "sources", "year") == ["2028", "2027", "", "20 29"]
    page.keyboard.press("Control+Delete")
    expect(page.locator("#sources-2-year")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("2031")
    assert column(page, "sources", "year") == ["2028", "2027", "20 29", "2031"]
    page.keyboard.press("Control+Delete")
    page.focus("#costs-0-kind")
    page.keyboard.type("Оснастка")
    page.keyboard.press("Enter")
    page.keyboard.type("Монтаж")
    page.focus("#total_cost")
    page.keyboard.press("Enter")  # save and stay
    expect(page.locator("[data-error-summary]")).to_be_focused()
    lines = page.locator("[data-error-summary] li").all_inner_texts()
    assert [line.partition(":")[0] for line in lines] == [
        "Источники по годам, строка 3, Год", "Источники по годам, строка 3, Собственные",
    ]  # fmt: skip
    assert column(page, "sources", "own")[2] == "много"
    with app.app_context():
        application = db.session.get_one(Application, key)
        kept = answers_of(application, compiled_form_of(application.contest))
    assert (kept["total_cost"], kept["other_budget"], kept["has_support"]) == (100_00, 10_00, False)
    assert [(row.get("own"), row.get("subsidy")) for row in kept["sources"]] == [
        (2_000_000_00, 20_00), (1_250_000_50, 10_00), (None, 30_00),
    ]  # fmt: skip
    assert [row["kind"] for row in kept["costs"]] == ["Оснастка", "Монтаж"]
    look.check()
    look.walk()
    assert look.faults == []


def test_codes_are_found_by_words_and_taken_by_keyboard(team: tuple[Look, int]) -> None:
    look, key = team
    page = look.open(f"/applications/{key}/sections/project")
    page.focus("#topics")
    page.keyboard.type("28.41, произ металлург")
    expect(page.locator(".codes__found li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#topics")).to_have_value("28.41, 24")
    expect(page.locator(".codes__chosen li")).to_have_count(2)
    assert look.faults == []


def test_no_section_has_a_fault_of_access_or_scrolls_sideways(team: tuple[Look, int]) -> None:
    look, key = team
    for path in ("sections/applicant", "participants", "sections/project", "indicators", "sections/risks", "documents",
                 "consents", "check"):  # fmt: skip
        look.open(f"/applications/{key}/{path}")
        for width in WIDTHS:
            look.resize(width)
            look.check()
    assert look.faults == []
