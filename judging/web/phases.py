"""Transaction phases of a request: it reads first and writes last, with access and costly work before the write lock.

A GET only reads. A POST reads until its view is called, or, where the view is marked ``@prepares``, until the view
calls :func:`begin_writing`; a POST marked ``@reads`` never writes. A commit or rollback ends the writing, and so does
the rendering of a page: what a view has not committed before it shows a page is not wanted.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, g, request
from flask.signals import before_render_template

from judging.extensions import db
from judging.models.engine import reads_only
from judging.models.units import UnitOfWork
from judging.web.view_facts import View, with_facts

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    """Attach the hooks."""
    app.before_request_funcs.setdefault(None, []).insert(0, note_intent)  # a page about a wrong token only reads, too
    app.teardown_request(_forget_intent)
    before_render_template.connect(_end_writing, app)


def _forget_intent(_error: BaseException | None) -> None:
    reads_only.set(False)


def reads(view: View) -> View:
    """Mark a POST view that writes nothing: a comparison, a preview. Its transactions cannot write."""
    return with_facts(view, reads=True)


def prepares(view: View) -> View:
    """Mark a POST view that does costly things before it writes, and calls :func:`begin_writing` when it does."""
    return with_facts(view, prepares=True)


def begins(view: Callable[..., Any]) -> bool:
    """Whether a POST of this view writes from its first statement on."""
    return not (getattr(view, "reads", False) or getattr(view, "prepares", False))


def unit() -> UnitOfWork:
    """The database session of this request."""
    return cast(UnitOfWork, db.session)


def note_intent() -> None:
    """Every request begins by reading, so its transactions take no write lock on SQLite."""
    reads_only.set(True)


def begin_writing() -> None:
    """From here on this request writes, until it commits or rolls back. What was read before is read anew when needed.

    Raises ``RuntimeError`` in a request that is declared to read only.
    """
    if request.method in SAFE or g.get("only_reads"):
        raise RuntimeError(f"{request.endpoint} reads only")
    unit().begin_writing()
    claim = g.get("claim")
    if claim is not None:
        claim()


def begin_reading() -> None:
    """End the writing, where it has begun; what was not committed is given up. From here on the request only reads."""
    unit().begin_reading()


def afterwards(act: Callable[[], object]) -> None:
    """Do this when what the request did is committed and its turn to write is over."""
    if "afterwards" in g:
        g.afterwards.append(act)
    else:
        act()


def _end_writing(_app: Flask, **_: Any) -> None:
    begin_reading()
