"""The secretary's morning in Chromium: who is reminded, who is replaced, which review is set aside."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from judging.extensions import db
from judging.models import Letter
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of

pytestmark = pytest.mark.browser


def made(app: Flask) -> dict[str, str]:
    """A contest under review with a begun, a waiting and a submitted task, and the addresses of who is there."""
    now = datetime.now(UTC)
    with app.app_context():
        contest = factories.contest(
            db.session, code="MORNING", applications_open=now - timedelta(days=30),
            applications_close=now - timedelta(days=5), review_close=now + timedelta(days=5),
        )  # fmt: skip
        secretary = factories.user(db.session, "secretary", contest)
        begun, waiting, done = (factories.expert(db.session, contest) for _ in range(3))
        factories.expert(db.session, contest, name="Новикова Дарья")
        task = factories.review(db.session, begun, factories.application(db.session, contest), "accepted",
                                scores={"E1": "5"})  # fmt: skip
        factories.review(db.session, waiting, factories.application(db.session, contest))
        sheet = factories.review(db.session, done, factories.application(db.session, contest), "submitted")
        found = {"secretary": secretary.email, "begun": begun.email, "waiting": waiting.email, "done": done.email,
                 "task": str(task.id), "sheet": str(sheet.id)}  # fmt: skip
        db.session.commit()
    return found


def told(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Letter.recipient)))


def test_the_secretary_reminds_replaces_and_sets_aside(app: Flask, browser: Browser) -> None:
    world = made(app)
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, world["secretary"])})
        page = look.open("/staff/contests/MORNING/progress/reminder")
        send = page.locator("button[data-ticked]")
        expect(send).to_have_text("Отправить писем: 2")
        page.get_by_role("row").filter(has_text=world["begun"]).get_by_role("checkbox").uncheck()
        expect(send).to_have_text("Отправить писем: 1")
        page.once("dialog", lambda dialog: dialog.accept())
        look.follow(send)
        assert told(app) == [world["waiting"]]

        page = look.open(f"/staff/contests/MORNING/assignment/reviews/{world['task']}/replacement")
        assert [fault for width in WIDTHS for fault in (look.resize(width), look.check())[1]] == []
        page.locator("#reason").fill("Эксперт заболел")
        look.follow(page.get_by_role("button", name="Передать задание"))
        expect(page.locator("#drafts")).to_contain_text("Эксперт заболел")
        assert len(told(app)) == 3

        page = look.open(f"/staff/contests/MORNING/reviews/{world['sheet']}")
        page.locator("#aside_reason").fill("Списано у коллеги")
        look.follow(page.get_by_role("button", name="Исключить из расчёта"))
        expect(page.locator(".notice").filter(has_text="Списано у коллеги")).to_be_visible()
        assert look.faults == []
        look.close()

        reader = Look(browser, base, {"judging": cookie_of(app, world["done"])})
        page = reader.open(f"/reviews/{world['sheet']}/receipt")
        expect(page.locator("main")).to_contain_text("Заключение исключено из расчёта")
        expect(page.locator("main")).to_contain_text("Списано у коллеги")
        assert (reader.check(), reader.faults) == ([], [])
        reader.close()
