"""Idempotent POSTs: a form that arrives twice is carried out once.

Forms of :class:`judging.web.forms.Form` carry a random ``request_key``. The key and where the form led are written in
the same transaction as what the form does; a second POST with it is led there too, or told that it was dealt with.
"""

from functools import partial, wraps
from typing import Any, cast

from flask import g, redirect, render_template, request, session
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from judging.extensions import db
from judging.models import RequestKey
from judging.web.access import current_actor
from judging.web.clock import now
from judging.web.phases import begin_writing, begins, unit
from judging.web.view_facts import View, wrapped

KEYS = cast(Table, RequestKey.__table__)
CLAIM = insert(KEYS)
DONE = select(KEYS.c.user_id, KEYS.c.location).where(KEYS.c.key == bindparam("claimed"))
LED = update(KEYS).where(KEYS.c.key == bindparam("claimed")).values(location=bindparam("to"))


class _Replayed(Exception):
    """The key was written by another request in the same moment."""


def once(view: View) -> View:
    """Carry out a POST view once per request key. A view that fails leaves no key, so it can be tried again."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        key = request.form.get("request_key", "")[:64]
        done = _done(key) if key else None
        if done is not None:
            return _replayed(done)
        try:
            return _carried_out(view, key, arguments)
        except _Replayed:
            return _replayed(_done(key))

    return wrapped(view, guarded, prepares=True)  # the writing begins in here


def _carried_out(view: View, key: str, arguments: dict[str, Any]) -> Any:
    """Call the view; its commit is put off until it is known where it leads, and made even where it then fails."""
    g.afterwards = []
    if key:
        g.claim = partial(_claim, key, current_actor().user_id)
    unit().put_commit_off()
    try:
        if begins(view):
            begin_writing()
        answer = view(**arguments)
        _note(key, answer)
    finally:
        g.pop("claim", None)
        _commit()
    for act in g.pop("afterwards"):
        act()
    return answer


def _claim(key: str, user_id: int | None) -> None:
    """Write the key; where another request writes the same one, wait for what becomes of it."""
    try:
        db.session.execute(CLAIM, {"key": key, "user_id": user_id, "location": "", "created_at": now()})
    except IntegrityError:
        db.session.rollback()
        raise _Replayed from None


def _note(key: str, answer: Any) -> None:
    """Note where the form led. An answer after which nothing was committed did nothing, and leaves no key."""
    if not unit().acted:
        db.session.rollback()
    elif key and unit().writes:
        db.session.execute(LED, {"claimed": key, "to": (getattr(answer, "location", None) or "")[:500]})


def _commit() -> None:
    """Commit what the view did; where that fails it has not been done, and no page may say that it was."""
    try:
        unit().commit_now()
    except Exception:
        session.pop("_flashes", None)
        raise


def _done(key: str) -> Any:
    """Whose key it is and where the form led; None where the key is not written."""
    return db.session.execute(DONE, {"claimed": key}).first()


def _replayed(done: Any) -> Any:
    """Lead to where the first one went; where it led nowhere, or was another person's, say that it was dealt with."""
    if done.user_id == current_actor().user_id and done.location:
        return redirect(done.location, code=303)
    return render_template("errors/replayed.html"), 200 if done.user_id == current_actor().user_id else 409
