"""The pages of who sees marks: the setting, what stands in place of marks, the early look and the list of looks."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Contest, Grant, JournalRecord, Review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

SignInAs = Callable[[int], FlaskClient]
RANKING, LOOKS = "/staff/contests/BLIND/ranking", "/staff/contests/BLIND/journal/early-looks"
SETTING = "/staff/contests/BLIND/rules/visibility"


@dataclass(frozen=True)
class World:
    """A contest with a submitted review, and the browsers of its staff, of the team and of the expert."""

    application: int
    review: int
    clients: dict[str, FlaskClient]


@pytest.fixture
def world(store: Store, sign_in: SignInAs) -> World:
    with store() as session:
        contest = factories.contest(session, code="BLIND", visibility={"staff": "closed", "chair": "closed"})
        people = {name: factories.user(session, name=name) for name in ("secretary", "chair", "observer", "team")}
        for name in ("secretary", "chair", "observer"):
            people[name].grants.append(Grant(role=name, contest_id=contest.id, granted_at=MOMENT))
        cluster = factories.cluster(session, contest, factories.team(session, people["team"]))
        application = factories.application(session, contest, cluster)
        told = {"E1": "Уточните смету", "group:Реализуемость": "Назовите поставщиков"}
        notes = {"applicant": told, "private": {"E1": "Слабо, но посмотрим"}}
        expert = factories.expert(session, contest, factories.user(session, name="Судья Тайная"))
        review = factories.review(session, expert, application, "submitted", mark=8, notes=notes)
        ids = {name: one.id for name, one in people.items()} | {"expert": expert.user_id or 0}
        keys = application.id, review.id
    return World(*keys, {name: sign_in(key) for name, key in ids.items()})


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(MOMENT, tick=False):
        yield


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_staff_see_when_marks_open_and_may_look_earlier_for_a_reason(world: World, store: Store) -> None:
    secretary = world.clients["secretary"]
    page = text_of(secretary, RANKING)
    assert ("Оценки пока закрыты" in page, "1 из 1" in page, "Итоговый" in page) == (True, True, False)
    assert secretary.post(f"{RANKING}/downloads/marks-csv").status_code == 403
    empty = secretary.post(f"{RANKING}/early-look", data={"reason": "  ", "request_key": "a"})
    assert (empty.status_code, "Оценки пока закрыты" in empty.text) == (422, True)
    given = {"reason": "Жалоба № 5", "next": f"{RANKING}?sort=total", "request_key": "b"}
    done = secretary.post(f"{RANKING}/early-look", data=given)
    assert (done.status_code, done.location) == (303, f"{RANKING}?sort=total")
    assert "Оценки пока закрыты" not in text_of(secretary, RANKING)
    assert secretary.post(f"{RANKING}/downloads/marks-csv").status_code == 200
    assert "Оценки пока закрыты" in text_of(world.clients["chair"], RANKING)
    with store() as session:
        events = session.scalars(select(JournalRecord.event).where(JournalRecord.event == "marks.looked_at")).all()
    assert events == ["marks.looked_at"]
    again = secretary.post(f"{RANKING}/early-look", data={"reason": "Ещё", "request_key": "c"})
    assert (again.status_code, "досрочно открывать нечего" in again.text) == (422, True)
    with time_machine.travel(MOMENT.replace(hour=MOMENT.hour + 1), tick=False):
        assert "Оценки пока закрыты" in text_of(secretary, RANKING)


def test_the_chair_and_the_observers_read_who_looked_and_the_secretary_does_not(world: World) -> None:
    path = f"/staff/contests/BLIND/applications/{world.application}/early-look"
    elsewhere = {"reason": "Проверка <b>", "next": "https://example.com/", "request_key": "a"}
    done = world.clients["observer"].post(path, data=elsewhere)
    here = f"/staff/contests/BLIND/applications/{world.application}#reviews"
    assert (done.status_code, done.location) == (303, here)
    for role in ("chair", "observer"):
        assert "Проверка &lt;b&gt;" in text_of(world.clients[role], LOOKS)
    assert world.clients["secretary"].get(LOOKS).status_code == 403
    assert LOOKS in text_of(world.clients["chair"], "/staff/contests/BLIND/journal")
    review = f"/staff/contests/BLIND/reviews/{world.review}"
    seen = {role: "Сумма баллов эксперта" in text_of(world.clients[role], review) for role in ("observer", "chair")}
    assert seen == {"observer": True, "chair": False}


def test_the_setting_opens_nothing_earlier_once_the_contest_is_published(world: World, store: Store) -> None:
    secretary = world.clients["secretary"]
    with store() as session:
        version = session.scalars(select(Contest.version)).one()
    form = {"version": version, "staff": "handed_in", "chair": "closed", "experts": "own", "request_key": "a"}
    refused = secretary.post(SETTING, data=form)
    assert (refused.status_code, refused.text.count("могут открываться позже")) == (422, 5)
    with store() as session:
        session.scalars(select(Contest)).one().visibility = {"staff": "all"}
    with store() as session:
        version = session.scalars(select(Contest.version)).one()
    form = {"version": version, "staff": "closed", "chair": "all", "experts": "never", "request_key": "b"}
    done = secretary.post(SETTING, data=form)
    assert (done.status_code, done.location) == (303, "/staff/contests/BLIND/rules#visibility")
    with store() as session:
        assert session.scalars(select(Contest.visibility)).one() == {"staff": "closed", "chair": "all"}
    stale = secretary.post(SETTING, data=form | {"request_key": "c", "chair": "closed"})
    assert stale.status_code == 409


def test_a_team_reads_remarks_by_labels_after_the_results(world: World, store: Store) -> None:
    own, page = world.clients["team"], f"/applications/{world.application}"
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        contest.sheet = {"audiences": ["applicant"]}
    assert "Замечания экспертов" not in text_of(own, page)
    with store() as session:
        session.scalars(select(Contest)).one().status = "results_published"
    read = text_of(own, page)
    told = ("Замечания экспертов", "Эксперт 1", "Уточните смету", "Реализуемость", "Назовите поставщиков")
    assert [word for word in told if word not in read] == []
    assert [word for word in ("Тайная", "Слабо, но посмотрим", "Оценка: 8", "group:") if word in read] == []
    assert "Замечания экспертов" not in text_of(world.clients["expert"], page)
    with store() as session:
        session.scalars(select(Contest)).one().visibility = {"applicant_marks": True}
    assert "Оценка: 8 из 10" in text_of(own, page)
    with store() as session:
        review = session.scalars(select(Review)).one()
        review.set_aside_at, review.set_aside_reason = MOMENT, "Списано"
    assert "Эксперты не оставили замечаний" in text_of(own, page)
