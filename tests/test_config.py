"""Settings that would fail later stop the start."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Config, ConfigError, key_fault

KEY = "4f1c0be7a9d2385e6b07fc91d8a34e52"
PRODUCTION = {
    "PRODUCTION": "yes", "SECRET_KEY": KEY, "PUBLIC_URL": "https://contest.example.org", "TRUSTED_PROXIES": "1",
}  # fmt: skip


@pytest.mark.parametrize("sender", ["judging", "инфо@пример.рф", "info@пример", "Конкурс <>", "a@b.ru\r\nBcc: c@d.ru"])
def test_a_sender_no_letter_could_go_out_from_stops_the_start(sender, tmp_path):
    with pytest.raises(ConfigError, match="MAIL_SENDER must be an address such as"):
        Config.from_environment({"INSTANCE_DIR": str(tmp_path), "MAIL_SENDER": sender})


@pytest.mark.parametrize("sender", ["judging@localhost", "info@пример.рф", "Конкурс <info@example.org>"])
def test_a_sender_with_whatever_domain_starts(sender, tmp_path):
    assert Config.from_environment({"INSTANCE_DIR": str(tmp_path), "MAIL_SENDER": sender}).mail_sender == sender


def test_production_starts_with_a_random_key_https_and_a_proxy(tmp_path):
    config = Config.from_environment(PRODUCTION | {"INSTANCE_DIR": str(tmp_path)})
    assert (config.production, config.secret_key, config.trusted_proxies) == (True, KEY, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is required in production"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 32 characters"),
        ({"SECRET_KEY": "x" * 40}, "SECRET_KEY is not random"),
        ({"SECRET_KEY": "change-me-change-me-change-me-please"}, "SECRET_KEY is made of words"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL must be an address with https://"),
        ({"PUBLIC_URL": "http://contest.example.org"}, "PUBLIC_URL must be an address with https://"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES must be set in production"),
        ({"SECRET_KEY_FALLBACKS": f"{KEY},short"}, "SECRET_KEY_FALLBACKS: each key must have at least 32"),
        ({"SECRET_KEY_FALLBACKS": "x" * 40}, "SECRET_KEY_FALLBACKS: each key is not random"),
        ({"TRUSTED_PROXIES": "9" * 5000}, "TRUSTED_PROXIES must be a whole number"),
        ({"DATABASE_URL": "postgresql://[x"}, "DATABASE_URL is not a URL"),
        ({"STORAGE_URL": "s3://[x"}, "STORAGE_URL is not a URL"),
        ({"STORAGE_URL": "memory:///"}, "STORAGE_URL must not be memory"),
        ({"MAIL_URL": "smtp://host:99999"}, "MAIL_URL is not a URL"),
        ({"PUBLIC_URL": "https://contest.example.org\r\nX: y"}, "PUBLIC_URL is not a URL"),
    ],
)
def test_what_production_does_not_start_with_is_named(tmp_path, change, named):
    with pytest.raises(ConfigError, match=named):
        Config.from_environment(PRODUCTION | {"INSTANCE_DIR": str(tmp_path)} | change)


@pytest.mark.parametrize(
    "key",
    [
        "a" * 64, "ab" * 20, "abc" * 12, "0123456789" * 4, "0123456789abcdef0123456789abcdef",
        "qwertyuiopasdfghjklzxcvbnmqwerty",
        "zyxwvutsrqponmlkjihgfedcba987654", "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6", "my secret key for the judging server",
        "correct horse battery staple correct", "judging-production-key-2026-ministry",
        "пароль-пароль-пароль-пароль-пароль",
    ],
)  # fmt: skip
def test_keys_that_somebody_typed_are_weak(key):
    assert key_fault(key)


@given(st.sampled_from([secrets.token_hex, secrets.token_urlsafe]), st.integers(32, 64))
def test_random_keys_are_strong(make, size):
    assert key_fault(make(size)) == ""


def test_keys_are_read_from_the_oldest_to_the_one_that_signs(tmp_path):
    older, oldest = secrets.token_hex(32), secrets.token_hex(32)
    config = Config.from_environment(
        PRODUCTION | {"INSTANCE_DIR": str(tmp_path), "SECRET_KEY_FALLBACKS": f"{older}, {oldest}"}
    )
    settings = config.flask_settings()
    names = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SIGNING_KEYS", "WTF_CSRF_SECRET_KEY")
    assert [settings[name] for name in names] == [
        KEY, [oldest, older], [oldest, older, KEY], [oldest, older, KEY],
    ]  # fmt: skip
