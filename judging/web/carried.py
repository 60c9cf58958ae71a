"""The instant at which a form first arrived, kept with it on a page that asks for it once more.

A form that was there whole before the close of a window is in time even if its sender first has to give the password
again, or the system was too busy to take it. Such a page therefore carries its instant, signed together with everything
that was sent, the address and the person: whoever changes the form, or takes too long, sends a new one, which counts
from its own arrival.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from judging.web.clock import ARRIVED, arrived

FIELD = "first_arrival"
LONGEST = timedelta(minutes=15)
"""How long a form may wait and still count from its first arrival."""
Carried = list[tuple[str, str]]


def seal(carried: Carried, user_id: int) -> str:
    """Sign the instant at which this request arrived, or the earlier one that it counts from already."""
    return _serializer().dumps([arrived().isoformat(), _digest(carried, user_id)])


def count_from_first(carried: Carried, user_id: int) -> None:
    """Let this request count from the first arrival of the very form it brings, where our signature says when."""
    try:
        stamp, digest = _serializer().loads(request.form.get(FIELD, ""), max_age=LONGEST.total_seconds())
    except (BadData, ValueError):
        return
    if digest == _digest(carried, user_id):
        request.environ[ARRIVED] = min(datetime.fromisoformat(stamp), arrived())


def _digest(carried: Carried, user_id: int) -> str:
    return sha256(json.dumps([user_id, request.full_path, carried]).encode()).hexdigest()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SIGNING_KEYS"], salt="first-arrival")
