"""How firm a ranking is, in Chromium: drawings under the content policy, the keyboard, paper, a long calculation."""

from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.models import Contest
from tests import factories
from tests.browser import WIDTHS, live_server
from tests.demo_site import demo_app
from tests.journeys.distribution import APPLICATIONS, contest_of
from tests.journeys.people import Person, Stage
from tests.journeys.test_assignment_board import SECRETARY, Site
from tests.working import work_next

SMALL, LARGE = "UST", "UST-LARGE"
PATH = f"/staff/contests/{SMALL}/firmness"
NAMES = (
    "Агафонов-Преображенский Лев Вячеславович", "Воронцова Нина Олеговна", "Дьяков Пётр Ильич",
    "Захарьина-Юрьева Елизавета Константиновна", "Исмагилов Рустам Фаридович", "Костромина Алла Сергеевна",
)  # fmt: skip
CARELESS = 4
STRICTEST = """() => echarts.getInstanceByDom(document.querySelector("[data-chart=severity]")).convertToPixel(
  { seriesIndex: 2 }, [JSON.parse(document.querySelector("#experts-table [data-point]").dataset.point).value, 0])"""
"""Where the first expert's point is drawn."""
TABS = {
    "Эксперты": "эксперты", "Карта отклонений": "карта отклонений", "Критерии": "критерии", "Что, если": "что, если",
    "Ещё одно заключение": "ещё одно заключение",
}  # fmt: skip


def judge(session: Session, contest: Contest, projects: int) -> None:
    """Add applications, each with three reviews; one expert does not look at the projects."""
    random = Random(7)
    codes = [item["code"] for item in factories.PRESET["criteria"] if item["kind"] == "expert"]
    cluster = factories.cluster(session, contest)
    experts = [(factories.expert(session, contest, name=name), random.gauss(0, 0.9)) for name in NAMES]
    for index in range(projects):
        title = APPLICATIONS[index % len(APPLICATIONS)][0]
        application = factories.application(
            session, contest, cluster, title=title, number=f"{contest.code}-{index + 1:03d}",
            requested=random.randrange(40, 140) * 1_000_000_00,
        )  # fmt: skip
        quality = random.gauss(6.2, 1.3)
        for place in random.sample(range(len(NAMES)), 3):
            expert, severity = experts[place]
            seen = random.gauss(6.2, 1.3) if place == CARELESS else quality
            scores = {code: str(min(10, max(0, round(seen + severity + random.gauss(0, 0.8))))) for code in codes}
            factories.review(session, expert, application, "submitted", scores=scores)


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Site]:
    with demo_app() as app:
        with app.app_context():
            judge(db.session, contest_of(db.session, SMALL, "Конкурс станкостроительных кластеров", 3), 30)
            judge(db.session, contest_of(db.session, LARGE, "Большой конкурс станкостроительных кластеров", 3), 140)
            db.session.commit()
        with live_server(app) as base:
            stage = Stage(browser, base)
            yield Site(app, stage, [])
            stage.close()


@pytest.mark.browser
def test_the_secretary_reads_every_part_of_the_report(site: Site) -> None:
    secretary = Person(site.stage, "Секретарь", SECRETARY, WIDTHS[1]).comes_in(site.app)
    page = secretary.page
    secretary.open(f"/staff/contests/{SMALL}/ranking")
    secretary.met("Рейтинг")
    secretary.follow("Устойчивость рейтинга", page.locator("main"))
    secretary.met("Устойчивость рейтинга")
    drawings = page.locator("[data-chart] svg")
    expect(drawings).to_have_count(2)
    expect(page.get_by_role("img", name="Те же данные — в таблице ниже.")).to_have_count(2)
    assert len(secretary.table("Места и вероятности")) == 30
    for tab, heading in TABS.items():
        secretary.follow(tab, page.get_by_role("navigation", name="Разделы отчёта"))
        secretary.met(f"Устойчивость рейтинга: {heading}")
        expect(
            page.get_by_role("link", name=tab, exact=True).and_(page.locator("main [aria-current]"))
        ).to_be_in_viewport()
    secretary.follow("Критерии", page.get_by_role("navigation", name="Разделы отчёта"))
    expect(drawings).to_have_count(1)
    assert site.stage.faults == []


