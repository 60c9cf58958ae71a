import re
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select

from judging.domain.access import CONSOLE, By, Role
from judging.models import Grant, GrantRequest, JournalRecord, Letter, Link, SignIn, User
from judging.services import accounts, letters
from judging.services.accounts import password_hashing
from tests import factories as make
from tests.recording import queries

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

NOW = make.MOMENT
PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
REGISTRATION = {
    "team": "Камский кластер", "name": "Ахметов Рустам", "email": "team@example.org", "password": PASSWORD,
    "consent": "y",
}  # fmt: skip


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Little work in hashing, and a clock that stands."""
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member(store):
    """A person with a password: (id, email)."""
    with store() as session:
        user = make.user(session, password_hash=accounts.hash_password(PASSWORD))
        make.team(session, user)
        return user.id, user.email


@pytest.fixture
def admin(store, sign_in):
    """The administrator's browser."""
    with store() as session:
        user_id = make.user(session, "administrator", name="Админ").id
    return sign_in(user_id)


def last_link(store, path):
    with store() as session:
        body = session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    return re.search(rf"/{path}/\S+", body)[0]


def stored(store, what):
    with store() as session:
        return list(session.scalars(select(what)))


def approve(store):
    """As another administrator does."""
    with store() as session:
        asked = session.scalars(select(GrantRequest.id).where(GrantRequest.decided_at.is_(None))).one()
        accounts.approve_role(session, asked, by=By(CONSOLE, NOW), base_url="http://x")


def where(response):
    return response.status_code, response.headers.get("Location")


