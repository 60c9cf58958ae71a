"""The page of stages and deadlines, more time for one, the calendar, and what teams and experts see of it."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from judging.models import Application, Contest, Extension, JournalRecord, Milestone, Review, SignIn, User
from judging.queries import contests
from judging.queries.workdays import calendar
from judging.web.clock import RECEIVED
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

SignInAs = Callable[[int], FlaskClient]
PAGE = "/staff/contests/PP41/milestones"
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def secretary(store: Store, sign_in: SignInAs) -> FlaskClient:
    with store() as session:
        factories.contest(session, code="PP41")
        person = factories.user(session, "secretary", name="Секретарь Конкурса").id
    return sign_in(person)


def move(clock: time_machine.Traveller, store: Store, instant: datetime) -> None:
    """Let time pass until then, with everybody's session in use."""
    clock.move_to(instant)
    with store() as session:
        session.execute(update(SignIn).values(seen_at=instant, expires_at=instant + timedelta(days=1)))


def version(store: Store) -> int:
    with store() as session:
        return contests.by_code(session, "PP41").version


def words(page: str) -> str:
    """The text of a page without its tags."""
    main = page[page.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows(page: str, table: str) -> list[list[str]]:
    """The cells of a table in words."""
    body = page[page.index(f'id="{table}"') :]
    body = body[body.index("<tbody>") : body.index("</tbody>")]
    return [
        [words(f"<main{cell}") for cell in re.findall(r"<t[hd](.*?)</t[hd]>", row, re.S)]
        for row in body.split("<tr")[1:]
    ]


def post(client: FlaskClient, store: Store, path: str, **data: Any) -> Any:
    return client.post(f"{PAGE}{path}", data={"version": version(store), **data})


def test_one_table_has_every_milestone_with_its_date_and_what_it_opens_or_closes(
    secretary: FlaskClient, store: Store
) -> None:
    post(secretary, store, "/meeting", way="at", at="14.05.2026 10:00", unit="working", reason="Приказ")
    post(secretary, store, "/results", way="after", days="5", unit="working", after="meeting", reason="Приказ")
    found = {row[0].split(".")[0]: row[1:4] for row in rows(secretary.get(PAGE).text, "milestones")}
    assert len(found) == 15
    assert {name: cells for name, cells in found.items() if cells[0] != "–"} == {
        "Начало приёма заявок Открывает: черновики можно подавать": [
            "5 марта 2026 г., 12:00 МСК", "дата конкурса", "прошёл",
        ],
        "Окончание приёма заявок Закрывает: заявки больше не подаются, кроме как по продлению": [
            "25 марта 2026 г., 12:00 МСК", "дата конкурса", "впереди",
        ],
        "Окончание экспертизы Закрывает: заключения больше не отправляются, кроме как по продлению": [
            "24 апреля 2026 г., 12:00 МСК", "дата конкурса", "впереди",
        ],
        "Заседание комиссии Событие; ничего не открывает и не закрывает": [
            "14 мая 2026 г., 10:00 МСК", "заданная дата", "впереди",
        ],
        "Публикация результатов – до Срок для организатора; сам ничего не закрывает": [
            "22 мая 2026 г., 00:00 МСК до конца дня 21.05.2026", "5 рабочих дней после: Заседание комиссии", "впереди",
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"way": "at", "unit": "working", "reason": "Приказ"}, ["at"]),
        ({"way": "at", "at": "32.05.2026", "unit": "working", "reason": "Приказ"}, ["at"]),
        ({"way": "after", "unit": "working", "reason": "Приказ"}, ["days", "after"]),
        ({"way": "after", "days": "0", "after": "review_close", "unit": "working", "reason": "x"}, ["days"]),
        ({"way": "after", "days": "3", "after": "nothing", "unit": "working", "reason": "x"}, ["after"]),
        ({"way": "after", "days": "3", "after": "meeting", "unit": "working", "reason": "x"}, ["after"]),
        ({"way": "after", "days": "3", "after": "review_close", "unit": "lunar", "reason": "x"}, ["unit"]),
        ({"way": "at", "at": "14.05.2026 10:00", "unit": "working", "reason": ""}, ["reason"]),
    ],
)
def test_what_is_wrong_with_a_milestone_is_said_beside_its_field_and_what_was_typed_stays(
    secretary: FlaskClient, store: Store, data: dict[str, str], said: list[str]
) -> None:
    answer = post(secretary, store, "/meeting", **data)
    summary = answer.text[answer.text.index("error-summary__list") :]
    faults = re.findall(r'href="#(\w+)"', summary[: summary.index("</ul>")])
    assert (answer.status_code, faults) == (422, said)
    assert html.escape(data.get("at", data.get("days", "")) or data["reason"]) in answer.text
    with store() as session:
        assert session.scalars(select(Milestone)).all() == []


