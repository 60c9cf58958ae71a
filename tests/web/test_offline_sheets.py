"""Score sheets as a workbook on the pages: taken along, looked at row by row, chosen, saved as drafts."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import JournalRecord, Review
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.score_sheets import filled, places

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases by the tests of the commands."""
WHERE = "/reviews/offline/C-1"


@dataclass
class World:
    user: int
    colleague: int
    secretary: int
    first: int
    second: int


def populate(session: Session) -> World:
    contest = factories.contest(
        session, code="C-1", sheet={"audiences": ["applicant", "private"], "scope": True, "confidence": "required"}
    )
    cluster = factories.cluster(session, contest)
    expert, colleague = (factories.expert(session, contest) for _ in range(2))
    seven, eight = (factories.application(session, contest, cluster, number=number) for number in ("7", "8"))
    first = factories.review(session, expert, seven, "accepted", scores={"E1": "3"}, comments={"E1": "Слабо"})
    second = factories.review(session, expert, eight, "accepted")
    factories.review(session, colleague, seven, "assigned")
    assert expert.user_id is not None
    assert colleague.user_id is not None
    return World(expert.user_id, colleague.user_id, factories.user(session, "secretary").id, first.id, second.id)


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(populate)
    with time_machine.travel(MOMENT, tick=False):
        yield made


