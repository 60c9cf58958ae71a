"""A form as a document: keys in one order, and only those that say something."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from judging.adapters.forms.schema import FORMAT, VERSION
from judging.adapters.strict_json.notation import decimal_text, roubles_text
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Option, Point, Section

Json = dict[str, Any]
_RENAMED: Mapping[str, str] = {"least": "min", "greatest": "max"}
_ALWAYS = frozenset({"sections", "fields", "columns", "options", "extensions"})
"""Lists that a reader wants to see, empty or not."""


def form_object(form: ApplicationForm) -> Json:
    """Return the form as its file has it."""
    return {"format": FORMAT, "version": VERSION, **_object(form)}


def _object(value: ApplicationForm | Section | Field | Check | Point | Option) -> Json:
    """What differs from the setting that is meant where nothing is written."""
    written: Json = {}
    for one in fields(value):
        here = getattr(value, one.name)
        wanted = one.name in _ALWAYS and (not isinstance(value, Field) or _has(value, one.name))
        if wanted or here != one.default:
            written[_RENAMED.get(one.name, one.name)] = _bound(here, value, one.name)
    return written


def _has(field: Field, name: str) -> bool:
    kinds = {
        "columns": (FieldKind.TABLE,),
        "options": (FieldKind.CHOICE, FieldKind.CHOICES),
        "extensions": (FieldKind.FILE,),
    }
    return field.kind in kinds[name]


def _bound(value: Any, owner: Any, name: str) -> Any:
    """A value of a setting; the bounds of a sum of money are kopecks here and roubles in the file."""
    if name in _RENAMED and isinstance(owner, Field) and owner.kind is FieldKind.MONEY:
        return roubles_text(value)
    return _written(value)


def _written(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Section | Field | Check | Point | Option):
        return _object(value)
    return value
