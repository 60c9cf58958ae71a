"""How every form of this area is carried out: refused next to its fields, in conflict with both versions, or done."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.core import Field

from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Contest
from judging.queries import journal
from judging.services.concurrency import Stale
from judging.web.contests.forms import StoredForm, place_faults
from judging.web.forms import MoscowTimeField
from judging.web.templating import moscow_short

NOT_TYPED = {"csrf_token", "version", "request_key", "add", "remove"}


@dataclass(frozen=True)
class Edit:
    """A form over a stored contest: ``show`` draws its page, ``stored`` makes the same form of what is stored now.

    ``again`` is the address of the form, where the stored version is taken.
    """

    contest: Contest
    form: StoredForm
    show: Callable[[], str]
    stored: Callable[[], StoredForm]
    again: str


def carry_out(edit: Edit, act: Callable[[], Any], done: str, to: str) -> Any:
    """Validate, act, commit and lead to ``to`` with the words ``done``; answer 422 or 409 with everything typed."""
    if not edit.form.validate():
        return edit.show(), 422
    try:
        act()
    except Refused as refused:
        place_faults(edit.form, refused)
        return edit.show(), 422
    except Stale:
        return conflict_page(edit), 409
    db.session.commit()
    flash(done, "success")
    return redirect(to, code=303)


def conflict_page(edit: Edit) -> str:
    """Both versions side by side, with a way to go on with either."""
    stored = edit.stored()
    rows = [
        {"label": field.label.text, "mine": shown(field), "theirs": shown(stored[field.short_name])}
        for field in edit.form
        if not isinstance(field, HiddenField) and field.short_name not in NOT_TYPED
    ]
    mine = {name: value for name, value in request.form.items() if name not in NOT_TYPED}
    mine |= {"version": str(edit.contest.version), "request_key": secrets.token_urlsafe(24)}
    return render_template(
        "contests/_conflict.html",
        contest=edit.contest,
        changed_at=journal.last_instant(db.session, edit.contest.id) or edit.contest.created_at,
        rows=rows,
        mine=mine,
        again=edit.again,
    )


def shown(field: Field) -> str:
    """What a field holds, as a person reads it."""
    if isinstance(field, FieldList):
        return "; ".join(shown(entry) for entry in field)
    if isinstance(field, FormField):
        return " · ".join(text for text in map(shown, field.form) if text)
    if isinstance(field, SelectField | RadioField):
        return next((str(choice[1]) for choice in field.iter_choices() if choice[2]), str(field.data or ""))
    if isinstance(field, MoscowTimeField) and field.data is not None:
        return moscow_short(field.data)
    return str(field._value())  # type: ignore[attr-defined]  # fields whose widget is an input have it
