"""One contest from the call to the published results: everybody works in Chromium, and the workbook is recalculated.

Two teams apply (one of them on a telephone), three experts judge both applications: one sheet is filled on a wide
screen, one on a telephone, the others are handed in beside. The expected totals are computed by hand below, from the
rules of the example as they are printed, not by the application's own code.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select

from config import Config
from judging.app import create_app
from judging.cli.database import alembic_config
from judging.extensions import db
from judging.models import Application, Review
from judging.models import Expert as ExpertCard
from judging.models.engine import writing
from judging.queries.actors import actor_of
from judging.services import scoring
from tests.browser import chromium, live_server
from tests.exports.office import opened, recalculated, rows
from tests.factories import inn, ogrn
from tests.journeys.people import Administrator, Applicant, Person, Project, Stage
from tests.journeys.staff import Chair, Expert, Place, Secretary, Sheet

DEMO = Path(__file__).parents[2] / "judging" / "data" / "demo" / "documents" / "PP41-2026-021"
PAPERS = {
    "Заявление на участие в конкурсе": DEMO / "application_letter.docx",
    "Паспорт проекта": DEMO / "passport.pdf",
    "Бизнес-план": DEMO / "business_plan.docx",
    "Финансовая модель": DEMO / "financial_model.xlsx",
    "Календарный график": DEMO / "schedule.xlsx",
    "Соглашение участников проекта": DEMO / "consortium_agreement.pdf",
    "Подтверждение членства в кластере": DEMO / "membership_proof.pdf",
}
CONTEST = "Конкурс совместных проектов 2026 года"
PHONE = 390


def organisation(serial: int, name: str) -> dict[str, str]:
    return {"Наименование": name, "ИНН": inn(serial), "ОГРН": ogrn(serial), "Регион": "Республика Татарстан"}


def passport(title: str, goal: str) -> dict[str, str]:
    today = date.today()  # noqa: DTZ011 -- a plan's dates, not an instant
    return {
        "Название проекта": title,
        "Цель проекта": goal,
        "Краткое описание": f"{goal} Сейчас узлы покупаются за рубежом, участники кластера делают отдельные детали. "
        "После проекта весь цикл, от литья до испытаний, останется в кластере: инициатор собирает узел, поставщик льёт "
        "и обрабатывает корпуса, покупатели заключили договоры на первые три года выпуска.",
        "Позиция функциональной карты": "4.2. Узлы и агрегаты станков",
        "Коды ОКВЭД2": "28.41, 28.49.1",
        "Уровень готовности технологии (УГТ)": "7 — опытный образец испытан в реальных условиях",
        "Начало проекта": f"{today + timedelta(days=60)}",
        "Окончание проекта": f"{today + timedelta(days=900)}",
        "Место реализации": "Набережные Челны, промышленный парк",
        "Контактное лицо": "Сидорова Анна Викторовна",
        "Телефон": "+7 8552 12-34-56",
        "Электронная почта": "contact@example.org",
    }


def finance(*sums: str) -> dict[str, str]:
    names = (
        "Полная стоимость проекта", "Собственные средства участников", "Заёмные средства",
        "Иные бюджетные средства", "Запрашиваемая субсидия",
    )  # fmt: skip
    return dict(zip(names, sums, strict=True))


def indicators(*values: str) -> dict[str, str]:
    names = (
        "Высокопроизводительные рабочие места", "Снижение доли импортных комплектующих", "Срок окупаемости",
        "Доля продукции для участников кластера", "Налоги за 5 лет к субсидии",
    )  # fmt: skip
    return dict(zip(names, values, strict=True))


SPINDLES = Project(
    team="Камский станкостроительный кластер",
    cluster={"Наименование кластера": "Камский станкостроительный кластер", "Регион": "Республика Татарстан",
             "Отрасль": "Станкостроение"},
    organisations=(organisation(901, "Ассоциация «Камский станкостроительный кластер»"),
                   organisation(902, "ООО «Шпиндель»"), organisation(903, "АО «Литейный двор»")),
    passport=passport("Выпуск высокооборотных шпинделей", "Наладить выпуск шпинделей для обрабатывающих центров."),
    finance=finance("400 000 000", "160 000 000", "120 000 000", "0", "120 000 000"),
    indicators=indicators("48", "45", "4,5", "55", "2,4"),
)  # fmt: skip
GEARS = Project(
    team="Кластер приводной техники",
    cluster={"Наименование кластера": "Кластер приводной техники", "Регион": "Республика Татарстан",
             "Отрасль": "Приводная техника"},
    organisations=(organisation(911, "Ассоциация «Приводная техника»"), organisation(912, "ООО «Редуктор»"),
                   organisation(913, "ООО «Точное литьё»")),
    passport=passport("Выпуск планетарных редукторов", "Наладить выпуск редукторов для промышленных роботов."),
    finance=finance("300 000 000", "90 000 000", "100 000 000", "10 000 000", "100 000 000"),
    indicators=indicators("64", "30", "6", "80", "1,5"),
)  # fmt: skip

CRITERIA = ("E1", "E2", "E3", "E4", "E5", "E6")
WEIGHTS = (10, 10, 10, 8, 6, 6)
SPINDLE_MARKS = ((7, 6, 7, 5, 8, 3), (8, 7, 8, 8, 8, 6), (9, 7, 8, 6, 9, 5))
GEAR_MARKS = ((5, 8, 4, 6, 7, 6), (5, 7, 6, 7, 7, 6), (6, 9, 5, 8, 8, 7))
WORDS = "Подтверждается документами заявки, см. бизнес-план и протоколы испытаний."


def sheet(marks: tuple[int, ...], recommendation: str) -> Sheet:
    """The example's rules want a comment on marks up to 3 and from 9."""
    given = dict(zip(CRITERIA, marks, strict=True))
    comments = {code: WORDS for code, mark in given.items() if mark <= 3 or mark >= 9}
    return Sheet(given, comments, recommendation)


