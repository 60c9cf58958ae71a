"""An expert's pages: what is shown, saved, refused, and never lost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from judging.models import JournalRecord, Review, ReviewVersion, User
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.recording import asked

SignIn = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}
FULL = {f"mark-E{n}": "7" for n in range(1, 7)}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@dataclass
class World:
    review: int
    other: int
    expert: int
    user: int
    colleague: int
    application: int
    contest: str


@pytest.fixture
def world(store: Store) -> Callable[..., World]:
    def made(status: str = "accepted", **values: Any) -> World:
        with store() as session:
            contest = factories.contest(session)
            application = factories.application(session, contest, title="Шпиндельный узел", goal="Тайная цель")
            factories.document(session, application, filename="Бизнес-план.pdf")
            expert = factories.expert(session, contest)
            colleague = factories.expert(session, contest, name="Соседов Сосед")
            review = factories.review(session, expert, application, status, **values)
            other = factories.review(session, colleague, application, "submitted", mark=3, comments={"E1": "Чужое"})
            assert expert.user_id is not None
            assert colleague.user_id is not None
            return World(
                review.id, other.id, expert.id, expert.user_id, colleague.user_id, application.id, contest.code
            )

    return made


def stored(store: Store, review_id: int) -> Review:
    with store() as session:
        review = session.get_one(Review, review_id)
        session.expunge(review)
        return review


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def draft(client: FlaskClient, w: World, version: int = 1, headers: Any = None, **fields: str) -> TestResponse:
    return client.post(f"/reviews/{w.review}/draft", data={"version": version, **fields}, headers=headers)


def test_the_queue_of_nobody_says_what_will_come(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        user = factories.user(session)
        factories.expert(session, factories.contest(session), user)
        user_id = user.id
    assert "Вам пока не назначены заявки" in sign_in(user_id).get("/reviews").text


def test_the_queue_counts_only_what_is_submitted_and_leads_to_the_next_task(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        contest = factories.contest(session)
        expert = factories.expert(session, contest)
        applications = [factories.application(session, contest, number=f"N-{n}") for n in range(5)]
        statuses = ("submitted", "accepted", "assigned", "recused", "proposed")
        reviews = [factories.review(session, expert, a, s) for a, s in zip(applications, statuses, strict=True)]
        reviews[1].scores = {"E1": "5", "E2": "6"}
        user_id, second = expert.user_id, reviews[1].id
    page = sign_in(user_id).get("/reviews").text
    assert "1 из 3" in page
    assert "заполнено 2 из 6" in page
    assert f'href="/reviews/{second}">Следующая: заявка N-1' in page
    assert "N-4" not in page


def test_an_overdue_task_is_marked_and_is_not_offered_as_the_next(
    world: Callable[..., World], sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    w = world()
    clock.move_to(MOMENT + timedelta(days=40))
    page = sign_in(w.user).get("/reviews").text
    assert "Просрочено" in page
    assert "Следующая" not in page


def test_the_queue_takes_as_many_selects_for_thirty_tasks_as_for_one(store: Store, sign_in: SignIn) -> None:
    def selects(tasks: int) -> int:
        with store() as session:
            contest = factories.contest(session)
            expert = factories.expert(session, contest)
            cluster = factories.cluster(session, contest)
            for _ in range(tasks):
                factories.review(session, expert, factories.application(session, contest, cluster))
            user_id = expert.user_id
        return asked(sign_in(user_id), "/reviews")

    assert selects(30) == selects(1)


def test_before_the_declaration_only_the_parties_are_shown(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world("assigned")
    page = sign_in(w.user).get(f"/reviews/{w.review}/declaration").text
    assert [word in page for word in ("Шпиндельный узел", "ИНН", "Поставщик", "Тайная цель", "Бизнес-план")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "/summary", "/receipt"])
def test_whoever_has_not_declared_is_led_to_the_declaration(
    world: Callable[..., World], sign_in: SignIn, path: str
) -> None:
    w = world("assigned")
    answer = sign_in(w.user).get(f"/reviews/{w.review}{path}")
    assert (answer.status_code, answer.location) == (303, f"/reviews/{w.review}/declaration")


def test_the_declaration_opens_the_sheet_once(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world("assigned")
    client = sign_in(w.user)
    for _ in range(2):
        answer = client.post(f"/reviews/{w.review}/declaration", data={"request_key": "one"})
        assert (answer.status_code, answer.location) == (303, f"/reviews/{w.review}")
    assert (stored(store, w.review).status, events(store)) == ("accepted", ["review.no_conflict_declared"])
    assert client.get(f"/reviews/{w.review}/declaration").location == f"/reviews/{w.review}"


def test_a_recusal_without_a_reason_is_refused_and_keeps_the_words(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world("assigned")
    answer = sign_in(w.user).post(f"/reviews/{w.review}/recusal", data={"words": "Мы соседи"})
    assert answer.status_code == 422
    assert "Выберите вид конфликта интересов" in answer.text
    assert "Мы соседи" in answer.text
    assert (stored(store, w.review).status, events(store)) == ("assigned", [])


def test_a_recusal_closes_the_review_and_says_so(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world("assigned")
    client = sign_in(w.user)
    answer = client.post(f"/reviews/{w.review}/recusal", data={"reason": "other", "words": "Мы соседи"})
    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert (stored(store, w.review).status, events(store)) == ("recused", ["conflict.declared"])
    page = client.get(f"/reviews/{w.review}")
    assert (page.status_code, "Лист закрыт: есть конфликт интересов" in page.text) == (404, True)
    assert "Шпиндельный узел" not in page.text
    queue = client.get("/reviews").text
    assert "Мы соседи" in queue


def test_the_sheet_shows_the_application_and_nothing_of_other_experts(
    world: Callable[..., World], sign_in: SignIn
) -> None:
    w = world()
    page = sign_in(w.user).get(f"/reviews/{w.review}").text
    assert "Тайная цель" in page
    assert "Бизнес-план.pdf" in page
    assert "Чужое" not in page
    assert "Соседов" not in page
    assert " checked" not in page
    assert page.count('type="radio"') == 6 * 11 + 3


def test_pages_are_the_same_whatever_the_colleague_does(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world()
    client, paths = sign_in(w.user), ["/reviews", f"/reviews/{w.review}", f"/reviews/{w.review}/summary"]
    with_review = [client.get(path).text for path in paths]
    with store() as session:
        session.delete(session.get_one(Review, w.other))
    assert [_bare(text) for text in with_review] == [_bare(client.get(path).text) for path in paths]


def _bare(page: str) -> str:
    """A page without what is random in it."""
    return "\n".join(line for line in page.splitlines() if not re.search(r"request_key|csrf_token|\?tab=", line))


def test_a_draft_is_saved_without_scripts(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world()
    client = sign_in(w.user)
    answer = draft(client, w, **{"mark-E1": "8", "comment-E1": "Есть образец", "recommendation": "support"})
    assert (answer.status_code, answer.location) == (303, f"/reviews/{w.review}")
    review = stored(store, w.review)
    assert (review.scores, review.comments, review.recommendation, review.version) == (
        {"E1": "8"}, {"E1": "Есть образец"}, "support", 2,
    )  # fmt: skip
    page = client.get(f"/reviews/{w.review}").text
    assert "Черновик сохранён в 12:00 МСК" in page
    assert 'id="mark-E1-8" name="mark-E1" value="8"' in page
    assert events(store) == ["review.saved"]


def test_a_draft_of_another_day_is_told_with_its_date(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world()
    draft(sign_in(w.user), w, **{"mark-E1": "8"})
    with time_machine.travel(MOMENT + timedelta(days=1), tick=False):
        client = sign_in(w.user)
        page = client.get(f"/reviews/{w.review}").text
        answer = draft(client, w, **{"mark-E1": "7"})
    day = f"{MOMENT:%d.%m.%Y} 12:00"
    assert f">Черновик сохранён {day} МСК</p>" in page
    assert [f"Изменено в другом окне {day}" in answer.text, f"Сохранённая {day}" in answer.text] == [True, True]


@pytest.mark.parametrize(("button", "where"), [("summary", "/reviews/{0}/summary"), ("following", "/reviews")])
def test_the_pressed_button_says_where_to_go_on(
    world: Callable[..., World], sign_in: SignIn, button: str, where: str
) -> None:
    w = world()
    answer = draft(sign_in(w.user), w, next=button, **FULL)
    assert answer.location == where.format(w.review)


def test_a_script_gets_the_new_version_and_the_time(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world()
    client = sign_in(w.user)
    answers = [draft(client, w, version, FETCH, **{"mark-E1": "8"}) for version in (1, 2, 1)]
    assert [(a.status_code, a.json) for a in answers] == [
        (200, {"version": 2, "saved_at_text": "12:00", "whole": True})
    ] * 3
    assert events(store) == ["review.saved"]


def test_a_mark_is_cleared_by_leaving_it_out(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world(scores={"E1": "8"})
    draft(sign_in(w.user), w, headers=FETCH)
    assert stored(store, w.review).scores == {}


@pytest.mark.parametrize("mark", ["11", "7.5", "много"])
def test_a_mark_off_the_scale_is_refused_beside_its_field_and_nothing_typed_is_lost(
    world: Callable[..., World], sign_in: SignIn, store: Store, mark: str
) -> None:
    w = world(scores={"E1": "5"})
    answer = draft(sign_in(w.user), w, **{"mark-E1": mark, "comment-E2": "Долгий вечер"})
    assert answer.status_code == 422
    assert 'id="mark-E1-error"' in answer.text
    assert "Долгий вечер" in answer.text
    assert (stored(store, w.review).scores, events(store)) == ({"E1": "5"}, [])


def test_a_script_keeps_the_rest_while_a_mark_is_being_typed(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(scores={"E1": "5"})
    answer = draft(sign_in(w.user), w, headers=FETCH, **{"mark-E1": "мно", "mark-E2": "77", "comment-E2": "Вечер"})
    assert answer.json == {"version": 2, "saved_at_text": "12:00, кроме оценок E1, E2", "whole": False}
    review = stored(store, w.review)
    assert (review.comments, review.scores) == ({"E2": "Вечер"}, {"E1": "5"})


@pytest.mark.parametrize("script", [True, False])
def test_a_stale_tab_gets_both_versions_and_overwrites_nothing(
    world: Callable[..., World], sign_in: SignIn, store: Store, script: bool
) -> None:
    w = world()
    client = sign_in(w.user)
    draft(client, w, **{"mark-E1": "8", "comment-E1": "Из первой вкладки"})
    answer = draft(client, w, headers=FETCH if script else None, **{"mark-E1": "3", "comment-E1": "Из второй"})
    text = answer.json["html"] if script and answer.json else answer.text
    assert answer.status_code == 409
    assert [word in text for word in ("Из первой вкладки", "Из второй", "Сохранить мой вариант")] == [True] * 3
    assert 'name="version" value="2"' in text
    assert stored(store, w.review).scores == {"E1": "8"}
    assert ("<!doctype html>" in text) is not script
    kept = draft(client, w, 2, **{"mark-E1": "3", "comment-E1": "Из второй"})
    assert (kept.status_code, stored(store, w.review).scores) == (303, {"E1": "3"})


@pytest.mark.parametrize("script", [True, False])
def test_a_tab_left_open_after_submission_keeps_what_was_typed_in_sight(
    world: Callable[..., World], sign_in: SignIn, store: Store, script: bool
) -> None:
    w = world("submitted")
    answer = draft(sign_in(w.user), w, headers=FETCH if script else None, **{"comment-E1": "Опоздавший текст"})
    text = answer.json["html"] if script and answer.json else answer.text
    assert (answer.status_code, "Опоздавший текст" in text, "Сохранить мой вариант" in text) == (409, True, False)
    assert "Заключение уже отправлено" in text
    assert (stored(store, w.review).comments, events(store)) == ({}, [])


def test_after_signing_out_a_script_is_told_and_a_person_gets_the_text_back(
    world: Callable[..., World], client: FlaskClient, store: Store
) -> None:
    w = world()
    fields = {"mark-E1": "8", "comment-E1": "Потерянный вечер <b>"}
    told = draft(client, w, headers=FETCH, **fields)
    page = draft(client, w, **fields)
    assert (told.status_code, told.json) == (
        401,
        {"message": "Вы вышли. Войдите снова – набранное сохранено в этом браузере.", "sign_in": "/sign-in"},
    )
    assert (page.status_code, "Потерянный вечер &lt;b&gt;" in page.text) == (401, True)
    assert stored(store, w.review).scores == {}


def test_a_token_that_outlived_its_session_loses_no_text(
    world: Callable[..., World], sign_in: SignIn, app: Any
) -> None:
    w = world()
    client = sign_in(w.user)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        told, page = draft(client, w, headers=FETCH), draft(client, w, **{"comment-E1": "Вечер"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (told.status_code, bool(told.json["csrf_token"])) == (400, True)
    assert (page.status_code, "Вечер" in page.text) == (400, True)


@pytest.mark.parametrize("script", [True, False])
def test_a_conflict_entered_meanwhile_closes_the_sheet_at_once(
    world: Callable[..., World], sign_in: SignIn, store: Store, script: bool
) -> None:
    w = world()
    with store() as session:
        review = session.get_one(Review, w.review)
        factories.conflict(session, review.expert, review.application)
    client = sign_in(w.user)
    answer = draft(client, w, headers=FETCH if script else None, **{"mark-E1": "8"})
    text = answer.json["html"] if script and answer.json else answer.text
    assert (answer.status_code, "Лист закрыт" in text) == (409 if script else 404, True)
    assert client.get(f"/reviews/{w.review}").status_code == 404
    assert client.get(f"/reviews/{w.review}/recusal").status_code == 404
    assert stored(store, w.review).scores == {}


def test_another_experts_review_does_not_exist(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world()
    client = sign_in(w.user)
    paths = ("", "/declaration", "/recusal", "/summary", "/receipt")
    assert [client.get(f"/reviews/{w.other}{path}").status_code for path in paths] == [404] * 5
    assert client.post(f"/reviews/{w.other}/draft", data=FULL, headers=FETCH).status_code == 404
    assert client.post(f"/reviews/{w.other}/summary").status_code == 404


@pytest.mark.parametrize("role", ["secretary", "chair", "observer", "administrator"])
def test_staff_write_no_marks(world: Callable[..., World], sign_in: SignIn, store: Store, role: str) -> None:
    w = world()
    with store() as session:
        user_id = factories.user(session, role).id
    client = sign_in(user_id)
    assert draft(client, w, **FULL).status_code in (403, 404)
    assert client.get(f"/reviews/{w.review}").status_code in (403, 404)
    assert stored(store, w.review).scores == {}


def test_a_proposed_task_is_not_the_experts_yet(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world("proposed")
    assert sign_in(w.user).get(f"/reviews/{w.review}/declaration").status_code == 404


def test_the_summary_names_what_is_missing_with_links(world: Callable[..., World], sign_in: SignIn) -> None:
    w = world(scores={"E1": "9", "E2": "7"})
    page = sign_in(w.user).get(f"/reviews/{w.review}/summary").text
    links = [f'/reviews/{w.review}#{path}"' in page for path in ("comment-E1", "mark-E3", "recommendation", "mark-E2")]
    assert links == [True, True, True, False]
    assert "16,00" in page
    assert "Отправить заключение" not in page


def test_an_incomplete_sheet_is_not_submitted(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world(scores={"E1": "9"})
    answer = sign_in(w.user).post(f"/reviews/{w.review}/summary", data={"version": 1})
    assert (answer.status_code, "Заключение не отправлено: оно заполнено не полностью" in answer.text) == (422, True)
    assert (stored(store, w.review).status, events(store)) == ("accepted", [])


def test_another_draft_than_was_seen_is_not_submitted(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(scores={f"E{n}": "7" for n in range(1, 7)}, recommendation="support")
    client = sign_in(w.user)
    draft(client, w, **{**FULL, "mark-E1": "8", "recommendation": "support"})
    answer = client.post(f"/reviews/{w.review}/summary", data={"version": 1})
    assert (answer.status_code, "43,00" not in answer.text, "36,00" in answer.text) == (409, True, True)
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert stored(store, w.review).status == "accepted"


def test_a_review_is_submitted_once_and_locked(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world(scores={f"E{n}": "7" for n in range(1, 7)}, recommendation="support")
    client = sign_in(w.user)
    for key in ("one", "one", "two"):
        answer = client.post(f"/reviews/{w.review}/summary", data={"version": 1, "request_key": key})
        assert (answer.status_code, answer.location) == (303, f"/reviews/{w.review}/receipt")
    with store() as session:
        [kept] = session.scalars(select(ReviewVersion)).all()
        hash_shown = kept.sha256[:32]
    page = client.get(f"/reviews/{w.review}/receipt").text
    assert [word in page for word in (hash_shown, "35,00", "15.03.2026 12:00:00 МСК", "Поддержать")] == [True] * 4
    assert client.get(f"/reviews/{w.review}").location == f"/reviews/{w.review}/receipt"
    assert client.get(f"/reviews/{w.review}/summary").location == f"/reviews/{w.review}/receipt"
    assert events(store) == ["review.submitted"]


def test_too_late_is_said_on_the_sheet_and_refused_in_the_summary(
    world: Callable[..., World], sign_in: SignIn, store: Store, clock: time_machine.Traveller
) -> None:
    w = world(scores={f"E{n}": "7" for n in range(1, 7)}, recommendation="support")
    clock.move_to(MOMENT + timedelta(days=40))
    client = sign_in(w.user)
    assert "Срок экспертизы истёк" in client.get(f"/reviews/{w.review}").text
    assert draft(client, w, headers=FETCH, **{"mark-E1": "5"}).status_code == 200
    answer = client.post(f"/reviews/{w.review}/summary", data={"version": 2})
    assert (answer.status_code, "Срок экспертизы истёк" in answer.text) == (422, True)
    assert stored(store, w.review).status == "accepted"


def test_a_returned_review_shows_the_reason_and_is_open_again(
    world: Callable[..., World], sign_in: SignIn, store: Store
) -> None:
    w = world(reason="Поясните E2", scores={"E1": "7"})
    client = sign_in(w.user)
    assert "Поясните E2" in client.get("/reviews").text
    assert "Поясните E2" in client.get(f"/reviews/{w.review}").text
    assert draft(client, w, headers=FETCH, **{"mark-E1": "5"}).status_code == 200


def test_a_frozen_contest_shows_the_sheet_locked(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world(scores={"E1": "7"})
    with store() as session:
        session.get_one(Review, w.review).application.contest.status = "ranking_frozen"
    client = sign_in(w.user)
    page = client.get(f"/reviews/{w.review}").text
    assert ("Рейтинг зафиксирован" in page, "data-autosave-url" in page, "Сохранить черновик" in page) == (
        True, False, False,
    )  # fmt: skip
    assert draft(client, w, headers=FETCH, **{"mark-E1": "5"}).status_code == 409
    assert stored(store, w.review).scores == {"E1": "7"}


def test_reading_writes_nothing(world: Callable[..., World], sign_in: SignIn, store: Store) -> None:
    w = world()
    client = sign_in(w.user)
    for path in ("/reviews", f"/reviews/{w.review}", f"/reviews/{w.review}/summary", f"/reviews/{w.review}/recusal"):
        assert client.get(path).status_code == 200
    with store() as session:
        assert session.scalar(select(func.count()).select_from(JournalRecord)) == 0
    assert stored(store, w.review).version == 1


def test_an_expert_who_comes_into_the_team_reads_and_marks_no_more_and_can_step_back(
    store: Store, world: Callable[..., World], sign_in: SignIn
) -> None:
    here = world()
    with store() as session:
        team = factories.team(session, factories.user(session), session.get_one(User, here.user))
        session.get_one(Review, here.review).application.team = team
    client = sign_in(here.user)
    assert [client.get(f"/reviews/{here.review}{more}").status_code for more in ("", "/summary", "/recusal")] == [
        403, 403, 200,
    ]  # fmt: skip
    answer = client.post(f"/reviews/{here.review}/summary", data={"version": "1"})
    assert (answer.status_code, stored(store, here.review).status) == (403, "accepted")
