"""An expert reads in Chromium: a document at the page that a criterion names, and an application that changed."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from judging.domain.canonical import digest
from judging.extensions import db
from judging.models import Application, Submission
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.returned import submitted_world

pytestmark = pytest.mark.browser
PAGES = 14


@pytest.fixture(scope="module")
def base(app: Flask) -> Iterator[str]:
    with live_server(app) as address:
        yield address


def pdf_of_pages(count: int) -> bytes:
    """A PDF that says on each page which it is, in a font that it does not hold, with a script that nobody runs."""
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction %s >>" % script,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(1, count + 1):
        drawn = b"BT /F1 40 Tf 72 700 Td (Page number %d) Tj ET" % number
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (3 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    written, places = BytesIO(), []
    written.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.writelines(b"%010d 00000 n \n" % place for place in places)
    written.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return written.getvalue()


def reviewed(application: Application, **values: int) -> tuple[int, str]:
    """(review, address) of an expert who has the application in work."""
    expert = factories.expert(db.session, application.contest)
    review = factories.review(db.session, expert, application, "accepted", **values)
    return review.id, expert.email


def test_a_criterion_opens_the_document_at_its_page_and_the_keyboard_alone_is_enough(
    app: Flask, base: str, browser: Browser
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        dates = {"applications_open": now - timedelta(30), "applications_close": now - timedelta(5)}
        contest = factories.contest(db.session, **dates, review_close=now + timedelta(5))
        application = factories.application(db.session, contest)
        stored = app.extensions["storage"].put(BytesIO(pdf_of_pages(PAGES)))
        file = {"storage_key": stored.key, "size": stored.size, "sha256": stored.sha256, "pages": PAGES}
        factories.document(db.session, application, slot="business_plan", filename="Бизнес-план.pdf", **file)
        review, email = reviewed(application)
        db.session.commit()
    look = Look(browser, base, {"judging": cookie_of(app, email)})
    page = look.open(f"/reviews/{review}")

    answers, documents = (page.get_by_role("tab", name=name) for name in ("Ответы", "Документы"))
    answers.focus()
    page.keyboard.press("End")
    expect(documents).to_be_focused()
    expect(page.locator("#reading-documents")).to_be_visible()
    expect(page.locator("#reading-answers")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#reading-answers")).to_be_visible()

    link = page.locator("#mark-E2").get_by_role("link", name="с. 12")
    link.focus()
    page.keyboard.press("Enter")
    number, pane = page.locator("[data-viewer-number]"), page.locator("[data-viewer-pages]")
    expect(number).to_have_value("12")
    expect(pane).to_be_focused()
    expect(page.locator('[data-page="12"][data-drawn] .pdf__text')).to_have_text("Page number 12")
    assert look.check() == []
    page.keyboard.press("ArrowRight")
    expect(number).to_have_value("13")
    width = page.locator("[data-page='13']").bounding_box()["width"]
    page.keyboard.press("+")
    assert page.locator("[data-page='13']").bounding_box()["width"] > width * 1.1
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(number).to_have_value("12")

    page.reload()
    expect(number).to_have_value("12")
    expect(page.locator("[data-page='12'][data-drawn]")).to_be_visible()
    look.resize(WIDTHS[1])
    assert look.check() == []
    assert look.faults == []
    look.close()


def test_what_changed_is_shown_and_taken_account_of(app: Flask, base: str, browser: Browser) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        world = submitted_world(db.session, now - timedelta(hours=3))
        first = db.session.scalars(select(Submission).where(Submission.application_id == world.key)).one()
        document = deepcopy(first.document)
        document["answers"]["goal"] = "Цель, уточнённая командой."
        later = {"document": document, "sha256": digest(document), "at": now - timedelta(hours=1)}
        db.session.add(Submission(application_id=world.key, number=2, **later))
        application = db.session.get_one(Application, world.key)
        application.status = "admitted"
        review, email = reviewed(application, application_version=1)
        db.session.commit()
    look = Look(browser, base, {"judging": cookie_of(app, email)})
    page = look.open(f"/reviews/{review}")
    look.follow(page.get_by_role("link", name="Что изменилось"))
    expect(page.get_by_role("row", name="Цель, уточнённая командой.")).to_be_visible()
    for width in WIDTHS:
        look.resize(width)
        assert look.check() == []
    look.follow(page.get_by_role("button", name="Изменения учтены"))
    expect(page.get_by_role("link", name="Что изменилось")).to_have_count(0)
    expect(page.get_by_text("Изменения учтены.")).to_be_visible()
    assert look.faults == []
    look.close()