def expert_points(sheets: tuple[tuple[int, ...], ...]) -> Fraction:
    """Weight times the mean mark of ten, criterion by criterion."""
    means = [Fraction(sum(marks), len(marks)) for marks in zip(*sheets, strict=True)]
    return sum((weight * mean / 10 for weight, mean in zip(WEIGHTS, means, strict=True)), Fraction(0))


def printed(points: Fraction) -> str:
    """Two decimals, half up, with a comma."""
    hundredths = int(points * 100 + Fraction(1, 2))
    return f"{hundredths // 100},{hundredths % 100:02d}"


SPINDLE_COMPUTED = (
    10 * Fraction(70 - 50, 80 - 50)  # own and borrowed funds are 70 % of the cost
    + 8 * Fraction(48, 64)  # against the most jobs of the two
    + 10 * Fraction(45, 60)
    + 7 * (10 - Fraction(9, 2)) / (10 - 3)
    + 7 * Fraction(8, 10)  # 55 % lies between 50 and 75
    + 8 * Fraction(8, 10)  # 2,4 lies between 2 and 3
)
GEAR_COMPUTED = (
    10 * (Fraction(6333, 100) - 50) / (80 - 50)  # 190 of 300 million is 63,33 %
    + 8
    + 10 * Fraction(30, 60)
    + 7 * Fraction(10 - 6, 10 - 3)
    + 7  # 80 % is above 75
    + 8 * Fraction(6, 10)  # 1,5 lies between 1 and 2
)


