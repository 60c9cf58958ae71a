"""What a POST does before its transaction: files are read, checked and stored while nobody waits for the database.

A view that changes something opens its transaction when it first asks the database, and on SQLite that is the one
write lock. Slow work goes here instead: it may read what it needs, calls :func:`release`, and works on with no
transaction open. What it gives is handed to the view, which looks at the database anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from judging.extensions import db
from judging.models.engine import reads_only

View = TypeVar("View", bound=Callable[..., Any])


def beforehand(work: Callable[..., Any]) -> Callable[[View], View]:
    """Call ``work`` with the view's arguments first; the view is given its answer as ``beforehand``.

    Stands between ``requires`` and ``once``. A refusal raised by ``work`` is the answer.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            return view(**arguments, beforehand=_worked(work, arguments))

        return guarded  # type: ignore[return-value]  # wraps keeps the view's signature

    return decorate


def release() -> None:
    """End the transaction that reading opened, so that what follows holds nothing."""
    db.session.rollback()


def _worked(work: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    release()
    intent = reads_only.set(True)
    try:
        return work(**arguments)
    finally:
        reads_only.reset(intent)
        release()
