"""The pages on firmness: always for reference, in every state of the calculation, with downloads that leave a trace."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from random import Random

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.events import Event
from judging.domain.firmness import Refusal, Report, from_document
from judging.domain.jobs import JobKind
from judging.domain.ranking import rank
from judging.exports.firmness import FIGURES
from judging.models import Contest, FirmnessReport, JournalRecord, Review
from judging.queries.records import contest_record
from judging.services.audit import record
from judging.services.firmness import BROKEN
from judging.web.firmness import rendering
from judging.web.firmness.names import Names
from judging.web.firmness.state import State
from tests import factories
from tests import firmness as sample
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.recording import queries
from tests.web.remembered import remembered, report_on
from tests.web.test_assignment import text_of
from tests.working import work_next

__all__ = ["remembered"]
DATABASES = ("sqlite",)
"""These are words and downloads; tests/queries and tests/services ask both databases for what is in them."""
World = dict[str, int]
SignIn = Callable[[int], FlaskClient]
PATH = "/staff/contests/F-1/firmness"
TABS = ("experts", "residuals", "criteria", "sensitivity", "next-reviews")
PROJECTS, EXPERTS, EACH = 12, 4, 3
REFERENCE = "Официальные места, итоги и суммы от этого не зависят и не меняются."


def populate(session: Session) -> World:
    """Twelve applications, each with the reviews of three of four experts, turn about."""
    random = Random(2)
    contest = factories.contest(session, code="F-1")
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest, name=f"Эксперт {sign}") for sign in "АБВГ"]
    ids = []
    for index in range(PROJECTS):
        quality = random.gauss(6, 1.5)
        application = factories.application(session, contest, cluster, title=f"Проект {index}")
        ids.append(application.id)
        for step in range(EACH):
            mark = min(10, max(0, round(quality + random.gauss(0, 0.8))))
            factories.review(session, experts[(index + step) % EXPERTS], application, "submitted", mark=mark)
    people = {role: factories.user(session, role).id for role in ("secretary", "chair", "observer")}
    return {"contest": contest.id, "first": ids[0], **people}


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(populate)
    with time_machine.travel(MOMENT, tick=False):
        yield made


@pytest.fixture
def large(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same contest, taken for one that a worker has to calculate."""
    for place in ("judging.queries.firmness", "judging.queries.firmness.ready"):
        monkeypatch.setattr(f"{place}.WAITED_FOR_ROWS", 3)
    return world


def report_of(store: Store, world: World) -> Report:
    with store() as session:
        return report_on(contest_record(session, world["contest"]))


def events(store: Store) -> list[tuple[str, str]]:
    with store() as session:
        return [tuple(row) for row in session.execute(select(JournalRecord.event, JournalRecord.subject_label))]


def change_a_mark(store: Store, world: World) -> None:
    """As a review that is returned and handed in anew does."""
    with store() as session:
        review = session.scalars(select(Review).where(Review.application_id == world["first"])).first()
        assert review is not None
        review.scores = dict.fromkeys(review.scores, "1")
        contest = session.get_one(Contest, world["contest"])
        record(session, Event.REVIEW_SUBMITTED, by=By(CONSOLE, MOMENT), subject=review, label="", contest_id=contest.id)


def calculate(app: Flask) -> None:
    with app.app_context():
        assert work_next(JobKind.FIRMNESS)


