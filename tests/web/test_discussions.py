"""The pages of a discussion and of an agreed score: what each reader sees, to the byte, and what they can do."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.discussion import MessageAudience
from judging.models import AgreedScore, DiscussionMessage, DiscussionRules, Letter, Review
from judging.queries.visibility import labels_of
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases."""
SignIn = Callable[[int], FlaskClient]
CHANGING = re.compile(r'(name="(?:csrf_token|request_key)"[^>]*? value=)"[^"]*"')
MARKS = {f"mark-E{number}": "6" for number in range(1, 7)}


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


class World:
    """An application that is discussed and whose score is agreed on, and a browser of each person."""

    def __init__(self, store: Store, sign_in: SignIn) -> None:
        self.store = store
        with store() as session:
            contest = factories.contest(session, rules={**factories.PRESET["rules"], "agreed_score": "beside"})
            session.add(DiscussionRules(contest_id=contest.id, circle="experts", edit_minutes=15, version=1))
            team = factories.team(session)
            application = factories.application(session, contest, factories.cluster(session, contest, team))
            people = {
                name: factories.user(session, name, contest, name=f"Служба {name}")
                for name in ("secretary", "chair", "observer")
            }
            reviews = {}
            for name, status in (("first", "submitted"), ("second", "submitted"), ("third", "accepted")):
                people[name] = factories.user(session, name=f"Имя {name}")
                card = factories.expert(session, contest, people[name], name=f"Имя {name}")
                reviews[name] = factories.review(session, card, application, status)
            people["team"] = team.members[0].user
            self.code, self.application = contest.code, application.id
            self.cards = {name: review.expert_id for name, review in reviews.items()}
            numbers = labels_of(session, contest, application.id)
            self.labels = {name: f"Эксперт {numbers[review.id]}" for name, review in reviews.items()}
            self.reviews = {name: review.id for name, review in reviews.items()}
            ids = {name: person.id for name, person in people.items()}
        self.clients = {name: sign_in(key) for name, key in ids.items()}
        self.page = f"/applications/{self.application}/discussion"
        self.score = f"/applications/{self.application}/agreed-score"

    def get(self, who: str, path: str | None = None) -> str:
        answer = self.clients[who].get(path or self.page)
        assert answer.status_code == 200, (who, answer.status_code)
        return CHANGING.sub(r"\1", answer.text)

    def write(self, who: str, text: str, audience: MessageAudience | str = "experts", **values: object) -> int:
        data = {"text": text, "audience": str(audience), "request_key": f"{who}{text}{audience}", **values}
        return self.clients[who].post(self.page, data=data).status_code

    def letters(self) -> list[str]:
        with self.store() as session:
            return list(session.scalars(select(Letter.body).order_by(Letter.id)))


@pytest.fixture
def world(store: Store, sign_in: SignIn) -> World:
    return World(store, sign_in)


def test_what_is_not_addressed_to_a_reader_changes_no_byte_of_what_they_see(world: World) -> None:
    assert world.write("secretary", "Видно всем") == 303
    pages = (world.page, "/reviews")
    before = {path: world.get("first", path) for path in pages}
    chair = world.get("chair")
    for text in ("Тайна секретариата", "Ещё тайна"):
        assert world.write("secretary", text, "staff") == 303
    assert {path: world.get("first", path) for path in pages} == before
    assert world.get("chair") == chair
    assert world.write("chair", "Слово комиссии", "commission") == 303
    assert {path: world.get("first", path) for path in pages} == before
    assert [text in world.get("observer") for text in ("Видно всем", "Слово комиссии", "Тайна")] == [True, True, False]
    assert "Тайна секретариата" in world.get("secretary")


def test_experts_are_labels_to_each_other_and_names_to_the_staff(world: World) -> None:
    world.write("second", "Считаю смету завышенной")
    world.write("secretary", "@Имя second, уточните")
    seen, own = world.get("first"), world.get("secretary")
    assert "Имя second" not in seen
    assert f"@{world.labels['second']}" in seen
    assert "Имя second" in own
    assert len(world.letters()) == 1


def test_an_expert_mentions_another_by_the_label_alone(world: World) -> None:
    assert world.write("first", f"@{world.labels['second']}, согласны? @Имя second") == 303
    shown = world.get("second")
    assert shown.count('class="message__mention"') == 1
    assert len(world.letters()) == 1
    assert "согласны" not in world.letters()[0]


@pytest.mark.parametrize(("who", "status"), [("third", 403), ("team", 404)])
def test_nobody_is_let_in_before_their_own_review_and_no_team_ever(world: World, who: str, status: int) -> None:
    assert world.write("secretary", "Слово") == 303
    assert [world.clients[who].get(path).status_code for path in (world.page, world.score)] == [
        status,
        status if who == "team" else 404,
    ]
    assert world.write(who, "x") == status
    home = world.clients[who].get("/reviews" if who == "third" else "/applications").text
    assert "discussion" not in home


def test_own_messages_are_changed_and_taken_back_and_those_of_others_are_not_there(world: World) -> None:
    world.write("first", "как было")
    with world.store() as session:
        message = session.scalars(select(DiscussionMessage)).one()
        address, version = f"/discussion/messages/{message.id}", message.version
    assert [world.clients[who].get(address).status_code for who in ("first", "second", "secretary")] == [200, 404, 404]
    data = {"text": "как стало", "version": version, "request_key": "c"}
    assert world.clients["first"].post(address, data=data).status_code == 303
    assert [text in world.get("second") for text in ("как стало", "как было", "Изменено")] == [True, True, True]
    gone = {"version": version + 1, "request_key": "r"}
    assert world.clients["first"].post(f"{address}/removal", data=gone).status_code == 303
    shown = world.get("second")
    assert [text in shown for text in ("как стало", "как было", "Сообщение снято")] == [False, False, True]


