"""One contest from the call to the published results: everybody works in Chromium, and the workbook is recalculated.

Two teams apply (one of them on a telephone), three experts judge both applications: one sheet is filled on a wide
screen, one on a telephone, the others are handed in beside. The expected totals are computed by hand below, from the
rules of the example as they are printed, not by the application's own code.

The way is walked in parts. What a part leaves in the database is asserted to be what the next part finds, which
tests/journeys/beforehand.py makes.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from judging.app import create_app
from judging.extensions import db
from judging.models import Application, Review
from judging.models import Expert as ExpertCard
from judging.models.engine import writing
from tests.browser import live_server
from tests.databases import migrated
from tests.exports.office import opened, recalculated, rows
from tests.journeys import beforehand
from tests.journeys.beforehand import CODE, terms_of
from tests.journeys.people import Administrator, Applicant, Person, Stage
from tests.journeys.projects import ENTRIES
from tests.journeys.staff import Chair, Expert, Place, Secretary, Sheet

pytestmark = pytest.mark.browser
Store = Callable[[], AbstractContextManager[Session]]
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
CONTEST = beforehand.TITLE
PLACE = f"/staff/contests/{CODE}"
PHONE = 390


CRITERIA = ("E1", "E2", "E3", "E4", "E5", "E6")
WEIGHTS = (10, 10, 10, 8, 6, 6)
SPINDLE_MARKS = ((7, 6, 7, 5, 8, 3), (8, 7, 8, 8, 8, 6), (9, 7, 8, 6, 9, 5))
GEAR_MARKS = ((5, 8, 4, 6, 7, 6), (5, 7, 6, 7, 7, 6), (6, 9, 5, 8, 8, 7))
WORDS = "Подтверждается документами заявки, см. бизнес-план и протоколы испытаний."


SHEETS = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1))
"""Of which expert and of which application the sheets are."""
VERDICTS = ("support", "support_with_conditions")


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


@pytest.fixture(scope="module")
def looked_at(browser: Browser) -> Stage:
    """What was looked at by whoever played before."""
    return Stage(browser, "")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application as it is in life, on a fresh SQLite file: limits and the protection of forms are on."""
    path = tmp_path / "contest.sqlite3"
    shutil.copyfile(migrated(), path)
    config = Config(
        secret_key="z" * 40,
        database_url=f"sqlite:///{path}",
        instance_dir=tmp_path,
        storage_url=f"file://{tmp_path / 'documents'}",
    )
    app = create_app(config)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(app: Flask, looked_at: Stage) -> Iterator[Stage]:
    with live_server(app) as base:
        stage = replace(looked_at, base=base, faults=[], people=[])
        yield stage
        stage.close()


@pytest.fixture
def store(app: Flask) -> Store:
    @contextmanager
    def opened() -> Iterator[Session]:
        with app.app_context(), writing(), db.sessionmaker() as session, session.begin():
            yield session

    return opened


def staff_of(stage: Stage) -> tuple[Administrator, Secretary, Chair]:
    return (
        Administrator(stage, "Админ", "admin@example.org"),
        Secretary(stage, "Орлова Ирина Павловна", "orlova@example.org"),
        Chair(stage, "Белов Сергей Андреевич", "belov@example.org"),
    )


def teams_of(stage: Stage) -> tuple[Applicant, Applicant]:
    return (
        Applicant(stage, "Кузнецов Олег Петрович", "kuznetsov@example.org"),
        Applicant(stage, "Галеева Алсу Рашидовна", "galeeva@example.org", PHONE),
    )


def experts_of(stage: Stage) -> tuple[Expert, Expert, Expert]:
    return (
        Expert(stage, "Агафонов Лев Борисович", "agafonov@example.org"),
        Expert(stage, "Воронцова Нина Олеговна", "vorontsova@example.org"),
        Expert(stage, "Дьяков Пётр Ильич", "dyakov@example.org", PHONE),
    )


def first_link(app: Flask, email: str) -> str:
    """What the command that makes the first administrator prints."""
    result = app.test_cli_runner().invoke(args=["judging", "create-administrator", email, "--name", "Админ"])
    found = re.search(r"/reset-password/\S+", result.output)
    assert found, result.output
    return found[0]


def test_an_administrator_begins_by_the_link_of_the_console(app: Flask, stage: Stage, store: Store) -> None:
    administrator = staff_of(stage)[0]
    administrator.serves(app).begin(first_link(app, administrator.email))
    with store() as session:
        assert beforehand.grants_of(session, administrator.email) == [("administrator", None, True)]
    assert stage.faults == []


