"""Somebody types into a section in Chromium: without a pause, without a network, signed out, beside another person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from judging.extensions import db
from judging.models import Application, SignIn, TeamMember
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from tests import factories
from tests.browser import Look, live_server
from tests.demo_site import cookie_of
from tests.pp41 import draft, pp41, with_form

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A draft and the two people of its team, in one browser."""

    app: Flask
    look: Look
    key: int
    emails: tuple[str, str]

    @property
    def path(self) -> str:
        return f"/applications/{self.key}/sections/project"

    def sign_in(self, place: int) -> None:
        """Somebody signs in in this browser, whoever was there before."""
        cookie = cookie_of(self.app, self.emails[place])
        self.look.context.add_cookies([{"name": "judging", "value": cookie, "url": self.look.base}])

    def kept(self) -> dict[str, Any]:
        with self.app.app_context():
            application = db.session.get_one(Application, self.key)
            return dict(answers_of(application, compiled_form_of(application.contest)))


@pytest.fixture(scope="module")
def base(app: Flask) -> Iterator[str]:
    with live_server(app) as address:
        yield address


@pytest.fixture
def desk(app: Flask, base: str, browser: Browser) -> Iterator[Desk]:
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
        other = factories.user(db.session)
        db.session.add(TeamMember(team=application.team, user=other, joined_at=now))
        emails = (application.team.members[0].user.email, other.email)
        key = application.id
        db.session.commit()
    desk = Desk(app, Look(browser, base), key, emails)
    desk.sign_in(0)
    yield desk
    desk.look.close()


def status(page: Page, words: str) -> None:
    expect(page.locator("[data-autosave-status]")).to_contain_text(words, timeout=15_000)


def nothing_waits(page: Page) -> None:
    """The server has everything: no copy is left."""
    for _ in range(100):
        if page.evaluate("Object.keys(localStorage).length") == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("JSON.stringify(localStorage)"))


def test_unbroken_typing_is_saved_at_least_every_ten_seconds(desk: Desk) -> None:
    page = desk.look.page
    page.clock.install()
    desk.look.open(desk.path)
    page.focus("#summary")
    sent: list[str] = []
    page.on("request", lambda request: request.url.endswith("/autosave") and sent.append(request.url))
    for _ in range(60):  # half a second from key to key: there is no pause
        page.keyboard.type("ж")
        page.clock.run_for(500)
    page.wait_for_timeout(300)
    assert 3 <= len(sent) <= 6
    assert len(desk.kept()["summary"]) >= 60 - 20


def test_text_and_rows_without_a_network_come_back_to_their_owner_alone(desk: Desk) -> None:
    look = desk.look
    page = look.open(desk.path)
    look.context.set_offline(True)
    page.fill("#goal", "Написано без связи")
    page.locator("#stages [data-rows-add]").click()
    page.keyboard.type("Этап без связи")
    status(page, "Нет связи")
    page.close()
    look.context.set_offline(False)
    desk.sign_in(1)
    page = look.context.new_page()
    page.goto(look.base + desk.path)
    expect(page.locator("#goal")).not_to_have_value("Написано без связи")
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_text("хранится набранный текст")).to_be_visible()
    desk.sign_in(0)
    page.goto(look.base + desk.path)
    expect(page.locator("#goal")).to_have_value("Написано без связи")
    nothing_waits(page)
    status(page, "Сохранено в")
    kept = desk.kept()
    assert (kept["goal"], [row["name"] for row in kept["stages"]]) == ("Написано без связи", ["Этап без связи"])


