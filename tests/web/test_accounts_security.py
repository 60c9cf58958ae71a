"""CSRF, cookies, headers and limits of attempts, on applications with these switched on."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Barrier, Thread

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select

from config import Config
from judging.app import create_app
from judging.domain import brakes
from judging.domain.access import CONSOLE, By, Role
from judging.extensions import db
from judging.models import Letter, RateHit, SignIn
from judging.services import accounts
from judging.services.accounts import password_hashing
from judging.services.accounts.attempts import Counter, count_attempt, forget_attempts, seconds_to_wait
from judging.services.demo import PASSWORD as DEMONSTRATION
from judging.web import attempt_limits, devices
from judging.web.clock import now
from tests import factories as make
from tests.databases import workspace
from tests.recording import queries

PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch):
    monkeypatch.setattr(password_hashing, "_hasher", lambda: QUICK)


@pytest.fixture
def real(app):
    """An application as it runs, on the test's database."""
    made = as_it_runs(app.config["JUDGING"].database_url, app.config["JUDGING"].storage_url)
    yield made
    with made.app_context():
        db.engine.dispose()


@cache
def as_it_runs(database_url, storage_url):
    """Made once for each database: what it remembers of anybody is in the database."""
    return create_app(
        Config(
            secret_key="y" * 40,
            database_url=database_url,
            instance_dir=workspace(),
            storage_url=storage_url,
            production=True,
            trusted_proxies=1,
            public_url="https://contest.example.org",
        )
    )


@pytest.fixture
def email(store):
    with store() as session:
        return make.user(session, password_hash=accounts.hash_password(PASSWORD)).email


def browser(app, address="10.0.0.1"):
    client = app.test_client()
    client.environ_base |= {
        "HTTP_X_FORWARDED_FOR": address, "HTTP_X_FORWARDED_PROTO": "https", "HTTP_REFERER": "https://localhost/",
    }  # fmt: skip
    return client


def token(client, path="/sign-in"):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)[1]


def attempt(client, email, password="неверно"):
    form = {"csrf_token": token(client), "email": email, "password": password}
    return client.post("/sign-in", data=form)


def test_every_post_needs_a_token(real):
    client = browser(real)
    with real.app_context():
        paths = [
            re.sub(r"<[^>]*>", "1", rule.rule)
            for rule in real.url_map.iter_rules()
            if "POST" in rule.methods and rule.endpoint.split(".")[0] in ("accounts", "home", "journal")
        ]
    assert len(paths) > 15
    assert {path: client.post(path).status_code for path in paths} == dict.fromkeys(paths, 400)


def test_a_form_of_another_session_is_not_taken_and_what_was_typed_is_shown_to_be_copied(real, store, email):
    client = browser(real)
    attempt(client, email, PASSWORD)
    page = client.post("/account", data={"csrf_token": "another", "name": "Набранное с трудом", "locale": "ru"})
    shown = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", page.text)
    assert (page.status_code, shown) == (400, [("Фамилия, имя и отчество", "Набранное с трудом")])
    assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]
    secret = client.post("/sign-in", data={"csrf_token": "another", "email": email, "password": PASSWORD})
    assert (secret.status_code, PASSWORD in secret.text, "<dt>" in secret.text) == (400, False, False)


def test_cookie_flags_and_headers(real, email):
    client = browser(real)
    answer = attempt(client, email, PASSWORD)
    assert answer.status_code == 303
    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}
    flags = ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Domain", "Expires")
    assert {name: [flag in cookie for flag in flags] for name, cookie in cookies.items()} == {
        "__Host-judging": [True, True, True, True, False, False],
        "__Host-judging-device": [True, True, True, True, False, True],
    }
    headers = client.get("/account").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    wanted = {
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }  # fmt: skip
    assert {name: headers[name] for name in wanted} == wanted


def plain(app, **headers):
    client = app.test_client()
    client.environ_base |= headers
    return client


