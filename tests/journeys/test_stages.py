"""A secretary in Chromium: a contest from last year's, its settings as a file, a second stage of those who passed."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from judging.extensions import db
from judging.models import Application, Contest, Grant
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.services.test_stages import approved, first_stage

pytestmark = pytest.mark.browser
PHOTOGRAPHS = os.environ.get("PHOTOGRAPHS")
"""A folder for pictures of the pages, where somebody wants to look at them."""


@pytest.fixture(scope="module")
def secretary(app: Flask, browser: Browser) -> Iterator[Look]:
    """A secretary of every contest, beside a contest whose ranking is approved."""
    with app.app_context():
        first = approved(db.session, first_stage(db.session, title="Идеи совместных проектов 2026 года"))
        person = factories.user(db.session, "secretary", name="Соколова Елена")
        factories.user(db.session, "observer", first, name="Орлов Пётр")
        chair = factories.user(db.session, name="Громов Андрей")
        chair.grants.append(Grant(role="chair", contest_id=first.id, granted_at=factories.MOMENT))
        email = person.email
        db.session.commit()
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, email)})
        yield look
        look.close()


def looked_at(look: Look, name: str) -> None:
    """The page that is open has no fault in either width."""
    for width in WIDTHS:
        look.resize(width)
        look.check()
        if PHOTOGRAPHS:
            look.photograph(Path(PHOTOGRAPHS) / f"{name}-{width}.png")
    look.resize(WIDTHS[0])


def test_from_last_year_s_contest_to_the_second_stage(app: Flask, secretary: Look, tmp_path: Path) -> None:
    look = secretary
    page = look.open("/staff/contests/FIRST")
    look.follow(page.get_by_role("link", name="Создать по этому конкурсу"))
    looked_at(look, "copy")
    opens = datetime.now(UTC) + timedelta(days=400)
    page.get_by_label("Код нового конкурса").fill("SECOND")
    page.get_by_label("Начало приёма заявок").fill(opens.strftime("%Y-%m-%dT10:00"))
    page.get_by_role("button", name="Создать черновик").click()
    expect(page.get_by_text("Тексты, где стоит год прошлого конкурса")).to_be_visible()
    looked_at(look, "overview")
    page.get_by_role("link", name="terms.title").click()
    page.get_by_label("Название", exact=True).fill("Полные заявки")
    page.get_by_role("button", name="Сохранить").click()
    look.open("/staff/contests/SECOND")
    expect(page.get_by_text("Тексты, где стоит год прошлого конкурса")).to_have_count(0)

    page.get_by_role("link", name="Правила и методика").first.click()
    look.follow(page.get_by_role("link", name="Настройки файлом"))
    looked_at(look, "settings")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Скачать настройки").click()
    path = tmp_path / "settings.json"
    begun.value.save_as(path)
    document = json.loads(path.read_text("utf-8"))
    for text, spoiled in ((json.dumps({**document, "rules": {}}), True), (json.dumps(document), False)):
        document["terms"] |= {"budget": "400000000.00", "summary": "Полные заявки тех, чьи идеи прошли"}
        document["criteria"][0]["weight"] = "11"
        path.write_text(text if spoiled else json.dumps(document), "utf-8")
        page.get_by_label("Файл настроек").set_input_files(path)
        look.follow(page.get_by_role("button", name="Посмотреть разницу"))
        looked_at(look, "faults" if spoiled else "difference")
    expect(page.locator("#changes tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Применить настройки").click()
    expect(page.get_by_text("Изменены 3 настройки.")).to_be_visible()

    look.open("/staff/contests/SECOND")
    look.follow(page.get_by_role("link", name="Предыдущий этап"))
    looked_at(look, "stage-draft")
    first = page.get_by_label("Предыдущий этап").locator("option", has_text="FIRST").get_attribute("value")
    page.get_by_label("Предыдущий этап").select_option(first)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Предыдущий этап сохранён.")).to_be_visible()
    look.open("/staff/contests/SECOND/publication")
    page.get_by_role("button", name="Опубликовать и зафиксировать").click()
    look.open("/staff/contests/SECOND/stage")
    looked_at(look, "stage")
    page.get_by_label("Все, кто достиг проходных баллов").check()
    page.get_by_role("button", name="Перенести прошедших").click()
    expect(page.get_by_text("Перенесены 2 заявки; командам отправлены письма.")).to_be_visible()
    with app.app_context():
        contest = db.session.scalars(select(Contest).where(Contest.code == "SECOND")).one()
        made = db.session.scalars(
            select(Application).where(Application.contest_id == contest.id).order_by(Application.id)
        ).all()
        assert [one.status for one in made] == ["draft", "draft"]
        made[0].number, made[0].status, made[0].submitted_at = "SECOND-001", "admitted", datetime.now(UTC)
        contest.ranking_revision += 1
        key, other, person = made[0].id, made[1].id, made[1].team
        assert person is not None
        email = person.members[0].user.email
        db.session.commit()
    look.open(f"/staff/contests/SECOND/applications/{key}")
    looked_at(look, "register")
    look.open("/staff/contests/SECOND/ranking")
    looked_at(look, "ranking")
    look.context.add_cookies([{"name": "judging", "value": cookie_of(app, email), "url": look.base}])
    page = look.open(f"/applications/{other}")
    expect(page.get_by_text("Перенесено из предыдущего этапа:")).to_be_visible()
    looked_at(look, "draft")
    assert look.faults == []
