"""An expert's home and queue: by deadline, new tasks first, put off, refused, side by side, in one table, as a ZIP."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import AssignmentRules, Contest, JournalRecord, Review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.recording import asked

SignIn = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}
FULL = {"scores": {f"E{n}": "7" for n in range(1, 7)}, "recommendation": "support"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@dataclass
class Desk:
    """An expert's browser, and the ids of their reviews by number of the application."""

    client: FlaskClient
    store: Store
    code: str
    contest: int
    user: int
    reviews: dict[str, int] = field(default_factory=dict)

    def of(self, number: str) -> Review:
        with self.store() as session:
            found = session.get_one(Review, self.reviews[number])
            session.expunge(found)
            return found

    def save(self, number: str, **fields: str) -> Any:
        path = f"/reviews/{self.reviews[number]}/draft"
        return self.client.post(path, data={"version": str(self.of(number).version), **fields})

    def events(self) -> list[str]:
        with self.store() as session:
            return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


Make = Callable[..., Desk]


@pytest.fixture
def desk(store: Store, sign_in: SignIn) -> Make:
    """Make an expert with these reviews: {number: (status, columns)}."""

    def made(reviews: dict[str, tuple[str, dict[str, Any]]], **values: Any) -> Desk:
        with store() as session:
            contest = factories.contest(session, **values)
            expert = factories.expert(session, contest)
            found = {}
            for number, (status, columns) in reviews.items():
                application = factories.application(session, contest, number=number, title=f"Проект {number}")
                found[number] = factories.review(session, expert, application, status, **columns).id
            code, contest_id, user_id = contest.code, contest.id, expert.user_id
        assert user_id is not None
        return Desk(sign_in(user_id), store, code, contest_id, user_id, found)

    return made


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1]))


def test_home_lists_tasks_by_deadline_with_what_is_done_the_days_left_and_what_is_overdue(
    store: Store, sign_in: SignIn
) -> None:
    with store() as session:
        person = factories.user(session, name="Эксперт")
        close = {"Поздний": 40, "Скорый": 3, "Прошедший": -2}
        for title, days in close.items():
            ends = MOMENT + timedelta(days=days, hours=1)
            dates = {"review_close": ends, "applications_close": MOMENT - timedelta(9)}
            contest = factories.contest(session, title=title, **dates)
            expert = factories.expert(session, contest, person, email=person.email)
            for place, status in enumerate(("accepted", "submitted", "accepted")):
                application = factories.application(session, contest, number=f"{title}-{place}")
                factories.review(session, expert, application, status)
        user_id = person.id
    page = words(sign_in(user_id).get("/reviews").text)
    assert "Следующая: заявка Скорый-0" in page
    page = page.split("Следующая: заявка Скорый-0")[1]
    assert sorted(close, key=page.index) == ["Прошедший", "Скорый", "Поздний"]
    assert re.findall(r"Отправлено заключений \d (\d из \d)", page) == ["1 из 3"] * 3
    assert re.findall(r"осталось [^<]*?час", page) == ["осталось 3 дня 1 час", "осталось 40 дней 1 час"]
    assert "Просрочено: 2 заключения" in page


def test_new_tasks_stand_above_everything_with_accept_and_refuse(desk: Make) -> None:
    d = desk({"N-1": ("accepted", {}), "N-2": ("assigned", {})})
    page = d.client.get("/reviews").text
    assert page.index("Новые: примите или откажитесь") < page.index("N-2") < page.index(f"tasks-{d.code}")
    assert "N-2" not in page.split(f'id="tasks-{d.code}"')[1]
    key = d.reviews["N-2"]
    assert f'href="/reviews/{key}/declaration"' in page
    assert f'href="/reviews/{key}/refusal"' in page