def test_a_milestone_is_noted_by_hand_taken_back_and_taken_out_and_the_history_has_it_all(
    secretary: FlaskClient, store: Store
) -> None:
    post(secretary, store, "/meeting", way="at", at="14.05.2026 10:00", unit="working", reason="Приказ")
    assert "Этап наступил" in secretary.get(f"{PAGE}/meeting/by-hand").text
    assert post(secretary, store, "/meeting/by-hand", reason="Провели раньше").status_code == 303
    assert "Снять отметку" in secretary.get(f"{PAGE}/meeting/by-hand").text
    assert [row[3] for row in rows(secretary.get(PAGE).text, "milestones") if "Заседание" in row[0]] == [
        "наступил вручную Провели раньше"
    ]
    assert post(secretary, store, "/meeting/by-hand/withdrawal", reason="Ошибка").status_code == 303
    refused = post(secretary, store, "/meeting/removal", removal_reason="")
    assert (refused.status_code, 'href="#removal_reason"' in refused.text) == (422, True)
    assert post(secretary, store, "/meeting/removal", removal_reason="Не нужно").status_code == 303
    at, noted = "14.05.2026 10:00:00 МСК", "15.03.2026 12:00:00 МСК"
    assert [row[1:] for row in rows(secretary.get(PAGE).text, "changes")] == [
        ["Заседание комиссии", at, "срок не задан", "Секретарь Конкурса", "Не нужно"],
        ["Заседание комиссии", noted, "отметка вручную снята", "Секретарь Конкурса", "Ошибка"],
        ["Заседание комиссии", "срок не задан", f"вручную: {noted}", "Секретарь Конкурса", "Провели раньше"],
        ["Заседание комиссии", "срок не задан", at, "Секретарь Конкурса", "Приказ"],
    ]


def test_a_phase_is_closed_by_hand_for_everybody_and_the_public_page_says_why(
    secretary: FlaskClient, store: Store, client: FlaskClient
) -> None:
    page = secretary.get(f"{PAGE}/applications_close/by-hand").text
    assert "Этап наступит в момент нажатия" in page
    assert post(secretary, store, "/applications_close/by-hand", reason="").status_code == 422
    assert post(secretary, store, "/applications_close/by-hand", reason="Решение комиссии").status_code == 303
    with store() as session:
        assert contests.by_code(session, "PP41").applications_close == MOMENT
    public = words(client.get("/contests/PP41").text)
    assert "Перенесено на более раннее время: окончание приёма" in public
    assert "Решение комиссии" in public
    assert "Приём заявок завершён." in public
    again = post(secretary, store, "/applications_close/by-hand", reason="Ещё раз")
    assert (again.status_code, "Этот этап уже наступил" in again.text) == (422, True)


def test_who_was_slower_sees_both_versions(secretary: FlaskClient, store: Store) -> None:
    old = version(store)
    post(secretary, store, "/meeting", way="at", at="14.05.2026 10:00", unit="working", reason="Приказ")
    data = {"version": old, "way": "at", "at": "20.05.2026 10:00", "unit": "working", "reason": "Другой приказ"}
    answer = secretary.post(f"{PAGE}/meeting", data=data)
    assert (answer.status_code, "20.05.2026 10:00" in answer.text, "14.05.2026 10:00" in answer.text) == (
        409,
        True,
        True,
    )


def test_a_milestone_that_is_none_is_not_found(secretary: FlaskClient) -> None:
    paths = ("/lunch", "/lunch/by-hand")
    assert [secretary.get(f"{PAGE}{path}").status_code for path in paths] == [404, 404]
    assert secretary.get("/staff/contests/PP41/extensions/cluster").status_code == 404


