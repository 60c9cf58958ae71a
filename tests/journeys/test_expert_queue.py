"""An expert's evenings in Chromium: the bar of the queue, one table, sheets side by side, a refusal, a workbook."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.extensions import db
from judging.models import Review
from tests import factories
from tests.browser import Look, live_server
from tests.demo_site import cookie_of
from tests.score_sheets import filled

pytestmark = pytest.mark.browser
LONG = "Создание локализованного производства высокоточных электромеханических усилителей рулевого управления"
WIDE, NARROW = 1280, 390
Evening = tuple[Look, str, list[int]]


@pytest.fixture(scope="module")
def base(app: Flask) -> Iterator[str]:
    with live_server(app) as address:
        yield address


@pytest.fixture
def evening(app: Flask, base: str, browser: Browser) -> Iterator[Evening]:
    """An expert with a new task, three sheets that are open, one of them whole, and one that is handed in."""
    now = datetime.now(UTC)
    with app.app_context():
        contest = factories.contest(
            db.session, applications_open=now - timedelta(30), applications_close=now - timedelta(5),
            review_close=now + timedelta(5),
        )  # fmt: skip
        expert = factories.expert(db.session, contest)
        whole = {"scores": {f"E{n}": "7" for n in range(1, 7)}, "recommendation": "support"}
        tasks = (("accepted", {}), ("accepted", {}), ("accepted", whole), ("submitted", {}), ("assigned", {}))
        ids = []
        for place, (status, values) in enumerate(tasks, start=1):
            application = factories.application(db.session, contest, number=f"Q-{place}", title=f"{LONG} {place}")
            ids.append(factories.review(db.session, expert, application, status, **values).id)
        code, email = contest.code, expert.email
        db.session.commit()
    look = Look(browser, base, {"judging": cookie_of(app, email)})
    yield look, code, ids
    look.close()


@pytest.fixture
def stored(app: Flask) -> Callable[[int], Review]:
    def read(review_id: int) -> Review:
        with app.app_context():
            review = db.session.get_one(Review, review_id)
            db.session.expunge(review)
            return review

    return read


def test_the_bar_leads_through_the_queue_and_later_comes_back_at_the_end(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, _, (first, second, third, _, new) = evening
    page = look.open(f"/reviews/{first}")
    assert look.check() == []
    look.resize(NARROW)
    page.locator("#mark-E1-8").check(force=True)
    page.get_by_role("button", name="Отложить").click()
    page.wait_for_url(f"**/reviews/{second}")
    assert (stored(first).scores, stored(first).later_at is not None) == ({"E1": "8"}, True)
    assert look.check() == []
    look.resize(WIDE)
    page.locator(".queue-bar").get_by_role("button", name="Сохранить и следующая").click()
    page.wait_for_url(f"**/reviews/{third}")
    page.locator(".queue-bar").get_by_role("link", name="Самоотвод").click()
    page.get_by_role("link", name="Другая причина").click()
    page.get_by_label("Перегрузка").check()
    page.get_by_role("button", name="Отказаться от заявки").click()
    expect(page.get_by_role("status").or_(page.locator(".notice")).first).to_contain_text("Вы отказались от заявки Q-3")
    assert stored(third).status == "declined"
    assert look.check() == []
    expect(page.locator(f"a[href='/reviews/{new}/declaration']").first).to_be_visible()
    look.resize(NARROW)
    assert look.check() == []
    assert look.faults == []


def test_marks_go_into_the_table_by_keys_save_themselves_and_sheets_are_sent_side_by_side(
    evening: Evening, stored: Callable[[int], Review]
) -> None:
    look, code, (first, second, third, _, _) = evening
    page = look.open(f"/reviews/contests/{code}/table")
    page.locator(f"#mark-E1-{first}").focus()
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.locator(f"#mark-E2-{second}")).to_be_focused()
    page.keyboard.type("9")
    for key in (first, second):
        expect(page.locator(f"#marks-{key} [data-row-state]")).to_contain_text("сохранено в", timeout=15_000)
    assert (stored(first).scores, stored(second).scores) == ({"E1": "5", "E2": "6"}, {"E2": "9"})
    expect(page.locator(f"#marks-{first} [data-row-total]")).to_have_text("11,00")
    assert look.check() == []
    look.resize(NARROW)
    assert look.check() == []
    look.open(f"/reviews/contests/{code}")
    assert look.check() == []
    look.resize(WIDE)
    assert look.check() == []
    page.get_by_role("checkbox", name="Отправить заключение по заявке Q-3").check()
    assert look.walk() == []
    page.once("dialog", lambda dialog: dialog.accept())
    look.follow(page.get_by_role("button", name="Отправить отмеченные заключения"))
    expect(page.get_by_text("Отправлено 1 заключение.")).to_be_visible()
    assert [stored(key).status for key in (first, second, third)] == ["accepted", "accepted", "submitted"]
    assert look.faults == []


def test_a_workbook_goes_out_comes_back_and_overwrites_nothing_newer_unasked(
    evening: Evening, stored: Callable[[int], Review], tmp_path: Path
) -> None:
    look, code, (first, second, *_) = evening
    page = look.open(f"/reviews/offline/{code}")
    assert look.check() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать: лист на каждую заявку").click()
    book = filled(download.value.path().read_bytes(), {(first, "mark", "E1"): 5, (second, "mark", "E1"): 6})
    (tmp_path / "book.xlsx").write_bytes(book)
    look.open(f"/reviews/{first}").locator("#mark-E1-8").check(force=True)
    page.get_by_role("button", name="Сохранить", exact=True).first.click()
    look.open(f"/reviews/offline/{code}").locator("input[type=file]").set_input_files(tmp_path / "book.xlsx")
    look.follow(page.get_by_role("button", name="Посмотреть, что изменится"))
    assert look.check() == []
    look.resize(NARROW)
    assert look.check() == []
    look.resize(WIDE)
    page.locator('input[name^="keep-"][value="file"]').check(force=True)
    look.follow(page.get_by_role("button", name="Сохранить как черновики"))
    assert [(stored(key).status, stored(key).scores) for key in (first, second)] == [
        ("accepted", {"E1": "5"}), ("accepted", {"E1": "6"}),
    ]  # fmt: skip
    assert look.faults == []
