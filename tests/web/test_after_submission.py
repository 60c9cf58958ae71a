"""What a team does after the submission, and what its application's page says of it until the decision."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Application, Contest, JournalRecord, TeamMember
from judging.queries.submissions import returns_of, submissions_of
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.returned import World, by, submitted_world
from tests.web.test_applications import form_of

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
CLOSE = MOMENT + timedelta(days=10)


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(submitted_world)


@pytest.fixture
def team(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.person)


def press(client: FlaskClient, path: str, to: str = "", **typed: str) -> Any:
    """Press the button of a page."""
    return client.post(to or path, data=form_of(client, path) | typed)


def stands(store: Store, world: World) -> tuple[str, int, list[str | None]]:
    with store() as session:
        outcomes = [one.outcome for one in returns_of(session, world.key)]
        return session.get_one(Application, world.key).status, len(submissions_of(session, world.key)), outcomes


def test_a_team_changes_what_it_submitted_and_submits_it_anew(store: Store, team: FlaskClient, world: World) -> None:
    page = team.get(world.team).text
    assert ("Изменить поданную заявку" in page, "до 25 марта 2026" in page.lower()) == (True, True)
    asked = team.get(f"{world.team}/changes").text
    assert ("осталось 10 дней" in asked, "при равенстве баллов решает время первой подачи" in asked) == (True, True)
    typed = form_of(team, f"{world.team}/changes")
    answers = [team.post(f"{world.team}/changes", data=typed) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, world.team)] * 2
    page = team.get(world.team).text
    assert ("Вы меняете поданную заявку" in page, f'{world.team}/changes/cancellation"' in page) == (True, True)
    assert "Вы меняете поданную заявку" in team.get(f"{world.team}/sections/passport").text
    assert "Закончите изменения" in team.get("/applications").text
    passport = f"{world.team}/sections/passport"
    assert press(team, passport, title="Иной проект", stay="1").status_code in (303, 422)
    check = team.get(f"{world.team}/check").text
    assert ("Подать изменённую заявку" in check, "Кто подаёт" in check) == (True, True)
    answer = press(team, f"{world.team}/check", f"{world.team}/resubmission")
    assert (answer.status_code, answer.location) == (303, f"{world.team}/receipt")
    assert stands(store, world) == ("submitted", 2, ["resubmitted"])
    assert team.get(f"{world.team}/changes/cancellation").location == world.team


def test_one_changes_while_the_other_submits_and_is_told(
    store: Store, team: FlaskClient, world: World, sign_in: SignIn
) -> None:
    press(team, f"{world.team}/changes")
    with store() as session:
        application, mate = session.get_one(Application, world.key), factories.user(session)
        assert application.team is not None
        application.team.members.append(TeamMember(user=mate, joined_at=MOMENT))
        second = mate.id
    other = sign_in(second)
    seen = form_of(team, f"{world.team}/check")
    press(other, f"{world.team}/sections/passport", place="Иное место", stay="1")
    answer = team.post(f"{world.team}/resubmission", data=seen)
    assert (answer.status_code, stands(store, world)) == (409, ("submitted", 1, [None]))
    assert press(team, f"{world.team}/check", f"{world.team}/resubmission").status_code == 303
    late = other.post(f"{world.team}/sections/passport", data={"place": "Ещё одно", "version": "9"})
    assert (late.status_code, "её сведения больше не меняются" in late.text) == (422, True)
    assert stands(store, world) == ("submitted", 2, ["resubmitted"])


def test_the_staff_and_the_list_say_that_the_team_is_changing_it(
    store: Store, team: FlaskClient, world: World, sign_in: SignIn
) -> None:
    press(team, f"{world.team}/changes")
    press(team, f"{world.team}/sections/passport", title="Тайный проект", stay="1")
    staff = sign_in(world.secretary)
    pages = [world.staff, f"/staff/contests/{world.code}/applications", f"{world.staff}/submissions"]
    texts = [staff.get(path).text for path in pages]
    assert ["Тайный" in text for text in texts] == [False] * 3
    assert ("Команда меняет заявку до" in texts[0], "команда меняет до" in texts[1]) == (True, True)
    held = staff.get(f"{world.staff}/admission")
    assert (held.status_code, "Команда меняет заявку" in held.text) == (422, True)


def test_changes_given_up_or_out_of_time_leave_the_submission(
    store: Store, team: FlaskClient, world: World, moment: Any, sign_in: SignIn
) -> None:
    press(team, f"{world.team}/changes")
    assert press(team, f"{world.team}/changes/cancellation").status_code == 303
    assert stands(store, world) == ("submitted", 1, ["ended"])
    press(team, f"{world.team}/changes")
    moment.move_to(CLOSE)
    team = sign_in(world.person)
    page = team.get(world.team).text
    assert ("Изменения не поданы до" in page, f'{world.team}/changes"' in page) == (True, False)
    late = team.post(f"{world.team}/changes", data={"version": "9"})
    assert late.status_code == 422
    assert stands(store, world) == ("submitted", 1, [None, "ended"])


def test_a_withdrawal_is_taken_back_until_the_close(
    store: Store, team: FlaskClient, world: World, moment: Any, sign_in: SignIn
) -> None:
    asked = team.get(f"{world.team}/withdrawal").text
    assert ("архив" in asked.lower(), "отзыв можно отменить" in asked) == (False, True)
    press(team, f"{world.team}/withdrawal", reason="Передумали")
    page = team.get(world.team).text
    assert ("None" in page, "Отменить отзыв" in page, "Отменить отзыв" in team.get("/applications").text) == (
        False, True, True,
    )  # fmt: skip
    assert "В этом конкурсе заявка больше не участвует. До окончания приёма отзыв можно отменить." in page
    assert press(team, f"{world.team}/withdrawal/undoing").status_code == 303
    assert stands(store, world)[0] == "submitted"
    press(team, f"{world.team}/withdrawal", reason="Всё-таки нет")
    typed = form_of(team, f"{world.team}/withdrawal/undoing")
    moment.move_to(CLOSE)
    team = sign_in(world.person)
    assert team.get(f"{world.team}/withdrawal/undoing").location == world.team
    assert (team.post(f"{world.team}/withdrawal/undoing", data=typed).status_code, stands(store, world)[0]) == (
        409, "withdrawn",
    )  # fmt: skip


def test_an_empty_draft_goes_without_a_reason_and_one_with_data_comes_back(
    store: Store, team: FlaskClient, world: World
) -> None:
    path = team.post(f"/contests/{world.code}/applications").location
    page = team.get(path).text
    assert (f'{path}/removal"' in page, f'{path}/withdrawal"' in page) == (True, False)
    assert press(team, f"{path}/removal").location == "/applications"
    assert team.get(path).status_code == 404
    path = team.post(f"/contests/{world.code}/applications").location
    press(team, f"{path}/sections/passport", title="Второй проект", stay="1")
    assert team.get(f"{path}/removal").location == path
    asked = team.get(f"{path}/withdrawal").text
    assert ("Причина" in asked, "архив" in asked.lower(), "Ничего не пропадёт" in asked) == (False, False, True)
    assert press(team, f"{path}/withdrawal").status_code == 303
    page = team.get(path).text
    assert ("None" in page, "Вернуть черновик в работу" in page) == (False, True)
    assert press(team, f"{path}/withdrawal/undoing", f"{path}/taking-up").status_code == 303
    assert "Второй проект" in team.get(path).text
    with store() as session:
        events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert [one for one in events if one.startswith("application.") and "changed" not in one] == [
        "application.submitted", "application.created", "application.removed", "application.created",
        "application.withdrawn", "application.taken_up",
    ]  # fmt: skip


STEPS = re.compile(r'steps__step--(done|current|ahead)"')


@pytest.mark.parametrize(
    ("status", "contest", "at", "steps", "said"),
    [
        ("submitted", "published", MOMENT, "dcaaa", "решит формальная проверка"),
        ("submitted", "published", CLOSE, "dcaaa", "Организатор проводит формальную проверку"),
        ("admitted", "published", CLOSE, "ddcaa", "Эксперты оценивают её до"),
        ("admitted", "published", MOMENT + timedelta(days=41), "dddca", "Комиссия подводит итоги"),
        ("admitted", "ranking_frozen", CLOSE, "dddca", "Комиссия подводит итоги"),
        ("admitted", "results_published", CLOSE, "ddddd", "Итоги"),
        ("rejected", "published", CLOSE, "dc", "Не тот кластер"),
        ("submitted", "cancelled", CLOSE, "dcaaa", "Конкурс отменён"),
    ],
)
def test_the_page_says_where_the_application_is_and_what_comes_next(
    store: Store, world: World, sign_in: SignIn, moment: Any, status: str, contest: str, at: Any, steps: str, said: str
) -> None:
    with store() as session:
        application = session.get_one(Application, world.key)
        application.status, application.decision_reason = status, "Не тот кластер"
        application.contest.status, application.contest.cancelled_reason = contest, "Нет средств"
    moment.move_to(at)
    client = sign_in(world.person)
    page = client.get(world.team).text
    assert ("".join(one[0] for one in STEPS.findall(page)), said in page) == (steps, True)
    assert "Дождитесь" not in client.get("/applications").text or status == "submitted"


def test_a_section_saved_after_the_close_says_that_it_cannot_be_submitted(
    team: FlaskClient, world: World, moment: Any, sign_in: SignIn
) -> None:
    path = team.post(f"/contests/{world.code}/applications").location
    moment.move_to(CLOSE)
    team = sign_in(world.person)
    page = team.get(f"{path}/sections/passport").text
    assert "останется в черновике, но подать его нельзя" in page
    press(team, f"{path}/sections/passport", title="Поздний", stay="1")
    assert "Приём заявок окончен: подать черновик нельзя" in team.get(path).text


def test_an_extension_keeps_the_changes_open_for_its_team(store: Store, team: FlaskClient, world: World) -> None:
    with store() as session:
        application = session.get_one(Application, world.key)
        factories.extension(session, application, CLOSE + timedelta(days=3))
        assert session.get_one(Contest, application.contest_id).applications_close == CLOSE
        assert by(application).actor.user_id == world.person
    assert "28 марта 2026" in team.get(f"{world.team}/changes").text