@pytest.mark.parametrize(("place", "role", "word"), [(1, "secretary", "Секретарь"), (2, "chair", "Председатель")])
def test_two_administrators_invite_an_official(
    app: Flask, stage: Stage, store: Store, place: int, role: str, word: str
) -> None:
    """Who comes in by the link of the letter."""
    administrator, second = staff_of(stage)[0], Administrator(stage, "Админ", "second@example.org")
    official = staff_of(stage)[place]
    with store() as session:
        for person in (administrator, second):
            beforehand.account(session, person, "administrator")
    for person in (administrator, second):
        person.serves(app).comes_in(app, "/people")
    administrator.invite(official.name, official.email, word)
    second.approve(official.name)
    official.accept_invitation(administrator.link_for(official.email, f"Приглашение: {word}"))
    official.met("Конкурсы")
    with store() as session:
        assert beforehand.grants_of(session, official.email) == [(role, None, True)]
    assert stage.faults == []


def test_the_secretary_publishes_a_contest(app: Flask, stage: Stage, store: Store) -> None:
    _, secretary, _ = staff_of(stage)
    with store() as session:
        beforehand.account(session, secretary, "secretary")
    secretary.comes_in(app, "/staff/contests")
    secretary.create(CODE, CONTEST, "200 000 000")
    secretary.publish(CONTEST)
    with store() as session:
        beforehand.published(session, "BESIDE")
        assert terms_of(session, CODE) == terms_of(session, "BESIDE")
    assert stage.faults == []


@pytest.mark.parametrize("width", ENTRIES)
def test_a_team_registers(app: Flask, stage: Stage, store: Store, width: str) -> None:
    administrator, project = staff_of(stage)[0].serves(app), ENTRIES[width].project
    person = teams_of(stage)[list(ENTRIES).index(width)]
    with store() as session:
        beforehand.published(session)
        beforehand.account(session, administrator, "administrator")
    administrator.comes_in(app, "/letters")
    person.register(project)
    person.confirm(administrator.link_for(person.email, "Подтвердите адрес электронной почты"))
    with store() as session:
        assert beforehand.teams(session) == [(project.team, [(person.name, person.email)])]
    assert stage.faults == []


@pytest.mark.parametrize("width", ENTRIES)
def test_a_team_describes_its_cluster(app: Flask, stage: Stage, store: Store, width: str) -> None:
    project, person = ENTRIES[width].project, teams_of(stage)[list(ENTRIES).index(width)]
    with store() as session:
        beforehand.published(session)
        beforehand.team(session, person, project)
        assert beforehand.teams(session) == [(project.team, [(person.name, person.email)])]
    person.comes_in(app, "/applications")
    person.met("Мои заявки")
    person.enter_cluster(project)
    with store() as session:
        members = [(one["Наименование"], one["ИНН"], one["ОГРН"]) for one in project.organisations]
        assert beforehand.cluster_of(session) == {
            "name": project.team, "region": beforehand.REGION, "industry": project.cluster["Отрасль"],
            "members": members, "manager": members[0][1], "team": (project.team, [person.email]),
        }  # fmt: skip
    assert stage.faults == []


PROJECT = ("applicant", "participants", "project")
FIGURES = ("finance", "indicators", "demand", "risks")
"""The sections that a team fills in two sittings."""


@pytest.mark.parametrize("width", ENTRIES)
def test_a_team_describes_its_project(app: Flask, stage: Stage, store: Store, width: str) -> None:
    entry, person = ENTRIES[width], teams_of(stage)[list(ENTRIES).index(width)]
    with store() as session:
        contest = beforehand.published(session)
        beforehand.described(session, contest, beforehand.team(session, person, entry.project), entry.project)
    person.comes_in(app, f"/contests/{CODE}/cluster")
    person.met("Кластер и организации")
    person.press("Начать заявку")
    person.met("Заявка без названия")
    person.fill_in(entry.project, PROJECT)
    person.met(str(entry.stored["title"]))
    with store() as session:
        assert beforehand.drafted(session) == beforehand.entered(entry, PROJECT)
    assert stage.faults == []


@pytest.mark.parametrize("width", ENTRIES)
def test_a_team_fills_in_its_money_and_figures(app: Flask, stage: Stage, store: Store, width: str) -> None:
    entry, person = ENTRIES[width], teams_of(stage)[list(ENTRIES).index(width)]
    with store() as session:
        draft = beforehand.filled_in(session, beforehand.published(session), person, entry, PROJECT)
        assert beforehand.drafted(session) == beforehand.entered(entry, PROJECT)
    person.comes_in(app, f"/applications/{draft}")
    person.fill_in(entry.project, FIGURES)
    person.met(str(entry.stored["title"]))
    with store() as session:
        assert beforehand.drafted(session) == beforehand.entered(entry, PROJECT + FIGURES)
    assert stage.faults == []


