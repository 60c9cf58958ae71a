"""A trial in Chromium: the secretary makes one, has a step done, moves its clock, reads its letters and wipes it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.domain.jobs import JobKind
from judging.jobs import Means
from judging.services.rehearsals import acts
from tests.browser import WIDTHS, live_server
from tests.demo_site import demo_app
from tests.journeys.people import Person, Stage
from tests.journeys.test_assignment_board import SECRETARY
from tests.working import work_next

OPEN, TRIAL = "/staff/contests/PP41-2027", "/staff/contests/PROBA-PP41-2027/trial"
MARK = "Пробный конкурс: данные вымышлены"


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[tuple[Flask, Stage]]:
    with demo_app() as app, live_server(app) as base:
        stage = Stage(browser, base)
        yield app, stage
        stage.close()


def step_done(app: Flask) -> None:
    with app.app_context():
        assert work_next(JobKind.REHEARSAL, means=Means(storage=app.extensions["storage"]))


@pytest.mark.browser
def test_a_trial_from_the_press_to_the_wiping(site: tuple[Flask, Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "APPLICATIONS", 2)
    monkeypatch.setattr(acts, "EXPERTS", 3)
    app, stage = site
    secretary = Person(stage, "Секретарь", SECRETARY, WIDTHS[1]).comes_in(app, OPEN)
    secretary.follow("Пробный конкурс…")
    secretary.met("Новый пробный конкурс")
    secretary.press("Создать пробный конкурс")
    secretary.told("Пробный конкурс создан.")
    marked = secretary.page.get_by_role("note").filter(has_text=MARK)
    expect(marked).to_be_visible()
    secretary.press("Следующий этап")
    secretary.page.get_by_text("Репетиция ждёт очереди.").wait_for()
    step_done(app)
    secretary.open(TRIAL)
    secretary.page.get_by_text("Дальше: Приём: добавляются эксперты, команды подают заявки.").wait_for()
    secretary.look_over()
    secretary.press("Идёт экспертиза")
    secretary.told("Часы пробы передвинуты: Идёт экспертиза.")
    secretary.open("/staff/contests/PROBA-PP41-2027/applications")
    expect(marked).to_be_visible()
    assert secretary.page.title().startswith("[Проба] ")
    secretary.open(f"{TRIAL}/letters")
    secretary.met("Письма пробы")
    expect(secretary.page.get_by_text("[Проба] Заявка PROBA-PP41-2027-0001 получена").first).to_be_visible()
    secretary.open(f"{TRIAL}/wiping")
    secretary.met("Стереть пробный конкурс")
    secretary.press("Стереть пробный конкурс")
    secretary.told("Пробный конкурс стёрт.")
    secretary.met("Пробные конкурсы")
    assert stage.faults == []