def shown(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    """Let the pages show this report."""
    names = Names(
        titles={item.number: f"Проект {item.number}" for item in report.projects},
        applications=dict.fromkeys([item.number for item in report.projects], 1),
        experts={item.email: item.name for item in report.experts},
        expert_ids={item.email: place for place, item in enumerate(report.experts, start=1)},
        criteria={},
    )
    state = State(replace(report, contest="F-1"), False, None, True, len(report.cells), None)
    monkeypatch.setattr(rendering, "state_of", lambda _contest: state)
    monkeypatch.setattr(rendering, "names_of", lambda _contest: names)


@pytest.mark.parametrize("role", ["secretary", "chair", "observer"])
def test_every_page_says_that_it_is_for_reference(world: World, sign_in: SignIn, role: str) -> None:
    client = sign_in(world[role])
    answers = [client.get(f"{PATH}{tab and '/'}{tab}") for tab in ("", *TABS)]
    assert [answer.status_code for answer in answers] == [200] * 6
    tag = '<span class="tag tag--info">справочно</span>'
    source = "Справочно: места, итоги и суммы определяет только официальный рейтинг."
    assert [(tag in answer.text, source in answer.text) for answer in answers] == [(True, True)] * 6
    assert REFERENCE in answers[0].text


def test_the_places_are_those_of_the_ranking(world: World, sign_in: SignIn, store: Store) -> None:
    text = sign_in(world["observer"]).get(PATH).text
    table = text.split('id="places-table"')[1].split("</table>")[0]
    found = re.findall(r"<strong>(\d+)</strong>.*?<th scope=\"row\"[^>]*><a [^>]*>(\d+)</a>", table, re.S)
    with store() as session:
        ranking = rank(contest_record(session, world["contest"]))
    assert found == [(str(row.place), row.number) for row in ranking.rows]


def test_the_points_in_the_page_are_the_figures_of_the_report(world: World, sign_in: SignIn, store: Store) -> None:
    text = sign_in(world["observer"]).get(PATH).text
    points = [json.loads(unescape(value)) for value in re.findall(r'data-point="([^"]*)"', text)]
    expected = [
        (item.number, item.panel_place, item.lo, item.hi, item.p_line) for item in report_of(store, world).projects
    ]
    assert [(p["label"], p["place"], p["lo"], p["hi"], p["above"]) for p in points] == expected


def test_nothing_in_the_pages_needs_more_than_the_content_policy_gives(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["secretary"])
    for tab in ("", *TABS):
        text = client.get(f"{PATH}{tab and '/'}{tab}").text
        assert (re.findall(r"\sstyle=", text), re.findall(r"<script(?![^>]* src=)", text)) == ([], [])


def test_the_pages_speak_english_too(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["observer"])
    client.post("/language", data={"language": "en"})
    text = text_of(client.get(PATH).text)
    assert "The official places, totals and sums do not depend on this and do not change." in text


def test_a_contest_without_reviews_says_why_nothing_is_said(store: Store, world: World, sign_in: SignIn) -> None:
    with store() as session:
        contest = factories.contest(session, code="EMPTY")
        factories.application(session, contest)
    client = sign_in(world["observer"])
    path = "/staff/contests/EMPTY/firmness"
    text = text_of(client.get(path).text)
    assert "Об устойчивости пока нечего сказать" in text
    assert "Недостаточно данных: нет ни одного учтённого заключения." in text
    answers = [client.get(f"{path}/{tab}") for tab in TABS]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, path)] * 5


def test_panels_without_common_experts_are_shown_apart(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, sample.report())
    client = sign_in(world["observer"])
    text = text_of(client.get(PATH).text)
    assert "Панель 1 показана ниже 16 6" in text
    assert "Недостаточно данных: общими экспертами связано менее пяти проектов." in text
    second = client.get(f"{PATH}?panel=2").text
    assert ("data-chart=" in second, "Официальные места: панель 2" in second) == (False, True)


def test_the_alarm_is_said_in_words_and_the_second_figure_stands_beside(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = sample.cautious()
    shown(monkeypatch, report)
    text = text_of(sign_in(world["observer"]).get(PATH).text)
    assert "Строгие эксперты, по-видимому, оценивали более сильные проекты" in text
    assert text.count("без сглаживания") == 2 + sum(item.corrected_fixed is not None for item in report.projects)


def test_of_whom_too_little_is_known_is_listed_with_the_reason(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, sample.report())
    text = text_of(sign_in(world["observer"]).get(f"{PATH}/experts").text)
    assert "Ильин Константин Юрьевич: 4 заключения. Недостаточно данных: у эксперта менее восьми" in text
    assert "Это повод перечитать заключения, а не вывод о работе эксперта" in text
    judged = sum(cell.expert == sample.email("ershov") for cell in sample.report().cells)
    assert f"Ершов Павел Николаевич: {judged} заключений" in text


def test_whoever_may_assign_is_led_to_choose_an_expert(
    world: World, sign_in: SignIn, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, sample.report())
    proposed = len(sample.report().next_reviews)
    found = {role: text_of(sign_in(world[role]).get(f"{PATH}/next-reviews").text) for role in ("secretary", "observer")}
    assert (found["secretary"].count("Выбрать эксперта"), found["observer"].count("Выбрать эксперта")) == (proposed, 0)
    assert found["observer"].count("Эксперты заявки") == proposed
    assert "Эксперт не увидит ни чужих оценок, ни этой страницы" in found["secretary"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ranking_frozen", "Рейтинг зафиксирован: добавить заключение можно, только если открыть его снова."),
        ("approved", "Решение уже принято или конкурс отменён: новых заключений не будет."),
        ("results_published", "Решение уже принято или конкурс отменён: новых заключений не будет."),
        ("cancelled", "Решение уже принято или конкурс отменён: новых заключений не будет."),
    ],
)
def test_no_expert_is_chosen_for_what_is_decided(
    world: World, sign_in: SignIn, store: Store, monkeypatch: pytest.MonkeyPatch, status: str, said: str
) -> None:
    shown(monkeypatch, sample.report())
    with store() as session:
        session.execute(update(Contest).values(status=status))
    client = sign_in(world["secretary"])
    text, first = text_of(client.get(f"{PATH}/next-reviews").text), text_of(client.get(PATH).text)
    assert (said in text, "Выбрать эксперта" in text) == (True, False)
    assert ("Больше всего помогло бы ещё одно заключение" in first) is (status == "ranking_frozen")


