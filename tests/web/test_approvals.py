"""Roles take two administrators; links in letters are their readers' alone; the console does without either."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from judging.models import Grant, GrantRequest, JournalRecord, Letter, User
from judging.services import letters
from judging.services.accounts.role_approvals import WAITS
from tests import factories as make

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

NOW = make.MOMENT
LIST = "/people/requests"


@pytest.fixture(autouse=True)
def standing_clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def two(store, sign_in):
    """Two administrators: (browser, id) of each."""
    with store() as session:
        ids = [make.user(session, "administrator", name=name).id for name in ("Первый Админ", "Второй Админ")]
    return [(sign_in(user_id), user_id) for user_id in ids]


@pytest.fixture
def member(store):
    with store() as session:
        return make.user(session, name="Сотрудник", email="member@example.org").id


def where(response):
    return response.status_code, response.headers.get("Location")


def ask(browser, user_id, role="chair", contest_id=0):
    return browser.post(f"/people/{user_id}/roles", data={"role": role, "contest_id": contest_id})


def roles(store, user_id):
    with store() as session:
        return list(session.scalars(select(Grant.role).where(Grant.user_id == user_id).order_by(Grant.id)))


def request_id(store):
    with store() as session:
        return session.scalars(select(GrantRequest.id).order_by(GrantRequest.id.desc())).first()


def events(store):
    with store() as session:
        return [
            (record.event, record.actor_name, record.details)
            for record in session.scalars(select(JournalRecord).order_by(JournalRecord.id))
        ]


@pytest.mark.parametrize("role", ["secretary", "chair", "observer", "administrator"])
def test_one_asks_and_another_approves(store, two, member, role):
    (first, _), (second, _) = two
    assert where(ask(first, member, role)) == (303, f"/people/{member}")
    assert roles(store, member) == []
    page = first.get(LIST).text
    assert ("Сотрудник" in page, "Отозвать" in page, "Одобрить" in page) == (True, True, False)
    path = f"{LIST}/{request_id(store)}/approval"
    own = first.post(path)
    assert (own.status_code, "Вы сами запросили эту роль" in own.text, roles(store, member)) == (422, True, [])
    assert "Одобрить" in second.get(LIST).text
    assert where(second.post(path)) == (303, LIST)
    assert roles(store, member) == [role]
    assert events(store) == [
        ("role.asked", "Первый Админ", {"role": role}),
        ("role.granted", "Второй Админ", {"role": role, "asked_by": "Первый Админ"}),
    ]
    again = second.post(path)
    assert (again.status_code, roles(store, member)) == (422, [role])


@pytest.mark.parametrize("role", ["secretary", "chair", "observer"])
def test_nobody_gives_himself_a_role(store, two, role):
    (first, own_id), _ = two
    ask(first, own_id, role)
    first.post(f"{LIST}/{request_id(store)}/approval")
    assert roles(store, own_id) == ["administrator"]


OWN = "Эта роль предназначена вам"


@pytest.mark.parametrize("invited", [False, True])
def test_nobody_approves_a_role_of_his_own(store, two, sign_in, invited):
    (first, _), (second, second_id) = two
    with store() as session:
        third_id, email = make.user(session, "administrator").id, session.get_one(User, second_id).email
    third = sign_in(third_id)
    if invited:
        form = {"name": "Второй Админ", "email": email.upper(), "role": "secretary", "contest_id": 0}
        assert where(first.post("/people/invitations", data=form)) == (303, LIST)
    else:
        assert where(ask(first, second_id, "secretary")) == (303, f"/people/{second_id}")
    pages = [browser.get(LIST).text for browser in (first, second, third)]
    assert [("Одобрить" in page, OWN in page, "Отклонить" in page) for page in pages] == [
        (False, False, False), (False, True, True), (True, False, True),
    ]  # fmt: skip
    path = f"{LIST}/{request_id(store)}/approval"
    own = second.post(path)
    assert (own.status_code, OWN in own.text) == (422, True)
    assert (roles(store, second_id), [event for event, _, _ in events(store)]) == (["administrator"], ["role.asked"])
    with store() as session:
        assert session.scalar(select(Letter.id)) is None
    assert where(third.post(path)) == (303, LIST)
    assert [event for event, _, _ in events(store)][1:] == ["invitation.sent" if invited else "role.granted"]


def test_an_invitation_goes_out_when_it_is_approved(store, two):
    (first, _), (second, _) = two
    form = {"name": "Секретарёва О.", "email": "Own@Example.org", "role": "secretary", "contest_id": 0}
    assert where(first.post("/people/invitations", data=form)) == (303, LIST)
    with store() as session:
        assert session.scalar(select(Letter.id)) is None
    second.post(f"{LIST}/{request_id(store)}/approval")
    with store() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.recipient, "Первый Админ" in letter.body) == ("own@example.org", True)
    assert [event for event, _, _ in events(store)] == ["role.asked", "invitation.sent"]
    assert "own@<wbr>example.<wbr>org" in first.get("/people/invitations").text


def test_a_request_is_refused_taken_back_or_expires(store, two, member, standing_clock):
    (first, _), (second, _) = two
    for browser, outcome in ((second, "refused"), (first, "withdrawn")):
        ask(first, member)
        assert where(browser.post(f"{LIST}/{request_id(store)}/refusal")) == (303, LIST)
        assert events(store)[-1][2] == {"role": "chair", "outcome": outcome, "asked_by": "Первый Админ"}
    ask(first, member)
    last = request_id(store)
    with store() as session:
        session.get_one(GrantRequest, last).expires_at = NOW
    assert "Сотрудник" not in second.get(LIST).text
    assert second.post(f"{LIST}/{last}/approval").status_code == 422
    assert (roles(store, member), WAITS) == ([], timedelta(days=7))


def test_the_same_role_is_asked_for_once(store, two, member):
    (first, _), (second, _) = two
    ask(first, member)
    again = ask(second, member)
    assert (again.status_code, "Эта роль уже запрошена" in again.text) == (422, True)
    second.post(f"{LIST}/{request_id(store)}/approval")
    assert where(ask(second, member)) == (303, f"/people/{member}")
    assert len(events(store)) == 2


def test_where_there_is_one_administrator_the_console_is_named(store, sign_in, member):
    with store() as session:
        alone = make.user(session, "administrator").id
    browser = sign_in(alone)
    ask(browser, member)
    page = browser.get(LIST).text
    assert "judging grant EMAIL ROLE" in page
    assert browser.get("/people").text.count("1 роль ждёт одобрения") == 1


def test_a_press_twice_approves_once(store, two, member):
    (first, _), (second, _) = two
    ask(first, member)
    path = f"{LIST}/{request_id(store)}/approval"
    answers = [where(second.post(path, data={"request_key": "k"})) for _ in range(2)]
    assert answers == [(303, LIST)] * 2
    assert len(events(store)) == 2


@pytest.mark.parametrize("mail_url", ["", "smtp://localhost"])
def test_the_administrator_never_sees_a_live_link(app, store, two, monkeypatch, mail_url):
    config = app.config["JUDGING"]
    monkeypatch.setitem(app.config, "JUDGING", type(config)(**vars(config) | {"mail_url": mail_url}))
    with store() as session:
        ids = [
            letters.queue(
                session, key=path, recipient="a@example.org", subject="s", body=f"http://x/{path}/secret-token", now=NOW
            )
            for path in ("confirm", "reset-password", "invitations")
        ]
    pages = [two[0][0].get(f"/letters/{letter_id}").text for letter_id in ids]
    assert ["secret-token" in page for page in pages] == [False] * 3
    assert [f"judging outbox {letter_id}" in page for letter_id, page in zip(ids, pages, strict=True)] == [
        not mail_url
    ] * 3


class TestConsole:
    def run(self, app, *arguments):
        return app.test_cli_runner().invoke(args=["judging", *arguments])

    def test_gives_a_role_to_an_account(self, app, store, member):
        with store() as session:
            make.contest(session, code="HERE")
        for said in ("is secretary now", "is secretary already"):
            result = self.run(app, "grant", "Member@example.org", "secretary", "--contest", "HERE")
            assert (result.exit_code, said in result.output) == (0, True)
        assert roles(store, member) == ["secretary"]
        assert events(store) == [("role.granted", "console", {"role": "secretary"})]

    def test_invites_where_there_is_no_account_and_shows_the_link(self, app, store, client):
        result = self.run(app, "grant", "new@example.org", "chair", "--name", "Новый")
        number = re.search(r"letter (\d+) of the outbox", result.output)[1]
        assert number in self.run(app, "outbox").output
        path = re.search(r"/invitations/\S+", self.run(app, "outbox", number).output)[0]
        assert client.get(path).status_code == 200

    def test_says_what_is_wrong(self, app, store):
        assert "no contest NOWHERE" in self.run(app, "grant", "a@example.org", "chair", "--contest", "NOWHERE").output
        assert "no letter 99" in self.run(app, "outbox", "99").output
        assert self.run(app, "grant", "nobody", "chair").exit_code == 2
        assert "No letters wait." in self.run(app, "outbox").output
        with store() as session:
            assert session.scalar(select(User.id)) is None
