"""Documents in Chromium: dropped onto their rows, broken off and gone on with, refused by name, at both widths."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from judging.adapters.arriving import PIECE
from judging.adapters.invented_files import invented_file
from judging.extensions import db
from judging.models import Application
from judging.queries.applications import current_documents
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.pp41 import draft, pp41, with_form

pytestmark = pytest.mark.browser
LARGE = PDF.replace(b"\n1 0", b"\n%" + b"x" * (4 * PIECE) + b"\n1 0")
DROP = """([code, files]) => {
  const row = document.querySelector(`[data-file-row="${code}"]`)
  const dataTransfer = new DataTransfer()
  for (const [name, text] of files) dataTransfer.items.add(new File([text], name))
  row.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}))
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
        factories.document_template(db.session, contest, "business_plan")
        application = draft(db.session, contest)
        assert application.team is not None
        key, email = application.id, application.team.members[0].user.email
        db.session.commit()
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, email)})
        yield look, key
        look.close()


def row(page: Page, code: str) -> Any:
    return page.locator(f'[data-file-row="{code}"]')


def choose(page: Page, code: str, name: str, content: bytes) -> None:
    page.set_input_files(f"#slot-{code}-file", {"name": name, "mimeType": "application/pdf", "buffer": content})


def test_files_are_dropped_go_on_after_a_break_and_are_refused_by_name(app: Flask, team: tuple[Look, int]) -> None:
    look, key = team
    pdf = PDF.decode()
    page, sent = look.open(f"/applications/{key}/documents"), list[str]()
    page.evaluate(DROP, ["contracts", [["Первый.pdf", pdf], ["Плохой.pdf", "text"], ["Второй.pdf", pdf]]])
    kept = row(page, "contracts").locator(".file-slot__name")
    expect(kept).to_have_text(["Первый.pdf", "Второй.pdf"])
    refused = row(page, "contracts").locator(".file-slot__line--refused")
    expect(refused).to_contain_text("«Плохой.pdf»")
    expect(refused).to_contain_text("Сохраните его в нужном формате")
    look.check()
    refused.get_by_role("button").click()
    expect(refused).to_have_count(0)

    def break_off(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) > 2:
            route.abort()
        else:
            route.continue_()

    pieces = re.compile(r"/documents/business_plan/uploads/\w+$")
    page.route(pieces, break_off)
    choose(page, "business_plan", "План.pdf", LARGE)
    line = row(page, "business_plan").locator(".file-slot__line")
    expect(line).to_contain_text("нет связи. Загрузка продолжится сама; 3,0\u00a0МБ из 4,0\u00a0МБ")
    page.once("dialog", lambda dialog: dialog.accept())
    page.unroute(pieces)
    page.reload()
    broken = row(page, "business_plan").locator("[data-broken-off]")
    expect(broken).to_contain_text("Загрузка «План.pdf» прервалась: сохранено 3 МБ из 4 МБ")
    sent.clear()
    page.on("request", lambda request: pieces.search(request.url) and sent.append(request.url))
    choose(page, "business_plan", "План.pdf", LARGE)
    expect(row(page, "business_plan").locator(".file-slot__name")).to_have_text("План.pdf")
    expect(page.locator("[data-file-status]")).to_have_text("Файл «План.pdf» загружен.")
    expect(page.locator(".file-slots__count")).to_have_text("Обязательные документы: 1 из 7")
    assert len(sent) == 2, "only what was missing was sent"
    choose(page, "financial_model", "Модель.xlsx", invented_file("xlsx", "1"))
    expect(page.locator(".file-slots__count")).to_have_text("Обязательные документы: 2 из 7")
    for width in WIDTHS:
        look.resize(width)
        look.check()
    look.walk()
    with app.app_context():
        files = current_documents(db.session.get_one(Application, key))
        assert {file.filename: file.size for file in files}["План.pdf"] == len(LARGE)
    assert [fault for fault in look.faults if "net::ERR_FAILED" not in fault] == [], "but for what was broken off"
