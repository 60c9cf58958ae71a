"""A POST that arrives twice is carried out once.

Forms of :class:`judging.web.forms.Form` carry a random ``request_key``. The key is written in the same transaction as
what the form does; a second POST with it is led to where the first one went.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from judging.extensions import db
from judging.models import RequestKey
from judging.web.access import current_actor
from judging.web.clock import now

View = TypeVar("View", bound=Callable[..., Any])


def once(view: View) -> View:
    """Carry out a POST view once per request key. A view that fails leaves no key, so it can be tried again."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        key = request.form.get("request_key", "")[:64]
        if not key:
            return view(**arguments)
        done = db.session.get(RequestKey, key)
        if done is not None:
            return _replayed(done)
        try:
            db.session.add(RequestKey(key=key, user_id=current_actor().user_id, location="", created_at=now()))
            db.session.flush()
        except IntegrityError:
            db.session.rollback()
            return _replayed(db.session.get_one(RequestKey, key))
        return _remember(key, view(**arguments))

    return guarded  # type: ignore[return-value]  # wraps keeps the view's signature


def _replayed(done: RequestKey) -> Response:
    same_person = done.user_id == current_actor().user_id
    return redirect(done.location if same_person and done.location else request.path, code=303)


def _remember(key: str, answer: Any) -> Any:
    """Note where the first POST was led; an answer that is no redirect did nothing and forgets the key."""
    location = getattr(answer, "location", None)
    if location is None:
        db.session.rollback()
        return answer
    done = db.session.get(RequestKey, key)
    if done is not None:
        done.location = location[:500]
        db.session.commit()
    return answer