def test_a_draft_gets_more_time_its_team_sees_who_and_why_and_submits_after_the_close(
    secretary: FlaskClient, store: Store, sign_in: SignInAs, clock: time_machine.Traveller
) -> None:
    with store() as session:
        contest = contests.by_code(session, "PP41")
        draft = whole_draft(session, contest, title="Тайный проект")
        assert draft.team is not None
        ident, person, cluster = draft.id, draft.team.members[0].user_id, draft.cluster.name
        close = contest.applications_close
    form = secretary.get("/staff/contests/PP41/extensions/application").text
    assert (html.escape(f"{cluster}, черновик от") in form, "Тайный проект" in form) == (True, False)
    grant = {"subject": ident, "until": "27.03.2026 18:00", "reason": "Сбой связи у заявителя"}
    assert secretary.post("/staff/contests/PP41/extensions/application", data=grant).status_code == 303
    (row,) = rows(secretary.get(PAGE).text, "extensions-table")
    assert row[1:5] == [
        "27 марта 2026 г., 18:00 МСК", "Сбой связи у заявителя", "Секретарь Конкурса, 15 марта 2026 г., 12:00 МСК",
        "действует",
    ]  # fmt: skip
    move(clock, store, close + timedelta(hours=1))
    team = sign_in(person)
    for path in (f"/applications/{ident}", f"/applications/{ident}/check"):
        page = words(team.get(path).text)
        assert "Ваш срок продлён до 27 марта 2026 г., 18:00 МСК, только для вас." in page
        assert "Продлил(а): Секретарь Конкурса, 15 марта 2026 г., 12:00 МСК. Причина: Сбой связи у заявителя" in page
    assert "до 27 марта 2026 г., 18:00 МСК" in words(team.get("/applications").text)
    until = datetime.fromisoformat("2026-03-27T18:00+03:00")
    with store() as session:
        stored = session.get_one(Application, ident).version

    def submit(at: datetime) -> int:
        environ = {RECEIVED: at.timestamp()}
        path = f"/applications/{ident}/submission"
        answer = team.post(path, data={"version": stored}, environ_overrides=environ)
        return int(answer.status_code)

    move(clock, store, until + timedelta(seconds=9))
    assert (submit(until), submit(until - MILLISECOND)) == (422, 303)
    with store() as session:
        application = session.get_one(Application, ident)
        assert (application.lateness, application.submitted_at) == ("extension", until - MILLISECOND)
        number = application.number
    register = words(secretary.get("/staff/contests/PP41/applications").text)
    assert "после срока, по продлению" in register
    assert "После срока после срока, по продлению" in words(
        secretary.get(f"/staff/contests/PP41/applications/{ident}").text
    )
    assert [row[0].split(",")[0] for row in rows(secretary.get(PAGE).text, "extensions-table")] == [number]


def test_an_expert_gets_more_time_sees_who_and_why_and_hands_in_after_the_close(
    secretary: FlaskClient, store: Store, sign_in: SignInAs, clock: time_machine.Traveller
) -> None:
    with store() as session:
        contest = contests.by_code(session, "PP41")
        sheet = {"scores": {f"E{n}": "7" for n in range(1, 7)}, "recommendation": "support"}
        application = factories.application(session, contest)
        review = factories.review(session, factories.expert(session, contest), application, "accepted", **sheet)
        factories.review(session, factories.expert(session, contest), application, "assigned")
        ident, expert, person, close = review.id, review.expert_id, review.expert.user_id, contest.review_close
    assert person is not None
    grant = {"subject": expert, "until": "27.04.2026 18:00", "reason": "Болезнь эксперта"}
    assert secretary.post("/staff/contests/PP41/extensions/expert", data=grant).status_code == 303
    move(clock, store, close + timedelta(hours=1))
    own = sign_in(person)
    for path in ("/reviews", f"/reviews/{ident}"):
        page = words(own.get(path).text)
        assert "Ваш срок продлён до 27 апреля 2026 г., 18:00 МСК, только для вас." in page
        assert "Болезнь эксперта" in page
        assert "Просрочено" not in page
    with store() as session:
        keeper = session.scalars(select(User.id).where(User.name == "Секретарь Конкурса")).one()
    secretary = sign_in(keeper)
    progress = words(secretary.get("/staff/contests/PP41/progress").text)
    assert ("продлено до" in progress, "просрочено" in progress, "Напомнить: 1…" in progress) == (True, True, True)
    assert "У 1 эксперта продление ещё действует." in progress
    overview = words(secretary.get("/staff/contests/PP41").text)
    assert ("1 заключение ожидается по продлению" in overview, "1 заключение не сдано в срок" in overview) == (
        True,
        True,
    )
    with store() as session:
        stored = session.get_one(Review, ident).version
    assert own.post(f"/reviews/{ident}/summary", data={"version": stored}).status_code == 303
    assert "после срока, по продлению" in secretary.get(f"/staff/contests/PP41/reviews/{ident}").text


