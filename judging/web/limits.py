"""How often one may try: counters in the database, so that several worker processes share them.

A limit counts attempts of one address, or of one address at one account; nobody can lock anybody else out.
"""

import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from judging.adapters.addresses import address_key
from judging.extensions import db, limiter
from judging.models import RateHit

View = TypeVar("View", bound=Callable[..., Any])

SIGN_IN_PAIR = parse("10 per 15 minute")
"""Sign-ins from one address to one account; a right password sets the counter to nought."""
SIGN_IN_ADDRESS = parse("100 per 15 minute")
"""Sign-ins from one address altogether: an office behind one address must get in of a morning."""
LETTER_PAIR = parse("5 per hour")
LETTER_ADDRESS = parse("30 per hour")
"""Forms that send a letter to whoever is named."""


class DatabaseStorage(Storage):
    """Counters in the table ``rate_hits``, each in a transaction of its own; for Flask-Limiter's fixed window."""

    STORAGE_SCHEME = ["database"]  # noqa: RUF012 -- the registry of the limits package reads it

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to the counter, or start it again where its window of ``expiry`` seconds is over; return its value."""
        now = time.time()
        insert: Any = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert
        over = RateHit.expires_at <= now
        statement = insert(RateHit).values(key=key, hits=amount, expires_at=now + expiry)
        statement = statement.on_conflict_do_update(
            index_elements=[RateHit.key],
            set_={
                "hits": case((over, amount), else_=RateHit.hits + amount),
                "expires_at": case((over, now + expiry), else_=RateHit.expires_at),
            },
        ).returning(RateHit.hits)
        with db.engine.begin() as connection:
            return int(connection.execute(statement).scalar_one())

    def get(self, key: str) -> int:
        """The counter's value within its window."""
        wanted = select(RateHit.hits).where(RateHit.key == key, RateHit.expires_at > time.time())
        with db.engine.connect() as connection:
            return connection.execute(wanted).scalar() or 0

    def get_expiry(self, key: str) -> float:
        """When the counter's window ends, in seconds of the epoch; now for one that has ended."""
        with db.engine.connect() as connection:
            end = connection.execute(select(RateHit.expires_at).where(RateHit.key == key)).scalar()
        return max(end or 0.0, time.time())

    def check(self) -> bool:
        """Whether the database answers."""
        with db.engine.connect() as connection:
            return connection.execute(select(1)).scalar() == 1

    def reset(self) -> int:
        """Forget every counter."""
        with db.engine.begin() as connection:
            return connection.execute(delete(RateHit)).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with db.engine.begin() as connection:
            connection.execute(delete(RateHit).where(RateHit.key == key))


def register(app: Flask) -> None:
    """Bind the limiter; its storage is the class above."""
    app.config.setdefault("RATELIMIT_ENABLED", True)
    limiter.init_app(app)


def counted(pair: RateLimitItem, every: RateLimitItem) -> Callable[[View], View]:
    """Count each call of a POST view: of this address, and of it at the account named by the form's ``email``.

    Stands between ``@requires`` and ``@once``: nothing is written yet, and the request's transaction is ended first, as
    SQLite lets only one write at a time. The view asks :func:`seconds_to_wait` what came of it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if current_app.config["RATELIMIT_ENABLED"]:
                db.session.rollback()
                g.wait = max(_hit(every, (client(),)), _hit(pair, _pair(request.form.get("email", ""))))
            return view(**arguments)

        return guarded  # type: ignore[return-value]  # wraps keeps the view's signature

    return decorate


def seconds_to_wait() -> int:
    """How long this request's person has to wait; 0 where the attempt is allowed."""
    return int(g.get("wait", 0))


def forget(pair: RateLimitItem, name: str) -> None:
    """Set the counter of this address at ``name`` to nought."""
    if current_app.config["RATELIMIT_ENABLED"]:
        limiter.limiter.clear(pair, *_scoped(_pair(name)))


def client() -> str:
    """Who counts as one: an IPv4 address, or the /64 network that one IPv6 subscriber has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def _pair(name: str) -> tuple[str, str]:
    return client(), sha256(address_key(name).encode("utf-8", "replace")).hexdigest()


def _scoped(identifiers: tuple[str, ...]) -> tuple[str, ...]:
    """Each form counts for itself."""
    return (request.endpoint or "", *identifiers)


def _hit(limit: RateLimitItem, identifiers: tuple[str, ...]) -> int:
    """Count; return the seconds to wait, 0 where the attempt is allowed."""
    scoped = _scoped(identifiers)
    if limiter.limiter.hit(limit, *scoped):
        return 0
    return max(1, int(limiter.limiter.get_window_stats(limit, *scoped).reset_time - time.time()))
