"""The staff of a contest and its experts, at their browsers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person

MOSCOW = ZoneInfo("Europe/Moscow")
SECTIONS = "Разделы конкурса"


def moscow_input(days: int) -> str:
    """So many days from now, at noon in Moscow, as a field for date and time takes it."""
    day = datetime.now(MOSCOW) + timedelta(days=days)
    return day.replace(hour=12, minute=0).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class Place:
    """A line of the ranking as the page shows it."""

    place: str
    number: str
    computed: str
    expert: str
    total: str
    outcome: str


class Official(Person):
    """Somebody who works in the pages of one contest."""

    def tab(self, name: str, heading: str) -> None:
        """Open a section of the contest."""
        self.follow(name, within=self.page.get_by_role("navigation", name=SECTIONS))
        self.met(heading)

    def ranking(self) -> list[Place]:
        """Open the ranking and read it; the line where the money ends is no place."""
        self.tab("Рейтинг", "Рейтинг")
        rows = [cells for cells in self.table("Рейтинг заявок") if len(cells) > 1]
        return [Place(cells[0], cells[1], *cells[3:6], cells[7]) for cells in rows]

    def explanation(self, number: str) -> None:
        """Look at how a total is made, and come back."""
        self.follow(number)
        self.met(f"Как сложился итог заявки {number}")
        self.follow("К рейтингу")
        self.met("Рейтинг")


class Secretary(Official):
    """Runs a contest from its rules to the frozen ranking."""

    def create(self, code: str, title: str, budget: str) -> None:
        """Create a contest from the example, with three experts an application."""
        self.met("Конкурсы")
        self.follow("Новый конкурс")
        self.met("Новый конкурс")
        self.fill({
            "Код конкурса": code, "Название": title, "Начало приёма заявок": moscow_input(-2),
            "Окончание приёма заявок": moscow_input(20), "Окончание экспертизы": moscow_input(40),
            "О чём конкурс": "Поддержка совместных проектов участников кластеров.", "Бюджет конкурса": budget,
        })  # fmt: skip
        self.press("Создать черновик")
        self.told("Черновик создан. Проверьте правила и опубликуйте конкурс.")
        self.met(title)
        self.tab("Правила и методика", "Правила и методика")
        self.page.locator("#scoring").get_by_role("link", name="Изменить").click()
        self.met("От оценок к местам и суммам")
        self.fill({"Экспертов на заявку": "3"})
        self.press("Сохранить")
        self.told("Правила сохранены.")

    def publish(self, title: str) -> None:
        """Publish it; its rules are frozen from then on."""
        self.tab("Обзор", title)
        self.follow("Опубликовать…")
        self.met("Публикация конкурса")
        self.press("Опубликовать и зафиксировать правила")
        self.told("Конкурс опубликован. Теперь его страница видна всем.")
        self.met(title)

    def admit(self, number: str, title: str) -> None:
        """Look at an application and admit it."""
        self.tab("Заявки", "Реестр заявок")
        self.follow(number)
        self.met(title)
        self.follow("Допустить заявку…")
        self.met("Допустить заявку")
        self.press("Допустить заявку")
        self.told("Заявка допущена.")

    def admit_several(self, *numbers: str) -> None:
        """Admit the ticked applications at once."""
        self.tab("Заявки", "Реестр заявок")
        for number in numbers:
            self.page.get_by_role("checkbox", name=f"Выбрать: {number}").check()
        self.press("Допустить отмеченные…")
        self.met("Допуск нескольких заявок")
        self.page.get_by_role("button", name="Допустить").click()
        expect(self.page.locator(".flashes")).to_contain_text("допущен")

    def add_experts(self, experts: Sequence[Person]) -> None:
        """Enter the experts' cards and invite everybody with one press."""
        self.tab("Эксперты", "Эксперты")
        for expert in experts:
            self.follow("Добавить эксперта")
            self.met("Новый эксперт")
            self.fill({
                "Фамилия, имя, отчество": expert.name, "Электронная почта": expert.email, "Регион": "Москва (77)",
                "Предельная нагрузка": "5", "Области экспертизы (ОКВЭД2)": "28.41, 25.62",
            })  # fmt: skip
            self.press("Добавить эксперта")
            self.told(f"{expert.name}: эксперт добавлен. Приглашение ещё не отправлено.")
            self.tab("Эксперты", "Эксперты")
        self.follow(f"Пригласить неприглашённых ({len(experts)})…")
        self.met("Приглашения экспертам")
        self.page.get_by_role("button", name="Отправить").click()
        self.told("приглаш")
        self.met("Эксперты")

    def distribute(self) -> None:
        """Have a draft calculated, apply it, and tell the experts of it."""
        self.tab("Назначение", "Назначение")
        self.calculate()
        self.apply()
        self.page.get_by_role("link", name="Сообщить экспертам").click()
        self.met("Сообщить экспертам")
        self.press("Отправить письма")
        self.told("поставлен")
        self.tab("Ход экспертизы", "Ход экспертизы")

    def calculate(self) -> None:
        """Have a draft calculated for the goal of the rules."""
        self.follow("Распределить автоматически…")
        self.met("Распределить автоматически")
        self.press("Рассчитать черновик")
        self.met("Черновик распределения")

    def apply(self) -> None:
        """Apply what is ticked in the draft."""
        self.page.get_by_role("button", name="Применить отмеченные").click()
        self.met("Применить черновик?")
        self.page.get_by_role("button", name="Применить изменения").click()
        self.told("Черновик применён.")
        self.met("Назначение")

    def download(self, button: str, folder: Path) -> Path:
        """Press a download of the ranking's page and keep the file."""
        with self.page.expect_download() as waiting:
            self.press(button)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def freeze(self) -> None:
        """Freeze the ranking."""
        self.press("Зафиксировать рейтинг")
        self.told("Рейтинг зафиксирован: снимок № 1.")
        self.met("Рейтинг")