def test_projects_without_reviews_come_before_any_proposal(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = sample.report()
    lonely = replace(report.projects[-1], panel=None, panel_place=None, reviews=0)
    shown(monkeypatch, replace(report, projects=(*report.projects[:-1], lonely)))
    text = text_of(sign_in(world["observer"]).get(f"{PATH}/next-reviews").text)
    assert "У 1 проекта нет учтённых заключений, в список он не входит: ему заключения нужны прежде всего." in text


def test_where_no_review_would_help_none_is_proposed(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, sample.report(next_reviews=()))
    text = text_of(sign_in(world["observer"]).get(f"{PATH}/next-reviews").text)
    assert (
        "Новых заключений не предлагается Панель 1: Победители ясны: ещё одно заключение вряд ли изменит их состав. "
        "Панель 2: Недостаточно данных: общими экспертами связано менее пяти проектов."
    ) in text


def test_a_report_without_scenarios_says_so(world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(monkeypatch, sample.report(sensitivity=None, cells=()))
    client = sign_in(world["observer"])
    assert "Проверять нечего" in client.get(f"{PATH}/sensitivity").text
    assert "Сравнивать нечего Данных не хватает, чтобы сказать, какую оценку можно было ожидать. Панель 2: Н" in (
        text_of(client.get(f"{PATH}/residuals").text)
    )


def test_every_page_is_headed_on_paper_by_the_contest(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        session.get_one(Contest, world["contest"]).title = "Конкурс «А & Б»"
    client = sign_in(world["observer"])
    heading = '<p class="page-head__note print-only">Конкурс «А &amp; Б»</p>'
    assert [heading in client.get(f"{PATH}{tab and '/'}{tab}").text for tab in ("", *TABS)] == [True] * 6


def test_where_nobody_wins_no_check_says_who_does(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = sample.report()
    assert report.sensitivity is not None
    calm = replace(report.sensitivity, scenarios=report.sensitivity.scenarios[:1], steadfast=(), contested=())
    shown(monkeypatch, replace(
        report, sensitivity=calm, projects=tuple(replace(item, winner=False) for item in report.projects),
    ))  # fmt: skip
    text = text_of(sign_in(world["observer"]).get(f"{PATH}/sensitivity").text)
    assert "Проверено 1 изменение: победителей по-прежнему нет." in text


def test_a_large_contest_is_calculated_when_somebody_asks(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    client = sign_in(large["observer"])
    before = client.get(PATH).text
    assert "Устойчивость этого рейтинга ещё не рассчитана" in before
    assert "В рейтинге учтено 36 заключений." in text_of(before)
    answer = client.post(f"{PATH}/calculation")
    assert (answer.status_code, answer.location) == (303, PATH)
    assert "Расчёт ждёт своей очереди." in client.get(PATH).text
    assert client.get(f"{PATH}/state").json == {
        "text": "Расчёт ждёт своей очереди.", "figure": "", "done": 0, "of": 0, "over": False,
    }  # fmt: skip
    calculate(app)
    after = client.get(PATH).text
    assert (REFERENCE in after, "Рассчитать" in after) == (True, False)
    assert "Рассчитано 15 марта 2026\xa0г., 12:00 МСК." in after.replace(" г.", "\xa0г.")
    assert client.get(f"{PATH}/state").json == {
        "text": "Расчёт окончен.",
        "figure": "> 99\xa0%",
        "done": 100,
        "of": 100,
        "over": True,
    }
    assert [event for event, _ in events(store)] == ["firmness.requested", "firmness.made"]


def test_asking_twice_makes_one_calculation(large: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(large["chair"])
    answers = [client.post(f"{PATH}/calculation", data={"request_key": key}) for key in ("a", "a", "b")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, PATH)] * 3
    with store() as session:
        assert session.scalars(select(FirmnessReport.status)).all() == ["queued"]


def test_a_small_contest_needs_no_asking(world: World, sign_in: SignIn, store: Store) -> None:
    answer = sign_in(world["secretary"]).post(f"{PATH}/calculation")
    assert (answer.status_code, answer.location, events(store)) == (303, PATH, [])


def test_changed_marks_are_said_and_the_old_figures_stay(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    client = sign_in(large["secretary"])
    client.post(f"{PATH}/calculation")
    calculate(app)
    old = report_of(store, large)
    change_a_mark(store, large)
    text = client.get(PATH).text
    assert "После расчёта данные изменились" in text
    assert "с тех пор изменились оценки, заявки или правила." in text_of(text)
    assert old.digest[:16] in text
    assert client.get(f"{PATH}/experts").status_code == 200
    client.post(f"{PATH}/calculation")
    assert "Ниже — прошлый расчёт; данные с тех пор изменились." in client.get(PATH).text
    calculate(app)
    text = client.get(PATH).text
    assert (report_of(store, large).digest[:16] in text, "данные изменились" in text) == (True, False)


def test_a_failed_calculation_says_so_and_can_be_asked_for_again(large: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(large["secretary"])
    client.post(f"{PATH}/calculation")
    with store() as session:
        session.execute(update(FirmnessReport).values(status="failed", error=BROKEN, finished_at=MOMENT))
    text = text_of(client.get(PATH).text)
    assert "Последний расчёт не удался Рассчитать отчёт не удалось: ошибка системы" in text
    client.post(f"{PATH}/calculation")
    assert "Расчёт ждёт своей очереди." in client.get(PATH).text


@pytest.mark.parametrize("key", list(FIGURES))
def test_every_figure_is_downloaded_as_it_is_written_and_leaves_a_trace(
    world: World, sign_in: SignIn, store: Store, key: str
) -> None:
    answer = sign_in(world["observer"]).post(f"{PATH}/downloads/{key}")
    report, entry = report_of(store, world), FIGURES[key]
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, entry.media_type)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{entry.named(report, MOMENT)}"'
    assert answer.data == b"".join(entry.parts(report))
    assert events(store) == [("export.made", f"firmness-{key.removeprefix('firmness-')}")]


def test_the_whole_report_reads_back(world: World, sign_in: SignIn, store: Store) -> None:
    answer = sign_in(world["observer"]).post(f"{PATH}/downloads/firmness-json")
    assert from_document(json.loads(answer.data)) == report_of(store, world)


def test_what_is_not_there_is_not_downloaded(large: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(large["observer"])
    answer = client.post(f"{PATH}/downloads/places")
    assert (answer.status_code, answer.location) == (303, PATH)
    assert "Скачать пока нечего: расчёт ещё не сделан." in client.get(PATH).text
    assert client.post(f"{PATH}/downloads/no-such").status_code == 404
    assert events(store) == []


def test_files_of_figures_that_are_out_of_date_are_named_by_when_they_were_made(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    client = sign_in(large["observer"])
    client.post(f"{PATH}/calculation")
    calculate(app)
    old = report_of(store, large)
    with time_machine.travel(MOMENT + timedelta(days=2), tick=False):
        client = sign_in(large["observer"])
        names = [client.post(f"{PATH}/downloads/places").headers["Content-Disposition"]]
        change_a_mark(store, large)
        names.append(client.post(f"{PATH}/downloads/places").headers["Content-Disposition"])
    entry = FIGURES["places"]
    expected = [entry.named(old, made_at) for made_at in (MOMENT + timedelta(days=2), MOMENT)]
    assert names == [f'attachment; filename="{name}"' for name in expected]


def test_the_figures_of_a_refusal_are_downloaded_as_headings(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        factories.contest(session, code="EMPTY")
    answer = sign_in(world["observer"]).post("/staff/contests/EMPTY/firmness/downloads/places")
    assert (answer.status_code, answer.data.decode("utf-8-sig").count("\r\n")) == (200, 1)


def test_the_statements_of_a_page_do_not_grow_with_the_contest(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world["observer"])
    counts = []
    for more in (0, 8):
        with store() as session:
            contest = session.get_one(Contest, world["contest"])
            for _ in range(more):
                application = factories.application(session, contest)
                factories.review(session, factories.expert(session, contest), application, "submitted")
            contest.ranking_revision += 1
        client.get(PATH)
        counts.append([queries(lambda tab=tab: client.get(f"{PATH}{tab}")) for tab in ("", "/experts", "/residuals")])
    assert counts[0] == counts[1]


def test_the_ranking_leads_to_its_firmness(world: World, sign_in: SignIn) -> None:
    text = sign_in(world["observer"]).get("/staff/contests/F-1/ranking").text
    main = text.split("<main")[1]
    assert f'href="{PATH}"' in main


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_a_page(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    report = sample.report()
    panels = tuple(replace(panel, refusal=refusal, variances=None) for panel in report.panels)
    experts = tuple(replace(item, refusal=refusal, severity=None, lo=None, hi=None) for item in report.experts)
    rows = tuple(replace(item, refusal=refusal, alpha=None) for item in report.agreement)
    shown(monkeypatch, replace(report, panels=panels, experts=experts, agreement=rows, next_reviews=()))
    client = sign_in(world["observer"])
    answers = [client.get(f"{PATH}{tab and '/'}{tab}") for tab in ("", *TABS)]
    assert [answer.status_code for answer in answers] == [200] * 6
