"""The register: what the staff see, what they decide, what nobody else may."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, JournalRecord, Letter, Review
from tests import factories
from tests.conftest import Prepared, Store
from tests.recording import asked

SignIn = Callable[[int], FlaskClient]


@dataclass(frozen=True)
class World:
    """A contest with a submitted, an admitted and a draft application; ids of people."""

    code: str
    other: str
    submitted: int
    admitted: int
    draft: int
    review: int
    open_review: int
    secretary: int
    observer: int
    stranger: int
    expert: int

    @property
    def index(self) -> str:
        return f"/staff/contests/{self.code}/applications"

    def page(self, application_id: int | None = None) -> str:
        return f"{self.index}/{application_id or self.submitted}"


def populate(session: Session) -> World:
    contest, other = factories.contest(session), factories.contest(session)
    team = factories.team(session, factories.user(session, email="team@example.org"))
    cluster = factories.cluster(session, contest, team)
    submitted = factories.application(session, contest, cluster, status="submitted", title="Подшипники «Ёлка»")
    admitted = factories.application(session, contest, cluster)
    draft = factories.application(session, contest, cluster, status="draft", title="Тайный черновик")
    expert = factories.expert(session, contest)
    done = factories.review(session, expert, admitted, "submitted")
    opened = factories.review(session, factories.expert(session, contest), admitted, "accepted", scores={"E1": "3"})
    return World(
        contest.code, other.code, submitted.id, admitted.id, draft.id, done.id, opened.id,
        factories.user(session, "secretary", contest).id,
        factories.user(session, "observer", contest).id,
        factories.user(session, "secretary", other).id,
        expert.user_id or 0,
    )  # fmt: skip


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(populate)


def state(store: Store, application_id: int) -> tuple[str, str | None, str | None, list[str]]:
    with store() as session:
        item = session.get_one(Application, application_id)
        subjects = session.scalars(select(Letter.recipient).order_by(Letter.id)).all()
        return item.status, item.decision_reason, item.decision_clause, list(subjects)


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_the_register_lists_what_was_submitted_and_no_draft(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.observer).get(world.index).text
    assert ("Подшипники «Ёлка»" in page, "Тайный черновик" in page) == (True, False)
    assert "240\u00a0000\u00a0000\u00a0₽" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=елка", 1),
        ("status=admitted", 1),
        ("status=rejected", 0),
        ("region=16", 2),
        ("region=77", 0),
        ("q=нет такой", 0),
    ],
)
def test_search_and_filters_narrow_the_register(world: World, sign_in: SignIn, query: str, found: int) -> None:
    page = sign_in(world.secretary).get(f"{world.index}?{query}").text
    assert len(re.findall(r'<th scope="row"[^>]*><a href', page)) == found


@pytest.mark.parametrize("sort", ["number", "-submitted", "cluster", "title", "-requested", "nonsense"])
def test_every_order_opens(world: World, sign_in: SignIn, sort: str) -> None:
    assert sign_in(world.secretary).get(f"{world.index}?sort={sort}&page=0").status_code == 200


def test_an_observer_reads_and_gets_no_forms(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.observer)
    for path in (world.index, world.page(), world.page(world.admitted)):
        page = client.get(path).text
        assert ("/rejection" in page, 'name="id"' in page, 'method="post"' in page.split("<main")[1]) == (False,) * 3
    assert client.get(world.page() + "/admission").status_code == 403
    assert client.post(world.page() + "/rejection", data={"version": 1, "reason": "-"}).status_code == 403
    assert client.post(f"/staff/contests/{world.code}/applications/admission").status_code == 403


def test_another_contests_secretary_knows_of_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.stranger)
    own = f"/staff/contests/{world.other}"
    paths = [world.index, world.page(), f"{own}/applications/{world.submitted}", f"{own}/reviews/{world.review}"]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.post(f"{own}/applications/{world.submitted}/admission", data={"version": 1}).status_code == 404


def test_experts_and_visitors_have_no_register(world: World, sign_in: SignIn, client: FlaskClient) -> None:
    assert [sign_in(world.expert).get(path).status_code for path in (world.index, world.page())] == [404, 404]
    assert client.get(world.index).status_code == 302


def test_a_draft_does_not_exist_for_the_staff(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.secretary).get(world.page(world.draft)).status_code == 404


def test_admission_is_recorded_and_the_team_written_to(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    assert client.get(world.page() + "/admission").status_code == 200
    answer = client.post(world.page() + "/admission", data={"version": 1, "request_key": "k1"})
    again = client.post(world.page() + "/admission", data={"version": 1, "request_key": "k1"})
    assert (answer.status_code, answer.location, again.location) == (303, world.page(), world.page())
    assert state(store, world.submitted) == ("admitted", None, None, ["team@example.org"])
    assert events(store) == ["application.admitted"]


def test_rejection_needs_its_reason_and_sends_it(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    refused = client.post(world.page() + "/rejection", data={"version": 1, "reason": "", "clause": "п. 5.2"})
    assert (refused.status_code, "п. 5.2" in refused.text) == (422, True)
    refused = client.post(world.page() + "/rejection", data={"version": 1, "reason": "Нет плана", "clause": ""})
    assert (refused.status_code, "Нет плана" in refused.text) == (422, True)
    assert state(store, world.submitted) == ("submitted", None, None, [])
    client.post(world.page() + "/rejection", data={"version": 1, "reason": "Нет бизнес-плана", "clause": "п. 5.2"})
    assert state(store, world.submitted) == ("rejected", "Нет бизнес-плана", "п. 5.2", ["team@example.org"])
    with store() as session:
        assert "Нет бизнес-плана" in session.scalars(select(Letter.body)).one()
    assert "Нет бизнес-плана" in client.get(world.page()).text


def test_a_rejection_is_lifted_and_can_be_made_anew(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    for version, (word, reason) in enumerate(
        [("rejection", "Первая"), ("reinstatement", "Ошибка"), ("rejection", "Вторая")], start=1
    ):
        answer = client.post(f"{world.page()}/{word}", data={"version": version, "reason": reason, "clause": "п. 1"})
        assert answer.status_code == 303
    assert state(store, world.submitted)[:2] == ("rejected", "Вторая")
    assert len(state(store, world.submitted)[3]) == 3


def test_a_stale_decision_shows_both_and_changes_nothing(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)
    client.post(world.page() + "/admission", data={"version": 1})
    answer = client.post(world.page() + "/rejection", data={"version": 1, "reason": "Моя причина", "clause": "п. 3"})
    assert answer.status_code == 409
    shown = ["Моя причина", "Допущена", 'name="version" type="hidden" value="2"']
    assert [words in answer.text for words in shown] == [True] * 3
    assert state(store, world.submitted)[:2] == ("admitted", None)
    assert events(store) == ["application.admitted"]


def test_withdrawal_is_entered_by_the_secretary(world: World, sign_in: SignIn, store: Store) -> None:
    sign_in(world.secretary).post(world.page() + "/withdrawal", data={"version": 1, "reason": "Письмо заявителя"})
    assert state(store, world.submitted)[:2] == ("withdrawn", "Письмо заявителя")


def test_decisions_stop_with_the_frozen_ranking(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        session.get_one(Application, world.submitted).contest.status = "ranking_frozen"
    client = sign_in(world.secretary)
    assert "/rejection" not in client.get(world.page()).text
    assert client.post(world.page() + "/admission", data={"version": 1}).status_code == 422
    assert state(store, world.submitted)[0] == "submitted"


def test_several_are_admitted_after_a_look(world: World, sign_in: SignIn, store: Store) -> None:
    client, path = sign_in(world.secretary), f"/staff/contests/{world.code}/applications/admission"
    preview = client.get(f"{path}?id={world.submitted}&id={world.admitted}&id={world.draft}&id=x").text
    assert (f'value="{world.submitted}:1"' in preview, "Тайный черновик" in preview) == (True, False)
    assert client.post(path, data={"chosen": f"{world.submitted}:1"}).status_code == 303
    assert (state(store, world.submitted)[0], events(store)) == ("admitted", ["application.admitted"])


def test_several_or_none(world: World, sign_in: SignIn, store: Store) -> None:
    with store() as session:
        contest = session.get_one(Application, world.submitted).contest
        other = factories.application(session, contest, status="submitted").id
    client, path = sign_in(world.secretary), f"/staff/contests/{world.code}/applications/admission"
    answer = client.post(path, data={"chosen": f"{world.submitted}:1,{other}:7"})
    assert (answer.status_code, state(store, world.submitted)[0], events(store)) == (409, "submitted", [])
    assert client.post(path, data={"chosen": f"{world.submitted}:1,{world.draft}:1"}).status_code == 422
    assert client.post(path, data={"chosen": ""}).status_code == 422


def test_a_sheet_is_read_once_handed_in(world: World, sign_in: SignIn) -> None:
    client, path = sign_in(world.observer), f"/staff/contests/{world.code}/reviews/"
    done, opened = client.get(f"{path}{world.review}").text, client.get(f"{path}{world.open_review}").text
    assert ("35,00" in done, 'name="reason"' in done) == (True, False)
    assert ("черновик видит только сам эксперт" in opened, "E1" in opened.split("<main")[1]) == (True, False)


def test_a_review_goes_back_with_a_reason(world: World, sign_in: SignIn, store: Store) -> None:
    client, path = sign_in(world.secretary), f"/staff/contests/{world.code}/reviews/{world.review}"
    assert client.post(f"{path}/return", data={"version": 1, "reason": " "}).status_code == 422
    assert client.post(f"{path}/return", data={"version": 9, "reason": "Нет обоснования"}).status_code == 409
    assert client.post(f"{path}/return", data={"version": 1, "reason": "Нет обоснования"}).status_code == 303
    with store() as session:
        item = session.get_one(Review, world.review)
        assert (item.status, item.reason) == ("accepted", "Нет обоснования")
    assert "Нет обоснования" in client.get(path).text


def test_the_applications_page_says_what_the_check_found(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.secretary).get(world.page()).text
    assert [f'<th scope="row" data-label="Пункт">K{n}</th>' in page for n in range(1, 10)] == [True] * 9
    assert "Не хватает: Заявление на участие в конкурсе" in page


def test_a_long_register_takes_no_more_queries_than_a_short_one(world: World, sign_in: SignIn, store: Store) -> None:
    client = sign_in(world.secretary)

    def counts() -> list[int]:
        return [asked(client, path) for path in (world.index, world.page(world.admitted))]

    few = counts()
    with store() as session:
        admitted = session.get_one(Application, world.admitted)
        for _ in range(30):
            one = factories.application(session, admitted.contest, admitted.cluster)
            factories.review(session, factories.expert(session, admitted.contest), admitted, "submitted")
            factories.conflict(session, factories.expert(session, admitted.contest), one)
    assert counts() == few


def test_an_empty_register_says_when_applications_come(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.stranger).get(f"/staff/contests/{world.other}/applications").text
    assert "Пока не подано ни одной заявки" in page
