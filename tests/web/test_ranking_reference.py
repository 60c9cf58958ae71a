"""The reference columns of the ranking: only where asked for, labelled, of the present marks, and nowhere else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.firmness import Refusal, to_document
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.models import Contest, FirmnessReport, JournalRecord
from judging.queries import firmness as queries
from judging.queries.firmness import ready
from judging.queries.rankings import compute_ranking
from judging.web import reports
from judging.web.ranking.reference import Aside, Reference
from judging.web.reports import Reports
from tests import factories, firmness
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.web.remembered import remembered, report_on

__all__ = ["remembered"]
DATABASES = ("sqlite",)
"""These are words, links and workbooks; tests/queries asks both databases for what is in them."""
World = dict[str, Any]
SignIn = Callable[[int], FlaskClient]
PATH = "/staff/contests/R-1/ranking"
ON = f"{PATH}?reference=on"
PLACES, CHANCE = "Справочно: места", "Справочно: выше границы"
WAIT = "Для нынешних оценок это ещё не рассчитано: конкурс большой."


def populate(session: Session) -> World:
    """Six applications, three experts; the money is enough for some."""
    contest = factories.contest(session, code="R-1")
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest) for _ in range(3)]
    numbers = []
    for mark in (9, 8, 7, 6, 5, 3):
        application = factories.application(session, contest, cluster, title=f"Проект на {mark}")
        numbers.append(application.number)
        for shift, expert in enumerate(experts):
            factories.review(session, expert, application, "submitted", mark=max(0, mark - shift))
    people = {role: factories.user(session, role).id for role in ("secretary", "chair", "observer")}
    return {"contest": contest.id, "numbers": numbers, **people}


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(populate)
    with time_machine.travel(MOMENT, tick=False):
        yield made


def asides(html: str) -> list[tuple[str, ...]]:
    """The words of the reference columns, a pair for each row of the table."""
    cells = re.findall(r'<td class="num table__aside" data-label="([^"]*)">(.*?)</td>', html, re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for _, cell in cells]
    assert [label for label, _ in cells] == [PLACES, CHANCE] * (len(cells) // 2)
    return list(zip(words[::2], words[1::2], strict=True))


def report_now(store: Store, world: World) -> tuple[ContestRecord, Ranking]:
    with store() as session:
        return compute_ranking(session, world["contest"])


def expected(store: Store, world: World) -> list[tuple[str, str]]:
    """What the report on the present marks says, a row for each application in the official order."""
    record, _ = report_now(store, world)
    projects = report_on(record).projects
    found = []
    for item in projects:
        span = str(item.lo) if item.lo == item.hi else f"{item.lo}–{item.hi}"
        chance = item.p_line or 0
        shown = "> 99%" if chance > 0.995 else "< 1%" if chance < 0.005 else f"{round(100 * chance)}%"
        found.append((span, f"{shown} Серая зона" if item.grade == "grey" else shown))
    return found


def plain(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The words with any space before a per cent sign taken away."""
    return [tuple(re.sub(r"\s+%", "%", unescape(cell)) for cell in row) for row in rows]


def test_the_columns_are_off_by_default_and_the_switch_leads_to_them(world: World, sign_in: SignIn) -> None:
    page = sign_in(world["observer"]).get(PATH).text
    assert (asides(page), PLACES in page, f'href="{ON}" data-reference="off"' in page) == ([], False, True)
    assert "Показать справочные столбцы: насколько устойчивы места" in page


@pytest.mark.parametrize("value", ["", "off", "On", "1", "<script>"])
def test_only_on_turns_them_on(world: World, sign_in: SignIn, value: str) -> None:
    assert PLACES not in sign_in(world["observer"]).get(PATH, query_string={"reference": value}).text


def test_the_columns_show_the_report_on_the_present_marks_and_say_what_they_are(
    world: World, sign_in: SignIn, store: Store
) -> None:
    page = sign_in(world["observer"]).get(ON).text
    assert plain(asides(page)) == expected(store, world)
    assert len(asides(page)) == 6
    head = re.search(r"<thead>.*?</thead>", page, re.DOTALL)[0]  # type: ignore[index]
    assert re.findall(r'<th scope="col" class="num table__aside"[^>]*>([^<]*)', head) == [PLACES, CHANCE]
    assert "Официальные места, итоги и исходы от этого не зависят" in page
    assert (f'href="{PATH}" data-reference="on"' in page, 'href="/staff/contests/R-1/firmness"' in page) == (True, True)