def test_an_extension_that_cannot_be_is_refused_beside_its_field(secretary: FlaskClient, store: Store) -> None:
    path = "/staff/contests/PP41/extensions/application"
    assert "Продлевать некому" in secretary.get(path).text
    with store() as session:
        draft = whole_draft(session, contests.by_code(session, "PP41")).id
        other = whole_draft(session, factories.contest(session)).id
    asked = [
        ({"subject": draft, "until": "20.03.2026 18:00", "reason": "x"}, "Продление должно заканчиваться позже срока"),
        ({"subject": draft, "until": "", "reason": "x"}, "Обязательное поле"),
        ({"subject": other, "until": "27.03.2026 18:00", "reason": "x"}, "Выберите из списка."),
        ({"subject": "нет", "until": "27.03.2026 18:00", "reason": "x"}, "field__error"),
        ({"subject": draft, "until": "27.03.2026 18:00", "reason": ""}, "Обязательное поле"),
    ]
    answers = [secretary.post(path, data=data) for data, _ in asked]
    found = [(answer.status_code, said in answer.text) for answer, (_, said) in zip(answers, asked, strict=True)]
    assert found == [(422, True)] * len(asked)
    with store() as session:
        assert session.scalars(select(Extension)).all() == []


def test_an_extension_is_taken_back_once_and_a_replayed_press_does_it_once(
    secretary: FlaskClient, store: Store
) -> None:
    with store() as session:
        contest = contests.by_code(session, "PP41")
        expert = factories.expert(session, contest)
        ident = factories.extension(session, expert, contest.review_close + timedelta(days=1)).id
        name = expert.name
    path = f"/staff/contests/PP41/extensions/{ident}/revocation"
    assert name in secretary.get(path).text
    assert secretary.post(path, data={"reason": ""}).status_code == 422
    data = {"reason": "Ошибка", "request_key": "a-key-of-a-form-0000000000000000"}
    assert [secretary.post(path, data=data).status_code for _ in range(2)] == [303, 303]
    with store() as session:
        assert list(session.scalars(select(JournalRecord.event))) == ["extension.revoked"]
    (row,) = rows(secretary.get(PAGE).text, "extensions-table")
    assert row[4:] == ["отозвано 15 марта 2026 г., 12:00 МСК Ошибка", ""]


def test_a_soft_deadline_is_shown_to_the_team_and_on_the_public_page(
    secretary: FlaskClient, store: Store, sign_in: SignInAs, clock: time_machine.Traveller, client: FlaskClient
) -> None:
    answer = post(
        secretary, store, "/applications_soft", way="at", at="20.03.2026 18:00", unit="working", reason="Приказ"
    )
    assert answer.status_code == 303
    with store() as session:
        draft = whole_draft(session, contests.by_code(session, "PP41"))
        assert draft.team is not None
        ident, person = draft.id, draft.team.members[0].user_id
    assert "Объявленный срок подачи заявок 20 марта 2026 г., 18:00 МСК" in words(client.get("/contests/PP41").text)
    team = sign_in(person)
    late = "До 25 марта 2026 г., 12:00 МСК ещё принимается, с отметкой «после срока»."
    before = words(team.get(f"/applications/{ident}").text)
    move(clock, store, datetime.fromisoformat("2026-03-20T18:00+03:00"))
    after = words(team.get(f"/applications/{ident}").text)
    assert [late in page for page in (before, after)] == [True, True]
    until = [f"Приём заявок до {day} марта 2026 г., {hour}:00 МСК" for day, hour in ((20, 18), (25, 12))]
    assert [words in page for words, page in zip(until, (before, after), strict=True)] == [True, True]


