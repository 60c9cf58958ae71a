"""Nominations in the browser: staff edit and move, a team chooses, pages show one nomination at a time."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.access import CONSOLE, Actor, By
from judging.domain.events import Event
from judging.domain.jobs import JobKind
from judging.models import Application, Contest, JournalRecord, Nomination, Review, User
from judging.queries.contests import by_code
from judging.queries.firmness import newest_report, ready
from judging.services.archives import load_contest
from judging.services.audit import record
from judging.services.rankings import approve_ranking, compute_and_freeze, publish_results
from tests import factories, nominations
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft
from tests.working import work_next

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases."""
SignInAs = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def loaded(store: Store) -> None:
    """The worked example in two nominations, its ranking open."""
    with store() as session:
        load_contest(session, nominations.record(), by=By(CONSOLE, MOMENT))


@pytest.fixture
def draft(store: Store) -> None:
    with store() as session:
        factories.contest(session, code="DRAFT", status="draft", published_at=None, budget=None)


def filled(client: FlaskClient, path: str, **changed: str) -> dict[str, str]:
    """What a browser sends of the page's form: everything that is filled in, then the changes."""
    page = client.get(path).text
    form = page[page.rindex("<form", 0, page.index('name="request_key"')) :]
    inputs = re.findall(r"<input[^>]*>", form[: form.index("</form>")])
    known = {}
    for tag in inputs:
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            known[name[1]] = value[1] if value else ""
    return known | changed


def titles(store: Store, code: str = "DRAFT") -> list[tuple[str, str]]:
    with store() as session:
        return [(row.code, row.title) for row in by_code(session, code).nominations]