class TestComingIn:
    def test_a_team_registers_confirms_and_signs_in(self, client, store):
        assert where(client.post("/register", data=REGISTRATION)) == (303, "/register/sent")
        path = last_link(store, "confirm")
        page = client.get(path)
        assert (page.status_code, "Камский кластер" in page.text, stored(store, User.id)) == (200, True, [])
        wrong = client.post(path, data={"password": "не тот пароль"} | key_of(page))
        assert (wrong.status_code, "Это не тот пароль, который выбран при регистрации." in wrong.text) == (422, True)
        assert stored(store, User.id) == []
        assert where(client.post(path, data={"password": PASSWORD} | key_of(wrong))) == (303, "/applications")
        assert client.get("/account").status_code == 200
        again = client.post(path, data={"password": PASSWORD})
        assert (again.status_code, "уже использована" in again.text) == (410, True)
        client.post("/sign-out")
        answer = client.post("/sign-in", data={"email": "team@example.org", "password": PASSWORD})
        assert where(answer) == (303, "/applications")

    def test_a_wrong_password_at_the_confirmation_leaves_who_was_signed_in_signed_in(self, client, store, sign_in):
        client.post("/register", data=REGISTRATION)
        with store() as session:
            person = make.user(session, "secretary").id
        path, other = last_link(store, "confirm"), sign_in(person)
        assert other.post(path, data={"password": "не тот пароль"}).status_code == 422
        assert other.get("/staff/contests").status_code == 200
        assert where(other.post(path, data={"password": PASSWORD})) == (303, "/applications")
        assert other.get("/staff/contests").status_code in (403, 404)

    def test_invalid_registration_keeps_what_was_typed_and_stores_nothing(self, client, store):
        answer = client.post("/register", data=REGISTRATION | {"password": "мало", "consent": ""})
        assert (answer.status_code, stored(store, Link.id)) == (422, [])
        assert "Камский кластер" in answer.text
        assert "Без согласия учётную запись создать нельзя" in answer.text
        answer = client.post("/register", data=REGISTRATION | {"password": "мало"})
        assert "Пароль должен быть не короче 12 знаков." in answer.text
        assert PASSWORD not in answer.text

    def test_a_replayed_registration_is_one(self, client, store):
        for _ in range(2):
            assert where(client.post("/register", data=REGISTRATION | {"request_key": "k"})) == (303, "/register/sent")
        assert len(stored(store, Letter.id)) == 1

    @pytest.mark.parametrize("path", ["/register", "/forgot-password"])
    def test_known_and_unknown_addresses_get_the_same_bytes(self, client, member, path):
        pages = []
        client.get(path)
        for email in (member[1], "unknown@example.org"):
            answer = client.post(path, data=REGISTRATION | {"email": email})
            pages.append((where(answer), answer.data, client.get(answer.headers["Location"]).data))
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("path", ["/register", "/forgot-password", "/sign-in"])
    def test_known_and_unknown_and_blocked_addresses_cost_the_same_statements(self, client, store, member, path):
        with store() as session:
            blocked = make.user(session, active=False, password_hash=accounts.hash_password(PASSWORD)).email
        emails, counts = (member[1], "unknown@example.org", blocked, member[1], "unknown@example.org"), []
        for number, email in enumerate(emails):
            form = REGISTRATION | {"email": email, "request_key": f"{path}{number}"}
            form |= {"password": "не тот пароль"} if path == "/sign-in" else {}
            counts.append(queries(lambda form=form: client.post(path, data=form)))
        assert counts == [counts[0]] * len(emails)

    def test_wrong_password_and_unknown_address_get_the_same_bytes(self, app, member):
        answers = [
            app.test_client().post("/sign-in", data={"email": email, "password": "неверно", "request_key": "k"})
            for email in (member[1], "x" * len(member[1].partition("@")[0]) + "@example.org")
        ]
        pages = [re.sub(r'value="[^"]*@example.org"', "", answer.text) for answer in answers]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert strip_tokens(pages[0]) == strip_tokens(pages[1])
        assert "Неверный адрес электронной почты или пароль." in pages[0]

    def test_an_unknown_address_costs_a_hash_too(self, client, member, monkeypatch):
        checked = []
        real = password_hashing._fits
        monkeypatch.setattr(password_hashing, "_fits", lambda stored, pw: checked.append(pw) or real(stored, pw))
        for email in ("unknown@example.org", member[1]):
            client.post("/sign-in", data={"email": email, "password": "неверно"})
        assert checked == ["неверно", "неверно"]

    @pytest.mark.parametrize(
        ("target", "path"),
        [
            ("/account?x=1", "/account?x=1"), ("https://evil.example", None), ("//evil.example", None),
            ("/\\evil.example", None), ("javascript:alert(1)", None), ("/a\tb", None), ("", None),
        ],
    )  # fmt: skip
    def test_next_leads_to_local_paths_only(self, client, member, target, path):
        form = {"email": member[1], "password": PASSWORD, "next": target}
        assert where(client.post("/sign-in", data=form)) == (303, path or "/applications")

    def test_signing_in_begins_a_fresh_session(self, app, client, store, member):
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["planted"], cookie["locale"] = "planted-token", "x", "en"
        client.post("/sign-in", data={"email": member[1], "password": PASSWORD})
        with client.session_transaction() as cookie:
            first = dict(cookie)
        assert "planted" not in first
        assert (first["_user_id"] == "planted-token", first["locale"]) == (False, "en")
        client.post("/sign-in", data={"email": member[1], "password": PASSWORD})
        with store() as session:
            ended = list(session.scalars(select(SignIn.revoked_at).order_by(SignIn.id)))
        assert ended == [NOW, None]

    def test_a_blocked_person_is_told_so(self, client, store, member):
        with store() as session:
            session.get_one(User, member[0]).active = False
        answer = client.post("/sign-in", data={"email": member[1], "password": PASSWORD})
        assert (answer.status_code, "Учётная запись заблокирована" in answer.text) == (422, True)

    def test_a_forgotten_password_is_set_anew_once(self, client, store, member):
        client.post("/forgot-password", data={"email": member[1].upper()})
        path = last_link(store, "reset-password")
        assert client.get(path).status_code == 200
        weak = client.post(path, data={"password": "мало"})
        assert (weak.status_code, "не короче 12 знаков" in weak.text) == (422, True)
        assert where(client.post(path, data={"password": "новая фраза из слов"})) == (303, "/sign-in")
        assert client.get(path).status_code == 410
        answer = client.post("/sign-in", data={"email": member[1], "password": "новая фраза из слов"})
        assert answer.status_code == 303

    def test_a_link_that_is_no_link_says_what_to_do(self, client):
        for path, words in (
            ("/confirm/x", "Зарегистрироваться заново"),
            ("/reset-password/x", "Запросить новую ссылку"),
            ("/invitations/x", "попросите пригласившего"),
        ):
            page = client.get(path)
            assert (page.status_code, words in page.text) == (410, True)


