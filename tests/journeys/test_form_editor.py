"""A secretary builds a form in Chromium: a condition, a table with a check of its sum, a file needed above a sum.

Everything is chosen or typed in words; no rule is written. A field is moved by the keyboard, and the focus stays on it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from judging.adapters.forms import form_object
from judging.domain.access import CONSOLE, By
from judging.domain.forms.form import ApplicationForm
from judging.domain.forms.notation import UNSTORED
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import contests
from judging.queries.forms import form_of
from judging.queries.submissions import last_submitted
from judging.services.applications.section_save import save_section
from judging.services.forms.form_store import FormChange, change_form
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookie_of
from tests.forms import answers, document, field, read, sample
from tests.pp41 import draft

NUMBERS = count(1)
pytestmark = pytest.mark.browser


@pytest.fixture
def code() -> str:
    """Each test has a contest of its own."""
    return f"NEW-{next(NUMBERS)}"


@pytest.fixture
def look(app: Flask, browser: Browser, code: str) -> Iterator[Look]:
    """The secretary's browser; the contest is a draft with a small form."""
    now = datetime.now(UTC)
    with app.app_context():
        dates = {"applications_open": now + timedelta(days=5), "applications_close": now + timedelta(days=50)}
        contest = factories.contest(
            db.session, code=code, status="draft", published_at=None, review_close=now + timedelta(days=80), **dates
        )
        change = FormChange(sample().form, contest.version)
        change_form(db.session, contest.id, change, by=By(CONSOLE, now))
        email = factories.user(db.session, "secretary").email
        db.session.commit()
    with live_server(app) as base:
        look = Look(browser, base, {"judging": cookie_of(app, email)})
        yield look
        look.close()


def stored(app: Flask, code: str) -> ApplicationForm:
    with app.app_context():
        return form_of(contests.by_code(db.session, code))


def add(page: Page, section: str, kind: str) -> None:
    """«Добавить поле…» of a section, by its kind."""
    part = page.locator(f"#section-{section}")
    part.get_by_text("Добавить поле…").click()
    part.locator(".adding").get_by_role("link", name=kind, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator(".flashes")).not_to_be_empty()


def test_a_form_is_built_without_a_rule_being_written(app: Flask, look: Look, code: str) -> None:
    page = look.open(f"/staff/contests/{code}/form")
    add(page, "finance", "Да или нет")
    page.get_by_label("Что видит заявитель").fill("Есть залог?")
    page.locator("#required-mode").get_by_label("Да", exact=True).check()
    save(page)
    add(page, "finance", "Сумма денег")
    page.get_by_label("Что видит заявитель").fill("Сумма залога")
    shown = page.locator("fieldset", has=page.locator("#shown-mode")).first
    shown.get_by_label("Если выполнены все условия").check()
    shown.get_by_role("button", name="Добавить условие").click()
    shown.get_by_label("Поле", exact=True).select_option(label="Есть залог?")
    shown.get_by_label("Что о нём").select_option(label="— «да»")
    expect(shown.get_by_label("Значение")).to_be_hidden()
    look.check()
    save(page)
    add(page, "finance", "Таблица")
    page.get_by_label("Что видит заявитель").fill("Предметы залога")
    page.get_by_label("Столбец").fill("Предмет")
    page.get_by_role("button", name="Добавить столбец").click()
    page.locator("#columns-1-label").fill("Оценка")
    page.locator("#columns-1-kind").select_option(label="Сумма денег")
    page.locator("#columns-1-needed").check()
    save(page)
    page = look.open(f"/staff/contests/{code}/form#checks")
    page.get_by_text("Добавить проверку…").click()
    page.get_by_role("link", name="сумма … равна …").click()
    page.locator("#parts-0-part").select_option(label="Предметы залога: столбец „Оценка“")
    page.get_by_label("С каким полем", exact=True).select_option(label="Сумма залога")
    page.get_by_label("Рядом с каким полем сообщить").select_option(label="Предметы залога")
    page.get_by_label("Что видит заявитель").fill("Оценка не сходится с суммой залога {summa_zaloga}")
    save(page)
    add(page, "papers", "Файлы")
    page.get_by_label("Что видит заявитель").fill("Отчёт об оценке")
    page.get_by_label("PDF").check()
    required = page.locator("fieldset", has=page.locator("#required-mode")).first
    required.get_by_label("Если выполнены все условия").check()
    required.get_by_role("button", name="Добавить условие").click()
    required.get_by_label("Поле", exact=True).select_option(label="Сумма залога")
    required.get_by_label("Что о нём").select_option(label="больше")
    required.get_by_label("Значение").fill("сто миллионов")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("Введите сумму в рублях")
    required.get_by_label("Значение").fill("100 000 000")
    save(page)
    assert form_object(stored(app, code)) == form_object(built())
    assert not look.faults, "\n".join(look.faults)


def built() -> ApplicationForm:
    """The form that the secretary builds."""
    form = document()
    finance, papers = form["sections"][1]["fields"], form["sections"][2]["fields"]
    finance += [
        field("est_zalog", "yes", "Есть залог?", required=True),
        field("summa_zaloga", "money", "Сумма залога", shown_when="est_zalog"),
        field(
            "predmety_zaloga", "table", "Предметы залога",
            columns=[field("predmet", "text", "Предмет"), field("otsenka", "money", "Оценка", required=True)],
        ),
    ]  # fmt: skip
    papers.append(
        field("otchet_ob_otsenke", "file", "Отчёт об оценке", required="summa_zaloga > 100 000 000 ₽",
              extensions=["pdf"])
    )  # fmt: skip
    form["checks"].append(
        {
            "code": "sum", "at": "predmety_zaloga", "rule": "sum(predmety_zaloga.otsenka) == summa_zaloga",
            "message": "Оценка не сходится с суммой залога {summa_zaloga}",
        }
    )  # fmt: skip
    return read(form)


