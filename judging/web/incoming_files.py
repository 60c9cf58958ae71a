"""Slow work of a POST before its write transaction: files are read, checked and stored while no lock is held.

A view that changes something writes from its first statement on, and on SQLite that takes the one write lock. Slow
work goes here instead, while the request still reads (``web/phases.py``): it may read what it needs, calls
:func:`release`, and works on with no transaction open. What it gives is handed to the view, which looks anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from judging.extensions import db
from judging.web.access import look_again
from judging.web.phases import begin_writing, begins
from judging.web.view_facts import View, wrapped


def beforehand(work: Callable[..., Any]) -> Callable[[View], View]:
    """Call ``work`` with the view's arguments first; the view is given its answer as ``beforehand``.

    Stands between ``requires`` and ``once``. A refusal raised by ``work`` is the answer. The right to the object is
    decided once more behind the work, which may have taken half a minute.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            worked = work(**arguments)
            release()
            look_again()
            if begins(view):
                begin_writing()
            return view(**arguments, beforehand=worked)

        return wrapped(view, guarded, prepares=True)  # the writing begins in here, or in the view

    return decorate


def release() -> None:
    """End the transaction that reading opened, so that what follows holds nothing."""
    db.session.rollback()
