"""People at their browsers: each presses, types and reads as the page's words say, and every page met is checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from judging.adapters.preset import read_preset_form
from judging.domain.forms.form import Field, FieldKind
from tests.browser import Look
from tests.demo_site import cookie_of

PASSWORD = "тихий берег зимой 7"
FORM = read_preset_form()
PASTE = """(control, text) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  control.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""
"""Puts what a spreadsheet copied into a table of the form, from a cell on."""
LINK = re.compile(r"https?://\S+")
STATE = """() => [location.pathname, ...Array.from(document.querySelectorAll("h1, h2, h3, thead th, label, button"),
  (element) => element.textContent)].join("|").replace(/\\d+|\\/[\\w-]{20,}/g, "#")"""
"""What page is open: its path without numbers and tokens, its headings, fields and buttons."""
KINDS = """() => [...new Set(Array.from(document.querySelectorAll("body, body *")).flatMap((element) =>
  [...Array.from(element.classList, (name) => "." + name), ...element.getAttributeNames()]
    .map((name) => element.localName + " " + name)))]"""
"""The kinds of elements of the page that is open: tags with each of their classes, and with each attribute."""
expect.set_options(timeout=20_000)


def labelled(label: str) -> re.Pattern[str]:
    """The whole label of a field, which may say that the field is optional."""
    return re.compile(rf"^\s*{re.escape(label)}\s*(необязательно)?\s*$")