def test_a_message_too_long_or_empty_stays_in_the_form(world: World) -> None:
    long = world.clients["first"].post(world.page, data={"text": "я" * 4001, "audience": "experts", "request_key": "l"})
    assert (long.status_code, "я" * 4001 in long.text) == (422, True)
    assert world.write("first", " ") == 422
    assert world.write("first", "x", "staff") == 422


def test_unread_messages_are_counted_until_they_are_marked(world: World) -> None:
    world.write("secretary", "Раз")
    world.write("secretary", "Два")
    assert re.search(r'data-label="Новое"><span[^>]*>2<', world.get("first", "/reviews"))
    last = re.search(r'name="last_id"[^>]* value="(\d+)"', world.get("first"))
    assert last is not None
    assert (
        world.clients["first"].post(f"{world.page}/read", data={"last_id": last[1], "request_key": "m"}).status_code
        == 303
    )
    assert not re.search(r'data-label="Новое"><span[^>]*>2<', world.get("first", "/reviews"))
    assert "data-read-mark" not in world.get("first")
    listed = world.get("chair", f"/staff/contests/{world.code}/discussions")
    assert re.search(r'data-label="Новое"><span[^>]*>2<', listed)


def name(world: World, version: int = 0) -> int:
    data = {"expert_id": world.cards["first"], "version": version, "request_key": f"n{version}"}
    return world.clients["secretary"].post(f"{world.score}/lead", data=data).status_code


def test_the_lead_puts_the_score_down_beside_labels_and_submits_what_was_looked_at(world: World) -> None:
    assert name(world) == 303
    assert world.clients["second"].get(world.score).status_code == 404
    waiting = world.get("first", world.score)
    assert "Ожидается ещё 1 заключение" in waiting
    assert "agreed-marks" not in waiting
    with world.store() as session:
        third = session.get_one(Review, world.reviews["third"])
        third.status, third.submitted_at = "submitted", MOMENT
    shown = world.get("first", world.score)
    assert [text in shown for text in ("Имя second", world.labels["second"], "data-autosave-url")] == [
        False,
        True,
        True,
    ]
    script = {"X-Requested-With": "fetch"}
    typed = {**MARKS, "mark-E2": "шесть", "rationale": "Обсудили", "version": "1"}
    kept = world.clients["first"].post(f"{world.score}/draft", data=typed, headers=script)
    assert (kept.status_code, kept.json["whole"], kept.json["version"]) == (200, False, 2)
    stale = world.clients["first"].post(f"{world.score}/draft", data={**MARKS, "version": "1"}, headers=script)
    assert (stale.status_code, "Обсудили" in stale.json["html"]) == (409, True)
    pressed = world.clients["first"].post(
        f"{world.score}/draft", data={**MARKS, "rationale": "Обсудили", "version": "2", "next": "check"}
    )
    assert (pressed.status_code, pressed.location) == (303, f"{world.score}/check")
    assert "Отправить согласованную оценку" in world.get("first", f"{world.score}/check")
    old = world.clients["first"].post(f"{world.score}/submission", data={"version": "2", "request_key": "o"})
    done = world.clients["first"].post(f"{world.score}/submission", data={"version": "3", "request_key": "d"})
    assert (old.status_code, done.status_code) == (409, 303)
    staff = world.get("chair", world.score)
    assert [text in staff for text in ("Обсудили", "Имя second", "отправлена")] == [True, True, True]
    assert "30,00" in world.get("secretary", f"/staff/contests/{world.code}/applications/{world.application}")


def test_it_is_given_back_with_a_reason_and_a_draft_is_its_leads_alone(world: World) -> None:
    assert name(world) == 303
    with world.store() as session:
        third = session.get_one(Review, world.reviews["third"])
        third.status, third.submitted_at = "submitted", MOMENT
        agreed = session.scalars(select(AgreedScore)).one()
        agreed.scores, agreed.rationale, agreed.submitted_at = {"E1": "6"}, "Слово ведущего", MOMENT
    data = {"reason": "Уточните смету", "version": 2, "request_key": "b"}
    assert (
        world.clients["secretary"]
        .post(f"{world.score}/return", data=data | {"reason": " ", "request_key": "a"})
        .status_code
        == 422
    )
    assert world.clients["secretary"].post(f"{world.score}/return", data=data).status_code == 303
    assert "Уточните смету" in world.get("first", world.score)
    assert "Слово ведущего" not in world.get("chair", world.score)


def test_the_table_has_the_points_of_each_review_as_the_ranking_counts_them(world: World) -> None:
    marks = {f"E{number}": "10" for number in range(1, 7)}
    with world.store() as session:
        first, second = (session.get_one(Review, world.reviews[name]) for name in ("first", "second"))
        first.scores, first.abstained = {code: mark for code, mark in marks.items() if code != "E2"}, ["E2"]
        second.scores, second.in_scope = marks, False
    page = world.get("secretary", world.score)
    foot = dict(re.findall(r'<td class="num" data-label="([^"]*)">(.*?)</td>', page[page.index("<tfoot") :]))
    expected = {"first": "50,00", "second": "Не по предмету конкурса"}
    assert foot == {**{world.labels[name]: text for name, text in expected.items()}, "Согласовано": "–"}
    assert page.count("Не могу оценить") == 1