@pytest.mark.browser
def test_a_drawing_says_what_the_table_says_when_it_is_pointed_at(site: Site) -> None:
    secretary = Person(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open(f"{PATH}/experts")
    secretary.met("Устойчивость рейтинга: эксперты")
    strictest = secretary.table("Строгость экспертов")[0]
    drawing = secretary.page.locator('[data-chart="severity"]')
    drawing.scroll_into_view_if_needed()
    expect(drawing.locator("svg")).to_be_visible()
    box = drawing.bounding_box()
    assert box is not None
    point = secretary.page.evaluate(STRICTEST)
    secretary.page.mouse.move(box["x"] + point[0], box["y"] + point[1])
    expect(secretary.page.locator(".chart-tip")).to_contain_text(strictest[0])
    expect(secretary.page.locator(".chart-tip")).to_contain_text(strictest[2])
    assert site.stage.faults == []


@pytest.mark.browser
def test_the_map_is_walked_with_the_arrows(site: Site) -> None:
    secretary = Person(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open(f"{PATH}/residuals")
    secretary.met("Устойчивость рейтинга: карта отклонений")
    page = secretary.page
    careless = page.locator("table[data-roving] thead th").nth(1)
    expect(careless).to_contain_text(NAMES[CARELESS])
    column = page.locator(f'table[data-roving] td a[aria-label^="{NAMES[CARELESS]}"]')
    column.first.focus()
    page.keyboard.press("ArrowDown")
    expect(column.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(column.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Как сложился итог")
    assert site.stage.faults == []


@pytest.mark.browser
def test_without_scripts_and_on_paper_the_tables_say_it_all(site: Site) -> None:
    secretary = Person(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    cookies = secretary.look.context.cookies()
    context = site.stage.browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what the other context gave
    plain = context.new_page()
    plain.goto(site.stage.base + PATH)
    expect(plain.locator("[data-chart]").first).to_be_hidden()
    expect(plain.get_by_role("heading", name="Где мог бы стоять каждый проект")).to_be_hidden()
    expect(plain.locator("#places-table tbody tr")).to_have_count(30)
    context.close()
    secretary.open(PATH)
    secretary.met("Устойчивость рейтинга")
    secretary.page.set_viewport_size({"width": 900, "height": 700})
    secretary.page.emulate_media(media="print")
    drawn = secretary.page.locator('[data-chart="places"] svg').bounding_box()
    assert drawn is not None
    assert 0 < drawn["width"] <= 900
    assert drawn["height"] > 100


@pytest.mark.browser
def test_a_large_contest_is_calculated_while_one_waits(site: Site) -> None:
    secretary = Person(site.stage, "Секретарь", SECRETARY).comes_in(site.app)
    secretary.open(f"/staff/contests/{LARGE}/firmness")
    secretary.met("Устойчивость рейтинга")
    secretary.press("Рассчитать")
    expect(secretary.page.locator("[data-poll-text]")).to_have_text("Расчёт ждёт своей очереди.")
    secretary.look_over()
    with site.app.app_context():
        assert work_next(JobKind.FIRMNESS)
    expect(secretary.page.get_by_role("heading", name="Что можно сказать")).to_be_visible()
    secretary.follow("Все проекты")
    secretary.met("Устойчивость рейтинга")
    expect(secretary.page.locator("#places-table tbody tr")).to_have_count(50)
    with secretary.page.expect_download() as download:
        secretary.press("Места и вероятности (CSV)")
    assert download.value.suggested_filename.startswith(f"{LARGE}-firmness-places-")
    with secretary.page.expect_download() as again:
        secretary.press("Места и вероятности (CSV)")
    assert again.value.suggested_filename == download.value.suggested_filename
    assert site.stage.faults == []