@dataclass
class Stage:
    """Where everybody meets: the browser, the address, who is there, what was looked at, what was found wrong.

    ``seen`` are the pages that were looked at, ``known`` the kinds of elements that axe has seen.
    """

    browser: Browser
    base: str
    seen: set[str] = field(default_factory=set)
    known: set[tuple[int, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    people: list["Person"] = field(default_factory=list)

    def close(self) -> None:
        """Everybody closes their browser."""
        for person in self.present:
            person.look.close()

    @property
    def present(self) -> list["Person"]:
        """Those who have opened a browser."""
        return [person for person in self.people if "look" in vars(person)]


class Person:
    """Somebody with an address and a browser of their own, ``width`` pixels wide, opened when it is needed."""

    def __init__(self, stage: Stage, name: str, email: str, width: int = 1280) -> None:
        self.stage, self.name, self.email, self.width = stage, name, email, width
        stage.people.append(self)

    @cached_property
    def look(self) -> Look:
        """This person's browser."""
        look = Look(self.stage.browser, self.stage.base, None, self.width, self.stage.faults, contrast=False)
        look.page.set_default_timeout(20_000)
        look.page.on("dialog", lambda dialog: dialog.accept())
        return look

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.look.page

    def comes_in(self, app: Flask, path: str | None = None) -> Self:
        """Be signed in already, and open a page."""
        self.look.context.add_cookies([{"name": "judging", "value": cookie_of(app, self.email), "url": self.look.base}])
        if path:
            self.open(path)
        return self

    def open(self, path: str) -> None:
        """Type an address of the site."""
        self.page.goto(self.look.base + path)

    def met(self, heading: str) -> None:
        """Wait for the page with this heading and look it over."""
        self.page.get_by_role("heading", level=1, name=heading).wait_for()
        self.look_over()

    def look_over(self) -> None:
        """Check the page that is open, unless one just like it was checked at the same width.

        Axe looks at it where it has a kind of element that axe has not seen at this width; the others are measured.
        """
        self.page.wait_for_load_state("load")
        state = f"{self.look.width} {self.page.evaluate(STATE)}"
        if state in self.stage.seen:
            return
        self.stage.seen.add(state)
        kinds = {(self.look.width, kind) for kind in self.page.evaluate(KINDS)}
        if kinds <= self.stage.known:
            self.look.measure()
        else:
            self.look.check()
        self.stage.known |= kinds

    def told(self, words: str) -> None:
        """Wait for the line that says what has been done."""
        self.page.locator(".flashes").filter(has_text=words).wait_for()

    def follow(self, link: str, within: Locator | None = None) -> None:
        """Press a link."""
        (within or self.page.locator("body")).get_by_role("link", name=link, exact=True).first.click()

    def press(self, button: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page.locator("main")).get_by_role("button", name=button, exact=True).click()

    def fill(self, fields: Mapping[str, str], within: Locator | None = None) -> None:
        """Type into the fields with these labels; choose from a list where the field is one."""
        for label, text in fields.items():
            control = (within or self.page.locator("main")).get_by_label(labelled(label))
            if control.evaluate("element => element.tagName") == "SELECT":
                control.select_option(label=text)
            else:
                control.fill(text)

    def tick(self, *labels: str) -> None:
        """Tick boxes."""
        for label in labels:
            self.page.get_by_label(labelled(label)).check()

    def table(self, name: str) -> list[list[str]]:
        """What a table says: of every cell its first line, row by row."""
        rows = self.page.get_by_role("table", name=name, exact=True).locator("tbody tr")
        return [[text.split("\n")[0].strip() for text in row.locator("th, td").all_inner_texts()] for row in rows.all()]

    def results(self, contest: str) -> list[list[str]]:
        """Find the results of a contest from the home page, as anybody does."""
        self.open("/")
        self.met("Конкурсы совместных проектов промышленных кластеров")
        self.follow(contest)
        self.met(contest)
        self.follow("Результаты конкурса")
        self.met("Результаты")
        return self.table("Проекты по местам")

    def sign_in(self) -> None:
        """Sign in on the page of the sign-in, which is open already."""
        self.met("Вход")
        self.fill({"Электронная почта": self.email, "Пароль": PASSWORD})
        self.press("Войти")

    def accept_invitation(self, link: str) -> None:
        """Open the letter's link, choose a password, accept, sign in."""
        self.open(link)
        self.met("Приглашение")
        self.fill({"Пароль": PASSWORD})
        self.press("Принять приглашение")
        self.told("Приглашение принято. Войдите, чтобы начать работу.")
        self.sign_in()


class Administrator(Person):
    """Asks for roles and approves them, and reads letters on the console, where there is no mail server."""

    app: Flask

    def serves(self, app: Flask) -> "Administrator":
        """Have the console of the machine that the application runs on."""
        self.app = app
        return self

    def begin(self, link: str) -> None:
        """Set the first password by the link that the console printed."""
        self.open(link)
        self.met("Новый пароль")
        self.fill({"Новый пароль": PASSWORD})
        self.press("Сохранить пароль")
        self.sign_in()

    def invite(self, name: str, email: str, role: str) -> None:
        """Invite somebody to the staff of all contests."""
        self.follow("Люди")
        self.follow("Пригласить сотрудника")
        self.met("Приглашение сотрудников")
        self.fill(
            {"Фамилия, имя и отчество": name, "Электронная почта": email, "Роль": role, "Конкурс": "Все конкурсы"}
        )
        self.press("Запросить приглашение")
        self.told("Роль запрошена. Она начнёт действовать, когда её одобрит другой администратор.")

    def approve(self, name: str) -> None:
        """Approve the role that another administrator asked for."""
        self.follow("Люди")
        self.follow("1 роль ждёт одобрения")
        self.met("Роли, ожидающие одобрения")
        self.press("Одобрить", self.page.get_by_role("row").filter(has_text=name))
        self.told("Одобрено: роль назначена или приглашение отправлено.")

    def letter_to(self, email: str, subject: str) -> str:
        """Find the newest letter with this subject to ``email``; the page hides its link, the console shows it."""
        self.follow("Письма")
        self.met("Письма")
        self.fill({"Получатель": email})
        self.page.get_by_label("Получатель", exact=True).press("Enter")
        self.page.wait_for_url("**q=**")
        self.follow(subject)
        self.met(subject)
        hidden = LINK.search(self.page.get_by_role("article", name="Текст письма").inner_text())
        assert hidden is not None
        assert hidden[0].endswith("/…")
        number = self.page.url.rpartition("/")[2]
        return self.app.test_cli_runner().invoke(args=["judging", "outbox", number]).output

    def link_for(self, email: str, subject: str) -> str:
        """The page that such a letter's link leads to (the port of a test's server is known only once it runs)."""
        found = LINK.search(self.letter_to(email, subject))
        assert found, f"no link in the letter «{subject}»"
        return urlsplit(found[0]).path


@dataclass(frozen=True)
class Project:
    """What a team enters: the cluster and its organisations by the labels, typed answers section by section."""

    team: str
    cluster: Mapping[str, str]
    organisations: Sequence[Mapping[str, str]]
    answers: Mapping[str, Mapping[str, Any]]


def words(field: Field, answer: Any) -> str:
    """An answer as a person types it, or as its option is called."""
    if field.kind is FieldKind.MONEY:
        return f"{answer // 100:_}".replace("_", " ") + (f",{answer % 100:02d}" if answer % 100 else "")
    if field.kind is FieldKind.DATE:
        return f"{answer:%d.%m.%Y}"
    if field.kind is FieldKind.OKVED:
        return ", ".join(answer)
    if field.kind is FieldKind.YES:
        return "Да" if answer else "Нет"
    if field.kind is FieldKind.CHOICE:
        return next(option.label for option in field.options if option.code == answer)
    return str(answer).replace(".", ",") if field.kind is FieldKind.NUMBER else str(answer)


def cells(table: Field, row: Mapping[str, Any]) -> list[str]:
    """A row of a table as a spreadsheet copies it."""
    return [words(column, row[column.code]) for column in table.columns]


class Applicant(Person):
    """A person of a cluster's team."""

    def register(self, project: Project) -> None:
        """Register the team; the letter with the link is on its way then."""
        self.open("/")
        self.met("Конкурсы совместных проектов промышленных кластеров")
        self.follow("Войти")
        self.follow("Зарегистрировать команду кластера")
        self.met("Регистрация команды кластера")
        self.fill({
            "Название команды": project.team, "Ваши фамилия, имя и отчество": self.name,
            "Электронная почта": self.email, "Пароль": PASSWORD,
        })  # fmt: skip
        self.tick("Даю согласие на обработку моих персональных данных")
        self.press("Зарегистрироваться")
        self.met("Проверьте почту")

    def confirm(self, link: str) -> None:
        """Confirm the address by the letter's link, and be signed in by that."""
        self.open(link)
        self.met("Подтверждение регистрации")
        self.fill({"Пароль": PASSWORD})
        self.press("Подтвердить и создать учётную запись")
        self.told("Адрес подтверждён, учётная запись создана: вы вошли в систему.")
        self.met("Мои заявки")

    def enter_cluster(self, project: Project) -> None:
        """Describe the cluster and its organisations; the first of them manages it."""
        self.press("Начать заявку")
        self.met("Кластер и организации")
        self.fill(project.cluster)
        self.press("Сохранить кластер")
        self.told("Сведения о кластере сохранены.")
        for index, organisation in enumerate(project.organisations):
            self.follow("Добавить организацию")
            self.met("Новая организация")
            self.fill(organisation)
            if index == 0:
                self.tick("Специализированная организация кластера")
            self.press("Сохранить")
            self.told("Организация добавлена.")
        self.met("Кластер и организации")

    def fill_in(self, project: Project, codes: Sequence[str]) -> None:
        """Fill these sections, coming back to the list of sections after each."""
        for section in FORM.sections:
            if section.code in codes:
                self.begin_section(section.title)
                for field in section.fields:
                    if (answer := project.answers[section.code].get(field.code)) is not None:
                        self.answer(field, answer)
                self.save_section()

    def answer(self, field: Field, answer: Any) -> None:
        """Answer a question: type, choose, or paste the lines of a table."""
        place = self.page.locator(f"#{field.code}")
        if field.kind is FieldKind.TABLE and field.look == "grid":
            first = self.page.locator(f"#{field.code}-0-{field.columns[0].code}")
            first.focus()
            first.evaluate(PASTE, "\n".join("\t".join(cells(field, row)) for row in answer))
        elif field.kind is FieldKind.TABLE:
            for number, row in enumerate(answer):
                for column in field.columns:
                    self.put(self.page.locator(f"#{field.code}-{number}-{column.code}"), column, row[column.code])
        elif place.evaluate("element => element.tagName") == "FIELDSET":
            place.get_by_label(words(field, answer), exact=True).check()
        else:
            self.put(place, field, answer)

    @staticmethod
    def put(control: Locator, field: Field, answer: Any) -> None:
        """Type an answer, or choose it from a list."""
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(str(answer))
        else:
            control.fill(words(field, answer))

    def add_papers(self, papers: Mapping[str, Path]) -> None:
        """Upload every paper, and come back to the list of sections."""
        self.begin_section("Документы")
        self.upload(papers)
        self.follow("К списку разделов")

    def assure(self, title: str) -> None:
        """Agree to everything, and be back at the list of sections."""
        self.begin_section("Согласия и заверения")
        for box in self.page.get_by_role("main").get_by_role("checkbox").all():
            box.check()
        self.save_section()
        self.met(title)

    def begin_section(self, name: str) -> None:
        """Open a section from the list."""
        self.follow(name)
        self.met(name)

    def save_section(self) -> None:
        """Save and be back at the list."""
        self.press("Сохранить и продолжить")
        self.told("Раздел сохранён.")

    def upload(self, papers: Mapping[str, Path]) -> None:
        """Put a file into every place named."""
        for title, paper in papers.items():
            place = self.page.locator("[data-file-row]").filter(has=self.page.get_by_text(title, exact=True))
            place.locator("input[type=file]").set_input_files(paper)
            expect(self.page.locator("[data-file-status]")).to_have_text(f"Файл «{paper.name}» загружен.")
            expect(place.locator(".file-slot__name")).to_have_text(paper.name)
        self.look_over()

    def see_results(self) -> None:
        """Come from one's own application to the results."""
        self.follow("Мои заявки")
        self.met("Мои заявки")
        self.page.get_by_role("link", name="Посмотреть итог").click()
        self.page.get_by_role("link", name="Посмотреть итоги").click()
        self.met("Результаты")

    def submit(self) -> str:
        """Check everything and submit; return the registration number of the receipt."""
        self.follow("Проверить и подать")
        self.met("Проверьте заявку перед подачей")
        self.press("Подать заявку")
        self.met("Расписка о получении заявки")
        return self.page.locator("dl").first.locator("dd").first.inner_text().strip()