def strip_tokens(page):
    return re.sub(r'(name="csrf_token" value|name="request_key"[^>]*value|value)="[^"]*"', "", page)


class TestInvitations:
    def test_staff_are_invited_and_accept_by_a_press(self, client, store, admin):
        with store() as session:
            contest_id = make.contest(session, title="Конкурс года").id
        form = {"name": "Секретарёва О.", "email": "Sec@example.org", "role": "secretary", "contest_id": contest_id}
        assert where(admin.post("/people/invitations", data=form)) == (303, "/people/requests")
        approve(store)
        assert "sec@<wbr>example.<wbr>org" in admin.get("/people/invitations").text
        path = last_link(store, "invitations")
        for _ in range(2):
            page = client.get(path)
            assert ("Конкурс года" in page.text, "Секретарь" in page.text or "Secretary" in page.text) == (True, True)
        assert stored(store, Link.used_at) == [None]
        refused = client.post(path, data={"name": "Секретарёва Ольга", "password": "мало"})
        assert (refused.status_code, "Секретарёва Ольга" in refused.text) == (422, True)
        accepted = client.post(path, data={"name": "Секретарёва Ольга", "password": PASSWORD})
        assert where(accepted) == (303, "/sign-in")
        assert client.post(path, data={"name": "Б", "password": PASSWORD}).status_code == 410
        with store() as session:
            user = session.scalars(select(User).where(User.email == "sec@example.org")).one()
            assert (user.name, [(g.role, g.contest_id) for g in user.grants]) == (
                "Секретарёва Ольга", [("secretary", contest_id)],
            )  # fmt: skip

    def test_somebody_with_an_account_only_presses(self, client, store, member):
        with store() as session:
            accounts.invite(
                session,
                accounts.Invitation(email=member[1], name="X", role=Role.CHAIR),
                by=By(CONSOLE, NOW),
                base_url="http://x",
            )
        path = last_link(store, "invitations")
        assert 'type="password"' not in client.get(path).text
        assert where(client.post(path)) == (303, "/sign-in")
        assert stored(store, Grant.role) == ["chair"]

    def test_a_faulty_invitation_keeps_what_was_typed(self, store, admin):
        answer = admin.post(
            "/people/invitations", data={"name": "Имя", "email": "нет", "role": "boss", "contest_id": 0}
        )
        assert (answer.status_code, 'value="нет"' in answer.text, stored(store, Link.id)) == (422, True, [])
        with store() as session:
            contest_id = make.contest(session).id
        form = {"name": "Имя", "email": "a@example.org", "role": "administrator", "contest_id": contest_id}
        answer = admin.post("/people/invitations", data=form)
        assert (answer.status_code, "сразу на все конкурсы." in answer.text) == (422, True)


def key_of(page):
    """The key of the form that a page shows."""
    return {"request_key": re.search(r'name="request_key"[^>]*value="([^"]+)"', page.text)[1]}