def test_the_official_columns_are_the_same_with_and_without_them(world: World, sign_in: SignIn) -> None:
    client = sign_in(world["secretary"])

    def official(page: str) -> list[str]:
        body = re.search(r'<table class="table" id="ranking">.*?</table>', page, re.DOTALL)[0]  # type: ignore[index]
        own = re.sub(r"<t([dh])[^>]*table__aside[^>]*>.*?</t\1>", "", body, flags=re.DOTALL)
        return re.sub(r"<[^>]*>", " ", own).split()

    off, on = (official(client.get(path).text) for path in (PATH, ON))
    assert (off == on, "Проект" in off) == (True, True)


@pytest.mark.parametrize("more", ["sort=-total", "q=Проект", "view=criteria", "page=1", "outcome=winner"])
def test_they_are_kept_over_sorting_filters_views_and_pages(world: World, sign_in: SignIn, more: str) -> None:
    page = sign_in(world["secretary"]).get(f"{ON}&{more}").text
    found = re.findall(r'<a class="(?:table__sort|tabs__link|chip|pagination__link)[^"]*" href="([^"]*)"', page)
    links = [unescape(link) for link in found if link.startswith(f"{PATH}?")]
    assert (len(links) >= 8, [link for link in links if "reference=on" not in link]) == (True, [])
    assert '<input type="hidden" name="reference" value="on">' in page
    assert asides(page) != []


def test_the_order_of_the_rows_does_not_move_the_words(world: World, sign_in: SignIn, store: Store) -> None:
    page = sign_in(world["secretary"]).get(f"{ON}&sort=-place").text
    assert plain(asides(page)) == expected(store, world)[::-1]


def test_a_large_contest_says_what_to_do_until_it_is_calculated_and_then_shows_it(
    world: World, sign_in: SignIn, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "WAITED_FOR_ROWS", 0)
    client = sign_in(world["observer"])
    page = client.get(ON).text
    assert (asides(page), PLACES in page, WAIT in page) == ([], False, True)
    record, _ = report_now(store, world)
    keep(store, world, report_on(record))
    page = client.get(ON).text
    assert (plain(asides(page)), WAIT in page) == (expected(store, world), False)
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        contest.ranking_revision += 1
        contest.budget = 1
    page = client.get(ON).text
    assert (asides(page), WAIT in page) == ([], True)


def keep(store: Store, world: World, report: Any) -> None:
    """Store a report as the worker does."""
    with store() as session:
        session.add(
            FirmnessReport(
                contest_id=world["contest"], status="ready", digest=report.digest, document=to_document(report),
                requested_by="x", requested_at=MOMENT, finished_at=MOMENT,
            )
        )  # fmt: skip


def test_without_data_the_page_says_why_and_has_no_columns(sign_in: SignIn, world: World, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="R-2")
        factories.application(session, contest, factories.cluster(session, contest))
    page = sign_in(world["observer"]).get("/staff/contests/R-2/ranking?reference=on").text
    why = "Недостаточно данных: нет ни одного учтённого заключения."
    assert (asides(page), PLACES in page, why in page) == ([], False, True)


def test_words_beside_a_project_name_the_panel_and_what_is_not_said(app: Flask) -> None:
    reference = Reference(firmness.report())
    with app.test_request_context(headers={"Accept-Language": "ru"}):
        found = [reference.beside(number) for number in ("СП-006", "СП-013", "СП-019", "нет такого")]
    assert [replace(item, chance=re.sub(r"\s", "", item.chance)) for item in found] == [
        Aside("1–4", "панель 1, место в ней 1", "98%"),
        Aside("4–10", "панель 1, место в ней 7", "44%", "Серая зона"),
        Aside(note="недостаточно данных"),
        Aside(note="недостаточно данных"),
    ]


