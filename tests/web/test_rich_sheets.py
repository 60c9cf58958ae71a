"""Pages of a sheet that asks for more than marks: what is shown, saved and compared, and what is nobody else's."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from judging.domain.sheet_rules import Audience
from judging.domain.sheets import LONGEST_DRAFT_COMMENT, comment_path
from judging.models import JournalRecord, Review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.rich_sheets import READY, enrich

SignIn = Callable[[int], FlaskClient]
DATABASES = ("sqlite",)
"""The services have tests of their own on every database."""
FETCH = {"X-Requested-With": "fetch"}
GROUP = comment_path(f"group:{READY}")
SECRET = "Похоже на прошлогодний проект соседей"
FULL = {
    "in_scope": "yes", "mark-E1": "7", "mark-E2": "abstain", "mark-E3": "4,5", "mark-E5": "1", "mark-E6": "2",
    "comment-E1": "Образец испытан", GROUP: "Спрос подтверждён", "applicant-E1": "Уточните сроки",
    "private-E1": SECRET, "confidence": "high", "recommendation": "support",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@dataclass
class World:
    review: int
    user: int
    secretary: int
    code: str


@pytest.fixture
def world(store: Store) -> World:
    with store() as session:
        contest = factories.contest(session)
        enrich(contest)
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, factories.application(session, contest), "accepted")
        assert expert.user_id is not None
        return World(review.id, expert.user_id, factories.user(session, "secretary").id, contest.code)


def draft(client: FlaskClient, w: World, version: int = 1, headers: Any = None, **fields: str) -> TestResponse:
    return client.post(f"/reviews/{w.review}/draft", data={"version": version, **fields}, headers=headers)


def stored(store: Store, w: World) -> Review:
    with store() as session:
        review = session.get_one(Review, w.review)
        session.expunge(review)
        return review


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_sheet_comes_back_as_it_was_saved(store: Store, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.user)
    empty = client.get(f"/reviews/{world.review}").text
    assert [empty.count(" checked"), empty.count("<details open"), empty.count('value="abstain"')] == [0, 0, 1]
    assert "Критерий не войдёт в среднее вашей оценки" in empty
    assert "Вкладка" not in empty
    answer = draft(client, world, **FULL)
    assert (answer.status_code, answer.location) == (303, f"/reviews/{world.review}")
    review = stored(store, world)
    assert (review.scores, review.abstained) == ({"E1": "7", "E3": "4.5", "E5": "1", "E6": "2"}, ["E2"])
    assert (review.notes, review.confidence, review.in_scope) == (
        {"applicant": {"E1": "Уточните сроки"}, "private": {"E1": SECRET}}, "high", True,
    )  # fmt: skip
    page = client.get(f"/reviews/{world.review}").text
    checked = sorted(re.findall(r'<input(?=[^>]* checked)[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page))
    chosen = ("mark-E1", "mark-E2", "mark-E3", "mark-E5", "mark-E6", "confidence", "in_scope", "recommendation")
    assert checked == sorted((name, FULL[name].replace(",", ".")) for name in chosen)
    assert page.count("<details open") == 2
    assert [text in page for text in ("Образец испытан", "Спрос подтверждён", "Уточните сроки", SECRET)] == [True] * 4


def test_one_bad_field_of_a_script_costs_the_others_nothing(store: Store, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.user)
    draft(client, world, **FULL)
    long = "ж" * (LONGEST_DRAFT_COMMENT + 1)
    bad = {
        "mark-E1": "abstain",
        "mark-E3": "4,7",
        "applicant-E1": long,
        "confidence": "very",
        "recommendation": "maybe",
    }
    answer = draft(client, world, 2, FETCH, **FULL | bad | {"comment-E1": "Образец испытан дважды"})
    assert answer.json == {
        "version": 3, "whole": False,
        "saved_at_text": "12:00, кроме оценок E1, E3, кроме комментариев E1: в них больше 20000 знаков",
    }  # fmt: skip
    review = stored(store, world)
    assert (review.scores["E1"], review.scores["E3"], review.notes["applicant"]) == (
        "7", "4.5", {"E1": "Уточните сроки"},
    )  # fmt: skip
    assert (review.confidence, review.recommendation) == ("high", "support")
    assert review.comments["E1"] == "Образец испытан дважды"


def test_a_person_is_told_what_is_wrong_beside_the_field(store: Store, sign_in: SignIn, world: World) -> None:
    answer = draft(sign_in(world.user), world, **FULL | {"mark-E1": "abstain"})
    assert (answer.status_code, 'id="mark-E1-error"' in answer.text, SECRET in answer.text) == (422, True, True)
    assert "Этот критерий нужно оценить" in answer.text
    assert stored(store, world).version == 1


def test_two_tabs_see_the_rows_that_differ_alone(store: Store, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.user)
    draft(client, world, **FULL)
    mine = FULL | {"mark-E2": "5", "private-E1": "Иное", "in_scope": "no", "scope_reason": "Один участник"}
    answer = draft(client, world, 1, FETCH, **mine)
    assert answer.status_code == 409
    assert answer.json is not None
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', answer.json["html"])
    assert [(words(name).split(" отличается")[0].strip(), *rest) for name, *rest in rows] == [
        ("Проект соответствует предмету конкурса?", "Нет, не соответствует", "Да, соответствует"),
        ("Почему не соответствует", "Один участник", ""),
        ("Для себя: заметка к E1", "Иное", SECRET),
        ("E2", "5", "Не могу оценить"),
    ]
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.json["html"]))
    assert {name: again[name] for name in mine} == mine | {"mark-E3": "4.5"}


def test_who_is_signed_out_gets_every_field_back_in_words(client: FlaskClient, world: World) -> None:
    page = words(draft(client, world, **FULL | {"scope_reason": "Один участник"}).text)
    assert [text in page for text in (
        "Оценка E2 Не могу оценить", f"Для себя: заметка к E1 {SECRET}", "Заявителю: комментарий к E1 Уточните сроки",
        "Комментарий к группе критериев Спрос подтверждён", "Уверенность в оценках Высокая",
        "Проект соответствует предмету конкурса? Да, соответствует", "Почему не соответствует Один участник",
    )] == [True] * 7  # fmt: skip
    assert READY not in page


def test_the_summary_says_what_is_lacking_and_what_does_not_go_together(sign_in: SignIn, world: World) -> None:
    client, same = sign_in(world.user), "Документы подтверждают сказанное."
    low = {
        "mark-E1": "2",
        "mark-E2": "1",
        "mark-E3": "1",
        "comment-E1": same,
        "comment-E2": same[:15],
        "comment-E3": same,
    }
    draft(client, world, **FULL | low | {"confidence": "", "in_scope": ""})
    page = client.get(f"/reviews/{world.review}/summary").text
    links = re.findall(rf'/reviews/{world.review}#([^"]+)">([^<]+)', page)
    assert links[:3] == [
        ("in_scope", "Ответьте, соответствует ли проект предмету конкурса"),
        ("comment-E2", "E2: Поясните эту оценку подробнее: не короче 20 знаков"),
        ("confidence", "Укажите, насколько вы уверены в своих оценках"),
    ]
    assert "Комментарии к E1, E3 совпадают слово в слово" in page


def test_nobody_but_the_expert_ever_sees_a_private_note(store: Store, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.user)
    draft(client, world, **FULL)
    summary = client.get(f"/reviews/{world.review}/summary").text
    assert [SECRET in summary, "Отправить заключение" in summary] == [True, True]
    assert client.post(f"/reviews/{world.review}/summary", data={"version": 2}).status_code == 303
    receipt = words(client.get(f"/reviews/{world.review}/receipt").text)
    assert [SECRET in receipt, "Пересчитано без E2" in receipt] == [True, True]
    staff = sign_in(world.secretary)
    page = words(staff.get(f"/staff/contests/{world.code}/reviews/{world.review}").text)
    assert [text in page for text in (
        SECRET, "Комиссии Образец испытан", "Заявителю Уточните сроки", "Не могу оценить", "Спрос подтверждён",
        "Пересчитано без E2", "Уверенность эксперта Высокая", "Зелёный: соответствует",
    )] == [False] + [True] * 7  # fmt: skip
    own = words(client.get(f"/reviews/{world.review}/history").text)
    assert [text in own for text in (SECRET, "Оценка E2 – Не могу оценить", "Да, соответствует")] == [True] * 3
    at = f"/staff/contests/{world.code}"
    pages = [staff.get(at + path).text for path in ("/journal", f"/reviews/{world.review}/history")]
    assert [(SECRET in page, "Для себя" in page) for page in pages] == [(False, False)] * 2
    with store() as session:
        records = session.scalars(select(JournalRecord)).all()
        assert SECRET not in str([record.details for record in records])


def test_the_sheet_is_printed_empty_and_filled_and_private_notes_where_ticked(
    store: Store, sign_in: SignIn, world: World
) -> None:
    client, path = sign_in(world.user), f"/reviews/{world.review}/print"
    draft(client, world, **FULL)
    filled, private, empty = (client.get(path + query).text for query in ("", "?private=y", "?sheet=empty&private=y"))
    assert [SECRET in page for page in (filled, private, empty)] == [False, True, False]
    assert ["Уточните сроки" in page for page in (filled, empty)] == [True, False]
    assert ["Черновик оценочного листа" in filled, "Пустой бланк оценочного листа" in empty] == [True, True]
    assert [page.count('class="signature"') for page in (filled, empty)] == [1, 1]
    assert ["4,5" in words(filled), empty.count('printed__box"') > 30] == [True, True]
    with store() as session:
        assert session.scalar(select(func.count()).select_from(JournalRecord)) == 1


def test_outside_the_scope_the_rest_is_kept_and_staff_find_it_on_their_list(
    store: Store, sign_in: SignIn, world: World
) -> None:
    client, said = sign_in(world.user), {"in_scope": "no", "scope_reason": "Участник один"}
    draft(client, world, **FULL | said | {"mark-E1": "", "recommendation": ""})
    summary = client.get(f"/reviews/{world.review}/summary").text
    assert ["Участник один" in summary, "Спрос подтверждён" in summary, "Отправить" in summary] == [True, False, True]
    client.post(f"/reviews/{world.review}/summary", data={"version": 2})
    assert (stored(store, world).status, stored(store, world).notes["private"]) == ("submitted", {"E1": SECRET})
    staff, at = sign_in(world.secretary), f"/staff/contests/{world.code}"
    pages = [staff.get(at + path).text for path in ("/progress", f"/reviews/{world.review}")]
    assert ["Участник один" in page for page in pages] == [True, True]
    assert "Заключение не учитывается" in pages[1]
    assert Audience.PRIVATE.value not in pages[0]