def test_plain_http_is_led_to_tls_and_nothing_is_taken_by_it(real, store, email):
    client = plain(real, HTTP_X_FORWARDED_FOR="10.0.0.1", HTTP_X_FORWARDED_PROTO="http")
    led = client.get("/sign-in?next=/account")
    assert (led.status_code, led.location) == (301, "https://contest.example.org/sign-in?next=/account")
    refused = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert (refused.status_code, "Соединение не зашифровано" in refused.text) == (403, True)
    past_the_proxy = plain(real).get("/")
    assert (past_the_proxy.status_code, past_the_proxy.location) == (301, "https://contest.example.org/")
    with store() as session:
        assert session.scalar(select(SignIn.id)) is None


def test_a_proxy_that_does_not_say_how_a_request_came_is_told_of(real):
    """A redirect would go round in circles."""
    page = plain(real, HTTP_X_FORWARDED_FOR="10.0.0.1").get("/")
    assert (page.status_code, "X-Forwarded-Proto $scheme" in page.text) == (403, True)


def test_a_changed_key_signs_nobody_out_and_costs_no_form(real, email):
    """By the old key: the session, the token of the form on the screen, the device."""
    config = real.config["JUDGING"]
    client = browser(real)
    attempt(client, email, PASSWORD)
    form = {"csrf_token": token(client, "/account"), "name": "Новое Имя", "locale": "ru"}
    new = {"secret_key": "z" * 40, "secret_key_fallbacks": (config.secret_key,)}
    rotated, forgotten = (
        create_app(type(config)(**vars(config) | new | change)) for change in ({}, {"secret_key_fallbacks": ()})
    )
    answers = []
    for app in (rotated, forgotten):
        moved = browser(app)
        for name in ("__Host-judging", "__Host-judging-device"):
            moved.set_cookie(name, client.get_cookie(name).value, secure=True)
        with app.test_request_context(headers={"Cookie": f"x=y; {device_cookie(client)}"}):
            known = devices.known_for(email) is not None
        answers.append((moved.post("/account", data=form).status_code, known))
        with app.app_context():
            db.engine.dispose()
    assert answers == [(303, True), (400, False)]


def device_cookie(client):
    return f"__Host-judging-device={client.get_cookie('__Host-judging-device').value}"


def test_the_published_password_opens_nothing_in_production(real, store):
    with store() as session:
        demo = make.user(session, password_hash=accounts.hash_password(DEMONSTRATION)).email
    assert attempt(browser(real), demo, DEMONSTRATION).status_code == 422


def test_wrong_passwords_are_followed_by_longer_and_longer_pauses(real, email):
    with time_machine.travel(make.MOMENT, tick=False) as clock:
        stranger = browser(real)
        assert [attempt(stranger, email).status_code for _ in range(11)] == [422] * 10 + [429]
        pauses = []
        for _ in range(4):
            refused = attempt(stranger, email, PASSWORD)
            assert refused.status_code == 429
            pauses.append(int(re.search(r"Повторите через (\d+) секунд", refused.text)[1]))
            clock.shift(pauses[-1])
            assert attempt(stranger, email).status_code == 422
        assert pauses == [2, 4, 8, 16]
        clock.shift(32)
        assert attempt(stranger, email, PASSWORD).status_code == 303


def test_the_owner_elsewhere_and_others_at_that_address_do_not_wait(real, store, email):
    with store() as session:
        colleague = make.user(session, password_hash=accounts.hash_password(PASSWORD)).email
    stranger = browser(real)
    for _ in range(11):
        answer = attempt(stranger, email)
    assert answer.status_code == 429
    assert attempt(browser(real, "10.0.0.2"), email, PASSWORD).status_code == 303
    assert attempt(browser(real), colleague, PASSWORD).status_code == 303


