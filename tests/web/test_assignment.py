"""The pages of the assignment: the board, acts in its rows, letters, progress, divergences."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import JournalRecord, Letter, Review
from tests import factories
from tests.conftest import Store
from tests.recording import queries

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

SignIn = Callable[[int], FlaskClient]
BOARD = "/staff/contests/PLAN/assignment"
PROGRESS = "/staff/contests/PLAN/progress"


@pytest.fixture(autouse=True)
def _moment():
    with time_machine.travel(factories.MOMENT, tick=False):
        yield


class World:
    """A contest that asks for one expert an application, with its secretary signed in."""

    def __init__(self, store: Store, sign_in: SignIn) -> None:
        self.store = store
        rules = {**factories.PRESET["rules"], "experts_per_application": 1}
        with store() as session:
            self.contest_id = factories.contest(session, code="PLAN", rules=rules).id
            self.secretary_id = factories.user(session, "secretary").id
        self.client = sign_in(self.secretary_id)

    def add(self, make: Callable[..., Any], *args: Any, **values: Any) -> int:
        with self.store() as session:
            contest = session.get_one(factories.Contest, self.contest_id)
            contest.ranking_revision += 1  # as every act does that adds to a contest
            return make(session, contest, *args, **values).id

    def expert(self, **values: Any) -> int:
        return self.add(factories.expert, **values)

    def application(self, **values: Any) -> int:
        return self.add(factories.application, **values)

    def review(self, expert_id: int, application_id: int, status: str = "proposed", **values: Any) -> int:
        with self.store() as session:
            expert = session.get_one(factories.Expert, expert_id)
            application = session.get_one(factories.Application, application_id)
            return factories.review(session, expert, application, status, **values).id

    def conflict(self, expert_id: int, application_id: int) -> None:
        with self.store() as session:
            expert = session.get_one(factories.Expert, expert_id)
            expert.contest.ranking_revision += 1
            factories.conflict(session, expert, session.get_one(factories.Application, application_id))

    def reviews(self) -> set[tuple[int, int, str]]:
        with self.store() as session:
            rows = session.execute(select(Review.expert_id, Review.application_id, Review.status))
            return {tuple(row) for row in rows}

    def events(self) -> list[str]:
        with self.store() as session:
            return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))

    def letters(self) -> int:
        with self.store() as session:
            return len(session.scalars(select(Letter.id)).all())


@pytest.fixture
def world(store: Store, sign_in: SignIn) -> World:
    return World(store, sign_in)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_empty_contest_says_what_is_missing(world: World) -> None:
    assert "Допущенных заявок пока нет" in world.client.get(BOARD).text
    world.application()
    assert "Экспертов пока нет" in world.client.get(BOARD).text


def test_the_board_shows_applications_with_their_experts_and_offers_the_best(world: World) -> None:
    busy, free, barred = world.expert(), world.expert(topics=["28.41.1"]), world.expert()
    filled, short = world.application(title="Насосы"), world.application(title="Редукторы")
    world.review(busy, filled, "assigned")
    world.conflict(barred, short)
    page = text_of(world.client.get(BOARD).text)
    assert "Насосы" in page
    assert "Редукторы" in page
    assert "1 из 1" in page
    assert "та же группа 28.41.1 / 28.41 · 0 из 10" in page
    assert "недоступны из-за конфликта: 1" in page
    html = world.client.get(BOARD).text
    offered = re.findall(r'<option value="(\d+)">', html.split(f'id="application-{short}"')[1])
    assert offered == [str(busy), str(free)]


def test_the_board_counts_applications_by_their_experts(world: World) -> None:
    first, second = world.expert(), world.expert(max_load=1)
    one, two = world.application(), world.application()
    world.application(), world.application()
    world.review(first, one, "accepted"), world.review(first, two), world.review(second, two, "submitted")
    html = world.client.get(BOARD).text
    rows = re.findall(r"<tr>(.*?)</tr>", html.split('id="coverage"')[1].split("</table>")[0], re.S)
    assert [text_of(row).split() for row in rows[1:]] == [
        ["Назначены", "(вместе", "с", "предложенными)", "2", "1", "1", "–"],
        ["Приняли", "задание", "или", "отправили", "заключение", "2", "2", "–", "–"],
    ]
    figures = re.findall(r'class="stat__value">([^<]+)</span> <span class="stat__label">([^<]+)<', html)
    assert {label: value for value, label in figures} == {
        "допущено заявок": "4",
        "не хватает экспертов": "2",
        "предложений, о которых не сообщено": "1",
        "экспертов без заданий": "0",
        "экспертов с предельной нагрузкой": "1",
        "экспертов сверх предела": "0",
    }


def test_filters_narrow_the_board(world: World) -> None:
    expert = world.expert()
    filled, short = world.application(), world.application(title="Шестерни")
    world.review(expert, filled)

    def shown(query: str) -> set[int]:
        return {int(one) for one in re.findall(r'id="application-(\d+)"', world.client.get(f"{BOARD}?{query}").text)}

    assert shown("") == {filled, short}
    assert shown("state=short") == {short}
    assert shown("state=proposed") == {filled}
    assert shown("state=0") == {short}
    assert shown("state=1") == {filled}
    assert shown("q=ШЕСТЕРНИ") == {short}
    assert shown("region=16") == {filled, short}
    assert shown("region=77") == set()
    assert shown("sort=-number&page=2") == {filled, short}
    assert shown("state=nonsense&sort=nonsense&page=x") == {filled, short}


def test_the_board_by_expert_shows_loads_and_offers_short_applications(world: World) -> None:
    full, idle = world.expert(max_load=1), world.expert()
    taken, short = world.application(), world.application()
    world.review(full, taken, "accepted")
    html = world.client.get(f"{BOARD}?view=experts").text
    rows = re.split(r'id="expert-', html)
    assert {int(row.split('"')[0]) for row in rows[1:]} == {full, idle}
    own = {int(row.split('"')[0]): row for row in rows[1:]}
    assert "предел исчерпан" in own[full]
    assert re.findall(r'<option value="(\d+)">', own[idle].split("</select>")[0]) == [str(short)]
    assert f'id="expert-{idle}"' not in world.client.get(f"{BOARD}?view=experts&state=full").text


def test_a_row_shows_the_first_dozen_tasks_of_a_busy_expert(world: World) -> None:
    expert = world.expert(max_load=20)
    for _ in range(14):
        world.review(expert, world.application(), "submitted")
    html = world.client.get(f"{BOARD}?view=experts").text
    assert (html.count('class="tasks__item'), "и ещё 2" in html) == (12, True)


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}?view=experts", PROGRESS, f"{PROGRESS}/divergences"])
def test_a_long_list_takes_no_more_queries_than_a_short_one(world: World, path: str) -> None:
    expert = world.expert()
    world.review(expert, world.application(), "submitted")
    few = queries(lambda: world.client.get(path))
    for status in ("proposed", "assigned", "submitted") * 4:
        world.review(world.expert(), world.application(), status)
    assert queries(lambda: world.client.get(path)) == few


def test_a_proposal_from_a_row_leads_back_to_the_row(world: World) -> None:
    expert, application = world.expert(), world.application()
    here = f"{BOARD}?state=short&page=1"
    data = {"expert_id": expert, "application_id": application, "next": here, "request_key": "k"}
    answers = [world.client.post(f"{BOARD}/proposals", data=data) for _ in range(2)]
    assert [one.location for one in answers] == [f"{here}#application-{application}"] * 2
    assert world.reviews() == {(expert, application, "proposed")}
    assert world.events() == ["assignment.proposed"]


def test_a_proposal_from_the_experts_side_leads_back_to_the_expert(world: World) -> None:
    expert, application = world.expert(), world.application()
    data = {"expert_id": expert, "application_id": application, "next": f"{BOARD}?view=experts"}
    assert world.client.post(f"{BOARD}/proposals", data=data).location == f"{BOARD}?view=experts#expert-{expert}"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/sign-out", f"{BOARD}\\x", f"{BOARD}x"]
)
def test_an_act_leads_nowhere_else(world: World, elsewhere: str) -> None:
    expert, application = world.expert(), world.application()
    data = {"expert_id": expert, "application_id": application, "next": elsewhere}
    assert world.client.post(f"{BOARD}/proposals", data=data).location == f"{BOARD}#application-{application}"


def test_beyond_a_limit_the_page_asks_for_a_reason_and_keeps_the_choice(world: World) -> None:
    expert, application = world.expert(max_load=0), world.application()
    data = {"expert_id": expert, "application_id": application, "reason": ""}
    refused = world.client.post(f"{BOARD}/proposals", data=data)
    assert refused.status_code == 422
    assert "Чтобы превысить предел, укажите причину." in refused.text
    assert re.search(rf'value="{expert}" checked', refused.text)
    assert (world.reviews(), world.events()) == (set(), [])
    assert world.client.post(f"{BOARD}/proposals", data={**data, "reason": "Согласовано"}).status_code == 303
    assert world.reviews() == {(expert, application, "proposed")}


def test_a_conflict_is_refused_on_the_page(world: World) -> None:
    expert, application = world.expert(), world.application()
    world.conflict(expert, application)
    refused = world.client.post(f"{BOARD}/proposals", data={"expert_id": expert, "application_id": application})
    assert (refused.status_code, world.reviews()) == (422, set())
    assert "конфликт интересов по этой заявке" in refused.text


@pytest.mark.parametrize("expert_id", ["", "999999", "x"])
def test_no_expert_chosen_stores_nothing(world: World, expert_id: str) -> None:
    application = world.application()
    answer = world.client.post(f"{BOARD}/proposals", data={"expert_id": expert_id, "application_id": application})
    assert (answer.status_code, world.reviews(), "Выберите эксперта." in answer.text) == (422, set(), True)


def test_a_task_is_removed_from_its_row(world: World) -> None:
    expert, application = world.expert(), world.application()
    review = world.review(expert, application)
    data = {"version": 1, "next": BOARD, "request_key": "k"}
    answer = world.client.post(f"{BOARD}/reviews/{review}/removal", data=data)
    assert (answer.location, world.reviews()) == (f"{BOARD}#application-{application}", set())
    assert (world.events(), world.letters()) == (["assignment.removed"], 0)


def test_a_begun_sheet_is_removed_only_with_a_reason(world: World) -> None:
    expert, application = world.expert(), world.application()
    review = world.review(expert, application, "accepted", scores={"E1": "7"})
    refused = world.client.post(f"{BOARD}/reviews/{review}/removal", data={"version": 1})
    assert (refused.status_code, world.reviews()) == (422, {(expert, application, "accepted")})
    assert "укажите причину, по которой снимаете задание" in refused.text
    world.client.post(f"{BOARD}/reviews/{review}/removal", data={"version": 1, "reason": "Болезнь"})
    assert (world.reviews(), world.letters()) == (set(), 1)


def test_a_task_changed_meanwhile_is_not_removed(world: World) -> None:
    review = world.review(world.expert(), world.application(), "assigned", version=3)
    assert world.client.post(f"{BOARD}/reviews/{review}/removal", data={"version": 2}).status_code == 409
    assert len(world.reviews()) == 1


def test_a_task_is_handed_over(world: World) -> None:
    expert, heir, application = world.expert(), world.expert(), world.application()
    review = world.review(expert, application, "assigned")
    data = {"version": 1, "heir_id": heir, "reason": "Отпуск"}
    assert world.client.post(f"{BOARD}/reviews/{review}/removal", data=data).status_code == 303
    assert world.reviews() == {(heir, application, "assigned")}
    assert world.events() == ["assignment.removed", "assignment.proposed", "assignment.notified"]


def test_all_proposals_are_removed(world: World) -> None:
    expert = world.expert()
    world.review(expert, world.application())
    kept = world.application()
    world.review(expert, kept, "assigned")
    assert world.client.post(f"{BOARD}/proposals/removal", data={}).location == BOARD
    assert world.reviews() == {(expert, kept, "assigned")}


def test_the_ticked_experts_are_told_of_what_the_page_showed(world: World) -> None:
    told, left = world.expert(), world.expert()
    first, second = world.application(), world.application()
    world.review(told, first), world.review(left, second)
    marks = re.findall(r'name="expert" value="([^"]+)" checked', world.client.get(f"{BOARD}/notification").text)
    chosen = [mark for mark in marks if mark.startswith(f"{told}:")]
    data = {"expert": chosen, "request_key": "k"}
    for _ in range(2):
        assert world.client.post(f"{BOARD}/notification", data=data).location == BOARD
    assert world.reviews() == {(told, first, "assigned"), (left, second, "proposed")}
    assert (world.letters(), world.events()) == (1, ["assignment.notified"])


def test_proposals_added_after_the_page_was_opened_are_not_told_unseen(world: World) -> None:
    expert, first = world.expert(), world.application()
    world.review(expert, first)
    marks = re.findall(r'name="expert" value="([^"]+)"', world.client.get(f"{BOARD}/notification").text)
    world.review(expert, world.application())
    answer = world.client.post(f"{BOARD}/notification", data={"expert": marks})
    assert (answer.status_code, world.letters()) == (422, 0)
    assert "Предложения тем временем изменились" in answer.text
    assert {status for _, _, status in world.reviews()} == {"proposed"}


@pytest.mark.parametrize("path", [f"{BOARD}/notification", f"{PROGRESS}/reminder"])
def test_nobody_ticked_sends_nothing(world: World, path: str) -> None:
    world.review(world.expert(), world.application(), "assigned")
    world.review(world.expert(), world.application(), "proposed")
    answer = world.client.post(path, data={})
    assert (answer.status_code, "Отметьте хотя бы одного эксперта." in answer.text, world.letters()) == (422, True, 0)


def test_experts_are_reminded_once_a_day(world: World) -> None:
    expert = world.expert()
    world.review(expert, world.application(), "assigned")
    page = world.client.get(f"{PROGRESS}/reminder").text
    mark = re.findall(r'name="expert" value="([^"]+)"', page)
    answer = world.client.post(f"{PROGRESS}/reminder", data={"expert": mark})
    assert (answer.location, world.letters()) == (PROGRESS, 1)
    page = world.client.get(f"{PROGRESS}/reminder").text
    assert ("напомнили сегодня" in page, 'name="expert"' in page) == (True, False)
    assert world.client.post(f"{PROGRESS}/reminder", data={"expert": mark}).status_code == 422
    assert (world.letters(), world.events()) == (1, ["assignment.reminded"])


def test_the_progress_counts_and_shows_no_marks(world: World) -> None:
    expert = world.expert()
    world.review(expert, world.application(), "accepted", scores={"E1": "4.5"}, comments={"E1": "Слабое обоснование"})
    for status in ("proposed", "assigned", "submitted", "recused"):
        world.review(expert, world.application(), status)
    html = world.client.get(PROGRESS).text
    cells = re.findall(r'<td[^>]*data-label="([^"]+)"[^>]*>(.*?)</td>', html, re.S)
    found = {name: text_of(value).strip() for name, value in cells}
    criteria = sum(one["kind"] == "expert" for one in factories.PRESET["criteria"])
    assert found == {
        "Отправлено": "Отправлено: " + re.search(r"Отправлено: ([^<]+)<", html).group(1) + " 1 1 из 3",
        "Не начато": "1",
        "В работе": "1",
        "Проставлено баллов": f"1 из {criteria}",
        "Самоотводы и отказы": "1",
        "Последнее действие": "15.03.2026 12:00",
    }
    assert ("4,5" in html, "Слабое обоснование" in html) == (False, False)


def test_unfinished_tasks_after_the_deadline_are_overdue(world: World, sign_in: SignIn) -> None:
    world.review(world.expert(), world.application(), "assigned")
    with time_machine.travel("2026-06-01T09:00:00Z", tick=False):
        html = sign_in(world.secretary_id).get(PROGRESS).text
    assert ("просрочено" in html, "/progress/reminder" in html) == (True, False)


def test_a_divergence_leads_to_an_additional_review(world: World) -> None:
    application, third = world.application(), world.expert()
    for mark in (2, 9):
        world.review(world.expert(), application, "submitted", mark=mark)
    assert f"/assignment/applications/{application}#add" in world.client.get(f"{PROGRESS}/divergences").text
    assert f"{BOARD}/additional" in world.client.get(f"{BOARD}/applications/{application}").text
    answer = world.client.post(f"{BOARD}/additional", data={"expert_id": third, "application_id": application})
    assert answer.status_code == 303
    with world.store() as session:
        added = session.scalars(select(Review).where(Review.additional)).one()
        assert (added.expert_id, added.status) == (third, "proposed")
    again = world.client.post(f"{BOARD}/additional", data={"expert_id": world.expert(), "application_id": application})
    assert (again.status_code, "уже поручено" in again.text) == (422, True)


def test_no_divergence_is_said_so(world: World) -> None:
    assert "Расхождений нет" in world.client.get(f"{PROGRESS}/divergences").text


def test_a_frozen_contest_is_read_only(world: World, store: Store) -> None:
    review = world.review(world.expert(), world.application())
    with store() as session:
        session.get_one(factories.Contest, world.contest_id).status = "ranking_frozen"
    html = world.client.get(BOARD).text
    assert ("Распределить автоматически" in html, f"/reviews/{review}/removal" in html) == (False, False)
    assert world.client.post(f"{BOARD}/plan", data={}).status_code == 422
    assert world.client.post(f"{BOARD}/reviews/{review}/removal", data={"version": 1}).status_code == 422
    assert len(world.reviews()) == 1


def test_things_of_another_contest_are_not_found(world: World, store: Store) -> None:
    with store() as session:
        other = factories.contest(session, code="OTHER")
        expert, application = factories.expert(session, other), factories.application(session, other)
        ids = expert.id, application.id, factories.review(session, expert, application).id
    paths = [f"{BOARD}/experts/{ids[0]}", f"{BOARD}/applications/{ids[1]}"]
    assert [world.client.get(path).status_code for path in paths] == [404, 404]
    assert world.client.post(f"{BOARD}/reviews/{ids[2]}/removal", data={"version": 1}).status_code == 404


def test_an_application_that_is_not_admitted_has_no_page_here(world: World) -> None:
    application = world.application(status="submitted")
    assert world.client.get(f"{BOARD}/applications/{application}").status_code == 404


@pytest.mark.parametrize(("role", "reads"), [("observer", 200), ("chair", 200), ("administrator", 404)])
def test_others_of_the_staff_read_and_change_nothing(world: World, sign_in: SignIn, role: str, reads: int) -> None:
    expert, application = world.expert(), world.application()
    with world.store() as session:
        person = factories.user(session, role).id
    client = sign_in(person)
    pages = [
        BOARD,
        f"{BOARD}/applications/{application}",
        f"{BOARD}/experts/{expert}",
        PROGRESS,
        f"{PROGRESS}/divergences",
    ]
    assert {client.get(path).status_code for path in pages} <= {reads, 403}
    assert "Распределить автоматически" not in client.get(BOARD).text
    data = {"expert_id": expert, "application_id": application, "version": 1}
    acts = ["plan", "proposals", "additional", "proposals/removal", "notification"]
    assert {client.post(f"{BOARD}/{act}", data=data).status_code for act in acts} == {403 if reads == 200 else reads}
    assert world.reviews() == set()


def test_experts_and_visitors_see_no_assignment(world: World, client: FlaskClient, sign_in: SignIn) -> None:
    with world.store() as session:
        contest = session.get_one(factories.Contest, world.contest_id)
        person = factories.user(session)
        factories.review(session, factories.expert(session, contest, person), factories.application(session, contest))
        expert_user = person.id
    expert = sign_in(expert_user)
    assert [expert.get(path).status_code for path in (BOARD, PROGRESS)] == [404, 404]
    assert [client.get(path).status_code for path in (BOARD, PROGRESS)] == [302, 302]