@pytest.mark.parametrize("width", ENTRIES)
def test_a_team_adds_its_papers_and_submits(app: Flask, stage: Stage, store: Store, width: str) -> None:
    entry, person = ENTRIES[width], teams_of(stage)[list(ENTRIES).index(width)]
    with store() as session:
        draft = beforehand.filled_in(session, beforehand.published(session), person, entry, PROJECT + FIGURES)
        assert beforehand.drafted(session) == beforehand.entered(entry, PROJECT + FIGURES)
    person.comes_in(app, f"/applications/{draft}")
    person.met(str(entry.stored["title"]))
    person.add_papers(PAPERS)
    person.assure(str(entry.stored["title"]))
    number = person.submit()
    with store() as session:
        left = {**entry.stored, "status": "submitted", "papers": sorted(beforehand.PAPERS)}
        assert (number, beforehand.stored(session, number)) == (f"{CODE}-0001", left)
    assert stage.faults == []


def sent_in(session: Session, stage: Stage, status: str) -> list[str]:
    """The contest with the applications of both teams; returns their numbers."""
    contest = beforehand.published(session)
    return [
        beforehand.submitted(session, contest, person, entry, status)
        for person, entry in zip(teams_of(stage), ENTRIES.values(), strict=True)
    ]


def test_the_secretary_admits_the_applications(app: Flask, stage: Stage, store: Store) -> None:
    _, secretary, _ = staff_of(stage)
    with store() as session:
        first, second = sent_in(session, stage, "submitted")
        beforehand.account(session, secretary, "secretary")
    secretary.comes_in(app, PLACE)
    secretary.admit(first, str(ENTRIES["wide"].stored["title"]))
    secretary.admit_several(second)
    with store() as session:
        statuses = [beforehand.stored(session, number)["status"] for number in (first, second)]
        assert statuses == ["admitted", "admitted"]
    assert stage.faults == []


INVITATION = "Приглашение к экспертизе совместных проектов"


def card(expert: Person, account: str | None) -> tuple[object, ...]:
    return (expert.name, expert.email, "77", ["28.41", "25.62"], 5, account)


def test_the_secretary_invites_the_experts(app: Flask, stage: Stage, store: Store) -> None:
    _, secretary, _ = staff_of(stage)
    experts = experts_of(stage)
    with store() as session:
        sent_in(session, stage, "admitted")
        beforehand.account(session, secretary, "secretary")
    secretary.comes_in(app, PLACE)
    secretary.add_experts(experts)
    with store() as session:
        assert beforehand.cards(session) == [card(one, None) for one in experts]
        assert beforehand.letters(session) == [(one.email, INVITATION) for one in experts]
    assert stage.faults == []


@pytest.mark.parametrize("place", [0, 2], ids=["wide", "narrow"])
def test_an_expert_comes_by_invitation(app: Flask, stage: Stage, store: Store, place: int) -> None:
    administrator, expert = staff_of(stage)[0], experts_of(stage)[place]
    with store() as session:
        sent_in(session, stage, "admitted")
        beforehand.account(session, administrator, "administrator")
        beforehand.invited(session, beforehand.contest_of(session), [expert])
        assert beforehand.cards(session) == [card(expert, None)]
        assert beforehand.letters(session) == [(expert.email, INVITATION)]
    administrator.serves(app).comes_in(app, "/letters")
    expert.accept_invitation(administrator.link_for(expert.email, INVITATION))
    expert.met("Мои заключения")
    with store() as session:
        assert beforehand.cards(session) == [card(expert, expert.email)]
    assert stage.faults == []


def test_the_secretary_assigns_the_experts(app: Flask, stage: Stage, store: Store) -> None:
    _, secretary, _ = staff_of(stage)
    experts = experts_of(stage)
    with store() as session:
        numbers = sent_in(session, stage, "admitted")
        beforehand.joined(session, beforehand.contest_of(session), experts)
        beforehand.account(session, secretary, "secretary")
    secretary.comes_in(app, PLACE)
    secretary.distribute()
    with store() as session:
        told = select(ExpertCard.email, Application.number, Review.status, Review.notified_at.is_not(None))
        told = told.join_from(Review, Review.expert).join(Review.application)
        found = {tuple(row) for row in session.execute(told)}
        assert found == {(one.email, number, "assigned", True) for one in experts for number in numbers}
    assert stage.faults == []


