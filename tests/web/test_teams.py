"""The pages of teams: who is invited, taken in and removed there, and what nobody else ever sees of a team."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import ApplicationMember, Document, Letter, TeamInvitation, TeamMember, TeamRequest, User
from judging.services import accounts
from judging.services.accounts import password_hashing
from judging.web.applications import pages_documents
from tests import factories as make
from tests.conftest import Store
from tests.hostile import documents

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

NOW = make.MOMENT
PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
SignInAs = Callable[[int], FlaskClient]
REGISTRATION = {"team": "камский КЛАСТЕР", "name": "Новиков Олег", "email": "new@example.org", "password": PASSWORD,
                "consent": "y"}  # fmt: skip


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Little work in hashing, and a clock that stands."""
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class World:
    team: int
    lead: int
    mate: int
    head: int
    draft: int
    email: str


@pytest.fixture
def world(store: Store) -> World:
    """A team with a lead, a mate and a head, and its draft in a contest that asks for the certification."""
    with store() as session:
        secret = accounts.hash_password(PASSWORD)
        people = [make.user(session, name=name, password_hash=secret) for name in ("Лидова", "Матвеев", "Главин")]
        team = make.team(session, *people, name="Камский кластер")
        team.members[-1].role = "head"
        contest = make.contest(session, code="PP41-2027", certification="required")
        draft = make.application(session, contest, make.cluster(session, contest, team), status="draft")
        draft.summary = "О" * 200
        for slot in contest.document_slots:
            if slot["required"]:
                make.document(session, draft, slot=slot["code"])
        lead, mate, head = (one.id for one in people)
        return World(team.id, lead, mate, head, draft.id, people[0].email)


def link(store: Store, path: str) -> str:
    with store() as session:
        bodies = session.scalars(select(Letter.body).order_by(Letter.id.desc())).all()
    return next(found[0] for body in bodies if (found := re.search(rf"/{path}/\S+", body)))


def where(answer) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Location")


def invite(client: FlaskClient, world: World, **values: str):
    form = {"name": "Гилязов Ренат", "email": "mate@example.org", "role": "member"} | values
    return client.post(f"/teams/{world.team}/invitations", data=form)


def test_a_newcomer_presses_and_is_in_the_team_and_opening_the_page_changes_nothing(
    client: FlaskClient, store: Store, sign_in: SignInAs, world: World
) -> None:
    assert where(invite(sign_in(world.lead), world)) == (303, "/team")
    page = link(store, "team-invitations")
    assert [client.get(page).status_code for _ in range(2)] == [200, 200]
    short = client.post(page, data={"name": "Гилязов Ренат Ильдарович", "password": PASSWORD})
    assert (short.status_code, "Гилязов Ренат Ильдарович" in short.text) == (422, True)
    full = {"name": "Гилязов Ренат Ильдарович", "password": PASSWORD, "consent": "y"}
    assert where(client.post(page, data=full)) == (303, "/applications")
    assert client.post(page, data=full).status_code == 410
    assert "Гилязов Ренат Ильдарович" in client.get("/team").text
    assert client.get(f"/applications/{world.draft}").status_code == 200