@pytest.fixture
def client(world: World, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(world.user)


@pytest.fixture
def book(client: FlaskClient) -> bytes:
    return client.get(f"{WHERE}/workbook").data


def look(client: FlaskClient, content: bytes):
    return client.post(WHERE, data={"file": (io.BytesIO(content), "листы.xlsx")})


def save(client: FlaskClient, page: str, **chosen: str):
    document = re.search(r'name="document" value="([^"]+)"', page)
    assert document
    return client.post(f"{WHERE}/drafts", data={"document": document[1], **chosen})


def choices(page: str) -> dict[str, str | None]:
    """The names of the choices on a page, and what is chosen."""
    found: dict[str, str | None] = {}
    for name, side, rest in re.findall(r'name="(keep-[^"]+)" value="(\w+)"[^>]*?required( checked)?>', page):
        found.setdefault(name, None)
        found[name] = side if rest else found[name]
    return found


def rows(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL))
    return [[" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in row] for row in cells]


def stored(store: Store, review_id: int) -> Review:
    with store() as session:
        review = session.get_one(Review, review_id)
        session.expunge(review)
        return review


def saves(store: Store) -> list[object]:
    with store() as session:
        found = session.execute(select(JournalRecord.event, JournalRecord.details))
        return [details.get("source") for event, details in found if event == "review.saved"]


def test_the_queue_leads_to_the_workbook_of_the_open_sheets(client: FlaskClient, world: World, book: bytes) -> None:
    assert f'href="{WHERE}"' in client.get("/reviews").text
    page = client.get(WHERE).text
    assert "В книгу войдут 2 открытых листа" in page
    answer = client.get(f"{WHERE}/workbook?layout=table")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="C-1-score-sheets-2026-03-15-1200.xlsx"'
    parts = {part for review, part, code in places(book) if review == world.first and code in ("E1", "")}
    assert parts == {
        part for review, part, code in places(answer.data) if review == world.second and code in ("E1", "")
    }
    assert parts == {
        "mark", "panel", "applicant", "private", "scope", "scope_reason", "confidence", "recommendation",
    }  # fmt: skip


def test_what_was_filled_is_shown_and_saved_as_drafts(
    client: FlaskClient, world: World, book: bytes, store: Store
) -> None:
    page = look(client, filled(book, {
        (world.first, "mark", "E2"): "7", (world.first, "applicant", "E1"): "Нужен расчёт <b>",
        (world.first, "private", "E1"): "спросить", (world.first, "scope", ""): "да",
        (world.second, "scope", ""): "нет", (world.second, "scope_reason", ""): "Не станки",
        (world.second, "confidence", ""): "низкая",
    })).text  # fmt: skip
    assert "7 новых, 2 без изменений, 0 изменено на сайте после скачивания" in page
    assert rows(page)[:3] == [
        ["7", "По профилю конкурса Заявка 7!E7", "Новое", "–", "Да"],
        ["7", "E1: комментарий заявителю Заявка 7!G8", "Новое", "–", "Нужен расчёт &lt;b&gt;"],
        ["7", "E1: заметка для себя Заявка 7!H8", "Новое", "–", "спросить"],
    ]
    assert (stored(store, world.first).version, saves(store)) == (1, [])
    answer = save(client, page)
    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert "Из файла сохранены 2 черновика." in client.get("/reviews").text
    first, second = stored(store, world.first), stored(store, world.second)
    assert (first.scores, first.comments, first.notes, first.in_scope, first.status) == (
        {"E1": "3", "E2": "7"}, {"E1": "Слабо"},
        {"applicant": {"E1": "Нужен расчёт <b>"}, "private": {"E1": "спросить"}}, True, "accepted",
    )  # fmt: skip
    assert (second.in_scope, second.scope_reason, second.confidence) == (False, "Не станки", "low")
    assert saves(store) == ["file", "file"]


def test_an_untouched_file_has_nothing_to_save(client: FlaskClient, book: bytes, store: Store) -> None:
    page = look(client, book).text
    assert ("В файле то же, что уже сохранено" in page, rows(page), "Сохранить как черновики" in page) == (
        True, [], False,
    )  # fmt: skip
    assert save(client, page).status_code == 303
    assert saves(store) == []


def test_of_two_versions_one_is_chosen_row_by_row(client: FlaskClient, world: World, book: bytes, store: Store) -> None:
    content = filled(book, {(world.first, "mark", "E1"): 5, (world.second, "mark", "E1"): 6})
    with store() as session:
        review = session.get_one(Review, world.first)
        review.scores, review.comments = {"E1": "4"}, {"E1": "Хорошо"}
    page = look(client, content).text
    assert "1 новая, 0 без изменений, 2 изменены на сайте после скачивания" in page
    mark, comment = choices(page)
    assert choices(page) == {mark: None, comment: "online"}
    refused = save(client, page)
    assert (refused.status_code, "выберите, какая версия останется" in refused.text) == (422, True)
    again = save(client, refused.text, **{mark: "file", comment: "nonsense"})
    assert again.status_code == 303
    first = stored(store, world.first)
    assert (first.scores, first.comments, stored(store, world.second).scores) == (
        {"E1": "5"}, {"E1": "Хорошо"}, {"E1": "6"},
    )  # fmt: skip


def test_what_changed_between_the_look_and_the_act_is_looked_at_again(
    client: FlaskClient, world: World, book: bytes, store: Store
) -> None:
    page = look(client, filled(book, {(world.first, "mark", "E1"): 5, (world.second, "mark", "E1"): 6})).text
    with store() as session:
        session.get_one(Review, world.first).scores = {"E1": "4"}
    answer = save(client, page)
    assert (answer.status_code, "Листы тем временем изменились" in answer.text) == (409, True)
    (mark,) = choices(answer.text)
    assert save(client, answer.text, **{mark: "online"}).status_code == 303
    assert [stored(store, one).scores for one in (world.first, world.second)] == [{"E1": "4"}, {"E1": "6"}]
    with store() as session:
        session.get_one(Review, world.second).status = "recused"
    late = save(client, page, **{mark: "file"})
    assert (late.status_code, "эта заявка больше не назначена вам" in late.text) == (409, True)


def test_cells_that_cannot_be_taken_are_named_and_nothing_can_be_saved(
    client: FlaskClient, world: World, book: bytes
) -> None:
    page = look(client, filled(book, {(world.first, "mark", "E1"): 11, (world.first, "mark", "E2"): 5})).text
    assert rows(page)[0] == [
        "7", "E1: оценка Заявка 7!E8", "Нельзя принять Оценки 11 нет на шкале от 0 до 10 с шагом 1", "3", "11",
    ]  # fmt: skip
    assert ("Исправьте в файле ячейки" in page, 'name="document"' in page) == (True, False)


def test_what_is_no_file_of_this_expert_is_refused_beside_the_field(
    client: FlaskClient, world: World, book: bytes, sign_in: Callable[[int], FlaskClient]
) -> None:
    other = sign_in(world.colleague)
    assert "Это файл другого эксперта." in look(other, book).text
    refused = look(client, b"%PDF-1.7")
    assert (refused.status_code, "не книга Excel" in refused.text) == (422, True)
    assert client.post(WHERE, data={}).status_code == 422
    forged = client.post(f"{WHERE}/drafts", data={"document": "W10.abc"})
    assert (forged.status_code, "Выберите файл снова" in forged.text) == (422, True)
    page = look(client, filled(book, {(world.first, "mark", "E1"): 5})).text
    assert save(other, page).status_code == 422


def test_who_has_no_open_sheet_has_no_workbook(world: World, sign_in: Callable[[int], FlaskClient]) -> None:
    colleague = sign_in(world.colleague)
    page = colleague.get(WHERE)
    assert (page.status_code, "Сейчас открытых листов нет" in page.text) == (200, True)
    assert colleague.get(f"{WHERE}/workbook").status_code == 403
    assert sign_in(world.secretary).get(WHERE).status_code in (403, 404)


def test_half_a_sign_in_a_choice_is_shown_as_unreadable(world: World, client: FlaskClient, book: bytes) -> None:
    cells = {(world.first, part, code): "_xD800_" for part, code in (("mark", "E1"), ("confidence", ""))}
    words = {(world.first, "panel", "E2"): "Хорошо _xD83D__xDE00_"}
    page = look(client, filled(book, cells | words))
    assert page.status_code == 200
    assert page.text.count("\ufffd") == 2
    assert "Хорошо \U0001f600" in page.text
