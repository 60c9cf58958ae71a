"""A secretary builds a form in Chromium: a condition, a table with a check of its sum, a file needed above a sum.

Everything is chosen or typed in words; no rule is written. A field is moved by the keyboard, and the focus stays on it.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from config import Config
from judging.app import create_app
from judging.domain.access import CONSOLE, By
from judging.domain.forms.form import ApplicationForm
from judging.extensions import db
from judging.queries import contests
from judging.queries.forms import form_of
from judging.services.forms.form_store import FormChange, change_form
from tests import factories
from tests.browser import WIDTHS, Look, live_server
from tests.databases import migrated
from tests.demo_site import cookie_of
from tests.forms import sample

NUMBERS = count(1)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("editor")
    url = f"sqlite:///{shutil.copyfile(migrated(), folder / 'editor.sqlite3')}"
    made = create_app(
        Config(secret_key="z" * 40, database_url=url, instance_dir=folder, storage_url=f"file://{folder / 'documents'}")
    )
    yield made
    with made.app_context():
        db.engine.dispose()


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
    form = stored(app, code)
    fields = {field.code: field for field in form.fields()}
    assert fields["summa_zaloga"].shown_when == "est_zalog"
    assert [(one.code, one.kind.value, one.required) for one in fields["predmety_zaloga"].columns] == [
        ("predmet", "text", False), ("otsenka", "money", True),
    ]  # fmt: skip
    assert fields["otchet_ob_otsenke"].required == "summa_zaloga > 100 000 000 ₽"
    assert form.checks[-1].rule == "sum(predmety_zaloga.otsenka) == summa_zaloga"
    assert not look.faults, "\n".join(look.faults)


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
