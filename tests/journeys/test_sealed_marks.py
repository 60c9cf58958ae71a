"""Marks that are closed, in Chromium: an early look with its trace, and an invitation answered on the home page."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.domain.access import CONSOLE, By
from judging.extensions import db
from judging.models import Grant
from judging.services.experts import invite_experts
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of

pytestmark = pytest.mark.browser


def made(app: Flask) -> dict[str, str]:
    """A contest under review whose marks are closed to its staff, and one that invites the same expert."""
    now = datetime.now(UTC)
    dates = {"applications_open": now - timedelta(days=30), "applications_close": now - timedelta(days=5)}
    with app.app_context():
        contest = factories.contest(
            db.session, code="SEALED", **dates, review_close=now + timedelta(days=5),
            visibility={"staff": "closed", "chair": "closed"},
        )  # fmt: skip
        people = {role: factories.user(db.session, name=role) for role in ("secretary", "chair")}
        for role, person in people.items():
            person.grants.append(Grant(role=role, contest_id=contest.id, granted_at=now))
        expert = factories.expert(db.session, contest)
        factories.review(db.session, expert, factories.application(db.session, contest), "submitted", mark=8)
        inviting = factories.contest(db.session, code="NEXT", title="Отбор следующего года", **dates,
                                     review_close=now + timedelta(days=9))  # fmt: skip
        card = factories.expert(db.session, inviting, user=None, email=expert.email)
        invite_experts(db.session, [card], by=By(CONSOLE, now), base_url="http://127.0.0.1")
        found = {role: person.email for role, person in people.items()} | {"expert": expert.email}
        db.session.commit()
    return found


def test_marks_open_early_for_a_reason_that_the_chair_reads(app: Flask, browser: Browser) -> None:
    world = made(app)
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, world["secretary"])})
        page = look.open("/staff/contests/SEALED/ranking")
        expect(page.get_by_role("heading", name="Оценки пока закрыты")).to_be_visible()
        assert [fault for width in WIDTHS for fault in (look.resize(width), look.check())[1]] == []
        page.get_by_label("Причина досрочного просмотра").fill("Поступила жалоба № 5")
        look.follow(page.get_by_role("button", name="Открыть с записью в журнал"))
        expect(page.get_by_role("heading", name="Оценки пока закрыты")).to_have_count(0)
        assert look.faults == []
        look.close()

        reader = Look(browser, base, {"judging": cookie_of(app, world["chair"])})
        page = reader.open("/staff/contests/SEALED/journal/early-looks")
        expect(page.locator("main")).to_contain_text("Поступила жалоба № 5")
        assert (reader.check(), reader.faults) == ([], [])
        reader.close()

        invited = Look(browser, base, {"judging": cookie_of(app, world["expert"])})
        page = invited.open("/reviews")
        assert [fault for width in WIDTHS for fault in (invited.resize(width), invited.check())[1]] == []
        row = page.get_by_role("row").filter(has_text="Отбор следующего года")
        invited.follow(row.get_by_role("link", name="Отказаться"))
        page.get_by_label("Болезнь или отъезд").check()
        invited.follow(page.get_by_role("button", name="Отказаться"))
        expect(page.get_by_text("Вы отказались от приглашения", exact=False)).to_be_visible()
        assert (invited.check(), invited.faults) == ([], [])
        invited.close()