class TestOwnAccount:
    def test_profile_and_language(self, store, sign_in, member):
        browser = sign_in(member[0])
        assert where(browser.post("/account", data={"name": " Новое  Имя ", "locale": "en"})) == (303, "/account")
        assert 'lang="en"' in browser.get("/account").text
        assert browser.post("/account", data={"name": "", "locale": "en"}).status_code == 422
        with store() as session:
            assert session.get_one(User, member[0]).name == "Новое Имя"
            assert list(session.scalars(select(JournalRecord.event))) == ["account.changed"]

    def test_a_new_password_ends_the_other_sessions(self, sign_in, member):
        here, there = sign_in(member[0]), sign_in(member[0])
        form = {"current": "нет", "password": "новая фраза из слов"}
        wrong = here.post("/account/password", data=form | key_of(here.get("/account/password")))
        assert (wrong.status_code, "Действующий пароль введён неверно." in wrong.text) == (422, True)
        right = here.post("/account/password", data=form | {"current": PASSWORD} | key_of(wrong))
        assert where(right) == (303, "/account")
        assert [b.get("/account").status_code for b in (here, there)] == [200, 302]

    def test_a_revoked_session_is_signed_out_at_once(self, store, sign_in, member):
        here, there = sign_in(member[0]), sign_in(member[0])
        first, second = stored(store, SignIn.id)
        assert "Это устройство" in here.get("/account/sessions").text
        path = f"/account/sessions/{second}/revocation"
        assert where(here.post(path)) == (303, "/account/sessions")
        assert where(there.get("/account")) == (302, "/sign-in?next=/account?")
        assert where(here.post(f"/account/sessions/{first}/revocation")) == (303, "/sign-in")
        assert here.get("/account").status_code == 302

    def test_sessions_of_others_do_not_exist(self, store, sign_in, member, admin):
        sign_in(member[0])
        with store() as session:
            theirs = session.scalars(select(SignIn.id).where(SignIn.user_id == member[0])).one()
        assert admin.post(f"/account/sessions/{theirs}/revocation").status_code == 404

    def test_signing_out_here_and_everywhere(self, sign_in, member):
        browsers = [sign_in(member[0]) for _ in range(3)]
        browsers[0].post("/sign-out")
        assert [b.get("/account").status_code for b in browsers] == [302, 200, 200]
        browsers[1].post("/account/sessions/revocation")
        assert [b.get("/account").status_code for b in browsers] == [302, 302, 302]

    def test_an_ended_session_and_a_blocked_account_are_out(self, store, sign_in, member):
        browser = sign_in(member[0])
        with store() as session:
            session.scalars(select(SignIn)).one().expires_at = NOW
        assert browser.get("/account").status_code == 302


