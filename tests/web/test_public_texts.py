"""The self-check and the texts of a contest's public page: for anybody, and in the hands of the secretary."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Contest, JournalRecord
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.web.test_applications import form_of

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
CHECK, PUBLIC = "/contests/PP41-2027/can-we-apply", "/contests/PP41-2027"
EDIT, TEXTS = "/staff/contests/PP41-2027/rules/self-check", "/staff/contests/PP41-2027/rules/public-page"
STORED = {
    "self_check": [
        {
            "text": "Кластер в реестре?",
            "wants": "yes",
            "words": "Нужен реестр.",
            "clause": "п. 3",
            "remedy": "Войдите.",
        },
        {"text": "Сколько участников?", "wants": "at_least", "bound": "2", "words": "Нужны двое."},
    ],
    "data_policy": "Только для конкурса.\n\nПять лет.",
    "organiser": "Департамент <b>",
}


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def populate(session: Session) -> int:
    contest = factories.contest(session, code="PP41-2027", public_page=STORED)
    return factories.user(session, "secretary", contest).id


@pytest.fixture
def secretary(prepared: Prepared, sign_in: SignIn) -> FlaskClient:
    return sign_in(prepared(populate))


def kept(store: Store) -> dict[str, Any]:
    with store() as session:
        return session.scalars(select(Contest)).one().public_page


@pytest.mark.parametrize(
    ("answers", "said", "unsaid"),
    [
        ("", ["Ответьте на вопросы и сразу"], ["подать заявку можно", "подать заявку нельзя"]),
        ("?check=1&q1=yes&q2=3", ["подать заявку можно", "#apply"], ["нельзя"]),
        ("?check=1&q1=no&q2=3", ["подать заявку нельзя", "Нужен реестр.", "п. 3", "Войдите."], ["заявку можно"]),
        ("?check=1&q1=yes&q2=1", ["подать заявку нельзя", "Нужны двое."], ["заявку можно"]),
        ("?check=1&q1=yes", ["Ответьте на все вопросы", "Введите число"], ["заявку можно", "нельзя"]),
        ("?check=1&q1=perhaps&q2=" + "9" * 500, ["Выберите «да» или «нет»", "Введите число"], ["заявку можно"]),
    ],
)
def test_anybody_learns_whether_one_can_apply(
    prepared: Prepared, client: FlaskClient, answers: str, said: list[str], unsaid: list[str]
) -> None:
    prepared(populate)
    page = client.get(CHECK + answers)
    assert page.status_code == 200
    assert [words in page.text for words in said] == [True] * len(said)
    assert [words in page.text for words in unsaid] == [False] * len(unsaid)


def test_the_organiser_is_named_in_the_consent_and_at_the_foot_of_every_page(
    prepared: Prepared, client: FlaskClient
) -> None:
    prepared(populate)
    named = ("Оператор персональных данных — организатор конкурса: Департамент &lt;b&gt;.", "Редакция 2026-2")
    page = client.get("/register").text
    assert [words in page for words in named] == [True, True]
    pages = [client.get(path).text.rpartition("<footer")[2] for path in ("/", "/sign-in", "/register", PUBLIC, CHECK)]
    assert [("Организатор: Департамент &lt;b&gt;" in one, f'href="{PUBLIC}/data-policy"' in one) for one in pages] == [
        (True, True)
    ] * 5


def test_an_organiser_of_what_is_over_or_not_public_yet_is_not_named(store: Store, client: FlaskClient) -> None:
    with store() as session:
        for number, changed in enumerate(
            ({"status": "draft", "published_at": None}, {"status": "cancelled"}, {"status": "results_published"},
             {"trial": True})
        ):  # fmt: skip
            factories.contest(session, code=f"C{number}", public_page={"organiser": "Некто"}, **changed)
    assert "Некто" not in client.get("/register").text


def test_the_contests_page_leads_to_the_check_the_answers_and_the_policy(
    prepared: Prepared, client: FlaskClient, store: Store
) -> None:
    prepared(populate)
    page = client.get(PUBLIC).text
    assert (f'href="{CHECK}"' in page, f'href="{PUBLIC}/data-policy"' in page, "Департамент &lt;b&gt;" in page) == (
        True, True, True,
    )  # fmt: skip
    assert "Пять лет." in client.get(PUBLIC + "/data-policy").text
    with store() as session:
        session.scalars(select(Contest)).one().public_page = {"data_policy": "https://example.org/policy"}
    page = client.get(PUBLIC).text
    assert ('href="https://example.org/policy"' in page, CHECK in page) == (True, False)
    assert [client.get(path).status_code for path in (CHECK, PUBLIC + "/data-policy")] == [404, 404]


def test_the_secretary_changes_the_questions_after_the_contest_was_announced(
    secretary: FlaskClient, store: Store
) -> None:
    typed = form_of(secretary, EDIT) | {
        "self_check-0-text": "Доля, %?", "self_check-0-wants": "at_most", "self_check-0-bound": "много",
        "self_check-0-words": "Не больше половины.",
    }  # fmt: skip
    refused = secretary.post(EDIT, data=typed)
    assert (refused.status_code, "Введите число" in refused.text, "Доля, %?" in refused.text) == (422, True, True)
    answer = secretary.post(EDIT, data=typed | {"self_check-0-bound": "50"})
    assert answer.status_code == 303
    assert kept(store) == STORED | {
        "self_check": [{"text": "Доля, %?", "wants": "at_most", "words": "Не больше половины.", "bound": "50"}]
    }
    with store() as session:
        record = session.scalars(select(JournalRecord).order_by(JournalRecord.id.desc())).first()
    assert record is not None
    assert (record.event, list(record.details)) == ("contest.public_page_changed", ["self_check"])
    stale = secretary.post(EDIT, data=typed | {"self_check-0-bound": "40", "request_key": "other"})
    assert stale.status_code == 409


def test_the_secretary_answers_a_question_for_everybody(secretary: FlaskClient, store: Store) -> None:
    hidden = form_of(secretary, TEXTS)
    more = secretary.post(TEXTS, data=hidden | {"add": "answered", "contacts": "Телефон"})
    assert (more.status_code, 'name="answered-0-question"' in more.text, kept(store)) == (200, True, STORED)
    typed = hidden | {
        "organiser": "Департамент", "contacts": "Телефон", "answered-0-question": "Можно ли позже?",
        "answered-0-answer": "Нет.", "answered-0-on": "2026-03-10",
    }  # fmt: skip
    assert secretary.post(TEXTS, data=typed).status_code == 303
    page = secretary.get(PUBLIC).text
    said = ("Можно ли позже?", "Опубликовано 10.03.2026", "Телефон", "Организатор: Департамент")
    assert [words in page for words in said] == [True] * 4
    assert kept(store)["self_check"] == STORED["self_check"]


def test_a_cancelled_contest_keeps_its_texts(secretary: FlaskClient, store: Store) -> None:
    hidden = form_of(secretary, TEXTS)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        contest.status, contest.cancelled_reason = "cancelled", "Нет средств"
    answer = secretary.post(TEXTS, data=hidden | {"organiser": "Другой"})
    assert (answer.status_code, kept(store)) == (422, STORED)


def test_the_day_of_an_answer_is_a_calendar_that_shows_it_as_people_write_it(
    secretary: FlaskClient, store: Store
) -> None:
    with store() as session:
        answered = {"question": "Можно ли?", "answer": "Да.", "on": "2026-03-12"}
        session.scalars(select(Contest)).one().public_page = {"answered": [answered]}
    days = re.findall(r"<input[^>]*answered-\d+-on[^>]*>", secretary.get(TEXTS).text)
    assert [('type="date"' in one, 'value="2026-03-12"' in one) for one in days] == [(True, True)]