def test_a_refused_task_leaves_the_queue_is_told_and_closes_its_sheet(desk: Make) -> None:
    d = desk({"N-1": ("accepted", FULL), "N-2": ("accepted", {})})
    path = f"/reviews/{d.reviews['N-1']}/refusal"
    assert "Не моя область" in d.client.get(path).text
    wrong = d.client.post(path, data={"reason": "other", "words": ""})
    assert (wrong.status_code, "Назовите причину" in wrong.text) == (422, True)
    answer = d.client.post(path, data={"reason": "not_my_field", "words": "Это химия", "request_key": "k"})
    again = d.client.post(path, data={"reason": "not_my_field", "words": "Это химия", "request_key": "k"})
    assert (answer.status_code, again.location, d.events()) == (303, answer.location, ["review.declined"])
    assert (d.of("N-1").status, d.of("N-1").scores) == ("declined", FULL["scores"])
    page = words(d.client.get("/reviews").text)
    assert "0 из 1" in page
    assert "Не моя область: я не могу оценить такой проект: Это химия" in page
    closed = d.client.get(f"/reviews/{d.reviews['N-1']}")
    assert (closed.status_code, "вы отказались от этой заявки" in closed.text) == (403, True)


def test_staff_see_the_refusal_and_assign_the_proposed_expert_with_one_press(
    desk: Make, store: Store, sign_in: SignIn
) -> None:
    d = desk({"N-1": ("declined", {"reason": "overloaded"})})
    with store() as session:
        secretary = factories.user(session, "secretary").id
        heir = factories.expert(session, session.get_one(Contest, d.contest), name="Сменщик Сменный").id
    staff = sign_in(secretary)
    path = f"/staff/contests/{d.code}/progress/refusals"
    page = staff.get(path).text
    assert "Перегрузка: я не успею к сроку" in page
    assert "Сменщик Сменный" in page
    data = {"expert_id": heir, "version": d.of("N-1").version, "request_key": "k"}
    for _ in range(2):
        assert staff.post(f"{path}/{d.reviews['N-1']}/replacement", data=data).location == path
    assert d.events() == ["assignment.proposed", "assignment.notified"]
    stale = staff.post(f"{path}/{d.reviews['N-1']}/asking", data={"version": 99, "request_key": "k2"})
    assert (stale.status_code, d.of("N-1").status) == (409, "declined")


def test_the_bar_says_how_far_one_is_and_later_comes_back_after_all_others(desk: Make) -> None:
    d = desk({"N-1": ("accepted", {}), "N-2": ("accepted", {}), "N-3": ("accepted", {}), "N-4": ("submitted", {})})
    page = d.client.get(f"/reviews/{d.reviews['N-1']}").text
    bar = words("<main>" + page.split('<p class="queue-bar__line">')[1].split("</section>")[0])
    assert re.search(r"1 из 4 отправлено осталось \d+ ", bar)
    for name in ("Сохранить и следующая", "Отложить", "Самоотвод…", "Сохранить"):
        assert name in bar
    led = d.save("N-1", next="later", **{"mark-E1": "5"})
    assert (led.status_code, led.location) == (303, f"/reviews/{d.reviews['N-2']}")
    assert (d.of("N-1").scores, d.of("N-1").status) == ({"E1": "5"}, "accepted")
    home = words(d.client.get("/reviews").text)
    assert ("1 из 4" in home, home.index("N-2") < home.index("N-3") < home.index("N-1")) == (True, True)
    assert d.save("N-3", next="following").location == f"/reviews/{d.reviews['N-1']}"
    assert d.save("N-1", next="resume", **{"mark-E1": "5"}).location == f"/reviews/{d.reviews['N-1']}"
    assert d.of("N-1").later_at is None


def test_a_script_saving_a_draft_puts_nothing_off(desk: Make) -> None:
    d = desk({"N-1": ("accepted", {})})
    path = f"/reviews/{d.reviews['N-1']}/draft"
    answer = d.client.post(path, data={"version": "1", "mark-E1": "5", "next": "later"}, headers=FETCH)
    assert (answer.status_code, d.of("N-1").later_at) == (200, None)