class TestPeople:
    def test_the_list_searches_filters_and_sorts(self, store, admin):
        with store() as session:
            contest = make.contest(session)
            make.user(session, "chair", contest, name="Пётр Ёлкин", email="chair@example.org")
            make.expert(session, contest, make.user(session, name="Эксперт Анна", email="expert@example.org"))
            make.team(session, make.user(session, name="Командный", email="team@example.org"))
            make.user(session, name="Блок", email="blocked@example.org", active=False)

        def found(query):
            return re.findall(r'<a href="/people/\d+">([^<]*)</a>', admin.get(f"/people{query}").text)

        assert found("") == ["Админ", "Блок", "Командный", "Пётр Ёлкин", "Эксперт Анна"]
        assert found("?sort=-name") == ["Эксперт Анна", "Пётр Ёлкин", "Командный", "Блок", "Админ"]
        assert found("?q=петр+елк") == ["Пётр Ёлкин"]
        assert found("?q=TEAM@") == ["Командный"]
        assert found("?q=%25") == []
        assert [found(f"?role={kind}") for kind in ("chair", "expert", "team", "blocked", "nonsense")] == [
            ["Пётр Ёлкин"], ["Эксперт Анна"], ["Командный"], ["Блок"],
            ["Админ", "Блок", "Командный", "Пётр Ёлкин", "Эксперт Анна"],
        ]  # fmt: skip

    def test_the_number_of_queries_does_not_grow(self, store, admin):
        counts = []
        for number in (1, 30):
            with store() as session:
                for _ in range(number):
                    make.user(session, "observer", password_hash="x")
                    letters.queue(session, key=f"{number}{_}", recipient="a@b.c", subject="s", body="b", now=NOW)
            counts.append([queries(lambda path=path: admin.get(path)) for path in ("/people", "/letters", "/journal")])
        assert counts[0] == counts[1]

    def test_roles_are_given_and_taken(self, store, admin, member):
        path = f"/people/{member[0]}"
        form = {"role": "observer", "contest_id": 0}
        assert where(admin.post(f"{path}/roles", data=form)) == (303, path)
        approve(store)
        assert "Все конкурсы" in admin.get(path).text
        with store() as session:
            grant_id = session.scalars(select(Grant.id).where(Grant.user_id == member[0])).one()
        assert where(admin.post(f"{path}/roles/{grant_id}/revocation")) == (303, path)
        assert where(admin.post(f"{path}/roles/{grant_id}/revocation")) == (303, path)
        assert admin.post(f"{path}/roles", data={"role": "god", "contest_id": 0}).status_code == 422
        assert stored(store, Grant.role) == ["administrator"]
        assert stored(store, JournalRecord.event) == ["role.asked", "role.granted", "role.revoked"]

    def test_blocking_puts_the_person_out_at_once(self, sign_in, admin, member):
        browser = sign_in(member[0])
        assert where(admin.post(f"/people/{member[0]}/block")) == (303, f"/people/{member[0]}")
        assert browser.get("/account").status_code == 302
        assert "заблокирована" in admin.get(f"/people/{member[0]}").text
        admin.post(f"/people/{member[0]}/unblock")
        assert "Заблокировать" in admin.get(f"/people/{member[0]}").text

    def test_the_last_administrator_stays(self, store, admin):
        with store() as session:
            grant = session.scalars(select(Grant)).one()
            path = f"/people/{grant.user_id}/roles/{grant.id}/revocation"
        assert admin.post(path).status_code == 422
        assert stored(store, Grant.role) == ["administrator"]

    @pytest.mark.parametrize("role", [None, "secretary", "chair", "observer"])
    def test_only_the_administrator_comes_here(self, store, sign_in, client, role):
        with store() as session:
            user_id = make.user(session, role).id
        browser = sign_in(user_id)
        for path in ("/people", f"/people/{user_id}", "/people/invitations", "/letters", "/letters/1", "/journal"):
            assert (path, browser.get(path).status_code, client.get(path).status_code) == (path, 403, 302)
        assert browser.post(f"/people/{user_id}/roles", data={"role": "administrator"}).status_code == 403

    def test_the_administrator_cannot_see_applications(self, store, admin):
        with store() as session:
            application_id = make.application(session, make.contest(session)).id
        assert admin.get(f"/applications/{application_id}").status_code in (403, 404)

    def test_nobody_by_that_number(self, admin):
        assert [admin.get(path).status_code for path in ("/people/999", "/letters/999")] == [404, 404]


def test_pages_are_in_english_too(client):
    with client.session_transaction() as cookie:
        cookie["locale"] = "en"
    assert "No account yet?" in client.get("/sign-in").text


def test_a_visitor_is_led_back_after_signing_in(client, member):
    led = client.get("/account/sessions")
    assert where(led) == (302, "/sign-in?next=/account/sessions?")
    assert 'value="/account/sessions?"' in client.get(led.headers["Location"]).text


def test_links_in_letters_start_with_the_public_address(app, client, store, monkeypatch):
    config = app.config["JUDGING"]
    monkeypatch.setitem(
        app.config, "JUDGING", type(config)(**{**vars(config), "public_url": "https://contest.example"})
    )
    client.post("/register", data=REGISTRATION)
    with store() as session:
        assert "https://contest.example/confirm/" in session.scalars(select(Letter.body)).one()


def test_expired_link_page(client, store):
    client.post("/register", data=REGISTRATION)
    path = last_link(store, "confirm")
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        page = client.get(path)
    assert (page.status_code, "Срок действия этой ссылки истёк." in page.text) == (410, True)