def expected(place: int, number: str, computed: Fraction, expert: Fraction, outcome: str) -> Place:
    return Place(str(place), number, printed(computed), printed(expert), printed(computed + expert), outcome)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application as it is in life, on a fresh SQLite file: limits and the protection of forms are on."""
    url = f"sqlite:///{tmp_path / 'contest.sqlite3'}"
    command.upgrade(alembic_config(url), "head")
    config = Config(
        secret_key="z" * 40, database_url=url, instance_dir=tmp_path, storage_url=f"file://{tmp_path / 'documents'}"
    )
    app = create_app(config)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    with live_server(app) as base, chromium() as browser:
        yield Stage(browser, base)


def first_link(app: Flask, email: str) -> str:
    """What the command that makes the first administrator prints."""
    result = app.test_cli_runner().invoke(args=["judging", "create-administrator", email, "--name", "Админ"])
    found = re.search(r"/reset-password/\S+", result.output)
    assert found, result.output
    return found[0]


@pytest.mark.browser
@pytest.mark.office
def test_from_the_call_to_the_results(app: Flask, stage: Stage, tmp_path: Path) -> None:
    administrator, second = (
        Administrator(stage, "Админ", email).serves(app) for email in ("admin@example.org", "second@example.org")
    )
    for person in (administrator, second):
        person.begin(first_link(app, person.email))
    secretary, chair = staff(stage, administrator, second)
    secretary.create("SP-2026", CONTEST, "200 000 000")
    secretary.publish(CONTEST)
    team = Applicant(stage, "Кузнецов Олег Петрович", "kuznetsov@example.org")
    spindles = applied(team, SPINDLES, administrator)
    gears = applied(Applicant(stage, "Галеева Алсу Рашидовна", "galeeva@example.org", PHONE), GEARS, administrator)
    judged(app, stage, administrator, secretary, {spindles: SPINDLES, gears: GEARS})
    ranking = secretary.ranking()
    assert ranking == [
        expected(1, spindles, SPINDLE_COMPUTED, expert_points(SPINDLE_MARKS), "Победитель"),
        expected(2, gears, GEAR_COMPUTED, expert_points(GEAR_MARKS), "Резерв"),
    ]
    secretary.explanation(spindles)
    workbook = secretary.download("Рейтинг с формулами (Excel)", tmp_path)
    assert_the_workbook_says(workbook, ranking, tmp_path / "office")
    secretary.freeze()
    chair.approve_and_publish(CONTEST, "Протокол № 3")
    team.see_results()
    published = Person(stage, "Посетитель", "", PHONE).results(CONTEST)
    assert [(cells[0], cells[3], cells[4]) for cells in published] == [
        (line.place, line.total, line.outcome) for line in ranking
    ]
    assert stage.faults == []


def staff(stage: Stage, administrator: Administrator, second: Administrator) -> tuple[Secretary, Chair]:
    """Two administrators invite a secretary and a chair; both come in by the links of their letters."""
    secretary = Secretary(stage, "Орлова Ирина Павловна", "orlova@example.org")
    chair = Chair(stage, "Белов Сергей Андреевич", "belov@example.org")
    for person, role in ((secretary, "Секретарь"), (chair, "Председатель")):
        administrator.invite(person.name, person.email, role)
        second.approve(person.name)
        person.accept_invitation(administrator.link_for(person.email, f"Приглашение: {role}"))
    return secretary, chair


def applied(person: Applicant, project: Project, administrator: Administrator) -> str:
    """A team registers, fills everything in and submits; returns the registration number."""
    person.register(project)
    person.confirm(administrator.link_for(person.email, "Подтвердите адрес электронной почты"))
    person.enter_cluster(project)
    person.fill_in(project, PAPERS)
    return person.submit()


def judged(
    app: Flask, stage: Stage, administrator: Administrator, secretary: Secretary, projects: dict[str, Project]
) -> None:
    """The secretary admits and assigns; three experts, one of them on a telephone, judge every application."""
    experts = [
        Expert(stage, "Агафонов Лев Борисович", "agafonov@example.org"),
        Expert(stage, "Воронцова Нина Олеговна", "vorontsova@example.org"),
        Expert(stage, "Дьяков Пётр Ильич", "dyakov@example.org", PHONE),
    ]
    titles = {number: project.passport["Название проекта"] for number, project in projects.items()}
    first, second = titles
    secretary.admit(first, titles[first])
    secretary.admit_several(second)
    secretary.add_experts(experts)
    for expert in experts:
        link = administrator.link_for(expert.email, "Приглашение к экспертизе совместных проектов")
        expert.accept_invitation(link)
        expert.met("Мои заключения")
    secretary.distribute()
    wide, beside, narrow = experts
    wide.review(first, titles[first], sheet(SPINDLE_MARKS[0], "Поддержать"))
    narrow.review(second, titles[second], sheet(GEAR_MARKS[2], "Поддержать с условиями"))
    hand_in(app, wide, second, sheet(GEAR_MARKS[0], "support_with_conditions"))
    hand_in(app, beside, first, sheet(SPINDLE_MARKS[1], "support"))
    hand_in(app, beside, second, sheet(GEAR_MARKS[1], "support_with_conditions"))
    hand_in(app, narrow, first, sheet(SPINDLE_MARKS[2], "support"))


def hand_in(app: Flask, expert: Expert, number: str, made: Sheet) -> None:
    """What an expert does with a sheet, without a browser: declare, save, hand in."""
    with app.app_context(), writing(), db.sessionmaker() as session, session.begin():
        review = session.scalars(
            select(Review).join(Review.application).join(Review.expert).where(
                Application.number == number, ExpertCard.email == expert.email
            )
        ).one()  # fmt: skip
        actor, marks = actor_of(session, review.expert.user), {code: Decimal(mark) for code, mark in made.marks.items()}
        scoring.declare_no_conflict(session, review, actor=actor, now=datetime.now(UTC))
        session.flush()
        scoring.save_draft(
            session, review, scores=marks, comments=made.comments, recommendation=made.recommendation,
            version=review.version, actor=actor, now=datetime.now(UTC),
        )  # fmt: skip
        session.flush()
        scoring.submit_review(session, review, version=review.version, actor=actor, now=datetime.now(UTC))


def assert_the_workbook_says(path: Path, ranking: list[Place], folder: Path) -> None:
    """As downloaded and as recalculated, the workbook has the page's places, points, totals and outcomes."""
    folder.mkdir()
    content = path.read_bytes()
    for book in (opened(content), recalculated({"ranking": content}, folder)["ranking"]):
        assert [place_of(row) for row in rows(book, "Рейтинг")] == ranking


def place_of(row: dict[str, object]) -> Place:
    points = (f"{row[name]:.2f}".replace(".", ",") for name in ("Расчётные баллы", "Экспертные баллы", "Итог"))
    return Place(f"{row['Место']:.0f}", str(row["Рег. номер"]), *points, str(row["Исход"]).capitalize())
