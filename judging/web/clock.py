"""The one place of the web floor that reads the clock, and that says when a request arrived.

Whether something is in time is decided by the instant at which the request had arrived whole, never by the later one at
which a thread and the database were free for it. That instant is, in this order:

1. what the trusted proxy says in :data:`HEADER` (only with ``TRUSTED_PROXIES`` above 0; the proxy must overwrite the
   header and send a request on only when it has it whole, as docs/deployment/nginx.conf does);
2. what the web server put into the WSGI environment under :data:`RECEIVED` (when the kernel had the
   request's last byte: ``judging/adapters/serving``);
3. the moment at which the application was called, before any lock and any reading of the database.

Windows, and everything that a person is told of their own request, go by :func:`arrived`. Sessions, links, leases,
throttles and the moment at which a ranking or a download was made go by :func:`now`.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app, request

from judging.adapters.clock_steps import ClockWatch, Step
from judging.adapters.serving import RECEIVED
from judging.domain.arrival import STRAY

HEADER = "X-Request-Start"
ARRIVED = "judging.arrived"
"""The key of the WSGI environment for the instant that was settled on."""
FASTEST_CLOCK = timedelta(seconds=2)
"""How far ahead of this machine's clock the proxy's may run; anything further is not believed."""
LONGEST_ON_ITS_WAY = STRAY
"""The longest that a request may wait between the proxy and this server; an older stamp is not believed."""

_HEADER_KEY = "HTTP_" + HEADER.upper().replace("-", "_")
_STAMP = re.compile(r"(?:t=)?([0-9]{9,17})(?:\.([0-9]{1,9}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((10**15, 1), (10**12, 1000), (10**9, 1_000_000), (0, 0))
"""From which number on a stamp counts in a unit, and how many microseconds the unit has: µs, ms, s; else no stamp."""

logger = logging.getLogger("judging.arrival")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def arrived() -> datetime:
    """Return the instant in UTC at which the present request had arrived whole."""
    instant: datetime = request.environ.setdefault(ARRIVED, now())
    return instant


def noticed() -> list[Step]:
    """How the clock was set while this process ran, the first first."""
    watch = current_app.extensions["clock"]
    return list(watch.steps) if watch else []


class Arrivals:
    """WSGI middleware, outside all others: settles the instant of arrival of every request.

    A proxy that stamps requests stamps them all. Where one came through it without a stamp, the proxy sets none, and a
    stamp would be the client's own word: from then on this process believes none.
    """

    def __init__(self, application: Application, *, proxied: bool, watch: ClockWatch | None = None) -> None:
        self._application, self._stamped, self._watch = application, proxied, watch

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Note the instant, then call the application."""
        step = self._watch.look() if self._watch else None
        if step is not None:
            logger.critical("the clock was set from %s to %s", step.before.isoformat(), step.after.isoformat())
        environ[ARRIVED] = self._settled(environ)
        return self._application(environ, start_response)

    def _settled(self, environ: Mapping[str, Any]) -> datetime:
        received, said = _received(environ), environ.get(_HEADER_KEY)
        if self._stamped and said is None and "HTTP_X_FORWARDED_FOR" in environ:
            logger.warning("the proxy sets no %s: until a restart this server's own instants count", HEADER)
            self._stamped = False
        return _believed(said, received) if self._stamped and said is not None else received


def stamp_of(text: str) -> datetime | None:
    """Read a proxy's stamp: the last of a list; ``t=`` or nothing before seconds, milliseconds or microseconds.

    None for what is no stamp. The size of the number tells the unit: 1700000000.123, 1700000000123, 1700000000123456.
    """
    match = _STAMP.fullmatch(text.rpartition(",")[2].strip())
    if match is None:
        return None
    whole, fraction = int(match[1]), Decimal(f"0.{match[2] or 0}")
    unit = next(size for least, size in _UNITS if whole >= least)
    return _EPOCH + timedelta(microseconds=int((whole + fraction) * unit)) if unit else None


def _received(environ: Mapping[str, Any]) -> datetime:
    stamp = environ.get(RECEIVED)
    return datetime.fromtimestamp(time.time() if stamp is None else stamp, UTC)


def _believed(said: str, received: datetime) -> datetime:
    """The proxy's stamp where it can be true, else this server's own; a stamp of the near future means: just now."""
    stamp = stamp_of(said)
    if stamp is None or not received - LONGEST_ON_ITS_WAY <= stamp <= received + FASTEST_CLOCK:
        logger.warning("%s is not believed: %.60r; the request was received at %s", HEADER, said, received.isoformat())
        return received
    return min(stamp, received)
