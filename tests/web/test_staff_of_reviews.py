"""What staff do about reviews and those who write them: set aside, replace, remind, look at hints."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from judging.models import KeptDraft, Letter, ReminderRules, Review, ReviewVersion
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.web.test_assignment import BOARD, PROGRESS, SignIn, World, text_of

DATABASES = ("sqlite",)
STAFF = "/staff/contests/PLAN"


@pytest.fixture(autouse=True)
def _moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def world(store: Store, sign_in: SignIn) -> World:
    return World(store, sign_in)


def test_a_review_is_set_aside_with_a_reason_and_counts_again(world: World) -> None:
    review = world.review(world.expert(), world.application(), "submitted")
    page = f"{STAFF}/reviews/{review}"
    refused = world.client.post(f"{page}/set-aside", data={"version": 1, "aside_reason": " "})
    assert (refused.status_code, 'id="aside_reason-error"' in refused.text) == (422, True)
    stale = world.client.post(f"{page}/set-aside", data={"version": 9, "aside_reason": "Списано у коллеги"})
    assert (stale.status_code, "Списано у коллеги" in stale.text) == (409, True)
    done = {"version": 1, "aside_reason": "Списано у коллеги"}
    assert world.client.post(f"{page}/set-aside", data=done).status_code == 303
    shown = text_of(world.client.get(page).text)
    assert "Заключение исключено из расчёта Списано у коллеги" in shown
    assert "исключено из расчёта: 1" in text_of(world.client.get(PROGRESS).text)
    assert world.client.post(f"{page}/count-again", data={"version": 2, "again_reason": "Проверено"}).status_code == 303
    assert "Заключение исключено из расчёта" not in world.client.get(page).text
    assert (world.letters(), world.events()) == (2, ["review.set_aside", "review.counted_again"])


def test_staff_see_what_each_version_of_a_sheet_changed(world: World) -> None:
    review = world.review(world.expert(), world.application(), "submitted")
    first = {"scores": {"E1": "5", "E2": "7"}, "comments": {"E1": "Сроки реальны"}, "recommendation": "support"}
    second = {"scores": {"E1": "6", "E2": "7"}, "comments": {"E1": "Сроки не реальны"}, "recommendation": None}
    with world.store() as session:
        for number, sheet in enumerate((first, second), 1):
            session.add(ReviewVersion(review_id=review, number=number, sheet=sheet, sha256="f" * 64, made_at=MOMENT))
    html = world.client.get(f"{STAFF}/reviews/{review}").text.split('id="versions"')[1]
    rows = [text_of(row).strip() for row in re.findall(r"<tr>(.*?)</tr>", html.split("</table>")[0], re.S)[1:]]
    assert len(rows) == 2  # what is the same is not there
    assert re.search(r"5 Сроки реальны 6 Сроки \[только в этой версии: не ?\] ?реальны", rows[0])
    assert rows[1] == "Рекомендация Поддержать –"


def test_the_best_who_breaks_no_rule_is_proposed_and_both_are_told(world: World) -> None:
    left, application = world.expert(), world.application()
    distant, near = world.expert(topics=["01.11"]), world.expert(name="Сидорова Анна")
    full, barred = world.expert(max_load=0), world.expert()
    world.conflict(barred, application)
    review = world.review(left, application, "accepted", scores={"E1": "5"})
    page = f"{BOARD}/reviews/{review}/replacement"
    html = world.client.get(page).text
    assert re.findall(r'name="expert_id" value="(\d+)"( checked)?', html) == [
        (str(near), " checked"), (str(distant), ""), (str(full), ""),
    ]  # fmt: skip
    found = world.client.get(f"{page}?q=сидорова").text
    assert re.findall(r'name="expert_id" value="(\d+)"', found) == [str(near)]
    version = re.search(r'name="version"[^>]* value="(\d+)"', html).group(1)
    lacking = world.client.post(page, data={"expert_id": near, "version": version})
    assert (lacking.status_code, "укажите причину" in lacking.text) == (422, True)
    assert world.client.post(page, data={"version": version, "reason": "Болезнь"}).status_code == 422
    done = world.client.post(page, data={"expert_id": near, "version": version, "reason": "Болезнь"})
    assert done.location == f"{BOARD}/applications/{application}"
    assert (world.reviews(), world.letters()) == ({(near, application, "assigned")}, 2)
    board = text_of(world.client.get(done.location).text)
    assert "Сохранённые черновики" in board
    assert world.client.get(page).status_code == 404


def test_what_is_handed_in_or_no_longer_admitted_is_not_given_to_another(world: World) -> None:
    heir, application, rejected = world.expert(), world.application(), world.application(status="rejected")
    done = world.review(world.expert(), application, "submitted")
    closed = world.review(world.expert(), rejected, "accepted")
    pages = [f"{BOARD}/reviews/{review}/replacement" for review in (done, closed)]
    assert [world.client.get(page).status_code for page in pages] == [302, 404]
    for page in pages:
        for data in ({"expert_id": heir, "version": 1, "reason": "Болезнь"}, {}):
            assert world.client.post(page, data=data).status_code == 422
    assert world.events() == []


def test_a_refused_task_is_given_to_another_expert_and_its_draft_stays(world: World) -> None:
    heir, application = world.expert(), world.application()
    review = world.review(world.expert(), application, "declined", scores={"E1": "5"}, reason="overloaded")
    page = f"{BOARD}/reviews/{review}/replacement"
    assert f'href="{page}"' in world.client.get(f"{BOARD}/applications/{application}").text
    assert "Эксперт отказался от задания" in world.client.get(page).text
    done = world.client.post(page, data={"expert_id": heir, "version": 1})
    assert done.location == f"{BOARD}/applications/{application}"
    with world.store() as session:
        rows = session.execute(select(Review.expert_id, Review.status, Review.scores).order_by(Review.id)).all()
        assert [(row.status, row.scores) for row in rows] == [("declined", {"E1": "5"}), ("assigned", {})]
        assert rows[1].expert_id == heir


def test_nobody_but_staff_reads_a_kept_draft_and_nobody_the_private_notes(world: World) -> None:
    expert, application = world.expert(), world.application()
    with world.store() as session:
        sheet = {"scores": {"E1": "4"}, "comments": {"E1": "Виден"}, "notes": {"private": {"E1": "Тайна"}}}
        session.add(KeptDraft(contest_id=world.contest_id, expert_id=expert, application_id=application, sheet=sheet,
                              handed_in=[], edits=[], reason="Болезнь", kept_at=MOMENT))  # fmt: skip
    html = world.client.get(f"{BOARD}/applications/{application}").text
    assert ("Виден" in html, "Тайна" in html) == (True, False)


def test_a_reminder_lists_its_readers_own_tasks_with_their_states_and_links(world: World) -> None:
    expert, other = world.expert(), world.expert()
    waiting, begun = world.application(title="Насосы"), world.application(title="Редукторы")
    first = world.review(expert, waiting, "assigned")
    second = world.review(expert, begun, "accepted")
    world.review(other, waiting, "submitted")
    page = world.client.get(f"{PROGRESS}/reminder").text
    marks = re.findall(r'name="expert" value="([^"]+)"', page)
    assert (len(marks), "Отправить писем: 1" in page, "Насосы: не начата" in text_of(page)) == (1, True, True)
    assert world.client.post(f"{PROGRESS}/reminder", data={"expert": marks}).status_code == 303
    with world.store() as session:
        body = session.scalars(select(Letter.body)).one()
    lines = [line for line in body.splitlines() if line.startswith(("№", "http"))]
    assert [line.partition(" «")[2] or line for line in lines] == [
        "Насосы»: не начата: заявите, есть ли конфликт интересов", f"http://127.0.0.1:8000/reviews/{first}",
        "Редукторы»: начата, не отправлена", f"http://127.0.0.1:8000/reviews/{second}",
    ]  # fmt: skip


def test_tasks_that_came_after_the_page_was_opened_are_not_reminded_of_unseen(world: World) -> None:
    expert = world.expert()
    world.review(expert, world.application(), "assigned")
    marks = re.findall(r'name="expert" value="([^"]+)"', world.client.get(f"{PROGRESS}/reminder").text)
    world.review(expert, world.application(), "assigned")
    answer = world.client.post(f"{PROGRESS}/reminder", data={"expert": marks})
    assert (answer.status_code, "Задания тем временем изменились" in answer.text, world.letters()) == (422, True, 0)


def test_one_expert_is_reminded_from_the_row_of_the_progress(world: World) -> None:
    expert = world.expert()
    world.review(expert, world.application(), "assigned")
    world.review(world.expert(), world.application(), "assigned")
    assert f"/progress/reminder?expert={expert}" in world.client.get(PROGRESS).text
    page = world.client.get(f"{PROGRESS}/reminder?expert={expert}").text
    assert (len(re.findall(r'name="expert" value="[^"]+" checked', page)), 'name="expert"' in page) == (1, True)


@pytest.mark.parametrize(("typed", "status", "stored"), [
    ("7, 3 ,1", 303, [7, 3, 1]), ("0;2", 303, [2, 0]), ("", 303, None), ("через неделю", 422, None), ("61", 422, None),
])  # fmt: skip
def test_the_days_of_reminders_are_read_as_people_type_them(
    world: World, typed: str, status: int, stored: list[int] | None
) -> None:
    answer = world.client.post(f"{PROGRESS}/reminder/days", data={"days": typed, "version": 0})
    assert (answer.status_code, status != 422 or f'value="{typed}"' in answer.text) == (status, True)
    with world.store() as session:
        assert session.scalars(select(ReminderRules.days)).all() == ([] if stored is None else [stored])


def test_days_changed_by_somebody_meanwhile_are_told(world: World) -> None:
    world.client.post(f"{PROGRESS}/reminder/days", data={"days": "7", "version": 0})
    answer = world.client.post(f"{PROGRESS}/reminder/days", data={"days": "3", "version": 0})
    assert (answer.status_code, "сейчас: 7" in answer.text, 'value="3"' in answer.text) == (409, True, True)


def panel(world: World) -> tuple[int, int]:
    """Six applications that two experts judge apart and a third one marks alike, from copied words."""
    lazy, careful, third = world.expert(name="Ленивцев Пётр"), world.expert(name="Зоркая Вера"), world.expert()
    words = "Показатели проекта подтверждены документами участников кластера и согласованы с планом работ"
    words += " на два ближайших года без замечаний"
    codes = [one["code"] for one in factories.PRESET["criteria"] if one["kind"] == "expert"]
    for place in range(6):
        application = world.application()
        later = MOMENT + timedelta(days=1, hours=place)
        same = {"scores": dict.fromkeys(codes, "7"), "comments": {codes[0]: words}, "submitted_at": later}
        world.review(lazy, application, "submitted", **same)
        for shift, expert in enumerate((careful, third)):
            marks = {code: str((place * 3 + number + shift) % 9) for number, code in enumerate(codes)}
            reasons = {code: f"Своё обоснование {expert} {place} {code} по существу" for code in codes}
            world.review(expert, application, "submitted", scores=marks, comments=reasons, submitted_at=later)
    return lazy, careful


def test_staff_read_what_a_hint_rests_on(world: World, sign_in: SignIn) -> None:
    lazy, careful = panel(world)
    shown = text_of(world.client.get(f"{PROGRESS}/hints").text)
    assert "6 из 6 листов: E1: 7" in shown
    assert "Повтор собственных текстов" in shown
    assert "повод посмотреть, а не вывод" in shown
    assert ("Ленивцев Пётр" in shown, "Зоркая Вера" in shown) == (True, False)
    assert "Одинаковый набор оценок" in world.client.get(f"{PROGRESS}/hints/{lazy}").text
    assert "нет ничего, что требовало бы внимания" in world.client.get(f"{PROGRESS}/hints/{careful}").text


def test_hints_that_tell_marks_are_hidden_where_marks_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lazy, _ = panel(world)
    monkeypatch.setattr("judging.web.assignment.pages_hints.marks_are_shown", lambda contest: False)
    for page in (f"{PROGRESS}/hints", f"{PROGRESS}/hints/{lazy}"):
        shown = text_of(world.client.get(page).text)
        assert ("E1: 7" in shown, "Повтор собственных текстов" in shown) == (False, True)


def test_experts_are_not_told_of_hints(world: World, sign_in: SignIn) -> None:
    lazy, _ = panel(world)
    with world.store() as session:
        card = session.get_one(factories.Expert, lazy)
        user = card.user_id or factories.user(session, expert=card).id
    client = sign_in(user)
    assert {client.get(page).status_code for page in (f"{PROGRESS}/hints", f"{PROGRESS}/hints/{lazy}")} == {404}
    with world.store() as session:
        review = session.scalars(select(Review.id).where(Review.expert_id == lazy)).first()
    assert "Одинаковый набор" not in client.get(f"/reviews/{review}/receipt").text
