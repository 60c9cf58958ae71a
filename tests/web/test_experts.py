"""Experts and their conflicts in the hands of the secretary; what an observer sees; what others may not."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, Conflict, Contest, Expert, JournalRecord, Letter, Organisation, Review
from tests import factories
from tests.conftest import Prepared, Store
from tests.recording import asked

SignIn = Callable[[int], FlaskClient]


@dataclass(frozen=True)
class World:
    """A contest with an expert who joined, one who was not invited, and an application with a task and no conflict."""

    code: str
    other: str
    joined: int
    waiting: int
    application: int
    employer: str
    secretary: int
    observer: int
    stranger: int

    @property
    def base(self) -> str:
        return f"/staff/contests/{self.code}"

    def card(self, expert_id: int | None = None) -> str:
        return f"{self.base}/experts/{expert_id or self.waiting}"


def populate(session: Session) -> World:
    contest, other = factories.contest(session), factories.contest(session)
    cluster = factories.cluster(session, contest, factories.team(session))
    application = factories.application(session, contest, cluster)
    joined = factories.expert(session, contest, name="Семёнова Вера")
    factories.review(session, joined, application, "assigned")
    waiting = factories.expert(session, contest, user=None, email="wait@example.org", name="Ждущий Пётр")
    assert application.initiator is not None
    return World(
        contest.code, other.code, joined.id, waiting.id, application.id, application.initiator.inn,
        factories.user(session, "secretary", contest).id,
        factories.user(session, "observer", contest).id,
        factories.user(session, "secretary", other).id,
    )  # fmt: skip


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(populate)


def typed(**changes: str) -> dict[str, str]:
    card = {
        "name": "Белова Анна", "email": "anna@example.org", "region": "77", "topics": "28.41, 25.62; 27",
        "max_load": "5", "employer": "", "inn": "", "ogrn": "", "employer_name": "", "employer_region": "",
    }  # fmt: skip
    return card | changes


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def conflicts(store: Store) -> list[tuple[int, int, str, str]]:
    with store() as session:
        rows = session.scalars(select(Conflict).order_by(Conflict.id))
        return [(c.expert_id, c.application_id, c.kind, c.reason) for c in rows]


def named(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*">([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ждущий Пётр", "Семёнова Вера"]),
        ("q=семенова", ["Семёнова Вера"]),
        ("state=not_invited", ["Ждущий Пётр"]),
        ("state=invited", []),
        ("region=16", []),
        ("sort=-load", ["Семёнова Вера", "Ждущий Пётр"]),
        ("sort=organisation&region=77", ["Семёнова Вера", "Ждущий Пётр"]),
        ("sort=conflicts", ["Семёнова Вера", "Ждущий Пётр"]),
        ("sort=nonsense", ["Ждущий Пётр", "Семёнова Вера"]),
    ],
)
def test_experts_are_found_and_ordered(world: World, sign_in: SignIn, query: str, found: list[str]) -> None:
    with_observer = sign_in(world.observer)
    assert named(with_observer.get(f"{world.base}/experts?{query}").text) == found


def test_an_expert_is_added_once(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    client.get(f"{world.base}/experts/new")
    data = typed(request_key="once-1")
    first = client.post(f"{world.base}/experts/new", data=data)
    again = client.post(f"{world.base}/experts/new", data=data)
    assert (first.status_code, again.location) == (303, first.location)
    with store() as session:
        item = session.scalars(select(Expert).where(Expert.email == "anna@example.org")).one()
        assert (item.name, item.topics, item.max_load, item.invited_at) == (
            "Белова Анна",
            ["28.41", "25.62", "27"],
            5,
            None,
        )
    assert events(store) == ["expert.added"]


@pytest.mark.parametrize(("inn", "ogrn"), [("7707083893", "304500116000157"), ("500100732259", "1027700132195")])
def test_the_numbers_of_an_employer_go_together(world: World, sign_in: SignIn, store: Store, inn, ogrn) -> None:
    data = typed(employer="another", inn=inn, ogrn=ogrn, employer_name="АО «Р»", employer_region="16")
    answer = sign_in(world.secretary).post(f"{world.base}/experts/new", data=data)
    said = "У организации ИНН из 10 цифр и ОГРН из 13, у предпринимателя — из 12 и 15"
    assert (answer.status_code, said in answer.text, ogrn in answer.text, events(store)) == (422, True, True, [])


def test_an_employer_typed_anew_is_checked_to_the_digit(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    wrong = typed(
        employer="another", inn="7707083894", ogrn=factories.ogrn(900), employer_name="", employer_region="16"
    )
    answer = client.post(f"{world.base}/experts/new", data=wrong)
    assert (answer.status_code, "7707083894" in answer.text, "28.41, 25.62; 27" in answer.text) == (422, True, True)
    assert "Введите наименование организации" in answer.text
    assert events(store) == []
    right = wrong | {"inn": factories.inn(900), "employer_name": "АО «Работодатель»"}
    assert client.post(f"{world.base}/experts/new", data=right).status_code == 303
    with store() as session:
        item = session.scalars(select(Organisation).where(Organisation.inn == factories.inn(900))).one()
        assert (item.name, item.region, item.team_id) == ("АО «Работодатель»", "16", None)


@pytest.mark.parametrize(
    "change",
    [{"email": "wait@example.org"}, {"email": "не почта"}, {"topics": "станки"}, {"max_load": "-1"}, {"region": ""}],
)
def test_a_faulty_card_is_not_stored(world: World, sign_in: SignIn, store: Store, change: dict[str, str]) -> None:
    answer = sign_in(world.secretary).post(f"{world.base}/experts/new", data=typed(**change))
    assert (answer.status_code, "field__error" in answer.text, events(store)) == (422, True, [])


def test_a_change_of_employer_finds_the_conflict(world: World, sign_in: SignIn, store: Store) -> None:
    data = typed(email="wait@example.org", employer=world.employer, version="1")
    assert sign_in(world.secretary).post(world.card(), data=data).status_code == 303
    assert conflicts(store) == [(world.waiting, world.application, "detected", f"employer_initiator:{world.employer}")]
    assert events(store) == ["expert.changed", "conflict.found"]


def test_a_stale_card_shows_both_versions(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    client.post(world.card(), data=typed(email="wait@example.org", name="Первое Имя", version="1"))
    answer = client.post(world.card(), data=typed(email="wait@example.org", name="Второе Имя", version="1"))
    assert answer.status_code == 409
    assert ("Первое Имя" in answer.text, "Второе Имя" in answer.text) == (True, True)
    with store() as session:
        assert session.get_one(Expert, world.waiting).name == "Первое Имя"


def test_a_methodologist_is_marked_and_unmarked_on_the_card(world: World, sign_in: SignIn, store: Store) -> None:
    client, marks = sign_in(world.secretary), []
    for changes in ({"methodologist": "y", "version": "1"}, {"version": "2"}):
        assert client.post(world.card(), data=typed(email="wait@example.org", **changes)).status_code == 303
        with store() as session:
            marks.append(session.get_one(Expert, world.waiting).methodologist)
    assert marks == [True, False]


def test_only_an_idle_expert_is_removed(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    assert client.post(world.card(world.joined) + "/removal", data={"version": 1}).status_code == 422
    assert client.post(world.card() + "/removal", data={"version": 7}).status_code == 409
    assert client.post(world.card() + "/removal", data={"version": 1}).status_code == 303
    assert events(store) == ["expert.removed"]


def test_one_is_invited_and_again(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    for key in ("a", "b"):
        assert client.post(world.card() + "/invitation", data={"request_key": key}).status_code == 303
    client.post(world.card(world.joined) + "/invitation")
    with store() as session:
        assert session.scalars(select(Letter.recipient)).all() == ["wait@example.org"] * 2
    assert "Приглашён, ответа нет" in client.get(world.card()).text


def test_everybody_shown_is_invited_and_nobody_else(world: World, sign_in: SignIn, store: Store) -> None:
    client, path = sign_in(world.secretary), f"{world.base}/experts/invitations"
    assert ("Ждущий Пётр" in client.get(path).text, "Отправить 1 приглашение" in client.get(path).text) == (True, True)
    with store() as session:
        late = factories.expert(
            session, session.scalars(select(Contest).where(Contest.code == world.code)).one(), user=None
        )
        late_id = late.id
    assert client.post(path, data={"chosen": str(world.waiting)}).status_code == 409
    assert events(store) == []
    assert client.post(path, data={"chosen": f"{world.waiting},{late_id}"}).status_code == 303
    assert events(store) == ["invitation.sent", "invitation.sent"]
    assert "Приглашены все" in client.get(path).text


def test_a_conflict_is_entered_and_takes_the_task_off(world: World, sign_in: SignIn, store: Store) -> None:
    client, path = sign_in(world.secretary), f"{world.base}/conflicts/new"
    assert "selected" in client.get(f"{path}?expert={world.joined}&application={world.application}").text
    pair = {"expert": str(world.joined), "application": str(world.application)}
    assert client.post(path, data=pair | {"reason": ""}).status_code == 422
    assert client.post(path, data=pair | {"reason": "Родственник"}).status_code == 303
    known = client.post(path, data=pair | {"reason": "Ещё раз"})
    assert (known.status_code, "Ещё раз" in known.text) == (422, True)
    assert conflicts(store) == [(world.joined, world.application, "entered", "Родственник")]
    with store() as session:
        assert session.scalars(select(Review.status)).all() == ["recused"]


def test_an_expert_of_another_contest_cannot_be_named(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        other = session.scalars(select(Contest).where(Contest.code == world.other)).one()
        foreign = factories.expert(session, other).id
    data = {"expert": str(foreign), "application": str(world.application), "reason": "Что угодно"}
    answer = sign_in(world.secretary).post(f"{world.base}/conflicts/new", data=data)
    assert (answer.status_code, conflicts(store)) == (422, [])


def test_conflicts_are_found_lifted_and_not_found_again(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        item = session.get_one(Application, world.application)
        session.get_one(Expert, world.waiting).organisation = item.initiator
    client = sign_in(world.secretary)
    found = client.post(f"{world.base}/conflicts/detection", follow_redirects=True).text
    assert "Найден 1 новый конфликт." in found
    with store() as session:
        conflict_id = session.scalars(select(Conflict.id)).one()
    path = f"{world.base}/conflicts/{conflict_id}"
    assert "Найден по ИНН" in client.get(path).text
    assert client.post(f"{path}/lifting", data={"reason": " "}).status_code == 422
    assert client.post(f"{path}/lifting", data={"reason": "Другая организация"}).status_code == 303
    again = client.post(f"{world.base}/conflicts/detection", follow_redirects=True).text
    assert ("новых конфликтов нет" in again, conflicts(store)) == (True, [])
    assert events(store) == ["conflict.found", "conflict.lifted"]


def test_the_register_of_conflicts_is_searched(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        factories.conflict(
            session, session.get_one(Expert, world.joined), session.get_one(Application, world.application)
        )
    client = sign_in(world.observer)
    base = f"{world.base}/conflicts"
    queries = [
        "",
        "?q=семенова",
        "?kind=entered",
        f"?expert={world.joined}",
        "?sort=expert",
        "?kind=declared",
        "?q=никто",
    ]
    assert [len(named(client.get(base + query).text)) for query in queries] == [1, 1, 1, 1, 1, 0, 0]


def test_an_observer_reads_and_gets_no_forms(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        factories.conflict(
            session, session.get_one(Expert, world.joined), session.get_one(Application, world.application)
        )
        conflict_id = session.scalars(select(Conflict.id)).one()
    client = sign_in(world.observer)
    reads = [f"{world.base}/experts", world.card(), f"{world.base}/conflicts", f"{world.base}/conflicts/{conflict_id}"]
    assert ['method="post"' in client.get(path).text.split("<main")[1] for path in reads] == [False] * 4
    forms = [f"{world.base}/experts/new", f"{world.base}/experts/invitations", f"{world.base}/conflicts/new"]
    acts = [world.card(), world.card() + "/removal", world.card() + "/invitation", f"{world.base}/conflicts/detection"]
    acts.append(f"{world.base}/conflicts/{conflict_id}/lifting")
    assert [client.get(path).status_code for path in forms] == [403] * 3
    assert [client.post(path).status_code for path in [*forms, *acts]] == [403] * 8


def test_another_contests_secretary_knows_of_nothing(world: World, sign_in: SignIn) -> None:
    client, own = sign_in(world.stranger), f"/staff/contests/{world.other}"
    paths = [f"{world.base}/experts", world.card(), f"{world.base}/conflicts", f"{own}/experts/{world.waiting}"]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.post(f"{own}/experts/{world.waiting}/removal", data={"version": 1}).status_code == 404


def test_a_frozen_ranking_leaves_only_reading(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        session.get_one(Application, world.application).contest.status = "ranking_frozen"
    client = sign_in(world.secretary)
    pages = [f"{world.base}/experts", f"{world.base}/experts/new", world.card(), f"{world.base}/conflicts"]
    assert ["Рейтинг зафиксирован" in client.get(path).text for path in pages] == [True] * 4
    assert client.post(world.card(), data=typed(email="wait@example.org", version="1")).status_code == 422
    assert client.post(f"{world.base}/conflicts/detection").status_code == 422
    assert events(store) == []


def test_long_lists_take_no_more_queries_than_short_ones(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    paths = [f"{world.base}/experts", f"{world.base}/conflicts", world.card(world.joined)]
    few = [asked(client, path) for path in paths]
    with store() as session:
        first, joined = session.get_one(Application, world.application), session.get_one(Expert, world.joined)
        for _ in range(30):
            one = factories.application(session, first.contest, first.cluster)
            factories.conflict(session, joined, one)
            factories.review(session, joined, one, "recused")
            factories.conflict(session, factories.expert(session, first.contest), one)
    assert [asked(client, path) for path in paths] == few
