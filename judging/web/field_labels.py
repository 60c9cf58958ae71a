"""Labels of the fields of a request, for error pages that repeat what was typed without the form that was to take it.

The fields of the forms that this request made say it best, for they know the contest's own words. Where the request
failed before any was made, the forms of the same part of the product are asked: the one that has most of the names.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_babel import gettext
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, PasswordField, SelectField
from wtforms import Form as PlainForm
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

from judging.web.view_facts import View, with_facts

ROW = re.compile(r"(.+)-(\d{1,4})-([^-]+)")
"""A field of a row of a list, as WTForms names it: list, index, field."""
SHEET = re.compile(r"(mark|comment|applicant|private)-(.+)")
"""A field of a score sheet: its form is made for the contest, so no class has it."""


@dataclass(frozen=True)
class Labelled:
    """A field in words: ``label`` as on its page, ``text`` as a person reads it."""

    label: str
    text: str


def words_of(typed_words: Callable[..., list["Labelled"]]) -> Callable[[View], View]:
    """Mark a view whose fields no class has: ``typed_words`` says what was sent to it, told the view's arguments."""
    return lambda view: with_facts(view, typed_words=typed_words)


def remember(field: Field) -> Field:
    """Keep a field that was made for this request; called where every form binds its fields."""
    if has_request_context():
        g.setdefault("bound_fields", {})[field.name] = field
    return field


def in_words(names: Iterable[tuple[str, str]]) -> list[Labelled]:
    """Return what was sent as its page has it, in order; without what no person wrote or chose."""
    pairs = [(name, text) for name, text in names if text.strip()]
    own = getattr(current_app.view_functions.get(request.endpoint or ""), "typed_words", None)
    if own is not None:  # the fields are not those of a class
        told: list[Labelled] = own(pairs, **(request.view_args or {}))
        return told
    fields = _fields({name for name, _ in pairs}) if pairs else {}
    found = (_labelled(name, text, fields) for name, text in pairs)
    return [one for one in found if one is not None]


def secrets_among(names: Iterable[str]) -> bool:
    """Say whether one of the names is that of a password in any form."""
    return any(name in _secret() or "password" in name for name in names)


_KEPT = "_declared_in_words"


@cache
def _secret() -> frozenset[str]:
    """The names of the passwords of all forms. Every form that asks for one is known once the pages are loaded."""
    fields = (field for form in _forms(PlainForm) for field in _unbound(form))
    return frozenset(name for name, kind, _ in fields if issubclass(kind, PasswordField))


def _labelled(name: str, text: str, fields: dict[str, Any]) -> Labelled | None:
    row, sheet = ROW.fullmatch(name), SHEET.fullmatch(name)
    field = fields.get(name) or fields.get(row.group(3) if row else name)
    if field is None:
        return Labelled(_of_sheet(*sheet.groups()), text) if sheet else None
    kind, label = (type(field), field.label.text) if isinstance(field, Field) else field
    if issubclass(kind, HiddenField | FormField | FieldList) or not label or _is_hidden(field):
        return None
    said = _chosen(kind, field, text)
    words = _of_sheet("mark", sheet.group(2)) if sheet and label == sheet.group(2) else str(label)
    if said is None:
        return None
    return Labelled(_in_row(row, words, fields) if row else words, said)


def _is_hidden(field: Any) -> bool:
    return isinstance(field, Field) and isinstance(field.widget, HiddenInput)


def _of_sheet(what: str, code: str) -> str:
    words = {
        "mark": gettext("Mark on %(code)s", code=code),
        "applicant": gettext("To the applicant on %(code)s", code=code),
        "private": gettext("For myself on %(code)s", code=code),
    }
    return words.get(what) or gettext("Comment on %(code)s", code=code)


def _in_row(row: re.Match[str], words: str, fields: dict[str, Any]) -> str:
    """The list's own label before the field's, with the number of the row."""
    rows = fields.get(row.group(1))
    title = rows.label.text if isinstance(rows, Field) else rows[1] if rows else ""
    return f"{title} {int(row.group(2)) + 1}: {words}".strip()


def _chosen(kind: type[Field], field: Any, text: str) -> str | None:
    """The text; of a choice its words, None where nobody can tell them any more."""
    if issubclass(kind, BooleanField):
        return gettext("Yes")
    if not issubclass(kind, SelectField):
        return text
    try:
        choices = list(field.iter_choices()) if isinstance(field, SelectField) else []
    except (TypeError, ValueError):  # the choices were not there yet when the request failed
        return None
    return next((str(choice[1]) for choice in choices if str(choice[0]) == text), None)


def _fields(names: set[str]) -> dict[str, Any]:
    """The bound fields of this request, or (kind, label) by name out of the form that fits best."""
    bound: dict[str, Any] = g.get("bound_fields", {})
    if any(name in bound for name in names - {"csrf_token", "request_key", "version"}):
        return bound
    view = current_app.view_functions.get(request.endpoint or "")
    package = getattr(view, "__module__", "").rpartition(".")[0]
    near = [form for form in _forms(PlainForm) if form.__module__.startswith(f"{package}.")]
    plain = {match.group(3) if (match := ROW.fullmatch(name)) else name for name in names}
    found: dict[str, Any] = {}
    for form in sorted(near, key=lambda form: len(plain & {name for name, *_ in _unbound(form)})):
        found |= {name: (kind, label) for name, kind, label in _unbound(form)}
    return found


def _forms(base: type[PlainForm]) -> Iterator[type[PlainForm]]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _unbound(form: type[PlainForm]) -> tuple[tuple[str, type[Field], Any], ...]:
    """Name, kind and label of every field that the class declares or inherits; kept with the class."""
    kept: tuple[tuple[str, type[Field], Any], ...] | None = form.__dict__.get(_KEPT)
    if kept is None:
        kept = tuple(_declared(form))
        setattr(form, _KEPT, kept)
    return kept


def _declared(form: type[PlainForm]) -> Iterator[tuple[str, type[Field], Any]]:
    for name in dir(form):
        field = getattr(form, name, None) if not name.startswith("_") else None
        if isinstance(field, UnboundField):
            label = field.kwargs.get("label", field.args[0] if field.args else None)
            widget = field.kwargs.get("widget")
            yield name, HiddenField if isinstance(widget, HiddenInput) else field.field_class, label