def test_one_person_cannot_hold_up_an_office(real, store, email):
    with store() as session:
        newcomer = make.user(session, password_hash=accounts.hash_password(PASSWORD)).email
    with time_machine.travel(make.MOMENT, tick=False) as clock:
        known = browser(real)
        assert attempt(known, email, PASSWORD).status_code == 303
        known.post("/sign-out", data={"csrf_token": token(known, "/account")})
        with store() as session:
            counters = [Counter(brakes.SIGN_IN_ADDRESS, "10.0.0.1")]
            for _ in range(300):
                count_attempt(session, counters, now=make.MOMENT)
        assert attempt(known, email, PASSWORD).status_code == 303
        held = attempt(browser(real), newcomer, PASSWORD)
        assert (held.status_code, "Повторите через 1 минуту" in held.text) == (429, True)
        clock.shift(60)
        assert attempt(browser(real), newcomer, PASSWORD).status_code == 303


def test_a_known_device_is_bound_by_its_own_failures(real, email):
    known = browser(real)
    attempt(known, email, PASSWORD)
    known.post("/sign-out", data={"csrf_token": token(known, "/account")})
    assert [attempt(known, email).status_code for _ in range(11)] == [422] * 10 + [429]
    assert attempt(browser(real), email).status_code == 422


def test_a_forged_device_is_nobodys(real, email):
    client = browser(real)
    client.set_cookie("__Host-judging-device", "W1sieCJdXQ.aaaa.bbbb", domain="localhost", secure=True)
    assert attempt(client, email, PASSWORD).status_code == 303


def test_failures_that_others_made_meanwhile_count_before_anything_is_told(real, store, email, monkeypatch):
    """Many attempts at once, all of them let in before the first one failed, do not get many answers."""

    def proved(_secret, _password):
        with store() as session:
            for _ in range(12):
                count_attempt(session, pair, now=now())
        return

    pair = [Counter(brakes.SIGN_IN_PAIR, f"10.0.0.1 {devices.account(email)}")]
    monkeypatch.setattr(accounts, "prove", proved)
    assert attempt(browser(real), email).status_code == 429


def test_a_right_password_forgets_the_wrong_ones(real, email):
    client = browser(real)
    for _ in range(3):
        answers = [attempt(browser(real), email).status_code for _ in range(9)]
        assert (answers, attempt(client, email, PASSWORD).status_code) == ([422] * 9, 303)
        client = browser(real)


def test_the_present_password_is_throttled_within_its_session_alone(real, email):
    here, there = browser(real), browser(real)
    for client in (here, there):
        attempt(client, email, PASSWORD)
    wrong = {"current": "неверно", "password": "новая фраза из слов"}
    right = wrong | {"current": PASSWORD}

    def change(client, form):
        return client.post("/account/password", data=form | {"csrf_token": token(client, "/account/password")})

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        assert [change(here, wrong).status_code for _ in range(6)] == [422] * 5 + [429]
        assert change(here, right).status_code == 429
        clock.shift(3)
        assert change(here, right).status_code == 303
    assert there.get("/account").status_code == 302


