"""An expert's evening in Chromium: autosave, a lost network, two tabs, a session that ends, handing in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from judging.domain.sheets import LONGEST_DRAFT_COMMENT
from judging.extensions import db
from judging.models import Review, SignIn
from tests import factories
from tests.browser import Look, live_server
from tests.demo_site import cookie_of

pytestmark = pytest.mark.browser
SAVED = "Черновик сохранён в"
Evening = tuple[Look, int]


@pytest.fixture(scope="module")
def base(app: Flask) -> Iterator[str]:
    with live_server(app) as address:
        yield address


@pytest.fixture
def evening(app: Flask, base: str, browser: Browser) -> Iterator[Evening]:
    """One expert with one declared review, signed in, in a browser of their own."""
    now = datetime.now(UTC)
    with app.app_context():
        contest = factories.contest(
            db.session,
            applications_open=now - timedelta(days=30),
            applications_close=now - timedelta(days=5),
            review_close=now + timedelta(days=5),
        )
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


def mark(page: Page, code: str, value: int) -> None:
    page.locator(f"#mark-{code}-{value}").check()


def status(page: Page, words: str) -> None:
    expect(page.locator("[data-autosave-status]")).to_contain_text(words, timeout=15_000)


def test_a_draft_saves_itself_and_the_total_runs_along(evening: Evening, stored: Callable[[int], Review]) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    mark(page, "E1", 8)
    page.locator("#comment-E1").fill("Образец испытан.")
    expect(page.locator("[data-score-value]")).to_have_text("8,00")
    expect(page.locator("[data-score-missing]")).to_have_text("Без оценки: E2, E3, E4, E5, E6")
    expect(page.locator("[data-score-share]")).to_have_text("16\u00a0%")
    status(page, SAVED)
    assert (stored(review_id).scores, stored(review_id).comments) == ({"E1": "8"}, {"E1": "Образец испытан."})
    page.locator("#mark-E2-0").focus()
    page.keyboard.type("10")
    expect(page.locator("#mark-E2-10")).to_be_checked()
    page.reload()
    expect(page.locator("#comment-E1")).to_have_value("Образец испытан.")
    assert look.check() == []
    assert look.faults == []


def test_keys_give_marks_and_arrows_never_change_them(evening: Evening) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    seven = page.locator("#mark-E1-7")
    seven.check(force=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(seven).to_be_checked()
    expect(page.locator("#mark-E3-0")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#mark-E2-1")).to_be_focused()
    expect(page.locator("#mark-E2-1")).not_to_be_checked()
    page.keyboard.press("Space")
    expect(page.locator("#mark-E2-1")).to_be_checked()
    seven.focus()
    page.keyboard.press("1")
    page.wait_for_timeout(1000)
    page.keyboard.press("0")
    expect(page.locator("#mark-E1-10")).to_be_checked()
    expect(page.locator("#mark-E2-1")).to_be_focused()
    page.keyboard.press("0")
    expect(page.locator("#mark-E3-0")).to_be_focused()
    page.reload()
    expect(page.locator("#mark-E1-10")).to_be_checked()
    expect(page.locator("#mark-E2-0")).to_be_checked()
    assert look.faults == []


def test_a_comment_too_long_to_keep_waits_in_the_browser_while_the_rest_is_saved(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, review_id = evening
    page, long = look.open(f"/reviews/{review_id}"), "Ж" * (LONGEST_DRAFT_COMMENT + 7)
    mark(page, "E1", 8)
    page.locator("#comment-E2").fill(long)
    status(page, "кроме комментариев E2: в них больше 20000 знаков")
    expect(page.locator("#comment-E2-count")).to_have_text("лишних 15\u00a0007 знаков")
    assert (stored(review_id).scores, stored(review_id).comments) == ({"E1": "8"}, {})
    page.reload()
    expect(page.locator("#comment-E2")).to_have_value(long)
    page.locator("#comment-E2").fill("Кратко.")
    status(page, SAVED)
    expect(page.locator("[data-autosave-status]")).not_to_contain_text("кроме")
    assert stored(review_id).comments == {"E2": "Кратко."}
    assert look.check() == []


def test_what_is_typed_without_a_network_waits_in_the_browser(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    look.context.set_offline(True)
    mark(page, "E3", 6)
    page.locator("#comment-E3").fill("Написано без связи")
    status(page, "Нет связи")
    assert stored(review_id).scores == {}
    page.close()
    look.context.set_offline(False)
    page = look.context.new_page()
    page.goto(f"{look.base}/reviews/{review_id}")
    expect(page.locator("#comment-E3")).to_have_value("Написано без связи")
    expect(page.locator("#mark-E3-6")).to_be_checked()
    status(page, SAVED)
    assert (stored(review_id).scores, stored(review_id).comments) == ({"E3": "6"}, {"E3": "Написано без связи"})


@pytest.mark.parametrize(("button", "kept"), [("Сохранить мой вариант", "2"), ("Взять сохранённый", "8")])
def test_of_two_tabs_the_second_sees_both_versions_and_chooses(
    evening: Evening, stored: Callable[[int], Review], button: str, kept: str
) -> None:
    look, review_id = evening
    first = look.open(f"/reviews/{review_id}")
    second = look.context.new_page()
    second.goto(f"{look.base}/reviews/{review_id}")
    mark(first, "E1", 8)
    status(first, SAVED)
    mark(second, "E1", 2)
    panel = second.locator("[data-conflict-panel]")
    expect(panel.locator("tr", has_text="E1").first).to_have_text("E1 отличается28")
    assert stored(review_id).scores == {"E1": "8"}
    panel.get_by_role("button", name=button).click()
    expect(second.locator(f"#mark-E1-{kept}")).to_be_checked()
    expect(second.locator("[data-conflict-panel]")).to_have_count(0)
    assert stored(review_id).scores == {"E1": kept}


def test_a_session_that_ends_loses_nothing(evening: Evening, app: Flask, stored: Callable[[int], Review]) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    with app.app_context():
        db.session.execute(update(SignIn).values(revoked_at=datetime.now(UTC)))
        db.session.commit()
    page.locator("#comment-E1").fill("Долгий вечер")
    status(page, "Вы вышли. Войдите снова")
    assert stored(review_id).comments == {}
    with app.app_context():
        email = db.session.get_one(Review, review_id).expert.email
    look.context.add_cookies([{"name": "judging", "value": cookie_of(app, email), "url": look.base}])
    page.goto(f"{look.base}/reviews/{review_id}")
    expect(page.locator("#comment-E1")).to_have_value("Долгий вечер")
    status(page, SAVED)
    assert stored(review_id).comments == {"E1": "Долгий вечер"}


def test_a_sheet_is_checked_handed_in_and_locked(
    evening: Evening, stored: Callable[[int], Review], tmp_path: Path
) -> None:
    look, review_id = evening
    page = look.open(f"/reviews/{review_id}")
    for number in range(1, 7):
        mark(page, f"E{number}", 9 if number == 1 else 7)
    page.get_by_role("button", name="Проверить и отправить").click()
    page.get_by_role("link", name="E1: Поясните эту оценку в комментарии").click()
    page.locator("#comment-E1").fill("Сертификат получен.")
    page.get_by_label("Поддержать", exact=True).check()
    look.follow(page.get_by_role("button", name="Проверить и отправить"))
    assert look.check() == []
    page.get_by_role("button", name="Отправить заключение").click()
    expect(page.get_by_text("Отправлено, изменить нельзя")).to_be_visible()
    page.goto(f"{look.base}/reviews/{review_id}")
    expect(page).to_have_url(f"{look.base}/reviews/{review_id}/receipt")
    assert (stored(review_id).status, stored(review_id).comments) == ("submitted", {"E1": "Сертификат получен."})
    page.emulate_media(media="print")
    expect(page.locator(".signature")).to_be_visible()
    assert look.faults == []