def asked(session: Session, stage: Stage, experts: Sequence[Person]) -> list[str]:
    """Both applications are admitted, and all experts are asked to review them; returns their numbers."""
    numbers = sent_in(session, stage, "admitted")
    beforehand.assigned(session, beforehand.contest_of(session), experts, numbers)
    return numbers


@pytest.mark.parametrize(("expert", "of", "words"), [(0, 0, "Поддержать"), (2, 1, "Поддержать с условиями")])
def test_an_expert_judges_an_application(
    app: Flask, stage: Stage, store: Store, expert: int, of: int, words: str
) -> None:
    experts = experts_of(stage)
    with store() as session:
        number = asked(session, stage, experts)[of]
    made = sheet((SPINDLE_MARKS[expert], GEAR_MARKS[expert])[of], words)
    judge = experts[expert]
    judge.comes_in(app, "/reviews")
    judge.review(number, str(list(ENTRIES.values())[of].stored["title"]), made)
    with store() as session:
        left = beforehand.review_of(session, judge, number)
        assert (left.status, left.recommendation) == ("submitted", VERDICTS[of])
        assert ({code: Decimal(mark) for code, mark in left.scores.items()}, left.comments) == (
            made.marks, made.comments
        )  # fmt: skip
    assert stage.faults == []


@pytest.fixture
def judged(app: Flask, stage: Stage, store: Store) -> tuple[Secretary, Chair, list[str]]:
    """Every sheet is handed in; the secretary and the chair are at the contest's page."""
    _, secretary, chair = staff_of(stage)
    experts = experts_of(stage)
    with store() as session:
        numbers = asked(session, stage, experts)
        for official, role in ((secretary, "secretary"), (chair, "chair")):
            beforehand.account(session, official, role)
    for expert, of in SHEETS:
        with store() as session:
            marks = (SPINDLE_MARKS, GEAR_MARKS)[of][expert]
            beforehand.hand_in(session, experts[expert], numbers[of], sheet(marks, VERDICTS[of]))
    secretary.comes_in(app, PLACE)
    chair.comes_in(app, PLACE)
    return secretary, chair, numbers


def ranked(numbers: list[str]) -> list[Place]:
    """The ranking that the marks and the values give."""
    spindles, gears = numbers
    return [
        expected(1, spindles, SPINDLE_COMPUTED, expert_points(SPINDLE_MARKS), "Победитель"),
        expected(2, gears, GEAR_COMPUTED, expert_points(GEAR_MARKS), "Резерв"),
    ]


@pytest.mark.office
def test_the_ranking_is_that_of_the_rules_and_so_is_the_workbook(
    stage: Stage, judged: tuple[Secretary, Chair, list[str]], tmp_path: Path
) -> None:
    secretary, _, numbers = judged
    assert secretary.ranking() == ranked(numbers)
    secretary.explanation(numbers[0])
    workbook = secretary.download("Рейтинг с формулами (Excel)", tmp_path)
    assert_the_workbook_says(workbook, ranked(numbers), tmp_path / "office")
    assert stage.faults == []


def test_the_ranking_is_frozen_approved_published_and_seen_by_everybody(
    app: Flask, stage: Stage, judged: tuple[Secretary, Chair, list[str]]
) -> None:
    secretary, chair, numbers = judged
    assert secretary.ranking() == ranked(numbers)
    secretary.freeze()
    chair.approve_and_publish(CONTEST, "Протокол № 3")
    team = teams_of(stage)[0]
    team.comes_in(app, "/")
    team.see_results()
    published = Person(stage, "Посетитель", "", PHONE).results(CONTEST)
    assert [(cells[0], cells[3], cells[4]) for cells in published] == [
        (line.place, line.total, line.outcome) for line in ranked(numbers)
    ]
    assert stage.faults == []


def assert_the_workbook_says(path: Path, ranking: list[Place], folder: Path) -> None:
    """As downloaded and as recalculated, the workbook has the page's places, points, totals and outcomes."""
    folder.mkdir()
    content = path.read_bytes()
    for book in (opened(content), recalculated({"ranking": content}, folder)["ranking"]):
        assert [place_of(row) for row in rows(book, "Рейтинг")] == ranking


def place_of(row: dict[str, object]) -> Place:
    points = (f"{row[name]:.2f}".replace(".", ",") for name in ("Расчётные баллы", "Экспертные баллы", "Итог"))
    return Place(f"{row['Место']:.0f}", str(row["Рег. номер"]), *points, str(row["Исход"]).capitalize())
