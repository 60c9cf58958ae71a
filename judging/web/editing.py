"""How a form is carried out: refused next to its fields (422), overtaken by somebody else (409), or done (303)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import flash, redirect
from werkzeug.wrappers import Response

from judging.domain.errors import Refused
from judging.extensions import db
from judging.services.concurrency import Stale
from judging.web.field_faults import add_faults
from judging.web.forms import Form

F = TypeVar("F", bound=Form)
T = TypeVar("T")
Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class Edit(Generic[F]):
    """A form and its pages; each is drawn when nothing of this request is being written any more.

    ``show`` draws the form with what was typed and what is wrong. ``compare`` draws both versions where somebody was
    faster; a form over nothing stored has none. ``partly`` is for a form of which the legible part is kept whatever
    else is wrong with it: it draws the page after that.
    """

    form: F
    show: Callable[[], str]
    compare: Callable[[], str] | None = None
    partly: Callable[[], str] | None = None


def carry_out(
    edit: Edit[F], act: Callable[[], T], done: str | Callable[[T], str], to: str | Callable[[T], str]
) -> Answer:
    """Validate, act, commit and lead to ``to`` with the words ``done``; answer 422 or 409 with everything typed.

    Words or an address that depend on what the act returned are functions of it.
    """
    legible = edit.form.validate()
    if not legible and (edit.partly is None or "csrf_token" in edit.form.errors):
        return edit.show(), 422
    try:
        result = act()
    except Refused as refused:
        db.session.rollback()
        add_faults(edit.form, refused)
        return edit.show(), 422
    except Stale:
        if edit.compare is None:
            raise
        db.session.rollback()
        return edit.compare(), 409
    db.session.commit()
    if not legible and edit.partly is not None:
        return edit.partly(), 422
    flash(done if isinstance(done, str) else done(result), "success")
    return redirect(to if isinstance(to, str) else to(result), code=303)
