"""A sheet that asks for more than marks, in Chromium: filled in by keys alone, folded away, and with one thumb."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from judging.extensions import db
from judging.models import Review
from tests import factories
from tests.browser import Look, live_server
from tests.demo_site import cookie_of
from tests.rich_sheets import enrich

pytestmark = pytest.mark.browser
Evening = tuple[Look, int]
SMALL = """() => [...document.querySelectorAll(
  ".score-sheet :is(button, summary, .mark__input, .choice__label, textarea), .score-tabs a")]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 80))"""
COVERED = """() => { const bar = document.querySelector(".score-bar").getBoundingClientRect();
  const box = document.activeElement.getBoundingClientRect(); return box.bottom > bar.top + 1 }"""


@pytest.fixture(scope="module")
def base(app: Flask) -> Iterator[str]:
    with live_server(app) as address:
        yield address


@pytest.fixture
def evening(app: Flask, base: str, browser: Browser) -> Iterator[Evening]:
    now = datetime.now(UTC)
    with app.app_context():
        contest = factories.contest(
            db.session,
            applications_open=now - timedelta(days=30),
            applications_close=now - timedelta(days=5),
            review_close=now + timedelta(days=5),
        )
        enrich(contest)
        expert = factories.expert(db.session, contest)
        review = factories.review(db.session, expert, factories.application(db.session, contest), "accepted")
        review_id, email = review.id, expert.email
        db.session.commit()
    look = Look(browser, base, {"judging": cookie_of(app, email)})
    yield look, review_id
    look.close()


@pytest.fixture
def stored(app: Flask) -> Callable[[int], Review]:
    def read(review_id: int) -> Review:
        with app.app_context():
            review = db.session.get_one(Review, review_id)
            db.session.expunge(review)
            return review

    return read


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_alone_fill_the_sheet_in_and_the_figures_are_the_servers(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    page.locator("[name=in_scope][value=yes]").focus()
    press(page, "Space")
    page.locator("#mark-E1-0").focus()
    press(page, "1")
    expect(page.locator("#mark-E1-1")).to_be_focused()
    expect(page.locator("#mark-E1 [data-mark-pending]")).to_contain_text("можно дописать до 10")
    press(page, "Enter", "-", "4", ",", "5")
    expect(page.locator("#mark-E4-0")).to_be_focused()
    press(page, "ArrowDown", "1")
    expect(page.locator("#mark-E6-2")).to_be_focused()
    press(page, "1")
    expect(page.locator("#confidence-0")).to_be_focused()
    expect(page.locator("[data-score-missing]")).to_have_text("Все критерии оценены")
    expect(page.locator("[data-score-unsaid]")).to_have_text(
        "Ещё нужно: комментарий к E1, уверенность в оценках, рекомендация"
    )
    expect(page.locator("[data-score-without]")).to_have_text("Пересчитано без E2: вы не можете оценить")
    expect(page.locator("[data-score-subtotal]")).to_have_text(["8,29 из 22,5", "9,00 из 20"])
    figure = page.locator("[data-score-value]").inner_text()
    page.locator("#comment-E1").focus()
    page.keyboard.type("1? Образца нет")
    page.locator("#applicant-E1").evaluate("one => one.closest('details').querySelector('summary').focus()")
    press(page, "Enter", "Tab")
    page.keyboard.type("Приложите протокол испытаний")
    press(page, "?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("#confidence-0").focus()
    press(page, "?")
    expect(page.locator("dialog[open]")).to_contain_text("Клавиши оценочного листа")
    press(page, "Escape")
    assert look.check() == []
    page.locator("#comment-E1").focus()
    with page.expect_navigation():
        press(page, "Control+Enter")
    review = stored(review_id)
    assert (review.scores, review.abstained) == ({"E1": "1", "E3": "4.5", "E5": "1", "E6": "1"}, ["E2"])
    assert review.notes == {"applicant": {"E1": "Приложите протокол испытаний?"}}
    page.goto(f"{look.base}/reviews/{review_id}/summary")
    expect(page.locator(".score-total__value")).to_have_text(figure)
    assert look.check() == []
    assert look.faults == []


def test_the_rest_folds_away_outside_the_scope_and_comes_back(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    page.locator("#mark-E1-7").check(force=True)
    page.locator("#comment-E1").fill("Образец испытан")
    page.get_by_label("Нет, не соответствует").check()
    expect(page.locator("#comment-E1")).to_be_hidden()
    expect(page.locator("[data-score-total]")).to_be_hidden()
    page.get_by_label("Почему не соответствует").fill("Участник один")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Черновик сохранён в", timeout=15_000)
    assert look.check() == []
    assert (stored(review_id).in_scope, stored(review_id).comments) == (False, {"E1": "Образец испытан"})
    page.reload()
    expect(page.locator("#comment-E1")).to_be_hidden()
    page.get_by_label("Да, соответствует").check()
    expect(page.locator("#comment-E1")).to_have_value("Образец испытан")
    expect(page.locator("#mark-E1-7")).to_be_checked()


def test_on_a_telephone_everything_is_large_and_nothing_is_covered(evening: Evening) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    page.set_viewport_size({"width": 390, "height": 780})
    page.locator(".score-tabs a").last.click()
    expect(page.locator("#in_scope")).to_be_in_viewport()
    assert page.evaluate(SMALL) == []
    for place in ("#comment-E1", "#comment-E6", "[name=recommendation] >> nth=2"):
        page.locator(place).focus()
        assert page.evaluate(COVERED) is False
    page.locator("[data-score-next]").click()
    expect(page.locator("#mark-E1-0")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert look.check() == []