def keep_one_criterion(contest: Contest) -> None:
    """The small form has no indicators: experts judge by one criterion of the whole weight."""
    kept = next(one for one in contest.criteria if one.kind == "expert")
    kept.definition = {**kept.definition, "weight": "100"}
    contest.criteria = [kept]
    contest.rules = {**contest.rules, "tie_breakers": []}


def begun(contest: Contest) -> tuple[int, str]:
    """A team's draft with everything answered but what the secretary added, and who is in the team."""
    application = draft(db.session, contest)
    inns = [one.organisation.inn for one in application.cluster.members]
    given = answers(initiator=inns[0], partners=({"organisation": inns[1], "role": "maker", "contribution": "Литьё"},))
    for section in form_of(contest).sections:
        codes = {one.code for one in section.fields if one.kind not in UNSTORED}
        mine = {code: value for code, value in given.items() if code in codes}
        save_section(db.session, application.id, section.code, mine, seen=0, by=By(CONSOLE, datetime.now(UTC)))
        db.session.flush()
    assert application.team is not None
    return application.id, application.team.members[0].user.email


def test_the_contest_is_opened_and_a_team_fills_the_built_form_at_both_widths(
    app: Flask, browser: Browser, look: Look, code: str
) -> None:
    with app.app_context():
        contest = contests.by_code(db.session, code)
        contest.applications_open = datetime.now(UTC) - timedelta(minutes=1)
        keep_one_criterion(contest)
        db.session.flush()
        change_form(db.session, contest.id, FormChange(built(), contest.version), by=By(CONSOLE, datetime.now(UTC)))
        db.session.commit()
    page = look.open(f"/staff/contests/{code}/publication")
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.locator(".flashes")).not_to_be_empty()
    with app.app_context():
        key, email = begun(contests.by_code(db.session, code))
        db.session.commit()
    team = Look(browser, look.base, {"judging": cookie_of(app, email)})
    page = team.open(f"/applications/{key}/finance")
    expect(page.locator("#summa_zaloga")).to_be_hidden()
    page.locator("#est_zalog").get_by_label("Да", exact=True).check()
    page.locator("#summa_zaloga").fill("120 000 000")
    page.locator("#predmety_zaloga-0-predmet").fill("Литейный цех с оборудованием")
    page.locator("#predmety_zaloga-0-otsenka").fill("110 000 000")
    team.follow(page.get_by_role("button", name="Сохранить и остаться"))
    team.check()
    page = team.open(f"/applications/{key}/check")
    expect(page.locator("main")).to_contain_text("Оценка не сходится с суммой залога 120\u00a0000\u00a0000")
    expect(page.locator("main")).to_contain_text("Отчёт об оценке")
    team.resize(WIDTHS[1])
    page = team.open(f"/applications/{key}/finance")
    page.locator("#predmety_zaloga-0-otsenka").fill("120 000 000")
    team.follow(page.get_by_role("button", name="Сохранить и остаться"))
    team.check()
    page = team.open(f"/applications/{key}/sections/papers")
    for title, name in (("Паспорт проекта", "паспорт.pdf"), ("Отчёт об оценке", "отчёт.pdf")):
        place = page.locator("[data-file-row]").filter(has=page.get_by_text(title, exact=True))
        place.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": PDF})
        expect(place.locator(".file-slot__name")).to_have_text(name)
    team.check()
    page = team.open(f"/applications/{key}/check")
    team.check()
    page.get_by_role("button", name="Подать заявку").click()
    expect(page.locator("h1")).to_have_text("Расписка о получении заявки")
    with app.app_context():
        application = db.session.get_one(Application, key)
        held = last_submitted(db.session, application).document
        assert application.status == "submitted"
    assert held is not None
    assert held["answers"]["summa_zaloga"] == "120000000.00"
    assert sorted(one["field"] for one in held["documents"]) == ["otchet_ob_otsenke", "passport"]
    assert not look.faults, "\n".join(look.faults)
    assert not team.faults, "\n".join(team.faults)
    team.close()


def test_a_field_moves_by_the_keyboard_and_keeps_the_focus(app: Flask, look: Look, code: str) -> None:
    page = look.open(f"/staff/contests/{code}/form")
    before = [field.code for field in stored(app, code).sections[0].fields]
    page.locator("#field-initiator-down").focus()
    for place in (3, 4):
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.locator(".flashes")).to_contain_text(f"«Инициатор»: теперь {place}-е из {len(before)}.")
        expect(page.locator("#field-initiator-down")).to_be_focused()
    after = [field.code for field in stored(app, code).sections[0].fields]
    assert after == [before[0], *before[2:4], before[1], *before[4:]]
    look.resize(WIDTHS[1])
    look.check()
    assert not look.faults, "\n".join(look.faults)


def test_parts_of_a_table_and_the_preview_are_sound(look: Look, code: str) -> None:
    place = f"/staff/contests/{code}/form"
    for path in ("fields/stages", "fields/stages/columns/cost", "fields/stages/checks/late", "preview/project"):
        look.resize(WIDTHS[0])
        page = look.open(f"{place}/{path}")
        look.check()
        look.walk()
        look.resize(WIDTHS[1])
        look.measure()
    page.get_by_role("button", name="Финансирование").click()
    page.locator("#total_cost").fill("100")
    page.locator("#own_funds").fill("40")
    page.get_by_role("button", name="Проверить").last.click()
    expect(page.locator("main")).to_contain_text("Доля 40 % меньше 50 %")
    page.get_by_role("button", name="Документы").click()
    expect(page.locator("main")).to_contain_text("Здесь загружается файл: PDF")
    assert not look.faults, "\n".join(look.faults)
