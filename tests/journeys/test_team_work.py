"""Two people of one team file an application from nothing to the receipt, and once more after it was given back.

One of them is cut off twice, by a broken network and by a killed server: nothing that was typed is lost.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url, select

from config import Config
from judging.app import create_app
from judging.domain.forms.compiling import compile_form
from judging.extensions import db
from judging.models import Application, Letter, Submission
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.web.forms import MOSCOW
from tests import factories
from tests.browser import AXE, AXE_AT
from tests.databases import migrated
from tests.faults.server import Server
from tests.forms import field, read
from tests.journeys import beforehand
from tests.journeys.people import PASSWORD, Applicant, Person, Stage
from tests.journeys.projects import SPINDLES
from tests.pp41 import with_form

pytestmark = pytest.mark.browser
CODE, PHONE = "TEAM-2026", 390
CUT_OFF = "console: Failed to load resource: net::ERR_"
"""What the browser's console says while there is no network or no server."""
TEXTS = {"title": "Выпуск шпинделей", "goal": "Наладить выпуск", "total_cost": "100", "own_funds": "60"}
DOCUMENT = {
    "format": "application-form",
    "version": 1,
    "sections": [
        {"code": "project", "title": "Проект", "fields": [
            field("title", "text", "Наименование", most=300, required=True),
            field("goal", "text", "Цель", most=1000, lines=3, required=True),
            field("initiator", "organisation", "Инициатор", required=True),
            field("topics", "okved", "Коды ОКВЭД2"),
            field("partners", "table", "Партнёры", columns=[
                field("organisation", "organisation", "Организация", required=True),
                field("role", "choice", "Роль", options=[{"code": "maker", "label": "Изготовитель"}]),
                field("contribution", "text", "Вклад", most=1000),
            ]),
        ]},
        {"code": "finance", "title": "Финансирование", "fields": [
            field("total_cost", "money", "Стоимость", required=True),
            field("own_funds", "money", "Собственные средства", required=True),
            field("requested", "money", "Субсидия", required=True),
        ]},
        {"code": "consents", "title": "Согласия", "fields": [
            field("truth", "consent", "Достоверность", text="Данные достоверны.", required=True),
        ]},
    ],
}  # fmt: skip


@dataclass
class Play:
    """The installation, its server, and who plays."""

    app: Flask
    server: Server
    stage: Stage
    lead: Applicant
    mate: Applicant
    secretary: Person

    def stored(self) -> tuple[Application, dict[str, object], int]:
        """The one application, its answers, and how often it was submitted."""
        application = db.session.scalars(select(Application)).one()
        times = len(db.session.scalars(select(Submission.id)).all())
        return application, dict(answers_of(application, compiled_form_of(application.contest))), times

    def link_in_the_letter(self) -> str:
        """Where the newest letter leads."""
        with self.app.app_context():
            body = db.session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
        found = re.search(r"/team-invitations/\S+", body or "")
        assert found, body
        return found[0]


@pytest.fixture
def play(tmp_path: Path, browser: Browser) -> Iterator[Play]:
    environment = {"INSTANCE_DIR": str(tmp_path), "SECRET_KEY": "f" * 40, "DATABASE_URL": "", "TRUSTED_PROXIES": "0"}
    config = Config.from_environment(environment)
    shutil.copyfile(migrated(), make_url(config.database_url).database or "")
    app, server = create_app(config), Server(environment)
    stage = Stage(browser, f"http://127.0.0.1:{server.port}")
    lead = Applicant(stage, "Кузнецов Олег Петрович", "kuznetsov@example.org")
    mate = Applicant(stage, "Галеева Алсу Рашидовна", "galeeva@example.org", PHONE)
    secretary = Person(stage, "Орлова Ирина Павловна", "orlova@example.org")
    with app.app_context():
        now, days = beforehand.now(), timedelta(days=5)
        contest = factories.contest(
            db.session,
            code=CODE,
            applications_open=now - days,
            applications_close=now + days,
            review_close=now + 3 * days,
        )
        with_form(db.session, contest, compile_form(read(DOCUMENT)))
        beforehand.described(db.session, contest, beforehand.team(db.session, lead, SPINDLES), SPINDLES)
        beforehand.account(db.session, secretary, "secretary")
        db.session.commit()
    server.start()
    for person in (lead, mate, secretary):
        person.look.context.route(f"**{AXE_AT}", lambda route: route.fulfill(path=AXE, content_type="text/javascript"))
    yield Play(app, server, stage, lead, mate, secretary)
    stage.close()
    if server.processes:
        server.kill()
    with app.app_context():
        db.engine.dispose()


def test_two_people_file_an_application_and_correct_it(play: Play) -> None:
    begun_and_shared(play)
    typed_through_two_breaks(play)
    number = filed(play)
    given_back_and_corrected(play, number)
    assert [fault for fault in play.stage.faults if CUT_OFF not in fault] == []