def test_who_has_an_account_signs_in_on_the_way_and_another_is_told_so(
    client: FlaskClient, store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        person = make.user(session, name="Своя", password_hash="x")
        ident, email = person.id, person.email
    invite(sign_in(world.lead), world, email=email)
    page = link(store, "team-invitations")
    assert f"/sign-in?next={page}" in client.get(page).text
    assert "выйдите и откройте ссылку снова" in sign_in(world.mate).get(page).text
    assert sign_in(world.mate).post(page).status_code == 422
    own = sign_in(ident)
    assert "Принять приглашение" in own.get(page).text
    assert where(own.post(page)) == (303, "/applications")


def test_the_answer_to_an_invitation_is_the_same_for_every_address(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        known = make.user(session).email
    client = sign_in(world.lead)
    pages = []
    for email in (known, "nobody@example.org"):
        answer = invite(client, world, email=email)
        page = client.get("/team").text.replace(email, "").replace(email.replace("@", "<wbr>@"), "")
        pages.append((where(answer), page.count("Отозвать")))
    assert [one for one, _ in pages] == [(303, "/team")] * 2


def test_letters_are_slowed_down_as_others_are(app: Flask, sign_in: SignInAs, world: World) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    client = sign_in(world.lead)
    answers = [invite(client, world).status_code for _ in range(8)]
    assert (answers[0], answers[-1]) == (303, 429)


def test_removed_sees_nothing_with_the_session_that_is_open(store: Store, sign_in: SignInAs, world: World) -> None:
    lead, mate = sign_in(world.lead), sign_in(world.mate)
    assert mate.get(f"/applications/{world.draft}").status_code == 200
    path = f"/teams/{world.team}/members/{world.mate}/removal"
    assert mate.post(path).status_code == 403
    assert where(lead.post(path)) == (303, "/team")
    assert [mate.get(page).status_code for page in (f"/applications/{world.draft}", "/team")] == [404, 403]
    assert lead.post(path).status_code == 422


def test_who_is_removed_while_a_file_is_looked_at_adds_nothing(
    store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, release = sign_in(world.mate), pages_documents.release
    with store() as session:
        before = session.scalars(select(Document.id)).all()
        slot = session.scalars(select(Document.slot)).first()

    def gone() -> None:
        release()
        with store() as session:
            session.delete(session.get_one(TeamMember, (world.team, world.mate)))

    monkeypatch.setattr(pages_documents, "release", gone)
    data = {"file": (io.BytesIO(documents.pdf()), "новый.pdf")}
    path = f"/applications/{world.draft}/documents/{slot}"
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 404
    with store() as session:
        assert session.scalars(select(Document.id)).all() == before


def test_a_replayed_press_acts_once(store: Store, sign_in: SignInAs, world: World) -> None:
    client = sign_in(world.lead)
    form = {"name": "Гилязов Ренат", "email": "mate@example.org", "role": "member", "request_key": "k" * 32}
    answers = [client.post(f"/teams/{world.team}/invitations", data=form).status_code for _ in range(2)]
    with store() as session:
        assert (answers, len(session.scalars(select(TeamInvitation)).all())) == ([303, 303], 1)


def test_the_same_name_is_offered_after_the_address_is_confirmed_and_the_lead_decides(
    client: FlaskClient, store: Store, sign_in: SignInAs, world: World
) -> None:
    assert where(client.post("/register", data=REGISTRATION)) == (303, "/register/sent")
    page = link(store, "confirm")
    shown = client.get(page).text
    assert ("Попросить принять меня в команду" in shown, "Лидова" in shown) == (True, False)
    assert client.post(page, data={"password": PASSWORD}).status_code == 422
    assert where(client.post(page, data={"password": PASSWORD, "way": "join"})) == (303, "/team/waiting")
    waiting = client.get("/team/waiting").text
    assert ("передана руководителю команды" in waiting, "Лидова" in waiting) == (True, False)
    assert client.get(f"/applications/{world.draft}").status_code == 404
    with store() as session:
        request = session.scalars(select(TeamRequest.id)).one()
    lead, mate = sign_in(world.lead), sign_in(world.mate)
    assert "Новиков Олег" in lead.get("/team").text
    path = f"/teams/{world.team}/requests/{request}/acceptance"
    assert mate.post(path).status_code == 403
    assert where(lead.post(path)) == (303, "/team")
    assert lead.post(path).status_code == 422
    assert client.get(f"/applications/{world.draft}").status_code == 200


def test_another_name_is_asked_nothing(client: FlaskClient, store: Store, world: World) -> None:
    client.post("/register", data=REGISTRATION | {"team": "Камский кластер 2"})
    page = link(store, "confirm")
    assert "Попросить принять" not in client.get(page).text
    assert where(client.post(page, data={"password": PASSWORD})) == (303, "/applications")


def test_a_contributor_sees_who_submits_and_a_forged_press_is_refused(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    mate, path = sign_in(world.mate), f"/applications/{world.draft}"
    page = mate.get(f"{path}/check").text
    assert ("Подаёт тот, кто ведёт заявку: Лидова" in page, f"{path}/submission" in page) == (True, False)
    forged = ("submission", "withdrawal", "certification/request", f"people/{world.mate}")
    assert [mate.post(f"{path}/{one}", data={"version": "1", "role": "lead"}).status_code for one in forged] == [
        403
    ] * 4
    with store() as session:
        session.add(ApplicationMember(application_id=world.draft, user_id=world.mate, role="reader", given_at=NOW))
    assert [mate.get(path + page).status_code for page in ("", "/sections/passport", "/check")] == [200, 403, 403]
    assert "Вы читаете этот черновик и ничего в нём не меняете" in mate.get(path).text


def test_a_section_is_assigned_and_marked_and_the_list_says_so(sign_in: SignInAs, world: World) -> None:
    lead, mate, path = sign_in(world.lead), sign_in(world.mate), f"/applications/{world.draft}"
    given = {"person": str(world.mate), "from": "people"}
    answer = lead.post(f"{path}/sections/finance/assignee", data=given)
    assert where(answer) == (303, f"{path}/people#sections")
    assert where(mate.post(f"{path}/sections/finance/mark", data={"done": "1"})) == (303, f"{path}/finance")
    page = lead.get(path).text
    assert ("Отвечает: Матвеев" in page, "Отмечено «Готово»: Матвеев" in page) == (True, True)
    assert mate.post(f"{path}/sections/finance/assignee", data={"person": str(world.lead)}).status_code == 422


def test_the_head_certifies_with_the_password_and_only_then_the_lead_submits(sign_in: SignInAs, world: World) -> None:
    lead, head, path = sign_in(world.lead), sign_in(world.head), f"/applications/{world.draft}"
    assert "Заявку должен утвердить руководитель организации" in lead.get(f"{path}/check").text
    assert where(lead.post(f"{path}/certification/request")) == (303, f"{path}/certification")
    page = head.get(f"{path}/certification").text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)[1]
    asked = head.post(f"{path}/certification", data={"seen": seen})
    if asked.status_code == 422:
        asked = head.post(f"{path}/certification", data={"seen": seen, "present_password": PASSWORD})
    assert where(asked) == (303, f"{path}/certification")
    assert "Утверждена" in lead.get(f"{path}/certification").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', lead.get(f"{path}/check").text)[1]
    assert where(lead.post(f"{path}/submission", data={"version": version})) == (303, f"{path}/receipt")


def test_an_administrator_mends_a_team_whose_only_person_is_gone(
    client: FlaskClient, store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        administrator = make.user(session, "administrator").id
        for one in session.scalars(select(TeamMember).where(TeamMember.user_id != world.lead)):
            session.delete(one)
        session.get_one(User, world.lead).active = False
    admin, path = sign_in(administrator), f"/people/teams/{world.team}"
    assert "Никто из тех, кто может войти" in admin.get("/people/teams?q=КАМСКИЙ").text
    form = {"name": "Новый Лидер", "email": "lead@example.org", "reason": ""}
    assert admin.post(f"{path}/invitations", data=form).status_code == 422
    answer = admin.post(f"{path}/invitations", data=form | {"reason": "Руководитель уволился"})
    assert where(answer) == (303, path)
    page = link(store, "team-invitations")
    client.post(page, data={"name": "Новый Лидер", "password": PASSWORD, "consent": "y"})
    assert "Руководитель команды" in client.get("/team").text


def told(answer, path: str) -> str:
    """What an answer that nothing is there says, without the address that was asked for."""
    assert answer.status_code == 404
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(path, ""))


def test_another_team_an_expert_and_a_visitor_see_no_name_of_a_team_and_no_difference(
    client: FlaskClient, store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        stranger = make.user(session)
        make.team(session, stranger)
        expert = make.user(session)
        ids = (stranger.id, expert.id)
        absent = world.team + 1000
    names = ("Лидова", "Матвеев", "Главин")
    paths = (
        f"/applications/{world.draft}",
        f"/applications/{world.draft}/people",
        f"/applications/{world.draft}/certification",
    )
    for person in ids:
        other = sign_in(person)
        for path in paths:
            absent_one = path.replace(f"/{world.draft}", "/999999")
            assert told(other.get(path), path) == told(other.get(absent_one), absent_one)
        for act in ("invitations", "departure", f"members/{world.mate}/removal", f"members/{world.mate}/lead"):
            there, nothing = (f"/teams/{team}/{act}" for team in (world.team, absent))
            assert told(other.post(there), there) == told(other.post(nothing), nothing)
        shown = "".join(other.get(page).text for page in ("/", "/team", "/team/waiting", "/contests/PP41-2027"))
        assert [name for name in names if name in shown] == []
    assert [name for name in names if name in client.get("/contests/PP41-2027").text] == []
