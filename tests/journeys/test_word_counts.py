"""A limit in words while somebody types, in Chromium: the page counts as the server does, in correct Russian."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.domain.forms.compiling import compile_form
from judging.extensions import db
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.forms import document, field, read
from tests.pp41 import draft, with_form

pytestmark = pytest.mark.browser
VECTORS = json.loads((Path(__file__).resolve().parents[1] / "data" / "word-counts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def look(app: Flask, browser: Browser) -> Iterator[Look]:
    """Somebody of a team at a section with a text of 22 words at most, 20 advised, and a number of a register."""
    now, raw = datetime.now(UTC), document()
    words: Any = {"most": 22, "advised": 20, "counts": "words", "lines": 4}
    raw["sections"].append({"code": "own", "title": "О проекте", "fields": [
        field("about", "text", "О проекте", **words), field("ogrn", "text", "ОГРН", format="ogrn"),
    ]})  # fmt: skip
    with app.app_context():
        days = timedelta(days=5)
        contest = factories.contest(db.session, applications_close=now + days, review_close=now + 2 * days)
        with_form(db.session, contest, compile_form(read(raw)))
        application = draft(db.session, contest)
        assert application.team is not None
        key, email = application.id, application.team.members[0].user.email
        db.session.commit()
    with live_server(app) as base:
        made = Look(browser, base, {"judging": cookie_of(app, email)})
        made.open(f"/applications/{key}/sections/own")
        yield made
        made.close()


def test_the_page_counts_the_words_that_the_server_counts(look: Look) -> None:
    source = look.page.evaluate("() => document.querySelector('script[type=module]').src")
    found = look.page.evaluate(
        "async ([at, texts]) => await import(at).then(({ measure }) => texts.map(one => measure(one, 'words')))",
        [source.rpartition("/")[0] + "/count.js", [text for text, _ in VECTORS]],
    )
    assert found == [count for _, count in VECTORS]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (0, "осталось 22 слова"), (1, "осталось 21 слово"), (10, "осталось 12 слов"), (22, "осталось 0 слов"),
        (23, "лишнее 1 слово"), (25, "лишних 3 слова"), (27, "лишних 5 слов"),
    ],
)  # fmt: skip
def test_what_is_left_is_said_and_nothing_is_cut(look: Look, words: int, said: str) -> None:
    text = " ".join(["слово"] * words)
    look.page.fill("#about", text)
    expect(look.page.locator("#about-count")).to_have_text(said)
    assert look.page.input_value("#about") == text


def test_above_what_is_advised_a_warning_and_above_the_limit_a_stop(look: Look) -> None:
    note = look.page.locator('[data-answer="about"] [data-notes] > .note')
    look.page.fill("#about", "слово " * 21)
    expect(note).to_have_text("Слов больше, чем советуем (20)")
    look.page.fill("#about", "слово " * 24)
    expect(look.page.locator("#about-count")).to_have_class("field__count field__count--over")
    expect(note).to_have_text("Лишних слов 2")
    assert look.page.get_attribute("#ogrn", "inputmode") == "numeric"
    look.page.fill("#ogrn", "1027700132196")
    look.page.click("button[name=stay]:not(.visually-hidden)")
    expect(look.page.locator("#ogrn-error")).to_contain_text("Контрольная цифра ОГРН не сходится")
    assert look.page.input_value("#ogrn") == "1027700132196"
    assert look.page.input_value("#about") == "слово " * 24
    for width in WIDTHS:
        look.resize(width)
        look.check()
    assert look.faults == []