def table(page: str, ident: str) -> list[list[str]]:
    """The rows of a table as words."""
    body = page.split(f'id="{ident}"', 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


# --- staff


def test_a_nomination_is_added_with_weights_of_its_own(secretary: FlaskClient, draft: None, store: Store) -> None:
    path = "/staff/contests/DRAFT/rules/nominations/new"
    typed = {"code": "series", "title": "Серийное производство", "weight-C1": "25,5", "weight-E1": ""}
    sent = filled(secretary, path, **typed)
    assert sent["weight-C2"] == "8"
    answer = secretary.post(path, data=sent)
    assert (answer.status_code, answer.location) == (303, "/staff/contests/DRAFT/rules#nominations")
    page = secretary.get("/staff/contests/DRAFT/rules").text
    rows = {row[0].partition(" ")[0]: row[1:] for row in table(page, "nominations-table")}
    assert (rows["C1"], rows["C2"], rows["E1"]) == (["25,5"], ["8"], ["–"])
    secretary.post(path, data=filled(secretary, path, code="pilot", title="Опытные образцы"))
    assert titles(store) == [("series", "Серийное производство"), ("pilot", "Опытные образцы")]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(secretary: FlaskClient, draft: None) -> None:
    path = "/staff/contests/DRAFT/rules/nominations/new"
    sent = filled(
        secretary, path,
        **{"code": "кириллица", "title": "Номинация", "weight-C1": "много", "weight-C2": "-2", "budget": "-5"},
    )  # fmt: skip
    answer = secretary.post(path, data=sent)
    assert answer.status_code == 422
    assert all(f'value="{typed}"' in answer.text for typed in ("кириллица", "много", "-5"))
    sent |= {"code": "n", "weight-C1": "5", "budget": ""}
    answer = secretary.post(path, data=sent)
    assert answer.status_code == 422
    assert re.search(r'id="weight-C2-error">.*Вес не может быть отрицательным', answer.text)


def test_a_nomination_is_changed_moved_and_removed(secretary: FlaskClient, draft: None, store: Store) -> None:
    new = "/staff/contests/DRAFT/rules/nominations/new"
    for code in ("one", "two"):
        secretary.post(new, data=filled(secretary, new, code=code, title=f"Номинация {code}"))
    with store() as session:
        first = session.scalars(select(Nomination.id).where(Nomination.code == "one")).one()
    path = f"/staff/contests/DRAFT/rules/nominations/{first}"
    assert secretary.post(path, data=filled(secretary, path, title="Первая")).status_code == 303
    with store() as session:
        version = session.scalars(select(Contest.version)).one()
    data = {"version": version, "direction": "down"}
    assert secretary.post(f"{path}/position", data=data).status_code == 303
    assert titles(store) == [("two", "Номинация two"), ("one", "Первая")]
    assert secretary.post(f"{path}/removal", data={"version": version + 1}).status_code == 303
    assert titles(store) == [("two", "Номинация two")]


def test_a_stale_form_gets_both_versions(secretary: FlaskClient, draft: None) -> None:
    path = "/staff/contests/DRAFT/rules/nominations/new"
    mine = filled(secretary, path, code="mine", title="Моя")
    secretary.post(path, data=filled(secretary, path, code="theirs", title="Чужая"))
    answer = secretary.post(path, data=mine)
    assert answer.status_code == 409
    assert "Моя" in answer.text


def test_the_launch_names_the_faults_with_links(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="DRAFT", status="draft", published_at=None)
        row = factories.nomination(session, contest, budget="10.00", cap_per_application="11.00")
    page = secretary.get("/staff/contests/DRAFT/publication").text
    assert f'href="/staff/contests/DRAFT/rules/nominations/{row.id}"' in page
    assert "предел на одну заявку больше её бюджета" in page
    assert "Опубликовать" not in page.split("form-actions", 1)[1]


def test_the_register_filters_by_nomination_and_shows_it(secretary: FlaskClient, loaded: None, store: Store) -> None:
    with store() as session:
        pilot = session.scalars(select(Nomination.id).where(Nomination.code == "pilot")).one()
    page = secretary.get("/staff/contests/GOLDEN-1/applications").text
    assert len(table(page, "register")) == 5
    rows = table(secretary.get(f"/staff/contests/GOLDEN-1/applications?nomination={pilot}").text, "register")
    assert [(row[0], row[3].endswith("Опытные образцы")) for row in rows] == [("004", True), ("005", True)]


def test_staff_move_an_application_for_a_reason(secretary: FlaskClient, loaded: None, store: Store) -> None:
    with store() as session:
        item = session.scalars(select(Application.id).where(Application.number == "001")).one()
        pilot = session.scalars(select(Nomination.id).where(Nomination.code == "pilot")).one()
    path = f"/staff/contests/GOLDEN-1/applications/{item}/nomination"
    assert f'href="{path}"' in secretary.get(f"/staff/contests/GOLDEN-1/applications/{item}").text
    answer = secretary.post(path, data=filled(secretary, path, nomination=str(pilot)))
    assert answer.status_code == 422
    stale = filled(secretary, path, nomination=str(pilot), reason="Ошибка", version="99")
    assert secretary.post(path, data=stale).status_code == 409
    answer = secretary.post(path, data=filled(secretary, path, nomination=str(pilot), reason="Ошибка заявителя"))
    assert answer.status_code == 303
    with store() as session:
        assert session.get_one(Application, item).nomination_id == pilot
        details = session.scalars(select(JournalRecord.details).where(JournalRecord.event == "application.moved")).one()
        assert details == {"nomination": ["series", "pilot"], "reason": "Ошибка заявителя"}
    ranked = table(secretary.get("/staff/contests/GOLDEN-1/ranking?nomination=pilot").text, "ranking")
    assert {row[1] for row in ranked} >= {"001", "004", "005"}


@pytest.mark.parametrize("typed", ["", "abc", "999999", "9" * 40])
def test_a_move_to_nowhere_is_refused_in_words(secretary: FlaskClient, loaded: None, store: Store, typed: str) -> None:
    with store() as session:
        item = session.scalars(select(Application.id).where(Application.number == "001")).one()
    path = f"/staff/contests/GOLDEN-1/applications/{item}/nomination"
    answer = secretary.post(path, data=filled(secretary, path, nomination=typed, reason="Ошибка"))
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_a_contest_without_nominations_has_nothing_of_them(secretary: FlaskClient, store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="PLAIN")
        item = factories.application(session, contest).id
    for path in ("rules", "applications", f"applications/{item}", "ranking", "firmness"):
        assert "оминаци" not in secretary.get(f"/staff/contests/PLAIN/{path}").text, path
    assert "оминаци" not in secretary.get("/contests/PLAIN").text
    assert secretary.get(f"/staff/contests/PLAIN/applications/{item}/nomination").status_code == 404


# --- rankings


def test_the_ranking_shows_one_nomination_at_a_time_and_keeps_the_choice(secretary: FlaskClient, loaded: None) -> None:
    page = secretary.get("/staff/contests/GOLDEN-1/ranking").text
    assert [row[1] for row in table(page, "ranking") if len(row) > 1] == ["002", "001", "003"]
    page = secretary.get("/staff/contests/GOLDEN-1/ranking?nomination=pilot").text
    assert [row[1] for row in table(page, "ranking") if len(row) > 1] == ["005", "004"]
    assert "/staff/contests/GOLDEN-1/firmness?nomination=pilot" in page
    assert "/staff/contests/GOLDEN-1/ranking?nomination=pilot&amp;outcome=winner" in page
    assert 'name="nomination" value="pilot"' in page
    unknown = secretary.get("/staff/contests/GOLDEN-1/ranking?nomination=x").text
    assert [row[1] for row in table(unknown, "ranking") if len(row) > 1] == ["002", "001", "003"]
    criteria = secretary.get("/staff/contests/GOLDEN-1/ranking?nomination=pilot&view=criteria").text
    assert ">E6<" not in criteria
    assert ">E5<" in criteria


def test_the_explanation_is_of_the_nomination(secretary: FlaskClient, loaded: None, store: Store) -> None:
    with store() as session:
        item = session.scalars(select(Application.id).where(Application.number == "005")).one()
    page = secretary.get(f"/staff/contests/GOLDEN-1/ranking/{item}").text
    assert "номинация «Опытные образцы»" in page
    codes = [row[0] for row in table(page, "marks")]
    assert codes == ["E1", "E2", "E3", "E4", "E5"]


@pytest.mark.parametrize("page", ["", "/experts", "/residuals", "/criteria", "/sensitivity", "/next-reviews"])
def test_firmness_is_told_of_one_nomination(secretary: FlaskClient, loaded: None, page: str) -> None:
    series = secretary.get(f"/staff/contests/GOLDEN-1/firmness{page}", follow_redirects=True)
    pilot = secretary.get(f"/staff/contests/GOLDEN-1/firmness{page}?nomination=pilot", follow_redirects=True)
    assert (series.status_code, pilot.status_code) == (200, 200)
    assert not re.search(r"\b00[123]\b", pilot.text.split("<main", 1)[1])


def test_older_figures_of_a_nomination_are_said_to_be_older(
    app: Flask, secretary: FlaskClient, loaded: None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "WAITED_FOR_ROWS", 0)
    address = "/staff/contests/GOLDEN-1/firmness"
    secretary.post(f"{address}/calculation", data={"request_key": "a"})
    with app.app_context():
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
    with store() as session:
        contest_id = by_code(session, "GOLDEN-1").id
        digests = {code: newest_report(session, contest_id, code).report.digest[:16] for code in ("series", "pilot")}
        item = session.scalars(select(Application).where(Application.number == "004")).one()
        item.requested += 1
        by = By(CONSOLE, MOMENT)
        record(session, Event.APPLICATION_CHANGED, by=by, subject=item, label="", contest_id=contest_id)
        contest = session.get_one(Contest, contest_id)
        contest.ranking_revision += 1
    said = {}
    for code in digests:
        page = secretary.get(f"{address}?nomination={code}").text
        said[code] = ([one for one in digests.values() if one in page], "После расчёта данные изменились" in page)
    assert said == {"series": ([digests["series"]], False), "pilot": ([digests["pilot"]], True)}


def test_published_results_stand_nomination_by_nomination(store: Store, client: FlaskClient, loaded: None) -> None:
    with store() as session:
        people = [factories.user(session, role) for role in ("secretary", "chair")]
        contest = by_code(session, "GOLDEN-1")
        by = [By(_actor(person), MOMENT) for person in people]
        compute_and_freeze(
            session, contest.id, version=contest.version, by=by[0], write=lambda: None, read=lambda: None
        )
        session.flush()
        approve_ranking(session, contest, version=contest.version, words="", by=by[1])
        session.flush()
        publish_results(session, contest, version=contest.version, by=by[1])
    page = client.get("/contests/GOLDEN-1/results").text
    assert [row[0] for row in table(page, "results-1")] == ["1", "2", "3"]
    projects = [row[1] for row in table(page, "results-2")]
    assert [re.findall(r"\b00[0-9]\b", words)[-1] for words in projects] == ["005", "004"]
    assert "Опытные образцы" in page


def _actor(person: User) -> Actor:
    return Actor(user_id=person.id, name=person.name)


def test_the_public_page_tells_weights_and_limits_of_each(client: FlaskClient, loaded: None) -> None:
    page = client.get("/contests/GOLDEN-1").text
    rows = {row[0].partition(" ·")[0]: row[1:] for row in table(page, "nominations-table")}
    assert (rows["C1"], rows["C5"], rows["E6"]) == (["20", "10"], ["–", "7"], ["6", "–"])
    assert rows["Бюджет"] == ["200 000 000 ₽", "100 000 000 ₽"]
    assert rows["Победителей"] == ["не ограничено", "1"]
    assert "Опытные образцы" in page


# --- the team and the expert


def test_a_team_is_asked_first_and_sees_what_follows(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41-2027")
        series = factories.nomination(
            session, contest, weights={"C4": None}, cap_per_application="130000000.00", budget="300000000.00"
        ).id
        pilot = factories.nomination(session, contest, "pilot").id
        item = whole_draft(session, contest)
        assert item.team is not None
        ident, person = item.id, item.team.members[0].user_id
    team = sign_in(person)
    tasks = re.findall(r'class="task-list__link" href="([^"]+)"', team.get(f"/applications/{ident}").text)
    assert tasks[0] == f"/applications/{ident}/nomination"
    path = f"/applications/{ident}/nomination"
    page = team.get(path).text
    assert "не более 130 000 000 ₽ на одну заявку, бюджет 300 000 000 ₽" in page.replace("\u00a0", " ")
    wrong = team.post(path, data=filled(team, path, nomination="abc"))
    assert wrong.status_code == 422
    assert team.post(path, data=filled(team, path, nomination="999999")).status_code == 422
    assert team.post(path, data=filled(team, path, nomination=str(series))).status_code == 303
    assert "Номинация series" in team.get(f"/applications/{ident}/check").text
    indicators = team.get(f"/applications/{ident}/indicators").text
    assert 'data-answer="payback_years" hidden' in indicators
    assert 'data-answer="jobs">' in indicators
    late = team.post(path, data=filled(team, path, nomination=str(pilot), was=""))
    assert (late.status_code, "Номинация series" in late.text) == (409, True)


def test_an_expert_sees_and_gives_marks_for_what_is_judged(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41-2027")
        home = factories.nomination(session, contest, weights={"E1": None, "C1": None})
        item = factories.application(session, contest, nomination=home)
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, item, "accepted").id
        person = expert.user_id
    client = sign_in(person)
    page = client.get(f"/reviews/{review}").text
    assert 'name="mark-E1"' not in page
    assert 'name="mark-E2"' in page
    assert "1 из" not in client.get("/reviews").text
    data = {"version": "1", "mark-E1": "7", "mark-E2": "6"}
    assert client.post(f"/reviews/{review}/draft", data=data).status_code == 303
    with store() as session:
        assert session.get_one(Review, review).scores == {"E2": "6"}