def test_an_administrator_adds_days_and_years_to_the_calendar(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        person = factories.user(session, "administrator").id
    client, page = sign_in(person), "/staff/working-days"
    assert [row[:2] for row in rows(client.get(page).text, "years")] == [
        ["2022", "247"], ["2023", "247"], ["2024", "248"], ["2025", "247"], ["2026", "247"], ["2027", "247"],
    ]  # fmt: skip
    day = {"day": "06.03.2028", "works": "free", "act": "Постановление № 1"}
    assert client.post(f"{page}/days", data=day).status_code == 303
    assert client.post(f"{page}/years", data={"year": "2028", "year_act": "Постановление № 1"}).status_code == 303
    with store() as session:
        assert (calendar(session).works(date(2028, 3, 6)), calendar(session).count(2028)) == (False, 248)
    shown = client.get(page).text
    assert (rows(shown, "added-days")[0][:3], rows(shown, "years")[-1][:3]) == (
        ["06.03.2028", "нерабочий", "Постановление № 1"], ["2028", "248", "Постановление № 1"],
    )  # fmt: skip
    wrong = client.post(f"{page}/days", data={"day": "32.03.2028", "works": "free", "act": ""})
    assert (wrong.status_code, "32.03.2028" in wrong.text) == (422, True)
    assert client.post(f"{page}/years", data={"year": "2028", "year_act": "x"}).status_code == 422
    removals = re.findall(r'action="(/staff/working-days/[^"]+/removal)"', shown)
    assert [client.post(path).status_code for path in removals] == [303, 303]
    assert [client.post(path).status_code for path in removals] == [404, 404]
    with store() as session:
        assert calendar(session).works(date(2028, 3, 6))


def test_milestones_of_a_draft_contest_need_no_reason_and_its_own_dates_lead_to_its_terms(
    store: Store, sign_in: SignInAs
) -> None:
    with store() as session:
        factories.contest(session, code="PP41", status="draft", published_at=None)
        person = factories.user(session, "secretary").id
    client = sign_in(person)
    data = {"way": "at", "at": "14.05.2026 10:00", "unit": "working", "reason": ""}
    assert post(client, store, "/meeting", **data).status_code == 303
    page = client.get(PAGE).text
    assert 'href="/staff/contests/PP41/rules/general#applications_close"' in page
    assert "/milestones/applications_close/by-hand" not in page
    assert "/extensions/application" not in page


def test_observers_read_the_page_and_are_offered_nothing(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        contest: Contest = factories.contest(session, code="PP41")
        factories.extension(session, factories.expert(session, contest), contest.review_close + timedelta(days=1))
        person = factories.user(session, "observer", contest).id
    page = sign_in(person).get(PAGE).text
    main = page[page.index('id="milestones"') :]
    assert re.findall(r'href="(/staff/contests/PP41/(?:milestones/|extensions/|schedule)[^"]*)"', main) == []


def test_the_page_where_dates_are_moved_says_which_announced_deadlines_stay(
    secretary: FlaskClient, store: Store
) -> None:
    moving = "/staff/contests/PP41/schedule"
    assert "Объявленные сроки" not in secretary.get(moving).text
    post(secretary, store, "/applications_soft", way="at", at="20.03.2026 10:00", unit="working", reason="Приказ")
    post(
        secretary, store, "/review_soft", way="after", days="5", unit="calendar", after="applications_close", reason="x"
    )
    page = secretary.get(moving).text
    said = page[page.index("Объявленные сроки") :]
    links = re.findall(rf'<li><a href="{PAGE}/(\w+)">', said)
    lines = [words(f"<main>{line}") for line in re.findall(r"<li>(<a href=.*?)</li>", said, re.S)]
    assert (links, lines) == (
        ["applications_soft", "review_soft"],
        [
            "Объявленный срок подачи заявок : 20 марта 2026 г., 10:00 МСК. Он останется на месте: поданное после него "
            "отмечается как опоздавшее. Если время продлевается всем, перенесите и его.",
            "Объявленный срок экспертизы : 31 марта 2026 г., 00:00 МСК. Он отсчитан от даты конкурса и сдвинется "
            "вместе с ней.",
        ],
    )
