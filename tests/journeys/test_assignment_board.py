"""The secretary distributes a contest in Chromium: a draft, the ticks, the letters; and where it cannot be done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from judging.domain.jobs import JobKind
from judging.extensions import db
from tests.browser import WIDTHS, live_server
from tests.demo_site import cookie_of, demo_app
from tests.journeys.distribution import EXPERTS, contest_of, populate, wait_for_a_plan
from tests.journeys.people import Person, Stage
from tests.journeys.staff import Secretary
from tests.working import work_next

CONTEST, TIGHT = "Конкурс станкостроительных кластеров 2026 года", "Конкурс с нехваткой экспертов"
SECRETARY = "secretary@example.org"


@dataclass(frozen=True)
class Site:
    """The application with two contests, and the addresses of the first one's experts."""

    app: Flask
    stage: Stage
    experts: list[str]


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Site]:
    with demo_app() as app:
        with app.app_context():
            experts = populate(db.session, contest_of(db.session, "STANKI", CONTEST, 3), EXPERTS)
            populate(db.session, contest_of(db.session, "TIGHT", TIGHT, 3), EXPERTS[:3])
            populate(db.session, contest_of(db.session, "WIDE", "Конкурс, на котором смотрят страницы", 2), EXPERTS)
            db.session.commit()
        with live_server(app) as base:
            stage = Stage(browser, base)
            yield Site(app, stage, experts)
            stage.close()


@pytest.mark.browser
def test_a_draft_is_looked_at_unticked_applied_and_only_then_told(site: Site) -> None:
    secretary = Secretary(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open("/staff/contests/STANKI/assignment")
    secretary.met("Назначение")
    secretary.calculate()
    page = secretary.page
    expect(page.locator(".plan-proof")).to_contain_text("Доказано:")
    boxes = page.get_by_role("checkbox", name=re.compile("^Предложить: "))
    expect(boxes).to_have_count(27)
    page.get_by_text("Почему", exact=False).first.click()
    left_out = boxes.first.get_attribute("aria-label")
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Применить отмеченные: 26…")).to_be_visible()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Отметки сохранены в")
    secretary.look_over()
    secretary.follow("По экспертам")
    expect(page.get_by_role("checkbox", name=left_out or "")).not_to_be_checked()
    secretary.look_over()
    secretary.apply()
    expert = Person(site.stage, "Эксперт", site.experts[0]).comes_in(site.app)
    assert ({tasks(site, email) for email in site.experts}, tasks_seen(expert)) == ({0}, 0)
    page.get_by_role("link", name="Сообщить экспертам: 26…").click()
    secretary.met("Сообщить экспертам")
    secretary.press("Отправить письма")
    secretary.told("поставлены в очередь")
    assert sum(tasks(site, email) for email in site.experts) == 26
    assert tasks_seen(expert) == tasks(site, expert.email) > 0
    assert site.stage.faults == []


def tasks(site: Site, email: str) -> int:
    """How many applications the page of an expert asks to review."""
    client = site.app.test_client()
    client.set_cookie("judging", cookie_of(site.app, email))
    return len(re.findall(r"<a [^>]*>\s*Принять…", client.get("/reviews").text))


def tasks_seen(expert: Person) -> int:
    """How many an expert sees there."""
    expert.open("/reviews")
    expert.met("Мои заключения")
    return expert.page.get_by_role("link", name=re.compile("^Принять заявку")).count()


@pytest.mark.browser
def test_an_impossible_distribution_says_why_and_what_would_help(site: Site) -> None:
    secretary = Secretary(site.stage, "Секретарь", SECRETARY, WIDTHS[1]).comes_in(site.app)
    secretary.open("/staff/contests/TIGHT/assignment")
    secretary.met("Назначение")
    secretary.calculate()
    page = secretary.page
    expect(page.locator(".diagnosis")).to_contain_text("27")
    expect(page.get_by_text("проверено расчётом").first).to_be_visible()
    secretary.press("Всё равно заполнить сколько возможно")
    secretary.met("Черновик распределения")
    expect(page.get_by_text("Заполнено всё, что возможно, но не всё, что нужно")).to_be_visible()
    secretary.press("Удалить черновик")
    secretary.told("Черновик удалён.")
    assert site.stage.faults == []


@pytest.mark.browser
def test_a_long_calculation_is_followed_without_a_press(site: Site) -> None:
    with site.app.app_context():
        contest = contest_of(db.session, "LONG", "Конкурс с долгим расчётом", 2)
        populate(db.session, contest, EXPERTS)
        wait_for_a_plan(db.session, contest)
        db.session.commit()
    secretary = Secretary(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open("/staff/contests/LONG/assignment/draft")
    expect(secretary.page.locator("[data-poll-text]")).to_have_text("Черновик ждёт своей очереди.")
    secretary.look_over()
    with site.app.app_context():
        assert work_next(JobKind.PLANS)
    expect(secretary.page.locator(".plan-proof")).to_contain_text("Доказано:")
    assert site.stage.faults == []


@pytest.mark.browser
def test_every_page_of_a_draft_is_sound(site: Site) -> None:
    secretary = Secretary(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open("/staff/contests/WIDE/assignment")
    secretary.calculate()
    for path in ("draft", "draft?view=experts", "draft/application", "insights", "rules", "heat-map", "plan", ""):
        secretary.open(f"/staff/contests/WIDE/assignment/{path}".rstrip("/"))
        for width in reversed(WIDTHS):
            secretary.look.resize(width)
            secretary.look.check()
    assert site.stage.faults == []


@pytest.mark.browser
def test_the_heat_map_is_walked_by_keyboard_and_has_a_twin(site: Site) -> None:
    secretary = Secretary(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open("/staff/contests/TIGHT/assignment/heat-map")
    secretary.met("Карта соответствия экспертов и заявок")
    page = secretary.page
    cells = page.locator(".heat__cell a")
    assert [cells.nth(place).get_attribute("tabindex") for place in range(3)] == ["0", "-1", "-1"]
    cells.first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "End", "Home"):
        page.keyboard.press(key)
    expect(cells.nth(2 * 3)).to_be_focused()
    assert "заявка № TIGHT-003" in (cells.nth(2 * 3).get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    secretary.met("Эксперты заявки № TIGHT-003")
    page.go_back()
    secretary.follow("То же списком")
    expect(page.get_by_role("table", name="Соответствие экспертов и заявок")).to_contain_text("тот же код")
    secretary.look_over()
    assert site.stage.faults == []


@pytest.mark.browser
def test_without_scripts_the_ticks_are_kept_by_a_press(site: Site) -> None:
    with site.stage.browser.new_context(java_script_enabled=False, locale="ru-RU") as context:
        cookie = cookie_of(site.app, SECRETARY)
        context.add_cookies([{"name": "judging", "value": cookie, "url": site.stage.base}])
        page = context.new_page()
        page.goto(f"{site.stage.base}/staff/contests/TIGHT/assignment/plan")
        page.get_by_label("Если мест у экспертов не хватит, заполнить сколько возможно").check()
        page.get_by_role("button", name="Рассчитать черновик").click()
        box = page.get_by_role("checkbox", name=re.compile("^Предложить: ")).first
        name = box.get_attribute("aria-label") or ""
        box.uncheck()
        page.get_by_role("button", name="Сохранить отметки").click()
        expect(page.locator(".flashes")).to_contain_text("Отметки сохранены.")
        expect(page.get_by_role("checkbox", name=name)).not_to_be_checked()
        page.get_by_role("button", name="Применить отмеченные").click()
        expect(page.get_by_role("heading", level=1, name="Применить черновик?")).to_be_visible()
