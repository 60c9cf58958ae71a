"""Sessions: their last use, their rest, their end; and the password once more before what weighs much."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select

from judging.domain.access import CONSOLE, By, Permission
from judging.domain.events import Event
from judging.models import Application, Cluster, JournalRecord, Review, SignIn, User
from judging.models.turns import DatabaseBusy
from judging.models.units import UnitOfWork
from judging.queries.invariants.journal import times_running_back
from judging.services import accounts, audit
from judging.services.accounts import password_hashing
from judging.services.accounts.sessions import end_sessions
from judging.web import password_confirmation
from judging.web.access import token_hash
from tests import factories as make
from tests.conftest import application
from tests.recording import statements
from tests.services.test_applications import whole_draft
from tests.web.test_applications import PDF

NOW = make.MOMENT
PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
IDLE = timedelta(minutes=120)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Little work in hashing, and a clock that stands."""
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


TYPED, NAME = re.compile(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>"), "Фамилия, имя и отчество"


@pytest.fixture
def person(store):
    with store() as session:
        return make.user(session, "administrator", name="Было", password_hash=accounts.hash_password(PASSWORD)).id


@pytest.fixture
def browser(app, store, person):
    """A browser signed in just now."""
    return signed_in(app, store, person)


def signed_in(app, store, user_id, token="token", seen_at=None):
    with store() as session:
        session.add(
            SignIn(
                user_id=user_id, token_hash=token_hash(token), created_at=NOW, expires_at=NOW + timedelta(hours=12),
                seen_at=seen_at, browser="Firefox/1 Windows", address="10.0.0.7",
            )
        )  # fmt: skip
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def stored(store, what):
    with store() as session:
        return list(session.scalars(select(what)))


def where(response):
    return response.status_code, response.headers.get("Location")


class TestUse:
    def test_is_noted_after_the_answer_and_every_few_minutes_at_most(self, store, browser, clock):
        noted = []
        for minutes in (0, 4, 2, 3, 2, 5):
            clock.shift(timedelta(minutes=minutes))
            browser.get("/account").close()
            noted += stored(store, SignIn.seen_at)
        assert [at and (at - NOW).seconds // 60 for at in noted] == [None, None, 6, 6, 11, 16]

    def test_a_page_itself_writes_nothing(self, store, browser, clock):
        clock.shift(timedelta(minutes=10))
        with statements() as begun:
            answer = browser.get("/account")
            assert [statement for statement in begun if statement.split()[0] not in ("SELECT", "BEGIN")] == []
            answer.close()
        assert begun[-1].startswith("UPDATE sign_ins")

    def test_what_a_page_asks_by_itself_is_no_use(self, store, browser, clock):
        clock.shift(timedelta(minutes=10))
        browser.get("/account", headers={"Accept": "application/json"}).close()
        browser.get("/account", headers={"X-Requested-With": "fetch"}).close()
        assert stored(store, SignIn.seen_at) == [None]


class TestRest:
    def test_a_session_that_is_used_goes_on(self, browser, clock):
        for _ in range(4):
            clock.shift(IDLE - timedelta(minutes=1))
            answer = browser.get("/account")
            assert answer.status_code == 200
            answer.close()

    def test_one_that_was_not_used_for_long_opens_nothing(self, browser, clock):
        clock.shift(IDLE)
        assert where(browser.get("/account")) == (302, "/sign-in?next=/account?")
        assert "Вы долго ничего не делали" in browser.get("/sign-in?next=/account").text

    @pytest.mark.parametrize("away", [IDLE, timedelta(hours=13)])
    def test_a_form_sent_after_a_rest_is_kept_and_goes_on_with_the_password(self, store, browser, clock, away):
        clock.shift(away)
        form = {"name": "Новое Имя", "locale": "ru", "request_key": "k"}
        page = browser.post("/account", data=form)
        assert page.status_code == 422
        assert all(f'name="{name}" value="{value}"' in page.text for name, value in form.items())
        assert stored(store, User.name) == ["Было"]
        wrong = browser.post("/account", data=form | {"present_password": "неверно"})
        assert (wrong.status_code, "введён неверно" in wrong.text) == (422, True)
        for _ in range(2):
            assert where(browser.post("/account", data=form | {"present_password": PASSWORD})) == (303, "/account")
        assert stored(store, User.name) == ["Новое Имя"]
        assert stored(store, JournalRecord.event).count("account.changed") == 1
        assert browser.get("/account").status_code == 200

    def test_a_script_is_told_in_words(self, browser, clock):
        clock.shift(IDLE)
        answer = browser.post("/account", data={"name": "X"}, headers={"X-Requested-With": "fetch"})
        assert answer.status_code == 401
        assert answer.json["message"].startswith("Вы вышли. Войдите снова – набранное сохранено в этом браузере")

    @pytest.mark.parametrize("end", ["revoked", "blocked"])
    def test_what_was_ended_wakes_no_more(self, store, browser, clock, end):
        clock.shift(IDLE)
        with store() as session:
            if end == "revoked":
                session.scalars(select(SignIn)).one().revoked_at = NOW
            else:
                session.scalars(select(User)).one().active = False
        answer = browser.post("/account", data={"name": "Набранное с трудом", "present_password": PASSWORD})
        assert (answer.status_code, TYPED.findall(answer.text)) == (401, [(NAME, "Набранное с трудом")])
        assert (PASSWORD in answer.text, stored(store, User.name)) == (False, ["Было"])
        empty = browser.post("/account/sessions/revocation", data={"present_password": PASSWORD})
        assert where(empty) == (302, "/sign-in")

    def test_one_that_is_ended_while_the_password_is_proved_leaves_a_visitor(self, store, browser, clock, monkeypatch):
        clock.shift(IDLE)
        monkeypatch.setattr(password_confirmation, "load_sign_in", lambda token: None)
        answer = browser.post("/account", data={"name": "Стало", "present_password": PASSWORD})
        assert (answer.status_code, TYPED.findall(answer.text)) == (401, [(NAME, "Стало")])
        assert (PASSWORD in answer.text, stored(store, User.name)) == (False, ["Было"])

    def test_wrong_passwords_are_slowed_down(self, app, browser, clock, monkeypatch):
        monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
        clock.shift(IDLE)
        answers = [browser.post("/account", data={"present_password": "нет"}).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]
        assert browser.post("/account", data={"present_password": PASSWORD}).status_code == 429

    def test_a_password_in_the_form_is_not_carried(self, browser, clock):
        clock.shift(IDLE)
        page = browser.post("/account/password", data={"current": "мой-старый-пароль", "password": "мой-новый-пароль"})
        assert (page.status_code, "present_password" in page.text, "мой-" in page.text) == (422, True, False)


class TestEnding:
    def test_of_ones_other_devices(self, app, store, browser, person):
        other = signed_in(app, store, person, "other")
        page = browser.get("/account/sessions").text
        assert ("Firefox, Windows" in page, "10.0.0.7" in page, "Последняя активность" in page) == (True,) * 3
        assert where(browser.post("/account/sessions/others/revocation")) == (303, "/account/sessions")
        assert [b.get("/account").status_code for b in (browser, other)] == [200, 302]
        assert stored(store, JournalRecord.event) == ["session.signed_out_everywhere"]

    def test_of_anothers_by_the_administrator(self, app, store, browser):
        with store() as session:
            other_id = make.user(session, name="Другой").id
        other = signed_in(app, store, other_id, "other")
        assert "10.0.0.7" in browser.get(f"/people/{other_id}").text
        assert where(browser.post(f"/people/{other_id}/sessions/revocation")) == (303, f"/people/{other_id}")
        assert [b.get("/account").status_code for b in (browser, other)] == [200, 302]
        with store() as session:
            record = session.scalars(select(JournalRecord)).one()
            assert (record.event, record.subject_id, record.details) == (
                "session.signed_out_by_administrator", other_id, {"sessions": 1},
            )  # fmt: skip


class TestEndedWhileTyping:
    def test_what_was_typed_is_shown_to_be_copied(self, app, store, browser, person, clock):
        with store() as session:
            end_sessions(session, person, now=NOW)
        form = {"name": "Набранное с трудом", "locale": "ru", "request_key": "k", "csrf_token": "c"}
        page = browser.post("/account", data=form)
        assert (page.status_code, TYPED.findall(page.text)) == (401, [(NAME, "Набранное с трудом")])
        assert stored(store, User.name) == ["Было"]

    def test_a_password_is_not_and_an_empty_form_is_led_to_sign_in(self, store, browser, person, clock):
        with store() as session:
            end_sessions(session, person, now=NOW)
        secret = browser.post("/account/password", data={"current": "тайна", "password": "другая тайна", "name": "я"})
        assert (where(secret), "тайна" in secret.text) == ((302, "/sign-in"), False)
        assert where(browser.post("/account/sessions/revocation", data={"request_key": "k"})) == (302, "/sign-in")


class TestConfirming:
    def test_what_weighs_much_asks_for_the_password(self):
        views = application("sqlite").view_functions
        assert {name for name, view in views.items() if getattr(view, "reconfirms", False)} == {
            "accounts.ask_role", "accounts.approve_role", "accounts.send_invitation", "ranking.approve",
            "ranking.publish", "trials.wipe", "applications.certify", "accounts.mend_team",
        }  # fmt: skip
        assert all(views[name].permission is not Permission.SIGN_IN for name in ("ranking.approve", "ranking.publish"))

    def test_within_ten_minutes_it_does_not(self, browser, person, clock):
        clock.shift(timedelta(minutes=9, seconds=59))
        assert where(browser.post(f"/people/{person}/roles", data={"role": "chair", "contest_id": 0}))[0] == 303

    def test_the_form_is_carried_and_carried_out_once(self, store, browser, person, clock):
        clock.shift(timedelta(minutes=10))
        path, form = f"/people/{person}/roles", {"role": "chair", "contest_id": "0", "request_key": "k"}
        page = browser.post(path, data=form)
        assert (page.status_code, "Запросить роль" in page.text) == (422, True)
        (about,) = stored(store, User.email)
        assert f">Было · {about} · Председатель · Все конкурсы<" in page.text
        assert f'action="{path}"' in page.text
        assert all(f'name="{name}" value="{value}"' in page.text for name, value in form.items())
        wrong = browser.post(path, data=form | {"present_password": "неверно"})
        assert (wrong.status_code, "введён неверно" in wrong.text, 'неверно"' in wrong.text) == (422, True, False)
        assert stored(store, JournalRecord.event) == []
        for _ in range(2):
            assert where(browser.post(path, data=form | {"present_password": PASSWORD})) == (303, f"/people/{person}")
        assert stored(store, JournalRecord.event) == ["role.asked"]
        clock.shift(timedelta(minutes=9))
        assert browser.post("/people/requests/1/approval").status_code == 422
        clock.shift(timedelta(minutes=1))
        page = browser.post("/people/requests/1/approval")
        assert (page.status_code, f">Было · {about} · Председатель · Все конкурсы<" in page.text) == (422, True)

    def test_the_page_says_whom_an_invitation_is_for_and_nothing_of_what_is_no_role(self, browser, clock):
        clock.shift(timedelta(minutes=10))
        form = {"name": " Белов Сергей ", "email": "belov@example.org", "role": "secretary", "contest_id": "0"}
        for contest in ("0", "9" * 30, "9" * 5000, "-1", "٣", "²", ""):
            page = browser.post("/people/invitations", data=form | {"contest_id": contest})
            assert (page.status_code, "Белов Сергей · belov@example.org · Секретарь · Все конкурсы" in page.text) == (
                422, True,
            )  # fmt: skip
        answers = [
            browser.post("/people/invitations", data=form | {"role": "nobody"}),
            browser.post("/people/requests/77/approval"),
            browser.post("/people/77/roles", data=form),
        ]
        assert [(page.status_code, "Секретарь" in page.text) for page in answers] == [(422, False)] * 3


def test_a_session_that_rests_ends_with_the_others(store, person):
    with store() as session:
        for token, hours in (("rests", -1), ("lives", 1)):
            session.add(
                SignIn(
                    user_id=person, token_hash=token_hash(token), created_at=NOW - timedelta(hours=12),
                    expires_at=NOW + timedelta(hours=hours),
                )
            )  # fmt: skip
        session.flush()
        assert len(end_sessions(session, person, now=NOW)) == 2
    assert stored(store, SignIn.revoked_at) == [NOW, NOW]


class TestTheCloseOfAWindow:
    """A form that was there in time stays in time while its sender gives the password."""

    @pytest.fixture
    def draft(self, app, store, clock):
        with store() as session:
            item = whole_draft(session, make.contest(session, applications_close=NOW + IDLE + timedelta(minutes=1)))
            member = item.team.members[0].user
            member.password_hash = accounts.hash_password(PASSWORD)
            person, path = member.id, f"/applications/{item.id}/submission"
            version, code = item.version, item.id
        client = signed_in(app, store, person, "team")
        clock.shift(IDLE + timedelta(seconds=59))
        page = client.post(path, data={"version": str(version), "request_key": "k" * 24})
        assert page.status_code == 422
        fields = dict(re.findall(r'name="(version|request_key|first_arrival)" value="([^"]*)"', page.text))
        clock.shift(timedelta(seconds=30))
        return client, path, fields, code

    def test_the_form_counts_from_its_first_arrival(self, store, draft):
        client, path, fields, code = draft
        answer = client.post(path, data={**fields, "present_password": PASSWORD})
        assert where(answer) == (303, f"/applications/{code}/receipt")
        assert stored(store, Application.submitted_at) == [NOW + IDLE + timedelta(seconds=59)]

    def test_what_was_changed_since_does_not_count_from_it(self, app, store, clock):
        close = NOW + IDLE + timedelta(minutes=1)
        with store() as session:
            item = whole_draft(session, make.contest(session, applications_close=close))
            person, cluster, code = item.team.members[0].user_id, item.cluster_id, item.id
            version, slot = item.version, item.contest.document_slots[0]["code"]
        client = signed_in(app, store, person, "team")
        clock.shift(IDLE + timedelta(seconds=59))
        path = f"/applications/{code}/submission"
        stamped = [
            stamp(client.post(path, data={"version": v, "request_key": "k" * 24})) for v in (version, version + 1)
        ]
        clock.shift(timedelta(minutes=1))
        other = signed_in(app, store, person, "other", seen_at=datetime.now(UTC))
        with store() as session:
            session.get_one(Cluster, cluster).industry = "Другая отрасль"
        refused = [where(other.post(path, data=stamped[0]))[0]]
        file = {"file": (BytesIO(PDF), "late.pdf"), "request_key": "z" * 24}
        assert where(other.post(f"/applications/{code}/documents/{slot}", data=file))[0] == 303
        refused += [where(other.post(path, data=fields))[0] for fields in stamped]
        assert (refused, stored(store, Application.submitted_at)) == ([422, 422, 422], [None])

    def test_a_sheet_that_was_saved_since_does_not_count_from_it(self, app, store, clock):
        with store() as session:
            close = NOW + IDLE + timedelta(minutes=1)
            contest = make.contest(session, applications_close=NOW - IDLE, review_close=close)
            expert = make.expert(session, contest)
            review = make.review(session, expert, make.application(session, contest), "accepted")
            person, review_id, version = expert.user_id, review.id, review.version
        client = signed_in(app, store, person, "expert")
        clock.shift(IDLE + timedelta(seconds=59))
        path = f"/reviews/{review_id}"
        fields = stamp(client.post(f"{path}/summary", data={"version": version + 1, "request_key": "k" * 24}))
        clock.shift(timedelta(minutes=1))
        other = signed_in(app, store, person, "other", seen_at=datetime.now(UTC))
        assert where(other.post(f"{path}/draft", data={"version": version, "comment-E1": "Поздно"}))[0] == 303
        page = other.post(f"{path}/summary", data=fields)
        assert (page.status_code, stored(store, Review.status)) == (422, ["accepted"])

    def test_another_form_under_the_same_stamp_counts_from_its_own(self, store, draft):
        client, path, fields, _code = draft
        answer = client.post(path, data={**fields, "request_key": "j" * 24, "present_password": PASSWORD})
        assert (answer.status_code, stored(store, Application.submitted_at)) == (422, [None])

    def test_what_a_busy_system_could_not_take_counts_from_its_first_arrival(self, app, store, clock, monkeypatch):
        close = NOW + timedelta(minutes=1)
        with store() as session:
            item = whole_draft(session, make.contest(session, applications_close=close))
            person, path, version = item.team.members[0].user_id, f"/applications/{item.id}/submission", item.version
        client, begin = signed_in(app, store, person, "team"), UnitOfWork.begin_writing
        clock.move_to(close - timedelta(seconds=1))
        monkeypatch.setattr(UnitOfWork, "begin_writing", busy)
        page = client.post(path, data={"version": str(version), "request_key": "k" * 24})
        monkeypatch.setattr(UnitOfWork, "begin_writing", begin)
        clock.shift(timedelta(seconds=40))
        fields = dict(re.findall(r'name="(version|request_key|first_arrival)" value="([^"]*)"', page.text))
        answer = client.post(path, data=fields)
        assert (page.status_code, answer.status_code) == (503, 303)
        assert stored(store, Application.submitted_at) == [close - timedelta(seconds=1)]

    def test_a_form_that_was_carried_is_no_disorder_of_the_journal(self, store, draft, clock, person):
        client, path, fields, code = draft
        clock.shift(timedelta(minutes=10, seconds=30))
        with store() as session:
            someone = session.get_one(User, person)
            audit.record(session, Event.ACCOUNT_CHANGED, by=By(CONSOLE, datetime.now(UTC)), subject=someone)
        clock.shift(timedelta(minutes=2))
        answer = client.post(path, data={**fields, "present_password": PASSWORD})
        assert where(answer) == (303, f"/applications/{code}/receipt")
        with store() as session:
            assert session.scalars(select(JournalRecord.at).order_by(JournalRecord.id)).all()[-2:] == [
                NOW + IDLE + timedelta(minutes=11, seconds=59), NOW + IDLE + timedelta(seconds=59),
            ]  # fmt: skip
            assert list(times_running_back(session)) == []

    @pytest.mark.parametrize(("minutes", "status"), [(7, 303), (8, 422)])
    def test_however_often_it_is_carried_it_waits_no_longer(self, store, draft, clock, minutes, status):
        client, path, fields, _code = draft
        clock.shift(timedelta(minutes=minutes))
        fields = stamp(client.post(path, data={**fields, "present_password": "другой пароль"}))
        clock.shift(timedelta(minutes=minutes))
        assert client.post(path, data={**fields, "present_password": PASSWORD}).status_code == status
        arrived = NOW + IDLE + timedelta(seconds=59)
        assert stored(store, Application.submitted_at) == [arrived if status == 303 else None]


def stamp(page):
    """The fields of the page that asks for the password."""
    assert page.status_code == 422
    return dict(re.findall(r'name="(version|request_key|first_arrival)" value="([^"]*)"', page.text))


def busy(_session):
    raise DatabaseBusy("others write")