def test_letters_to_one_address_are_limited(real):
    client = browser(real)
    form = {"csrf_token": token(client, "/forgot-password"), "email": "a@example.org"}
    answers = [client.post("/forgot-password", data=form).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert client.post("/forgot-password", data=form | {"email": "b@example.org"}).status_code == 303


def test_letters_to_one_account_are_few_from_however_many_addresses(real, app, store, email):
    """Whoever asks sees no difference, and nothing is written differently, whether or not the account is there."""
    pages, costs = [], []

    def ask(who, number, client=None):
        client = client or browser(real, f"10.0.{number}.1")
        form = {"csrf_token": token(client, "/forgot-password"), "email": who, "request_key": f"{who}{number}"}
        answers = []
        costs.append(queries(lambda: answers.append(client.post("/forgot-password", data=form))))
        return (answers[0].status_code, answers[0].location, answers[0].data)

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        owner = browser(real)
        attempt(owner, email, PASSWORD)
        for number in range(40):
            pages.append([ask(who, number) for who in (email, "nobody@example.org")])
        link = last_link(store, "reset-password")
        assert (letters(store, email), letters(store, "nobody@example.org")) == (5, 0)
        assert {page for both in pages for page in both} == {pages[0][0]}
        assert costs[::2] == costs[1::2]
        assert owner.get(link).status_code == 200  # the last letter's link is not ended by asking for more
        owner.post("/sign-out", data={"csrf_token": token(owner, "/account")})
        ask(email, 100, owner)
        assert letters(store, email) == 6  # the owner's own device is never held up by strangers
        clock.shift(timedelta(hours=24))
        ask(email, 101)
        assert letters(store, email) == 7


def letters(store, email):
    with store() as session:
        return session.scalar(select(func.count()).where(Letter.recipient == email, Letter.key.like("reset:%")))


def test_no_transaction_is_open_while_a_password_is_hashed(real, store, email, monkeypatch):
    """Neither lock nor snapshot: whoever saves meanwhile waits for nothing."""
    open_ones, in_turn = [], password_hashing._in_turn

    def noted(act):
        open_ones.append(sum(engine.pool.checkedout() for engine in db.engines.values()))
        return in_turn(act)

    client = browser(real)
    with store() as session:
        accounts.invite(
            session,
            accounts.Invitation(email="new@example.org", name="Н", role=Role.OBSERVER),
            by=By(CONSOLE, datetime.now(UTC)),
            base_url="https://x",
        )
    registration = {"team": "К", "name": "Н", "email": "team@example.org", "password": PASSWORD, "consent": "y"}
    monkeypatch.setattr(password_hashing, "_in_turn", noted)

    def sent(path, form, client=client):
        return client.post(path, data=form | {"csrf_token": token(client, path), "request_key": path}).status_code

    answers = [
        sent("/register", registration),
        sent(last_link(store, "confirm"), {"password": PASSWORD}, browser(real)),
        sent("/forgot-password", {"email": email}),
        sent(last_link(store, "reset-password"), {"password": "новая фраза из слов"}),
        sent(last_link(store, "invitations"), {"name": "Новичок", "password": PASSWORD}),
        sent("/sign-in", {"email": email, "password": "неверно"}),
        sent("/sign-in", {"email": email, "password": "новая фраза из слов"}),
        sent("/account/password", {"current": "новая фраза из слов", "password": PASSWORD}),
    ]
    assert answers == [303, 303, 303, 303, 303, 422, 303, 303]
    assert open_ones == [0] * 8


def last_link(store, path):
    with store() as session:
        bodies = session.scalars(select(Letter.body).order_by(Letter.id.desc())).all()
    return next(found[0] for body in bodies if (found := re.search(rf"/{path}/\S+", body)))


@pytest.mark.parametrize(
    ("address", "who"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("nonsense", "unknown")],
)
def test_an_ipv6_subscriber_is_one(app, address, who):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert attempt_limits.client() == who


def test_four_threads_count_exactly(store):
    barrier, counters = Barrier(4), [Counter(brakes.SIGN_IN_ADDRESS, "10.0.0.1")]

    def work():
        barrier.wait()
        for _ in range(10):
            with store() as session:
                count_attempt(session, counters, now=make.MOMENT)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store() as session:
        assert session.scalars(select(RateHit.hits)).all() == [40]


def test_failures_are_forgotten_after_a_while_without_one(store):
    brake = brakes.SIGN_IN_PAIR
    counters = [Counter(brake, "x"), Counter(brakes.SIGN_IN_ADDRESS, "y")]
    with store() as session:
        for _ in range(12):
            count_attempt(session, counters, now=make.MOMENT)
        assert seconds_to_wait(session, counters, now=make.MOMENT) == 8
        later = make.MOMENT + timedelta(seconds=brake.memory)
        assert seconds_to_wait(session, counters, now=later) == 0
        count_attempt(session, counters, now=later)
        assert session.scalars(select(RateHit.hits)).all() == [1, 1]
        forget_attempts(session, counters[:1])
        assert len(session.scalars(select(RateHit)).all()) == 1
