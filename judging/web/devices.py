"""The signed cookie of a device that somebody has signed in on: its random name and hashes of the accounts.

Only the limits of attempts read it. It opens nothing; without it a person is a stranger at that address.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from judging.adapters.addresses import address_key

LIFETIME = timedelta(days=365)
MOST_ACCOUNTS = 8


@dataclass(frozen=True)
class Device:
    """A random name and the accounts (hashes of their addresses) that have signed in on it, the newest first."""

    name: str
    accounts: tuple[str, ...] = ()


def account(email: str) -> str:
    """How an account is named in the cookie and in counters: a hash of its address."""
    return sha256(address_key(email).encode("utf-8", "replace")).hexdigest()[:32]


def present() -> str | None:
    """The name of this device, if anybody has signed in on it."""
    device = _read()
    return device.name if device else None


def known_for(email: str) -> str | None:
    """The name of this device, if that account has signed in on it."""
    device = _read()
    return device.name if device and account(email) in device.accounts else None


def remember(response: Response, email: str) -> None:
    """Note on the browser that this account has signed in on it."""
    device, newest = _read() or Device(secrets.token_urlsafe(16)), account(email)
    others = tuple(known for known in device.accounts if known != newest)
    device = replace(device, accounts=(newest, *others)[:MOST_ACCOUNTS])
    response.set_cookie(
        cookie_name(),
        _serializer().dumps([device.name, list(device.accounts)]),
        max_age=LIFETIME,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def cookie_name() -> str:
    """Beside the session's cookie, with the same protection by its name."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _read() -> Device | None:
    try:
        name, accounts = _serializer().loads(
            request.cookies.get(cookie_name(), ""), max_age=int(LIFETIME.total_seconds())
        )
    except (BadData, ValueError):
        return None
    return Device(name, tuple(accounts))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SIGNING_KEYS"], salt="judging-device")
