"""The page that compares a workbook with the ranking: equal, edited, foreign; who may; nothing is changed."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.models import Contest, JournalRecord, RankingSnapshot
from judging.services.rankings import freeze_ranking, prepare_snapshot
from judging.web.ranking import pages_workbook_check
from tests import factories
from tests.conftest import Prepared, Store
from tests.exports.edits import with_cell
from tests.factories import MOMENT

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

World = dict[str, int]
PATH = "/staff/contests/R-1/ranking"


def populate(session: Session) -> World:
    contest = factories.contest(session, code="R-1")
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest) for _ in range(2)]
    for mark in (9, 7):
        application = factories.application(session, contest, cluster)
        for expert in experts:
            factories.review(session, expert, application, "submitted", mark=mark)
    people = {role: factories.user(session, role).id for role in ("secretary", "administrator")}
    people["expert"] = experts[0].user_id or 0
    return {"contest": contest.id, **people}


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(populate)
    with time_machine.travel(MOMENT, tick=False):
        yield made


@pytest.fixture
def client(world: World, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(world["secretary"])


@pytest.fixture
def book(client: FlaskClient) -> bytes:
    return client.post(f"{PATH}/downloads/ranking-xlsx").data


def send(client: FlaskClient, content: bytes, snapshot: str = "present", name: str = "рейтинг.xlsx"):
    return client.post(f"{PATH}/check", data={"file": (BytesIO(content), name), "snapshot": snapshot})


def cells(html: str) -> list[list[str]]:
    """The differences on the page, cell by cell."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [
        [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        for row in rows
    ]


def test_the_downloads_lead_to_the_page(client: FlaskClient) -> None:
    assert f'href="{PATH}/check"' in client.get(PATH).text
    answer = client.get(f"{PATH}/check")
    assert (answer.status_code, "Проверка файла Excel" in answer.text) == (200, True)


def test_an_untouched_download_is_equal(client: FlaskClient, book: bytes) -> None:
    answer = send(client, book)
    assert (answer.status_code, cells(answer.text)) == (200, [])
    assert "Расхождений нет" in answer.text


def test_an_edit_is_shown_and_nothing_changes(client: FlaskClient, book: bytes, store: Store) -> None:
    with store() as session:
        before = session.scalars(select(JournalRecord.event)).all()
    answer = send(client, with_cell(book, "Бюджет", "B4", 61))
    assert (answer.status_code, cells(answer.text)) == (
        200,
        [["Бюджет", "4", "Порог итога", "Значение", "60", "61"]],
    )
    assert "1 расхождение" in answer.text
    with store() as session:
        assert session.scalars(select(JournalRecord.event)).all() == before


def test_only_the_first_differences_are_shown(
    client: FlaskClient, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_workbook_check, "SHOWN", 1)
    answer = send(client, with_cell(with_cell(book, "Бюджет", "B4", 61), "Критерии", "D2", 1))
    assert [row[0] for row in cells(answer.text)] == ["Критерии"]
    assert "Показаны первые 1 из 2 расхождений" in answer.text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7"])
def test_a_foreign_file_is_refused(client: FlaskClient, content: bytes) -> None:
    answer = send(client, content)
    assert (answer.status_code, "не книга Excel" in answer.text) == (422, True)


def test_no_file_and_an_unknown_snapshot_are_refused(client: FlaskClient, book: bytes) -> None:
    answer = client.post(f"{PATH}/check", data={"snapshot": "present"})
    assert (answer.status_code, "Выберите файл" in answer.text) == (422, True)
    assert send(client, book, snapshot="9").status_code == 422


def test_a_snapshot_can_be_chosen(client: FlaskClient, book: bytes, store: Store, world: World) -> None:
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        computed = prepare_snapshot(session, contest.id)
        freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, MOMENT))
    with store() as session:
        session.get_one(Contest, world["contest"]).budget = 1
        assert session.scalars(select(RankingSnapshot.number)).all() == [1]
    page = client.get(f"{PATH}/check?snapshot=1").text
    assert re.search(r'<option selected value="1">', page)
    assert cells(send(client, book, snapshot="1").text) == []


@pytest.mark.parametrize(("who", "status"), [("expert", 404), ("administrator", 404)])
def test_only_those_who_may_export_may_compare(
    world: World, sign_in: Callable[[int], FlaskClient], book: bytes, who: str, status: int
) -> None:
    other = sign_in(world[who])
    assert (other.get(f"{PATH}/check").status_code, send(other, book).status_code) == (status, status)
