"""Settings from the environment, validated once at start.

Every setting is listed in ``.env.example``. A wrong value stops the start with a message that names the variable.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from judging.adapters import durable
from judging.adapters.addresses import wire_sender
from judging.domain.errors import Unfit
from judging.domain.quotas import MB, UploadRules

MAKE_KEY = "make one with `python -c 'import secrets; print(secrets.token_hex(32))'`"
LEAST_ENTROPY = 3.0
"""Bits a character, by the frequencies of the key's own characters; random hexadecimal digits have above 3.4."""
KEY_WORDS = (
    "secret", "passw", "change", "judging", "example", "default", "qwerty", "asdfgh", "zxcvbn", "12345678", "abcdefg",
    "please", "random", "production", "develop", "insecure", "flask", "my-key", "mykey", "thisis", "this-is", "пароль",
    "секрет",
)  # fmt: skip
MOST_THREADS = 24
"""How many requests one process works on at once; most of them wait for their turn to write or for a password."""
ROOT = Path(__file__).resolve().parent
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class ConfigError(ValueError):
    """A setting is missing or wrong; the text names the variable and says what is expected."""


@dataclass(frozen=True)
class Config:
    """All settings of one installation."""

    secret_key: str
    database_url: str
    instance_dir: Path
    storage_url: str
    production: bool = False
    port: int = 8000
    public_url: str = ""
    trusted_proxies: int = 0
    mail_url: str = ""
    mail_sender: str = "judging@localhost"
    max_upload_mb: int = 50
    session_hours: int = 12
    idle_minutes: int = 120
    team_quota_mb: int = 500
    contest_quota_mb: int = 20_000
    hourly_files: int = 200
    hourly_upload_mb: int = 1000
    keep_replaced_days: int = 30
    min_free_mb: int = 256
    signature_roots: Path | None = None
    office: Path | None = None
    secret_key_fallbacks: tuple[str, ...] = ()
    testing: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Config":
        """Read every setting; raise :class:`ConfigError` for the first that is wrong. Creates ``INSTANCE_DIR``."""
        env = os.environ if environment is None else environment
        instance = Path(env.get("INSTANCE_DIR") or ROOT / "instance").expanduser().resolve()
        production = _boolean(env, "PRODUCTION")
        _require_urls(env)
        durable.make_folder(instance)
        durable.tighten(instance)
        config = cls(
            secret_key=_secret_key(env, instance, production=production),
            secret_key_fallbacks=_old_keys(env, production=production),
            database_url=_database_url(env, instance),
            instance_dir=instance,
            storage_url=_storage_url(env, instance, production=production),
            production=production,
            port=_integer(env, "PORT", 8000, 1, 65535),
            public_url=_public_url(env),
            trusted_proxies=_integer(env, "TRUSTED_PROXIES", 0, 0, 5),
            mail_url=_mail_url(env),
            mail_sender=_mail_sender(env),
            max_upload_mb=_integer(env, "MAX_UPLOAD_MB", 50, 1, 1024),
            session_hours=_integer(env, "SESSION_HOURS", 12, 1, 24 * 30),
            idle_minutes=_integer(env, "IDLE_MINUTES", 120, 5, 24 * 60),
            team_quota_mb=_integer(env, "TEAM_QUOTA_MB", 500, 1, 10**6),
            contest_quota_mb=_integer(env, "CONTEST_QUOTA_MB", 20_000, 1, 10**7),
            hourly_files=_integer(env, "HOURLY_FILES", 200, 1, 10**6),
            hourly_upload_mb=_integer(env, "HOURLY_UPLOAD_MB", 1000, 1, 10**6),
            keep_replaced_days=_integer(env, "KEEP_REPLACED_DAYS", 30, 1, 3650),
            min_free_mb=_integer(env, "MIN_FREE_MB", 256, 0, 10**6),
            signature_roots=_folder(env, "SIGNATURE_ROOTS"),
            office=_program(env, "OFFICE"),
        )
        if production:
            _check_production(config)
        return config

    @property
    def upload_rules(self) -> UploadRules:
        """How much may be uploaded."""
        return UploadRules(
            team_bytes=self.team_quota_mb * MB,
            contest_bytes=self.contest_quota_mb * MB,
            hourly_files=self.hourly_files,
            hourly_bytes=self.hourly_upload_mb * MB,
            keep_days=self.keep_replaced_days,
            reserve=self.min_free_mb * MB,
        )

    def _pool(self) -> dict[str, Any]:
        """Of an SQLite file: a connection for each thread of the one process; those used last are used first."""
        if not self.database_url.startswith("sqlite:///"):
            return {}
        return {"pool_size": MOST_THREADS, "max_overflow": 8, "pool_use_lifo": True}

    def flask_settings(self) -> dict[str, Any]:
        """The settings in Flask's own names."""
        secure = self.production or self.public_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SIGNING_KEYS": [*self.secret_key_fallbacks, self.secret_key],
            "WTF_CSRF_SECRET_KEY": [*self.secret_key_fallbacks, self.secret_key],
            "SQLALCHEMY_ENGINES": {"default": {"url": self.database_url} | self._pool()},
            "MAX_CONTENT_LENGTH": (self.max_upload_mb + 1) * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
            "MAX_FORM_PARTS": 5000,
            "SESSION_COOKIE_NAME": "__Host-judging" if secure else "judging",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": secure,
            "TESTING": self.testing,
            "JUDGING": self,
            **self.extra,
        }


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    """A folder that is there; None where none is named."""
    text = env.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ConfigError(f"{name}: {text!r} is no folder")
    return folder.resolve()


