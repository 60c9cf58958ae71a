"""What one person typed beside what another stored meanwhile: the rows of both versions, and the form once more."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField
from wtforms import Form as PlainForm
from wtforms.fields.core import Field

from judging.web.forms import MOSCOW, OkvedField, ReadField, VersionedForm, new_key

NOT_TYPED = frozenset({"csrf_token", "request_key", "version", "fingerprint", "add", "remove", "stay"})
F = TypeVar("F", bound=VersionedForm)


@dataclass(frozen=True)
class VersionRow:
    """One field of both versions, in words; ``components/conflict.html`` marks the rows that differ."""

    label: str
    mine: str
    theirs: str


def version_rows(mine: PlainForm, theirs: PlainForm, names: Collection[str] | None = None) -> list[VersionRow]:
    """A row for every field that a person fills in, in the form's order; for those of ``names``, in theirs."""
    fields = [mine[name] for name in names] if names is not None else [field for field in mine if _is_typed(field)]
    return [VersionRow(str(field.label.text), shown(field), shown(theirs[field.short_name])) for field in fields]


def _is_typed(field: Field) -> bool:
    return not isinstance(field, HiddenField) and field.short_name not in NOT_TYPED


def shown(field: Any) -> str:
    """What a field holds, as a person reads it: the same value in the same words, however it was typed."""
    if isinstance(field, FieldList):
        return "; ".join(text for text in map(shown, field) if text)
    if isinstance(field, FormField):
        return " · ".join(text for text in map(shown, field.form) if text)
    if isinstance(field, BooleanField):
        return str(gettext("yes") if field.data else gettext("no"))
    if isinstance(field, SelectField | RadioField):
        return _chosen(field)
    if isinstance(field, OkvedField) and field.data:
        return ", ".join(field.data)
    if isinstance(field, ReadField | IntegerField) and field.data is not None:
        return _read(field)
    return str(field._value() or "")


def _read(field: Any) -> str:
    """The value that was read from what somebody typed: of a number no noughts that say nothing."""
    value = field.data
    if isinstance(value, datetime):
        at = value.astimezone(MOSCOW)
        return at.strftime("%d.%m.%Y %H:%M:%S" if at.second else "%d.%m.%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, Decimal):
        return str(field._shown(plain(value)))
    return str(field._shown(value)) if isinstance(field, ReadField) else str(value)


def plain(value: Decimal) -> Decimal:
    """The number without the noughts at its end that say nothing: 7 for 7.0."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else value


def _chosen(field: Any) -> str:
    """The words of what is chosen; a list from which something has to be chosen says nothing until then."""
    if field.data in (None, "") and field.flags.required:
        return ""
    return next((str(choice[1]) for choice in field.iter_choices() if choice[2]), str(field.data or ""))


def typed_again(**changed: object) -> dict[str, object]:
    """Everything that the request brings, as hidden fields of a form that is sent once more with ``changed``."""
    typed = {name: value for name, value in request.form.items() if name not in NOT_TYPED}
    return {**typed, "request_key": new_key(), **changed}


def over_stored(form: F, version: int | None, make: Callable[..., F]) -> F:
    """The form of what was typed, made anew with ``make``, now over the stored ``version``."""
    again = make(formdata=None, data={**form.data, "version": version})
    again.request_key.data = new_key()
    return again
