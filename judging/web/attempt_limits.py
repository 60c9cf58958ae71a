"""Rate limits of passwords and letters: each attempt counts against a device, an account or an address.

What a person does who is signed in is never held up by what others did wrong, nor is a known device by its address.
"""

from ipaddress import IPv6Address, ip_address

from flask import Flask, current_app, g, request

from judging.domain import brakes
from judging.extensions import db
from judging.services.accounts import attempts
from judging.services.accounts.attempts import Counter
from judging.web import devices
from judging.web.clock import now

Counters = tuple[Counter, ...]


def register(app: Flask) -> None:
    """Attempts are counted unless a test switches that off."""
    app.config.setdefault("RATELIMIT_ENABLED", True)


def of_sign_in(email: str) -> Counters:
    """What counts a wrong password of the account at ``email``."""
    device = devices.known_for(email)
    if device:
        return (Counter(brakes.SIGN_IN_DEVICE, f"{device} {devices.account(email)}"),)
    return (
        Counter(brakes.SIGN_IN_PAIR, f"{client()} {devices.account(email)}"),
        Counter(brakes.SIGN_IN_ADDRESS, client()),
    )


def of_letter(email: str) -> Counters:
    """What counts a letter to ``email`` that somebody asks for who is not signed in."""
    device = devices.present()
    if device:
        return (Counter(brakes.LETTER_DEVICE, device),)
    return (
        Counter(brakes.LETTER_PAIR, f"{client()} {devices.account(email)}"),
        Counter(brakes.LETTER_ADDRESS, client()),
    )


def of_account(email: str) -> Counters:
    """What counts letters to ``email`` from everywhere but the devices that this account has signed in on."""
    return () if devices.known_for(email) else (Counter(brakes.LETTER_ACCOUNT, devices.account(email)),)


def pause(counters: Counters) -> bool:
    """Say whether there is a pause of which the person is not told."""
    return _counts() and attempts.seconds_to_wait(db.session, counters, now=now()) > 0


def of_link(token: str) -> Counters:
    """What counts a wrong password on the page of a link."""
    return (Counter(brakes.CONFIRMATION, token),)


def of_session(sign_in_id: int) -> Counters:
    """What counts a wrong present password: the session that it is typed in."""
    return (Counter(brakes.PRESENT_PASSWORD, str(sign_in_id)),)


def check(counters: Counters) -> int:
    """Return how many seconds this attempt has to wait for, 0 where it is allowed; the page says so."""
    wait = attempts.seconds_to_wait(db.session, counters, now=now()) if _counts() else 0
    g.wait = max(int(g.get("wait", 0)), wait)
    return wait


def count(counters: Counters) -> None:
    """Count an attempt in the present transaction."""
    if _counts():
        attempts.count_attempt(db.session, counters, now=now())


def forget(counters: Counters) -> None:
    """Forget the failures that a success makes up for; those of a whole address stay."""
    if _counts():
        own = [counter for counter in counters if counter.brake is not brakes.SIGN_IN_ADDRESS]
        attempts.forget_attempts(db.session, own)


def seconds_to_wait() -> int:
    """How long this request's person has to wait; 0 where the attempt is allowed."""
    return int(g.get("wait", 0))


def client() -> str:
    """Who counts as one: an IPv4 address, or the /64 network that one IPv6 subscriber has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _counts() -> bool:
    return bool(current_app.config["RATELIMIT_ENABLED"])