def _program(env: Mapping[str, str], name: str) -> Path | None:
    """A program that can be run; None where none is named."""
    text = env.get(name, "").strip()
    if not text:
        return None
    program = Path(text).expanduser()
    if not program.is_absolute() or not program.is_file() or not os.access(program, os.X_OK):
        raise ConfigError(f"{name}: {text!r} is not the full path of a program")
    return program


def _require_urls(env: Mapping[str, str]) -> None:
    """Refuse what is no URL at all; each setting's own rules come after."""
    for name in ("DATABASE_URL", "STORAGE_URL", "PUBLIC_URL", "MAIL_URL"):
        try:
            sound = env.get(name, "").isprintable() and (urlsplit(env.get(name, "")).port or True)
        except ValueError:
            sound = False
        if not sound:
            raise ConfigError(f"{name} is not a URL")


def _boolean(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in TRUE | FALSE:
        raise ConfigError(f"{name} must be yes or no, not {value!r}")
    return value in TRUE


def _integer(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isdecimal() or len(value) > 20 or not least <= int(value) <= most:
        raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def _secret_key(env: Mapping[str, str], instance: Path, *, production: bool) -> str:
    key = env.get("SECRET_KEY", "")
    if key:
        fault = key_fault(key) if production else _short(key)
        if fault:
            raise ConfigError(f"SECRET_KEY {fault}")
        return key
    if production:
        raise ConfigError("SECRET_KEY is required in production: set it to a random text of at least 32 characters")
    return _kept_secret(instance / "secret-key")


def _old_keys(env: Mapping[str, str], *, production: bool) -> tuple[str, ...]:
    """The keys that still open what they signed, the newest last; ``SECRET_KEY_FALLBACKS`` names the newest first."""
    keys = env.get("SECRET_KEY_FALLBACKS", "").replace(",", " ").split()
    for key in keys:
        fault = key_fault(key) if production else _short(key)
        if fault:
            raise ConfigError(f"SECRET_KEY_FALLBACKS: each key {fault}")
    return tuple(reversed(keys))


def _short(key: str) -> str:
    return "must have at least 32 characters" if len(key) < 32 else ""


def key_fault(key: str) -> str:
    """What is wrong with a key of an installation in use, as the end of a sentence; empty where nothing is.

    A random key of 32 hexadecimal digits passes; repetitions, rows of the keyboard, and phrases made of words do not.
    """
    if _short(key):
        return _short(key)
    lowered = key.lower()
    if " " in key or any(word in lowered for word in KEY_WORDS):
        return f"is made of words: {MAKE_KEY}"
    shares = [key.count(sign) / len(key) for sign in set(key)]
    if -sum(share * log2(share) for share in shares) < LEAST_ENTROPY or _repeats(key):
        return f"is not random: {MAKE_KEY}"
    return ""


def _repeats(key: str) -> bool:
    """Whether pieces of four characters come again, or characters follow one another as in the alphabet."""
    pieces = {key[i : i + 4] for i in range(len(key) - 3)}
    rows = [sum(abs(ord(b) - ord(a)) <= 1 for a, b in zip(key, key[lag:], strict=False)) for lag in (1, 2)]
    return len(pieces) < 0.9 * (len(key) - 3) or max(rows) > len(key) // 2


def _check_production(config: Config) -> None:
    """Refuse settings with which people's passwords would go about in clear text."""
    if not config.public_url.startswith("https://"):
        raise ConfigError(
            "PUBLIC_URL must be an address with https:// in production, for example https://contest.example.org"
        )
    if not config.trusted_proxies:
        raise ConfigError(
            "TRUSTED_PROXIES must be set in production: the number of proxies in front that end TLS and set "
            "X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host, usually 1"
        )


def _kept_secret(path: Path) -> str:
    """Make the secret once and keep it, so that a restart signs nobody out."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        durable.write_new(path, secrets.token_hex(32).encode())
        return path.read_text("ascii").strip()  # of whoever was first


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("DATABASE_URL", "").strip() or f"sqlite:///{instance / 'judging.sqlite3'}"
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if urlsplit(url).scheme not in {"sqlite", "postgresql+psycopg"}:
        raise ConfigError("DATABASE_URL must start with sqlite:/// or postgresql://")
    return url


def _storage_url(env: Mapping[str, str], instance: Path, *, production: bool) -> str:
    url = env.get("STORAGE_URL", "").strip() or f"file://{instance / 'documents'}"
    if urlsplit(url).scheme not in {"file", "memory", "s3"}:
        raise ConfigError("STORAGE_URL must start with file:///, s3:// or memory:///")
    if production and urlsplit(url).scheme == "memory":
        raise ConfigError("STORAGE_URL must not be memory:/// in production: documents would be gone with a restart")
    return url


def _public_url(env: Mapping[str, str]) -> str:
    url = env.get("PUBLIC_URL", "").strip().rstrip("/")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
        raise ConfigError("PUBLIC_URL must be a full address such as https://contest.example.org")
    return url


def _mail_url(env: Mapping[str, str]) -> str:
    url = env.get("MAIL_URL", "").strip()
    if url and (urlsplit(url).scheme not in {"smtp", "smtps", "smtp+starttls"} or not urlsplit(url).hostname):
        raise ConfigError("MAIL_URL must look like smtp://user:password@host:25, smtp+starttls://… or smtps://…")
    return url


def _mail_sender(env: Mapping[str, str]) -> str:
    sender = env.get("MAIL_SENDER", "").strip() or "judging@localhost"
    try:
        if not sender.isprintable():
            raise Unfit("a header of a letter is one line")
        wire_sender(sender)
    except Unfit as unfit:
        raise ConfigError(
            f"MAIL_SENDER must be an address such as info@example.org or Contest <info@example.org>, not {sender!r}: "
            f"{unfit}"
        ) from unfit
    return sender