def test_the_fair_order_begins_with_the_fewest_reviews_and_the_page_says_so(desk: Make, store: Store) -> None:
    d = desk({"N-1": ("accepted", {}), "N-2": ("accepted", {})})
    with store() as session:
        contest = session.get_one(Contest, d.contest)
        session.add(AssignmentRules(
            contest_id=contest.id, goal="fair", own_region_barred=False, other_region_at_least=0,
            one_per_organisation=False, methodologists_at_least=0, min_load=0, seed=1, version=1, queue="fair",
        ))  # fmt: skip
        application = session.get_one(Review, d.reviews["N-1"]).application
        factories.review(session, factories.expert(session, contest), application, "submitted")
    page = d.client.get("/reviews").text
    assert "Порядок работы справедливый" in page
    assert "Следующая: заявка N-2" in page


def test_own_reviews_stand_side_by_side_with_total_spread_and_what_they_lack(desk: Make) -> None:
    d = desk({
        "N-1": ("accepted", FULL), "N-2": ("accepted", {"scores": {"E1": "3"}}), "N-3": ("submitted", {"mark": 9}),
        "N-4": ("assigned", {}),
    })  # fmt: skip
    page = d.client.get(f"/reviews/contests/{d.code}").text
    said = words(page)
    assert "N-4" not in said
    assert re.findall(r'name="review" value="(\d+)"', page) == [str(d.reviews["N-1"])]
    assert "Поставьте оценку: E2, E3, E4, E5, E6" in said
    assert "3–9 среднее 6,33" in said
    sort = words(d.client.get(f"/reviews/contests/{d.code}?sort=-total").text)
    assert sorted(("N-1", "N-2", "N-3"), key=sort.index) == ["N-3", "N-1", "N-2"]


def test_a_batch_goes_one_by_one_says_what_stayed_and_why_and_a_replay_does_it_once(desk: Make) -> None:
    d = desk({"N-1": ("accepted", FULL), "N-2": ("accepted", {}), "N-3": ("accepted", FULL)})
    ids = {number: str(key) for number, key in d.reviews.items()}
    data = {
        "review": [*ids.values(), "999999"], "request_key": "k", f"version-{ids['N-1']}": "1",
        f"version-{ids['N-2']}": "1", f"version-{ids['N-3']}": "9",
    }  # fmt: skip
    answer = d.client.post(f"/reviews/contests/{d.code}/submission", data=data)
    page = words(d.client.get(answer.location).text)
    assert [d.of(number).status for number in ids] == ["submitted", "accepted", "accepted"]
    assert "Отправлено 1 заключение." in page
    assert "2 заключения не отправлены и остаются черновиками" in page
    assert "Заявка N-2 : Поставьте оценку: E1, E2, E3, E4, E5, E6; Выберите рекомендацию" in page
    assert "Заявка N-3 : лист изменён в другом окне" in page
    assert d.client.post(f"/reviews/contests/{d.code}/submission", data=data).location == answer.location
    assert d.events() == ["review.submitted"]
    nothing = d.client.post(f"/reviews/contests/{d.code}/submission", data={"request_key": "k2"})
    assert (nothing.status_code, "Ничего не отправлено" in nothing.text) == (422, True)


def test_after_the_deadline_a_batch_sends_nothing_and_says_why(desk: Make, clock: time_machine.Traveller) -> None:
    closes = {"applications_close": MOMENT - timedelta(days=1), "review_close": MOMENT + timedelta(minutes=10)}
    d = desk({"N-1": ("accepted", FULL)}, **closes)
    clock.move_to(MOMENT + timedelta(minutes=20))
    key = d.reviews["N-1"]
    data = {"review": str(key), f"version-{key}": "1", "request_key": "k"}
    answer = d.client.post(f"/reviews/contests/{d.code}/submission", data=data)
    page = words(d.client.get(answer.location).text)
    assert answer.location == f"/reviews/contests/{d.code}?kept={key}"
    assert (d.of("N-1").status, "1 заключение не отправлено" in page) == ("accepted", True)


