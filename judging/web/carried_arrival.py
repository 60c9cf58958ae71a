"""A signed stamp of the instant at which a form first arrived, for pages that ask for the same form once more.

A form that was there whole before the close of a window is in time even if its sender first has to give the password
again, or the system was too busy to take it. Such a page therefore carries its instant, signed together with everything
that was sent, the address and the person: whoever changes the form, or takes too long, sends a new one, which counts
from its own arrival. So does a form that hands in what is stored (:func:`hands_in`), once that is another than it was:
else the stamp would let in what was written after the close.
"""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from judging.domain.arrival import LONGEST_CARRIED
from judging.web.clock import ARRIVED, arrived
from judging.web.view_facts import View, with_facts

FIELD = "first_arrival"
Carried = list[tuple[str, str]]


def hands_in(state: Callable[..., str]) -> Callable[[View], View]:
    """Mark a view whose form hands in what is stored; ``state``, called with the route's arguments, tells what that is.

    Two texts of ``state`` are equal only where nothing that is handed in was changed between them.
    """

    def decorate(view: View) -> View:
        return with_facts(view, state_handed_in=state)  # read by _digest()

    return decorate


def seal(carried: Carried, user_id: int) -> str:
    """Sign the instant at which this request arrived, or the earlier one that it counts from already.

    What is handed in is read from the database.
    """
    return _serializer().dumps([arrived().isoformat(), _digest(carried, user_id)])


def count_from_first(carried: Carried, user_id: int) -> None:
    """Let this request count from the first arrival of the very form it brings, where our signature says when.

    However often a form is carried on, its first arrival counts no longer than :data:`LONGEST_CARRIED`.
    """
    try:
        stamp, digest = _serializer().loads(request.form.get(FIELD, ""), max_age=int(LONGEST_CARRIED.total_seconds()))
    except (BadData, ValueError):
        return
    first = datetime.fromisoformat(stamp)
    if digest == _digest(carried, user_id) and arrived() - first <= LONGEST_CARRIED:
        request.environ[ARRIVED] = min(first, arrived())


def _digest(carried: Carried, user_id: int) -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    state = getattr(view, "state_handed_in", None)
    handed_in = state(**(request.view_args or {})) if state else ""
    return sha256(json.dumps([user_id, request.full_path, carried, handed_in]).encode()).hexdigest()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SIGNING_KEYS"], salt="first-arrival")