def test_a_project_of_which_no_line_is_drawn_has_places_alone(app: Flask) -> None:
    whole = firmness.report()
    item = replace(whole.projects[0], p_line=None, p_funded=None, grade=None)
    reference = Reference(replace(whole, projects=(item,), panels=whole.panels[:1]))
    with app.test_request_context():
        assert reference.beside(item.number) == Aside("1–4", "", "", "")


@pytest.mark.parametrize(
    ("report", "shown"), [(None, False), (firmness.refused(Refusal.NO_REVIEWS), False), (firmness.report(), True)]
)
def test_columns_are_shown_where_something_is_said(report: Any, shown: bool) -> None:
    assert Reference(report).shown is shown


def test_snapshots_and_public_pages_never_have_them(
    world: World, sign_in: SignIn, store: Store, client: FlaskClient
) -> None:
    secretary, chair = sign_in(world["secretary"]), sign_in(world["chair"])
    for person, act in ((secretary, "freeze"), (chair, "approve"), (chair, "publish")):
        with store() as session:
            version = session.get_one(Contest, world["contest"]).version
        assert person.post(f"{PATH}/{act}", data={"version": version}).status_code == 303
    pages = [secretary.get(f"{PATH}/snapshots/1?reference=on"), client.get("/contests/R-1/results?reference=on")]
    assert [(page.status_code, "Справочно" in page.text, "table__aside" in page.text) for page in pages] == [
        (200, False, False)
    ] * 2


def workbook(client: FlaskClient, **data: str) -> Any:
    return load_workbook(BytesIO(client.post(f"{PATH}/downloads/ranking-xlsx", data=data).data), read_only=True)


def digest_in(book: Any) -> list[str]:
    rows = book["Справочно"].iter_rows(min_row=2, values_only=True)
    return [row[12] for row in rows if row[2] == "SHA-256 исходных данных"]


def test_the_workbook_tells_the_firmness_of_its_own_marks(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world["secretary"])
    record, _ = report_now(store, world)
    frozen = queries.digest_of(record)
    with store() as session:
        version = session.get_one(Contest, world["contest"]).version
    client.post(f"{PATH}/freeze", data={"version": version})
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        contest.budget = 1
        contest.ranking_revision += 1
    now = queries.digest_of(report_now(store, world)[0])
    books = [workbook(client), workbook(client, snapshot="1")]
    assert ([digest_in(book) for book in books], now != frozen) == ([[now], [frozen]], True)
    assert all("Справочно" not in str(row) for book in books for row in book["Рейтинг"].iter_rows(values_only=True))


def test_only_the_workbook_costs_a_report(world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(reports.firmness, "ready_report", lambda *_args, **_more: asked.append(1))
    client = sign_in(world["secretary"])
    client.get(PATH)
    for key in ("ranking-csv", "ranking-json", "marks-csv", "reviews-csv"):
        client.post(f"{PATH}/downloads/{key}")
    before = len(asked)
    client.post(f"{PATH}/downloads/ranking-xlsx")
    assert (before, len(asked)) == (0, 1)


def test_looking_leaves_no_trace(world: World, sign_in: SignIn, store: Store) -> None:
    sign_in(world["observer"]).get(ON)
    with store() as session:
        assert [session.scalar(select(func.count(model.id))) for model in (JournalRecord, FirmnessReport)] == [0, 0]


def test_reports_are_kept_by_what_they_are_made_from_and_the_oldest_is_forgotten(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    found = firmness.report()

    def worked_out(*_args: Any, digest: str) -> Any:
        made.append(digest)
        return None if digest == "none" else found

    monkeypatch.setattr(reports.firmness, "ready_report", worked_out)
    monkeypatch.setattr(reports, "MOST_KEPT", 4)
    record, ranking = report_now(store, world)
    kept = Reports()
    with store() as session:
        asked = [kept.of(session, world["contest"], record, ranking, digest) for digest in "abcdaeab"]
        none = [kept.of(session, world["contest"], record, ranking, "none") for _ in range(2)]
        kept.clear()
        kept.of(session, world["contest"], record, ranking, "a")
    assert (asked, none, made) == ([found] * 8, [None] * 2, [*"abcdeb", "none", "none", "a"])
