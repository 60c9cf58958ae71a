"""A section saves itself: what is legible is kept, the rest is named; nothing is lost, doubled, or told to others."""

import re
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from judging.domain.access import Actor, By
from judging.models import Application, ApplicationSection, JournalRecord, SignIn
from judging.queries.answers import section_version
from judging.services.applications.section_save import save_section
from judging.web.copies import copies_of
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.pp41 import pp41
from tests.returned import UNTIL, give_back, submitted_world
from tests.web.test_applications import form_of
from tests.web.test_section_pages import given, kept, rows_of

DATABASES = ("sqlite",)
SignInAs = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}
PETROVA = By(Actor(user_id=None, name="Петрова Вера"), MOMENT + timedelta(minutes=30))


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


class Page:
    """A section as it is open in a browser: ``type`` sends all of it as the script does."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client, self.path = client, path
        page = client.get(path).text
        self.sent: dict[str, str] = {}
        for block in ("stages", "products"):
            self.sent |= {block: "rows", **rows_of(page, block)}
        self.sent |= dict(re.findall(r'<input[^>]* name="(place)"[^>]* value="([^"]*)"', page))
        self.base = {name: value for name, value in form_of(client, path).items() if name != "request_key"}

    def type(self, **typed: str) -> Any:
        """Type, and save; take the answer into the page."""
        self.sent |= {name.replace("__", "-"): value for name, value in typed.items()}
        answer = self.client.post(f"{self.path}/autosave", data={**self.sent, **self.base}, headers=FETCH)
        if answer.status_code == 200:
            self.base = {"version": str(answer.json["version"]), "fingerprint": answer.json["fingerprint"]}
        return answer


@pytest.fixture
def page(store: Store, sign_in: SignInAs) -> tuple[Page, int]:
    person, key = given(store, pp41(), full=True)
    return Page(sign_in(person), f"/applications/{key}/sections/project"), key


def theirs(store: Store, key: int, **answers: Any) -> None:
    with store() as session:
        seen = section_version(session.get_one(Application, key), "project")
        save_section(session, key, "project", answers, seen=seen, by=PETROVA)


def versions(store: Store) -> list[tuple[str, int]]:
    """The sections that were ever saved, with their versions."""
    with store() as session:
        return [(one.code, one.version) for one in session.scalars(select(ApplicationSection))]


def test_what_is_legible_is_saved_and_the_rest_named_by_its_control(page: tuple[Page, int], store: Store) -> None:
    one, key = page
    answer = one.type(goal="Новая цель", starts_on="мартобря", stages__0__cost="12 50 000", stages__0__result="Акт")
    assert (answer.status_code, answer.json["version"], answer.json["whole"]) == (200, 2, False)
    assert answer.json["faults"] == {
        "starts_on": "Укажите дату, например 31.03.2026",
        "stages-0-cost": "Цифры группируются по три: 1\u00a0250\u00a0000. Проверьте число: возможно, пропущена цифра",
    }
    assert answer.json["saved_at_text"].endswith(", кроме: Начало проекта, Этапы")
    saved = kept(store, key)
    assert (saved["goal"], saved["stages"][0]["result"], saved["stages"][0]["cost"]) == (
        "Новая цель", "Акт", 90_000_000_00,
    )  # fmt: skip
    answer = one.type(starts_on="1 сентября 2026", stages__0__cost="1 250 000 ₽")
    assert (answer.json["faults"], answer.json["whole"], answer.json["saved_at_text"]) == ({}, True, "12:00")
    assert kept(store, key)["stages"][0]["cost"] == 1_250_000_00


def test_the_same_sent_twice_is_saved_once_with_its_new_row(page: tuple[Page, int], store: Store) -> None:
    one, key = page
    row = {"stages-4-_key": "0a1b2c3d", "stages-4-name": "Ещё этап"}
    data = {**one.sent, **row, **one.base, "goal": "Раз"}
    answers = [one.client.post(f"{one.path}/autosave", data=data, headers=FETCH).json for _ in range(2)]
    assert answers[0] == answers[1]
    assert [stage["name"] for stage in kept(store, key)["stages"]].count("Ещё этап") == 1
    one.base = {"version": str(answers[1]["version"]), "fingerprint": answers[1]["fingerprint"]}
    one.sent |= row
    assert one.type(stages__4__name="Пятый", goal="Два").json["version"] == answers[0]["version"] + 1
    assert [stage["name"] for stage in kept(store, key)["stages"]][4:] == ["Пятый"]


def test_what_another_changed_comes_into_the_page_and_what_both_did_waits(page: tuple[Page, int], store: Store) -> None:
    one, key = page
    theirs(store, key, place="Елабуга", summary="Сводка Петровой")
    answer = one.type(goal="Моя цель", summary="Моя сводка").json
    assert answer["merged"] == "Объединено с правками: Петрова Вера, 12:30"
    assert [(field["name"], field["pairs"]) for field in answer["theirs"]] == [("place", [["place", "Елабуга"]])]
    assert (answer["whole"], "Петрова Вера, 12:30" in answer["conflict"], 'href="#summary"' in answer["conflict"]) == (
        False, True, True,
    )  # fmt: skip
    saved = kept(store, key)
    assert (saved["goal"], saved["place"], saved["summary"]) == ("Моя цель", "Елабуга", "Сводка Петровой")
    again = one.type(goal="Моя цель, дальше").json
    assert (again["whole"], kept(store, key)["summary"]) == (False, "Сводка Петровой")


@pytest.mark.parametrize(("choice", "summary"), [
    ("mine", "Моя длинная сводка"), ("theirs", "Сводка Петровой"), ("both", "Сводка общая"),
])  # fmt: skip
def test_of_what_both_changed_one_is_chosen_or_both_made_one(
    page: tuple[Page, int], store: Store, choice: str, summary: str
) -> None:
    one, key = page
    theirs(store, key, summary="Сводка Петровой")
    one.type(summary="Моя длинная сводка", goal="Цель")
    shown = one.client.post(one.path, data={**one.sent, **one.base, "copy": "0123456789abcdef", "stay": "1"})
    assert shown.status_code == 409
    assert '<ins class="diff"><span class="visually-hidden">[только у вас: </span>' in shown.text
    assert '<del class="diff"><span class="visually-hidden">[только в сохранённом: </span>' in shown.text
    assert "Сохранено: Петрова Вера, 12:30" in shown.text
    hidden = dict(re.findall(r'<input type="hidden" name="([\w.-]+)" value="([^"]*)"', shown.text))
    answer = one.client.post(one.path, data={**hidden, "choice-summary": choice, "both-summary": "Сводка общая"})
    assert (answer.status_code, answer.location) == (303, f"{one.path}#kept-0123456789abcdef")
    saved = kept(store, key)
    assert (saved["summary"], saved["goal"]) == (summary, "Цель")


def test_a_window_that_is_over_refuses_in_a_sentence_and_keeps_nothing(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        world = submitted_world(session)
        give_back(session, world)
    client, path = sign_in(world.person), f"{world.team}/finance"
    before = [kept(store, world.key), versions(store)]
    form = {**form_of(client, path), "loans": "1"}
    other = client.post(f"{world.team}/sections/passport/autosave", data={"goal": "Иная"}, headers=FETCH)
    with time_machine.travel(UNTIL, tick=False):
        over = sign_in(world.person).post(f"{world.team}/sections/finance/autosave", data=form, headers=FETCH)
    assert [(one.status_code, one.json["message"]) for one in (other, over)] == [
        (422, "Заявка возвращена на доработку по другим разделам: этот не меняется."),
        (422, "Срок доработки истёк."),
    ]
    assert [kept(store, world.key), versions(store)] == before


def test_what_is_saved_after_the_close_says_that_it_cannot_be_submitted(
    page: tuple[Page, int], store: Store, sign_in: SignInAs
) -> None:
    one, key = page
    assert one.type(goal="Вовремя").json["merged"] == ""
    with store() as session:
        application = session.get_one(Application, key)
        closes, person = application.contest.applications_close, application.team.members[0].user_id
    with time_machine.travel(closes, tick=False):
        one.client = sign_in(person)
        assert one.type(goal="Поздно").json["merged"] == "Приём заявок окончен: подать черновик нельзя"
        shown = one.client.get(one.path).text
    assert (kept(store, key)["goal"], "но подать его нельзя" in shown) == ("Поздно", True)


def test_bounds_hold_and_the_rest_is_saved(page: tuple[Page, int], store: Store) -> None:
    one, key = page
    answer = one.type(goal="Цель", summary="я" * 20_001)
    assert (answer.json["faults"], kept(store, key)["goal"]) == ({"summary": "Не больше 20000 знаков"}, "Цель")
    one.base["fingerprint"] = "summary=" + "0" * 500_000
    assert one.type(summary="Кратко").status_code == 200
    rows = {f"stages-{n}-name": "x" for n in range(501)}
    answer = one.client.post(f"{one.path}/autosave", data={**one.sent, **rows, **one.base}, headers=FETCH)
    assert (answer.status_code, list(answer.json["faults"])) == (200, ["stages"])


def test_it_is_the_team_s_alone_and_tells_others_nothing(
    page: tuple[Page, int], store: Store, sign_in: SignInAs
) -> None:
    one, _ = page
    with store() as session:
        strangers = [factories.team(session).members[0].user_id, factories.user(session, "secretary").id,
                     factories.expert(session, factories.contest(session)).user_id]  # fmt: skip
    answers = [sign_in(person or 0).post(f"{one.path}/autosave", data=one.base, headers=FETCH) for person in strangers]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not [answer for answer in answers if "fingerprint" in answer.text or "Проектирование" in answer.text]


def test_who_is_signed_out_or_in_anew_is_told_and_goes_on_with_the_new_token(
    app: Flask, page: tuple[Page, int], store: Store, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, key = page
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    stale = one.type(goal="Без входа").json
    with one.client.session_transaction() as cookie:
        assert stale["of"]
        assert cookie["csrf_token"]
    one.sent["csrf_token"] = stale["csrf_token"]
    assert (one.type(goal="Снова").status_code, kept(store, key)["goal"]) == (200, "Снова")
    with store() as session:
        session.execute(update(SignIn).values(revoked_at=MOMENT))
    answer = one.type(goal="Вышел")
    assert (answer.status_code, answer.json) == (401, {
        "message": "Вы вышли. Войдите снова – набранное сохранено в этом браузере.", "sign_in": "/sign-in",
    })  # fmt: skip
    one.client.delete_cookie("judging", domain="localhost")
    assert one.type(goal="Вышел").status_code == 401
    pressed = one.client.post(one.path, data={**one.sent, **one.base, "copy": "0123456789abcdef"},
                              headers={"Referer": f"http://localhost{one.path}?from=check"})  # fmt: skip
    assert f'href="/sign-in?next={one.path}?from%3Dcheck"' in pressed.text
    assert "набранное" in pressed.text.lower()
    assert "Вышел" in pressed.text


def test_a_mark_of_copies_is_a_person_s_own(app: Flask, store: Store, sign_in: SignInAs) -> None:
    marks = []
    for _ in range(2):
        person, key = given_other(store)
        found = re.search('data-copy-of="([0-9a-f]{20})"', sign_in(person).get(f"/applications/{key}/finance").text)
        assert found
        marks.append(found[1])
    assert len({*marks}) == 2
    with app.test_request_context():
        assert copies_of() == ""


def given_other(store: Store) -> tuple[int, int]:
    with store() as session:
        contest = factories.contest(session, code=secrets.token_hex(4))
        draft = factories.application(
            session, contest, factories.cluster(session, contest, factories.team(session)), status="draft"
        )
        assert draft.team is not None
        return draft.team.members[0].user_id, draft.id


def test_an_hour_of_typing_is_a_few_records_that_name_the_fields(page: tuple[Page, int], store: Store) -> None:
    one, _ = page
    with time_machine.travel(MOMENT, tick=False) as clock:
        for second in range(0, 3600, 60):
            clock.move_to(MOMENT + timedelta(seconds=second))
            assert one.type(goal=f"Цель {second}").status_code == 200
        one.type(place="Елабуга")
    with store() as session:
        records = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.changed")).all()
        found = [record.details for record in records if "by_itself" in record.details]
    goal, place = [{"section": "project", "by_itself": [name]} for name in ("goal", "place")]
    assert found == [goal] * 6 + [place]
