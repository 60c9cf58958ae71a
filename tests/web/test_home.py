"""Public pages: what a visitor sees, and nothing more."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import select

from judging.domain.rubric import KINDS
from judging.models import JournalRecord, RankingSnapshot, ScheduleChange, User
from judging.web.local_paths import local_path
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

SignIn = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_with_no_contest_the_page_says_what_to_do(client: FlaskClient) -> None:
    text = text_of(client, "/")
    assert "Сейчас приём заявок не ведётся" in text
    assert "Зарегистрировать команду" in text


def test_contests_stand_under_where_they_are(client: FlaskClient, store: Store) -> None:
    days = timedelta(days=1)
    dates = {
        "open": (-1, 9, 20), "soon": (5, 9, 20), "judged": (-9, -5, 20), "over": (-9, -5, -1), "done": (-9, -5, -1),
    }  # fmt: skip
    with store() as session:
        for title, (opens, closes, ends) in dates.items():
            factories.contest(
                session, title=f"К-{title}", status="results_published" if title == "done" else "published",
                applications_open=MOMENT + opens * days, applications_close=MOMENT + closes * days,
                review_close=MOMENT + ends * days,
            )  # fmt: skip
        factories.contest(session, title="К-draft", status="draft", published_at=None)
    text = text_of(client, "/")
    order = ["Идёт приём заявок", "К-open", "Объявленные конкурсы", "К-soon", "Идёт экспертиза заявок",
             "К-over", "К-judged", "Завершены", "К-done", "Как принять участие"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert sorted(places[:5]) == places[:5]
    assert places[7:] == sorted(places[7:])
    assert "К-draft" not in text


def test_a_contest_page_tells_terms_dates_criteria_and_documents(client: FlaskClient, store: Store) -> None:
    with store() as session:
        factories.contest(session, code="PP41", summary="О чём он.")
    text = text_of(client, "/contests/PP41")
    for words in (
        "О чём он.", "300 000 000 ₽", "Пример, составленный по аналогии", "25 марта 2026 г., 12:00",
        "Наибольший возможный итог — 100 баллов.", "При значении 50 % и менее — 0 баллов, при 80 % и более",
        "При значении 3 лет и менее — все баллы, при 10 лет и более", "от 10 до менее чем 25 %", "2,1",
        "Риски измерены, есть резервы", "Паспорт проекта", "Не менее 60", "Зарегистрировать команду",
    ):  # fmt: skip
        assert words in text, words


def test_weights_that_do_not_make_a_hundred_are_said_to(client: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41")
        contest.criteria = contest.criteria[1:]
    assert "Сумма весов — 90, а не 100" in text_of(client, "/contests/PP41")


def test_a_moved_date_stands_there_with_its_reason(client: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41")
        session.add(
            ScheduleChange(
                contest_id=contest.id, field="applications_close", before=MOMENT, after=contest.applications_close,
                reason="Сбой связи", changed_at=MOMENT,
            )
        )  # fmt: skip
    text = text_of(client, "/contests/PP41")
    assert "Срок продлён: окончание приёма заявок" in text
    assert "Причина: Сбой связи" in text


def test_a_draft_is_not_there_for_visitors_but_its_staff_preview_it(
    client: FlaskClient, store: Store, sign_in: SignIn
) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41", status="draft", published_at=None)
        secretary = factories.user(session, "secretary", contest).id
        other = factories.user(session).id
    assert client.get("/contests/PP41").status_code == 404
    assert sign_in(other).get("/contests/PP41").status_code == 404
    assert "Это черновик" in text_of(sign_in(secretary), "/contests/PP41")
    assert client.get("/contests/NONE").status_code == 404


def test_results_come_from_the_published_snapshot_alone(client: FlaskClient, store: Store, sign_in: SignIn) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41", status="approved")
        snapshot = _snapshot(contest.id)
        session.add(snapshot)
        chair = factories.user(session, "chair").id
    assert client.get("/contests/PP41/results").status_code == 404
    assert sign_in(chair).get("/contests/PP41/results").status_code == 404
    with store() as session:
        session.get_one(type(contest), contest.id).status = "results_published"
        session.get_one(RankingSnapshot, snapshot.id).published_at = MOMENT
    text = text_of(client, "/contests/PP41/results")
    for words in ("Станок", "7 · ООО «Завод»", "Кластер станков", "71,50", "1 000,50 ₽", "№ 3 от", "f" * 64):
        assert words in text, words
    assert "expert@example.org" not in text


def test_the_language_is_kept_in_the_browser_and_the_account(
    client: FlaskClient, store: Store, sign_in: SignIn
) -> None:
    answer = client.post("/language", data={"language": "en", "next": "/contests/PP41"})
    assert (answer.status_code, answer.location) == (303, "/contests/PP41")
    assert "How to take part" in text_of(client, "/")
    with store() as session:
        person = factories.user(session).id
    for _ in range(2):
        sign_in(person).post("/language", data={"language": "en"})
    with store() as session:
        assert session.get_one(User, person).locale == "en"
        records = session.execute(select(JournalRecord.event, JournalRecord.actor_id, JournalRecord.details)).all()
        assert records == [("account.changed", person, {"locale": ["ru", "en"]})]
    assert client.post("/language", data={"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a?b=1", "/a?b=1"), ("//evil.example", None), ("https://evil.example", None), ("/\\evil.example", None),
        ("/a\nb", None), ("", None), (None, None), ("a", None),
    ],
)  # fmt: skip
def test_the_way_back_stays_on_this_site(target: str | None, path: str | None) -> None:
    assert local_path(target) == path


def test_the_favicon_is_answered(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    answer.close()


def test_every_kind_of_criterion_has_its_words(app: Any) -> None:
    environment: Environment = app.jinja_env
    with app.test_request_context():
        words = environment.get_template("home/_criteria.html").make_module({"_": str}).WORDS
    assert words.keys() == KINDS.keys()


def _snapshot(contest_id: int) -> RankingSnapshot:
    row = {
        "place": 1, "tied": False, "number": "7", "total": "71.50", "computed": "40.00", "expert": "31.50",
        "passed": True, "diverged": False, "needs": None, "outcome": "winner", "amount": "1000.50", "criteria": {},
        "counted": ["expert@example.org"],
    }  # fmt: skip
    record = {
        "applications": [{"number": "7", "title": "Станок", "cluster": "K", "initiator": "1"}],
        "clusters": [{"code": "K", "name": "Кластер станков"}],
        "organisations": [{"inn": "1", "name": "ООО «Завод»"}],
    }
    return RankingSnapshot(
        contest_id=contest_id, number=3, record=record, ranking={"contest": "PP41", "rows": [row]}, sha256="f" * 64,
        made_at=MOMENT, approved_at=MOMENT,
    )  # fmt: skip