def test_a_row_of_the_table_is_saved_by_itself_by_a_script_or_by_its_button(desk: Make) -> None:
    d = desk({"N-1": ("accepted", {"comments": {"E1": "Почему"}, "scores": {"E1": "5"}}), "N-2": ("accepted", {})})
    path, table = f"/reviews/{d.reviews['N-1']}/marks", f"/reviews/contests/{d.code}/table"
    page = d.client.get(table).text
    assert page.count('class="fast-row__form"') == 2
    told = d.client.post(path, data={"version": "1", "mark-E1": "6", "mark-E2": "99"}, headers=FETCH)
    assert (told.status_code, told.json["version"], told.json["whole"], told.json["marked"]) == (200, 2, False, 1)
    pressed = d.client.post(path, data={"version": "2", "mark-E1": "7", "mark-E2": "8"})
    assert (pressed.status_code, pressed.location) == (303, table)
    assert (d.of("N-1").scores, d.of("N-1").comments) == ({"E1": "7", "E2": "8"}, {"E1": "Почему"})


def test_a_wrong_row_comes_back_as_it_was_typed_and_an_overtaken_one_beside_what_is_stored(desk: Make) -> None:
    d = desk({"N-1": ("accepted", {"scores": {"E1": "5"}})})
    path = f"/reviews/{d.reviews['N-1']}/marks"
    wrong = d.client.post(path, data={"version": "1", "mark-E1": "семь", "mark-E2": "4"})
    assert (wrong.status_code, 'value="семь"' in wrong.text, 'aria-invalid="true"' in wrong.text) == (422, True, True)
    assert d.client.post(path, data={"version": "1", "mark-E1": "6"}, headers=FETCH).status_code == 200
    stale = d.client.post(path, data={"version": "1", "mark-E1": "2"}, headers=FETCH)
    assert (stale.status_code, 'name="mark-E1" value="2"' in stale.json["html"]) == (409, True)
    page = d.client.post(path, data={"version": "1", "mark-E1": "2"})
    assert (page.status_code, "Две версии оценок" in page.text, d.of("N-1").scores) == (409, True, {"E1": "6"})


def test_one_zip_has_the_documents_of_what_is_declared_on_and_nothing_else(
    desk: Make, store: Store, app: Flask, sign_in: SignIn
) -> None:
    d = desk({"N-1": ("accepted", {}), "N-2": ("assigned", {}), "N-3": ("accepted", {}), "N-4": ("submitted", {})})
    with store() as session:
        for number, key in d.reviews.items():
            review = session.get_one(Review, key)
            stored = app.extensions["storage"].put(io.BytesIO(number.encode()))
            factories.document(
                session, review.application, filename="План.pdf", storage_key=stored.key, size=stored.size,
                sha256=stored.sha256,
            )  # fmt: skip
            if number == "N-3":
                factories.conflict(session, review.expert, review.application)
        stranger = factories.expert(session, factories.contest(session)).user_id
    answer = d.client.get(f"/reviews/contests/{d.code}/documents.zip", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with ZipFile(io.BytesIO(answer.data)) as whole:
        names = whole.namelist()
        held = {name.split("/")[0]: whole.read(name) for name in names if name.endswith("План.pdf")}
    assert held == {"N-1 Проект N-1": b"N-1", "N-4 Проект N-4": b"N-4"}
    assert [names[0], re.sub(r"-\d.*", "", names[1].removeprefix(d.code))] == ["Опись.txt", "-score-sheets"]
    for path in ("", "/table", "/documents.zip"):
        assert sign_in(stranger).get(f"/reviews/contests/{d.code}{path}").status_code == 404


def test_pages_ask_the_same_however_many_tasks_there_are(desk: Make) -> None:
    few = desk({"A-1": ("accepted", FULL), "A-2": ("assigned", {})})
    many = desk({f"B-{n}": ("accepted", FULL) for n in range(30)} | {"B-90": ("assigned", {})})
    for path in ("/reviews", "/reviews/contests/{code}", "/reviews/contests/{code}/table"):
        counts = [asked(d.client, path.format(code=d.code)) for d in (few, many)]
        assert counts[0] == counts[1], path
