"""Pages of two stages: the link, those who passed carried over once, and who reads what of the stage before."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from judging.models import Application, Contest, Letter
from judging.queries.stages import earlier_of
from judging.services.applications.stage_carry import Who
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_stages import approved, carried, first_stage, second_stage

SignIn = Callable[[int], FlaskClient]
STAGE = "/staff/contests/SECOND/stage"


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


def count(store: Store, model: Any) -> int:
    with store() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_draft_is_linked_and_a_circle_is_refused_beside_the_field(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        first, second = (
            factories.contest(session, code=code, status="draft", published_at=None) for code in ("FIRST", "SECOND")
        )
        ids = first.id, second.id
    page = secretary.get(STAGE)
    assert "FIRST: Конкурс" in page.text
    data = {"previous": str(ids[0]), "only_passed": "y", "version": "1", "request_key": "a"}
    answers = [secretary.post(STAGE, data=data) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, STAGE)] * 2
    with store() as session:
        assert session.get_one(Contest, ids[1]).previous_id == ids[0]
    circle = secretary.post("/staff/contests/FIRST/stage", data={"previous": str(ids[1]), "version": "1"})
    assert (circle.status_code, "не может стоять перед самим собой" in circle.text) == (422, True)
    unknown = secretary.post(STAGE, data={"previous": "999", "version": "2"})
    assert unknown.status_code == 422
    stale = secretary.post(STAGE, data={"previous": "", "version": "1"})
    assert stale.status_code == 409


def test_those_who_passed_are_carried_over_once_however_often_it_is_pressed(
    secretary: FlaskClient, store: Store
) -> None:
    with store() as session:
        second_stage(session, approved(session, first_stage(session)))
    page = secretary.get(STAGE).text
    assert re.findall(r"будет перенесено: (\d), уже есть: (\d)", page) == [("1", "0"), ("2", "0")]
    before = count(store, Application)
    answers = [
        secretary.post(f"{STAGE}/carrying-over", data={"who": "passed", "request_key": key}) for key in ("a", "a", "b")
    ]
    assert [(one.status_code, one.location) for one in answers] == [(303, STAGE)] * 3
    assert (count(store, Application) - before, count(store, Letter)) == (2, 4)
    assert secretary.post(f"{STAGE}/carrying-over", data={"who": "everybody"}).status_code == 422


def test_before_the_approval_nothing_is_offered_and_a_forged_press_is_refused(
    secretary: FlaskClient, store: Store
) -> None:
    with store() as session:
        second_stage(session, first_stage(session))
    assert "ещё не утверждён" in secretary.get(STAGE).text
    refused = secretary.post(f"{STAGE}/carrying-over", data={"who": "passed"})
    assert (refused.status_code, "ещё не утверждён" in refused.text) == (409, True)
    assert count(store, Letter) == 0


def test_the_team_reads_where_its_draft_came_from_and_others_cannot_apply(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        first = approved(session, first_stage(session, marks=(9,)))
        second = second_stage(session, first)
        carried(session, second)
        draft = session.scalars(select(Application).where(Application.contest_id == second.id)).one()
        assert draft.team is not None
        person, stranger = draft.team.members[0].user_id, factories.user(session)
        factories.team(session, stranger)
        ids, other = (draft.id, draft.previous_id), stranger.id
        number = session.get_one(Application, draft.previous_id).number
    client = sign_in(person)
    page = client.get(f"/applications/{ids[0]}").text
    assert f'<a href="/applications/{ids[1]}">заявка {number} конкурса' in page
    assert client.post("/contests/SECOND/applications").status_code == 303
    outside = sign_in(other)
    assert "Участвуют только команды" in outside.get("/applications").text
    refused = outside.post("/contests/SECOND/applications")
    assert (refused.status_code, "прошла предыдущий этап" in refused.text) == (422, True)
    assert outside.get(f"/applications/{ids[0]}").status_code in (403, 404)
    assert "Следующий этап конкурса" in outside.get("/contests/SECOND").text


def test_staff_read_the_earlier_total_and_experts_the_answers_alone(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        first = approved(session, first_stage(session, marks=(9,)))
        second = second_stage(session, first)
        carried(session, second, Who.WINNERS)
        application = session.scalars(select(Application).where(Application.contest_id == second.id)).one()
        application.number, application.status, application.submitted_at = "SECOND-001", "admitted", MOMENT
        expert = factories.expert(session, second)
        review = factories.review(session, expert, application, "accepted")
        staff = [factories.user(session, "observer", one).id for one in (second, None)]
        earlier = earlier_of(session, application)
        assert earlier is not None
        total = f"{earlier.total:.2f}".replace(".", ",")
        ids = (application.id, review.id, expert.user_id)
    here, everywhere = (sign_in(person) for person in staff)
    address = f"/staff/contests/SECOND/applications/{ids[0]}"
    link = f"/staff/contests/FIRST/applications/{earlier.id}"
    assert (total in here.get(address).text, link in here.get(address).text) == (True, False)
    assert (total in everywhere.get(address).text, link in everywhere.get(address).text) == (True, True)
    sheet = sign_in(ids[2] or 0).get(f"/reviews/{ids[1]}").text
    shown = sheet[sheet.index("Заявка предыдущего этапа") :]
    assert (earlier.title in shown, total in sheet, "contact@example.org" in sheet) == (True, False, False)
    ranking = here.get("/staff/contests/SECOND/ranking").text
    assert f"пред. этап: {total}</span>" in ranking
    assert "пред. этап:" not in everywhere.get("/staff/contests/FIRST/ranking").text


def test_trials_and_real_contests_are_not_offered_as_stages_of_each_other(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        for code in ("SECOND", "FIRST"):
            factories.contest(session, code=code, status="draft", published_at=None)
        for code in ("PROBA-A", "PROBA-B"):
            factories.contest(session, code=code, status="draft", published_at=None, trial=True)
    pages = {code: secretary.get(f"/staff/contests/{code}/stage").text for code in ("SECOND", "PROBA-A")}
    offered = {code: re.findall(r"<option [^>]*>([\w-]+): ", page) for code, page in pages.items()}
    assert offered == {"SECOND": ["Нет", "FIRST"], "PROBA-A": ["Нет", "PROBA-B"]}
