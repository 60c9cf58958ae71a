"""CSRF, cookies, headers and limits of attempts, on applications with these switched on."""

import re
from threading import Barrier, Thread

import pytest
import time_machine
from argon2 import PasswordHasher

from config import Config
from judging.app import create_app
from judging.extensions import db
from judging.services import accounts
from judging.services.accounts import passwords
from judging.web import limits
from judging.web.limits import DatabaseStorage
from tests import factories as make
from tests.databases import workspace

PASSWORD = "вишня сад забор луна"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", lambda: QUICK)


@pytest.fixture
def real(app):
    """An application as it runs, on the test's database."""
    config = app.config["JUDGING"]
    made = create_app(
        Config(
            secret_key="y" * 40,
            database_url=config.database_url,
            instance_dir=workspace(),
            storage_url=config.storage_url,
            production=True,
            trusted_proxies=1,
            public_url="https://contest.example.org",
        )
    )
    yield made
    with made.app_context():
        db.engine.dispose()


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


def test_cookie_flags_and_headers(real, email):
    client = browser(real)
    answer = attempt(client, email, PASSWORD)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert [flag in cookie for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Domain", "Expires")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    headers = client.get("/account").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    wanted = {
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }  # fmt: skip
    assert {name: headers[name] for name in wanted} == wanted


def test_one_address_at_one_account_waits_and_the_owner_elsewhere_does_not(real, email):
    stranger = browser(real)
    assert [attempt(stranger, email).status_code for _ in range(11)] == [422] * 10 + [429]
    refused = attempt(stranger, email, PASSWORD)
    assert refused.status_code == 429
    assert re.search(r"Повторите через 1\d минут", refused.text)
    assert attempt(browser(real, "10.0.0.2"), email, PASSWORD).status_code == 303
    assert attempt(stranger, "other@example.org").status_code == 422


def test_a_right_password_forgets_the_wrong_ones(real, email):
    client = browser(real)
    for _ in range(3):
        answers = [attempt(browser(real), email).status_code for _ in range(9)]
        assert (answers, attempt(client, email, PASSWORD).status_code) == ([422] * 9, 303)
        client = browser(real)


def test_the_wait_ends(real, email):
    with time_machine.travel(make.MOMENT, tick=False) as clock:
        client = browser(real)
        for _ in range(11):
            answer = attempt(client, email)
        assert answer.status_code == 429
        clock.shift(901)
        assert attempt(client, email, PASSWORD).status_code == 303


def test_letters_to_one_address_are_limited(real):
    client = browser(real)
    form = {"csrf_token": token(client, "/forgot-password"), "email": "a@example.org"}
    answers = [client.post("/forgot-password", data=form).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize(
    ("address", "who"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("nonsense", "unknown")],
)
def test_an_ipv6_subscriber_is_one(app, address, who):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.client() == who


def test_four_threads_count_exactly(app):
    counted, barrier = [], Barrier(4)

    def work():
        with app.app_context():
            storage = DatabaseStorage()
            barrier.wait()
            counted.extend(storage.incr("k", 60) for _ in range(10))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == list(range(1, 41))


def test_the_storage_keeps_windows(app):
    with app.app_context(), time_machine.travel(make.MOMENT, tick=False) as clock:
        storage = DatabaseStorage()
        start = clock.now().timestamp() if hasattr(clock, "now") else make.MOMENT.timestamp()
        assert (storage.incr("k", 60), storage.incr("k", 60, 2), storage.get("k"), storage.get("x")) == (1, 3, 3, 0)
        assert (storage.get_expiry("k"), storage.get_expiry("x"), storage.check()) == (start + 60, start, True)
        clock.shift(60)
        assert (storage.get("k"), storage.incr("k", 60)) == (0, 1)
        storage.clear("k")
        storage.incr("a", 60)
        assert (storage.get("k"), storage.reset(), storage.get("a")) == (0, 1, 0)