def test_a_button_pressed_after_the_session_ended_leads_to_sign_in_and_back_with_everything(desk: Desk) -> None:
    page = desk.look.open(desk.path)
    with desk.app.app_context():
        db.session.execute(update(SignIn).values(revoked_at=datetime.now(UTC)))
        db.session.commit()
    page.fill("#goal", "Долгий вечер")
    status(page, "Вы вышли. Войдите снова")
    link = page.get_by_role("link", name="Войти снова")
    assert (link.get_attribute("href") or "").endswith(f"/sign-in?next={desk.path.replace('/', '%2F')}")
    page.fill("#place", "Елабуга")
    page.get_by_role("button", name="Сохранить и остаться").click()
    back = page.get_by_role("link", name="Войти и продолжить").get_attribute("href")
    assert back is not None
    desk.sign_in(0)
    page.goto(desk.look.base + back)
    expect(page.locator("#goal")).to_have_value("Долгий вечер")
    nothing_waits(page)
    status(page, "Сохранено в")
    assert (desk.kept()["goal"], desk.kept()["place"]) == ("Долгий вечер", "Елабуга")


def test_a_button_pressed_while_a_save_is_under_way_is_no_conflict_with_oneself(desk: Desk) -> None:
    page = desk.look.open(desk.path)
    page.route("**/autosave", lambda route: (page.wait_for_timeout(400), route.continue_()))
    with page.expect_request("**/autosave"):
        page.fill("#goal", "Цель")
    page.fill("#goal", "Цель до конца")
    page.get_by_role("button", name="Сохранить и остаться").click()
    expect(page.get_by_text("Раздел сохранён.")).to_be_visible()
    expect(page.locator("#goal")).to_have_value("Цель до конца")
    nothing_waits(page)
    assert desk.kept()["goal"] == "Цель до конца"


def test_a_bad_field_is_told_beside_it_while_one_types_on(desk: Desk) -> None:
    page = desk.look.open(desk.path)
    page.fill("#starts_on", "мартобря")
    page.focus("#goal")
    page.keyboard.type("Цель")
    expect(page.locator("#starts_on-error")).to_contain_text("Укажите дату")
    expect(page.locator("#starts_on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#goal")).to_be_focused()
    assert desk.kept()["goal"] == "Цель"
    assert desk.look.check() == []
    page.fill("#starts_on", "31 декабря 2026")
    expect(page.locator("#starts_on-error")).to_have_count(0)
    status(page, "Сохранено в")
    page.get_by_role("button", name="Календарь: Начало").focus()
    page.get_by_role("button", name="Сохранить и остаться").click()
    expect(page.locator("#starts_on")).to_have_value("31.12.2026")
    nothing_waits(page)
    assert desk.look.faults == []


def test_two_devices_merge_and_choose_only_what_both_changed(desk: Desk) -> None:
    first = desk.look.open(desk.path)
    second = desk.look.context.new_page()
    second.goto(desk.look.base + desk.path)
    first.fill("#goal", "Цель с первого")
    first.fill("#summary", "Сводка с первого устройства")
    status(first, "Сохранено в")
    second.fill("#place", "Место со второго")
    second.fill("#summary", "Сводка со второго устройства")
    panel = second.locator("[data-conflict-panel]")
    expect(panel).to_contain_text("Краткое описание – вы, в другом окне")
    expect(second.locator("#goal")).to_have_value("Цель с первого")
    status(second, "Объединено с правками: вы, в другом окне")
    kept = desk.kept()
    assert (kept["goal"], kept["place"], kept["summary"]) == (
        "Цель с первого", "Место со второго", "Сводка с первого устройства",
    )  # fmt: skip
    panel.get_by_role("button", name="Сравнить и выбрать").click()
    expect(second.locator("ins.diff").last).to_contain_text("второго")
    second.get_by_label("Править: сделать из двух один текст").check()
    second.get_by_label("Один текст из двух").fill("Сводка с обоих устройств")
    second.get_by_role("button", name="Сохранить выбранное").click()
    second.wait_for_url("**/sections/project")
    expect(second.locator("#summary")).to_have_value("Сводка с обоих устройств")
    nothing_waits(second)
    assert desk.kept()["summary"] == "Сводка с обоих устройств"