def begun_and_shared(play: Play) -> None:
    """The lead begins the application, invites a mate by a press, and gives the mate a section."""
    lead, mate = play.lead, play.mate
    lead.comes_in(play.app, "/applications")
    lead.met("Мои заявки")
    lead.press("Начать заявку")
    lead.met("Заявка без названия")
    lead.follow("Команда")
    lead.met(SPINDLES.team)
    lead.fill({
        "Фамилия, имя и отчество": mate.name, "Электронная почта": mate.email, "Роль в команде": "Участник команды",
    })  # fmt: skip
    lead.press("Отправить приглашение")
    lead.told("Приглашение отправлено.")
    mate.open(play.link_in_the_letter())
    mate.met("Приглашение в команду")
    mate.fill({"Пароль": PASSWORD})
    mate.tick("Даю согласие на обработку моих персональных данных")
    mate.press("Принять приглашение")
    mate.told("Учётная запись создана: вы в команде.")
    mate.met("Мои заявки")
    lead.follow("Мои заявки")
    lead.follow("Заявка без названия")
    lead.follow("Кто работает над заявкой")
    lead.met("Кто работает над заявкой")
    row = lead.page.get_by_role("row").filter(has=lead.page.get_by_role("rowheader", name="Финансирование"))
    row.get_by_label("Отвечает").select_option(label=mate.name)
    lead.press("Назначить", row)
    lead.told("Записано, кто отвечает за раздел.")
    lead.look_over()


def typed_through_two_breaks(play: Play) -> None:
    """The mate types while the network is gone, and while the server is: both texts arrive when they are back."""
    mate = play.mate
    mate.follow("Заявка без названия")
    mate.begin_section("Финансирование")
    line = mate.page.locator("[data-autosave-status]")
    mate.look.context.set_offline(True)
    mate.fill({"Стоимость": TEXTS["total_cost"]})
    expect(line).to_contain_text("Нет связи")
    mate.look.context.set_offline(False)
    expect(line).to_contain_text("Сохранено в")
    play.server.kill()
    mate.fill({"Собственные средства": TEXTS["own_funds"]})
    expect(line).to_contain_text("Нет связи")
    play.server.start()
    mate.page.evaluate("dispatchEvent(new Event('online'))")
    expect(line).to_contain_text("Сохранено в")
    with play.app.app_context():
        _, answers, _ = play.stored()
        assert (answers["total_cost"], answers["own_funds"]) == (100_00, 60_00)
    mate.fill({"Субсидия": "40"})
    expect(mate.page.get_by_text("Всё обязательное в этом разделе заполнено.")).to_be_visible()
    mate.save_section()
    mate.begin_section("Финансирование")
    mate.press("Отметить «Готово»")
    mate.told("Раздел отмечен «Готово».")
    mate.look_over()


def filed(play: Play) -> str:
    """The lead fills in the rest and submits; returns the registration number."""
    lead = play.lead
    lead.follow("Проект")
    lead.met("Проект")
    lead.fill({"Наименование": TEXTS["title"], "Цель": TEXTS["goal"]})
    lead.page.locator("#initiator").select_option(index=2)
    lead.save_section()
    expect(lead.page.get_by_text(f"Отмечено «Готово»: {play.mate.name}")).to_be_visible()
    lead.begin_section("Согласия")
    lead.page.get_by_role("checkbox").check()
    lead.save_section()
    number = lead.submit()
    with play.app.app_context():
        application, answers, times = play.stored()
        assert (application.status, application.number, times) == ("submitted", number, 1)
        assert {name: answers[name] for name in ("title", "goal", "total_cost", "own_funds", "requested", "truth")} == {
            "title": TEXTS["title"], "goal": TEXTS["goal"], "total_cost": 100_00, "own_funds": 60_00,
            "requested": 40_00, "truth": True,
        }  # fmt: skip
    return number


def given_back_and_corrected(play: Play, number: str) -> None:
    """The secretary gives one section back; the mate corrects it, the lead submits again under the same number."""
    lead, mate, secretary = play.lead, play.mate, play.secretary
    with play.app.app_context():
        key = play.stored()[0].id
    secretary.comes_in(play.app, f"/staff/contests/{CODE}/applications/{key}/correction")
    secretary.met("Вернуть заявку на доработку")
    secretary.page.get_by_label("Финансирование", exact=True).check()
    secretary.page.locator("#remark-finance").fill("Подтвердите собственные средства.")
    until = beforehand.now().astimezone(MOSCOW) + timedelta(days=2)
    secretary.page.locator("#until").fill(f"{until:%Y-%m-%dT%H:%M}")
    secretary.press("Вернуть")
    secretary.told("Заявка возвращена на доработку.")
    mate.open(f"/applications/{key}")
    mate.met(TEXTS["title"])
    mate.begin_section("Финансирование")
    expect(mate.page.get_by_text("Подтвердите собственные средства.")).to_be_visible()
    mate.fill({"Собственные средства": "70", "Субсидия": "30"})
    mate.save_section()
    mate.look_over()
    lead.open(f"/applications/{key}")
    lead.follow("Проверить и подать")
    lead.press("Подать исправленную заявку")
    lead.met("Расписка о получении заявки")
    with play.app.app_context():
        application, answers, times = play.stored()
        found = application.status, application.number, answers["own_funds"], times
    assert found == ("submitted", number, 70_00, 2)
