"""Pages of a copy of a contest and of its settings as a file: what they store, refuse, replay and point at."""

import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from judging.domain.access import CONSOLE, By
from judging.models import Application, Contest, Grant, JournalRecord
from judging.queries.contests import by_code
from judging.services.forms.form_store import FormChange, change_form
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.forms import sample

SignIn = Callable[[int], FlaskClient]
HIDDEN = re.compile(r'name="(document|seen|partly)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def moment() -> Any:
    with time_machine.travel(MOMENT, tick=False):
        yield


def made(store: Store, **values: Any) -> None:
    with store() as session:
        contest = factories.contest(session, **{"code": "BASE", "title": "Конкурс 2026 года"} | values)
        factories.user(session, "observer", contest, name="Наблюдатель Орлов")


def settings(client: FlaskClient, code: str = "BASE") -> dict[str, Any]:
    answer = client.get(f"/staff/contests/{code}/settings/file")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="settings-{code}.json"'
    document: dict[str, Any] = json.loads(answer.data)
    return document


def shown(client: FlaskClient, document: object, code: str = "BASE") -> Any:
    content = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    data = {"file": (io.BytesIO(content), "settings.json")}
    with client.post(f"/staff/contests/{code}/settings", data=data, content_type="multipart/form-data") as answer:
        answer.get_data()
        return answer


def applied(client: FlaskClient, page: Any, code: str = "BASE", **values: str) -> Any:
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
    data = {**hidden, "request_key": "k1"} | values
    return client.post(f"/staff/contests/{code}/settings/replacement", data=data, content_type="multipart/form-data")


def count(store: Store, model: Any) -> int:
    with store() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_copy_is_a_draft_with_its_staff_and_points_at_the_old_year(secretary: FlaskClient, store: Store) -> None:
    made(store)
    page = secretary.get("/staff/contests/BASE/copy")
    assert "Наблюдатель Орлов" in page.text
    data = {"code": "NEXT", "opens": "2027-02-01T10:00", "staff": "y", "request_key": "once"}
    answers = [secretary.post("/staff/contests/BASE/copy", data=data) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/staff/contests/NEXT")] * 2
    assert (count(store, Contest), count(store, Grant)) == (2, 3)
    overview = secretary.get("/staff/contests/NEXT").text
    assert (
        'href="/staff/contests/NEXT/rules/general#title"><code class="breaks">terms.title</code></a>: 2026' in overview
    )


def test_what_is_wrong_with_a_copy_stands_beside_its_field(secretary: FlaskClient, store: Store) -> None:
    made(store)
    refused = secretary.post("/staff/contests/BASE/copy", data={"code": "BASE", "opens": "2027-02-01T10:00"})
    assert (refused.status_code, "Конкурс с таким кодом уже есть" in refused.text) == (422, True)
    empty = secretary.post("/staff/contests/BASE/copy", data={"code": "NEXT", "opens": "весной"})
    assert (empty.status_code, 'value="NEXT"' in empty.text, "весной" in empty.text) == (422, True, True)
    assert count(store, Contest) == 1


def test_every_fault_of_a_file_is_listed_and_nothing_is_stored(secretary: FlaskClient, store: Store) -> None:
    made(store, status="draft", published_at=None)
    document = settings(secretary)
    document["terms"]["budget"] = "много"
    document["criteria"][0]["weight"] = "x"
    document["form"]["checks"] = [{"code": "a", "at": "title", "rule": 7, "message": "м"}]
    page = shown(secretary, document)
    assert page.status_code == 422
    assert re.findall(r"<code>(.+?)</code>", page.text) == ["terms.budget", "criteria[0].weight", "form.checks[0].rule"]
    assert [shown(secretary, one).status_code for one in (b"", b"[]", b"\xff", b"{}")] == [422] * 4
    assert count(store, JournalRecord) == 0


def test_a_difference_is_shown_and_then_applied_once(secretary: FlaskClient, store: Store) -> None:
    made(store, status="draft", published_at=None)
    document = settings(secretary)
    document["terms"] |= {"title": "Конкурс <2027>", "budget": None}
    document["criteria"].pop()
    page = shown(secretary, document)
    places = re.findall(r'<th scope="row"[^>]*><code class="breaks">(.+?)</code>', page.text)
    assert (page.status_code, places[:2], places[2].startswith("criteria[")) == (
        200, ["terms.title", "terms.budget"], True,
    )  # fmt: skip
    assert "Конкурс &lt;2027&gt;" in page.text
    assert count(store, JournalRecord) == 0
    answers = [applied(secretary, page) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/staff/contests/BASE/rules")] * 2
    assert count(store, JournalRecord) == 2
    document["rules"]["tie_breakers"] = settings(secretary)["rules"]["tie_breakers"]
    assert settings(secretary) == document
    assert "ничего не меняет" in shown(secretary, document).text


def test_a_published_contest_changes_as_far_as_it_may_with_a_reason(secretary: FlaskClient, store: Store) -> None:
    made(store)
    document = settings(secretary)
    later = MOMENT + timedelta(days=50)
    document["terms"] |= {"title": "Иначе", "review_close": later.isoformat()}
    page = shown(secretary, document)
    assert "Применить только то, что может измениться" in page.text
    bare = applied(secretary, page)
    assert (bare.status_code, "Укажите причину" in bare.text) == (422, True)
    assert applied(secretary, page, reason="Продлили", request_key="k2").status_code == 303
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        assert (contest.title, contest.review_close) == ("Конкурс 2026 года", later)


def test_what_somebody_changed_meanwhile_is_not_overwritten(secretary: FlaskClient, store: Store) -> None:
    made(store, status="draft", published_at=None)
    document = settings(secretary)
    document["terms"]["title"] = "Моё"
    page = shown(secretary, document)
    with store() as session:
        session.scalars(select(Contest)).one().summary = "Чужое"
    stale = applied(secretary, page)
    assert (stale.status_code, "terms.summary" in stale.text) == (409, True)
    with store() as session:
        assert session.scalars(select(Contest.title)).one() == "Конкурс 2026 года"


def test_who_may_only_look_gets_the_file_and_no_form(store: Store, sign_in: SignIn) -> None:
    made(store)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        person = factories.user(session, "observer", contest).id
    client = sign_in(person)
    assert 'type="file"' not in client.get("/staff/contests/BASE/settings").text
    assert settings(client)["format"] == "contest-settings"
    assert shown(client, {}).status_code == 403


def test_a_contest_whose_codes_no_form_can_have_says_so(secretary: FlaskClient, store: Store) -> None:
    made(store, document_slots=[{"code": "Плохой код", "title": "Файл", "extensions": ["pdf"], "required": True}])
    refused = secretary.get("/staff/contests/BASE/settings/file")
    assert (refused.status_code, "Плохой код" in refused.text) == (422, True)
    copied = secretary.post("/staff/contests/BASE/copy", data={"code": "NEXT", "opens": "2027-02-01T10:00"})
    assert copied.status_code == 303
    assert secretary.get("/staff/contests/NEXT").status_code == 200


def test_nominations_go_with_the_file_and_its_form_may_name_them(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        base = factories.contest(session, code="BASE")
        factories.nomination(session, base)
        factories.nomination(session, base, "pilot", title="Пилот")
        form = sample().form
        asked = replace(form, sections=(*form.sections[:-1], replace(form.sections[-1], nominations=("pilot",))))
        base.status = "draft"
        session.flush()
        change_form(session, base.id, FormChange(asked, base.version), by=By(CONSOLE, MOMENT))
        other = factories.contest(session, code="OTHER", status="draft", published_at=None)
        factories.nomination(session, other, "old")
    written = settings(secretary)
    assert [one["code"] for one in written["nominations"]] == ["series", "pilot"]
    assert applied(secretary, shown(secretary, written, "OTHER"), "OTHER").status_code == 303
    assert settings(secretary, "OTHER") == written
    changed = written | {"nominations": [written["nominations"][1] | {"title": "Опыт"}]}
    assert applied(secretary, shown(secretary, changed, "OTHER"), "OTHER", request_key="k2").status_code == 303
    assert settings(secretary, "OTHER") == changed
    bare = {name: part for name, part in changed.items() if name != "nominations"}
    assert "pilot" in shown(secretary, bare, "OTHER").text  # the form still names it
    with store() as session:
        other = by_code(session, "OTHER")
        held = factories.application(session, other, nomination=other.nominations[0]).id
    moved = changed | {"nominations": [written["nominations"][0]], "form": settings(secretary)["form"]}
    moved["form"]["sections"][-1]["nominations"] = ["series"]
    refused = applied(secretary, shown(secretary, moved, "OTHER"), "OTHER", request_key="k3")
    assert (refused.status_code, "В этой номинации есть заявки" in refused.text) == (422, True)
    assert settings(secretary, "OTHER") == changed
    moved["form"]["sections"][-1].pop("nominations")
    none = {name: part for name, part in moved.items() if name != "nominations"}
    assert applied(secretary, shown(secretary, none, "OTHER"), "OTHER", request_key="k4").status_code == 303
    assert settings(secretary, "OTHER") == none
    with store() as session:
        assert session.get_one(Application, held).nomination_id is None
