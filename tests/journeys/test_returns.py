"""Pages of versions, returns and marks in Chromium at both widths: for axe, by keyboard, none too wide."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.domain.forms.checklist import Verdict
from judging.extensions import db
from judging.models import Application, User
from judging.services.checklist import MarkDraft, mark_points
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.returned import World, by, corrected_world, give_back

pytestmark = pytest.mark.browser
TEAM = ("", "/finance", "/documents", "/check", "/receipts?from=1&to=2", "/receipts/1", "/receipt")
STAFF = ("", "/submissions", "/submissions/2", "/marks", "/correction/end")


@pytest.fixture(scope="module")
def world(app: Flask) -> tuple[World, int, dict[str, str]]:
    """An application given back for the second time, another one that waits, and the addresses of both people."""
    with app.app_context():
        world = corrected_world(db.session)
        application = db.session.get_one(Application, world.key)
        drafts = {"K1": MarkDraft(Verdict.YES), "K2": MarkDraft(Verdict.NO, "Выписки из реестра нет среди документов.")}
        mark_points(db.session, world.key, drafts, by=by(application))
        remarks = {"finance": "Займы не подтверждены письмами банков: приложите их.", "documents": "Нет писем банков."}
        give_back(db.session, world, remarks, datetime.now(UTC) + timedelta(days=3, hours=2))
        other = factories.application(db.session, application.contest, application.cluster, status="submitted").id
        people = {name: db.session.get_one(User, key).email for name, key in
                  (("team", world.person), ("secretary", world.secretary))}  # fmt: skip
        db.session.commit()
    return world, other, people


def photographed(look: Look, name: str) -> None:
    """Keep a photograph where ``PHOTOGRAPHS`` names a folder."""
    if folder := os.environ.get("PHOTOGRAPHS"):
        look.photograph(Path(folder) / f"{name}-{look.width}.png")


def test_the_pages_of_returns_are_for_everybody(
    app: Flask, browser: Browser, world: tuple[World, int, dict[str, str]]
) -> None:
    held, other, people = world
    faults = []
    waiting = f"/staff/contests/{held.code}/applications/{other}/correction"
    pages = {
        "team": [held.team + path for path in TEAM],
        "secretary": [*(held.staff + path for path in STAFF), waiting],
    }
    with live_server(app) as base:
        for name, paths in pages.items():
            look = Look(browser, base, {"judging": cookie_of(app, people[name])})
            for place, path in enumerate(paths):
                look.resize(WIDTHS[0])
                look.open(path)
                look.walk()
                for width in WIDTHS:
                    look.resize(width)
                    photographed(look, f"{name}-{place}")
                    look.check()
            faults += look.faults
            look.close()
    assert faults == []


def test_faults_of_a_return_and_of_marks_are_led_to(
    app: Flask, browser: Browser, world: tuple[World, int, dict[str, str]]
) -> None:
    held, other, people = world
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, people["secretary"])}, WIDTHS[1])
        page = look.open(f"/staff/contests/{held.code}/applications/{other}/correction")
        page.get_by_label("Финансирование", exact=True).check()
        page.get_by_role("button", name="Вернуть", exact=True).press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Финансирование", exact=True)).to_be_checked()
        photographed(look, "return-refused")
        look.check()
        page = look.open(held.staff + "/marks")
        page.locator("#verdict-K3").get_by_label("Не выполнен").check()
        page.get_by_role("button", name="Сохранить отметки").press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        page.get_by_role("alert").get_by_role("link").first.press("Enter")
        expect(page.locator("#verdict-K3:focus, #verdict-K3 :focus")).to_have_count(1)
        photographed(look, "marks-refused")
        look.check()
        assert look.faults == []
        look.close()