class Chair(Official):
    """Approves what the secretary froze, and publishes it."""

    def approve_and_publish(self, contest: str, minutes: str) -> None:
        """Look at the frozen ranking, approve it, publish the results."""
        self.follow("Конкурсы")
        self.met("Конкурсы")
        self.follow(contest)
        self.met(contest)
        self.tab("Рейтинг", "Рейтинг")
        self.fill({"Основание утверждения (номер и дата протокола)": minutes})
        self.press("Утвердить рейтинг")
        self.told("Рейтинг утверждён.")
        self.met("Рейтинг")
        self.press("Опубликовать итоги")
        self.told("Итоги опубликованы.")
        self.met("Результаты")


@dataclass(frozen=True)
class Sheet:
    """What an expert makes of an application: marks and comments by criterion."""

    marks: Mapping[str, int]
    comments: Mapping[str, str]
    recommendation: str


class Expert(Person):
    """Declares, marks, looks it over, hands it in."""

    def review(self, number: str, title: str, sheet: Sheet) -> None:
        """Judge one application from the declaration to the receipt."""
        self.open("/reviews")
        self.met("Мои заключения")
        self.page.get_by_role("link", name=f"Принять заявку {number}").click()
        self.met("Есть ли конфликт интересов?")
        self.press("Конфликта нет — приступить")
        self.told("Вы заявили об отсутствии конфликта интересов.")
        self.met(title)
        self.mark(sheet)
        self.press("Проверить и отправить…")
        self.met("Проверьте заключение перед отправкой")
        self.press("Отправить заключение")
        self.told("Заключение отправлено.")
        self.met(f"Лист оценки заявки {number}")

    def mark(self, sheet: Sheet) -> None:
        """Press the marks, explain them; the draft keeps itself, so opening the page anew loses nothing."""
        for code, mark in sheet.marks.items():
            self._mark(code, mark).click()
        self.fill({f"Комментарий к {code}": words for code, words in sheet.comments.items()})
        self.page.get_by_label(sheet.recommendation, exact=True).check()
        expect(self.page.locator("[data-score-missing]")).to_have_text("Все критерии оценены")
        expect(self.page.locator("[data-autosave-status]")).to_contain_text("Черновик сохранён в")
        self.page.reload()
        self.look_over()
        for code, mark in sheet.marks.items():
            expect(self._mark(code, mark)).to_be_checked()

    def _mark(self, code: str, mark: int) -> Locator:
        return self.page.locator(f"#mark-{code}").get_by_role("radio", name=str(mark), exact=True)
