"""What the answers of an application come to in its columns: what registers, lists, searches and ranking read.

Columns are never edited by themselves once a section was saved: they follow from the answers (the check
``answers-projected`` of ``judging verify`` holds both together).
"""

from collections.abc import Mapping
from typing import Any

from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.form import FieldKind
from judging.domain.forms.indicators import figure_text, figures
from judging.domain.forms.looking import Answers, Look
from judging.models import Application, Partner
from judging.models.base import Base, table_of
from judging.queries.answers import LEVEL, LEVEL_PREFIX, PLAIN
from judging.queries.dossiers import indicators_of

EMPTY: Mapping[FieldKind, Any] = {FieldKind.TEXT: "", FieldKind.CONSENT: False}
"""What a column holds where its field is not answered, by kind; None for the others."""


def columns_of(application: Application, compiled: CompiledForm, answers: Answers, seen: Look) -> dict[str, Any]:
    """Return the columns that follow from the answers, by name; only those that the form asks for. Participants aside.

    Hidden answers do not count.
    """
    columns: dict[str, Any] = {"indicators": _indicators(application, compiled, seen)}
    for field in compiled.form.fields():
        shown = answers.get(field.code) if field.code in seen.shown else None
        if PLAIN.get(field.code) is field.kind:
            value = EMPTY.get(field.kind) if shown is None else shown
            columns[field.code] = fitted(Application, field.code, value)
        elif (field.code, field.kind) == (LEVEL, FieldKind.CHOICE):
            columns[LEVEL] = _level(shown)
        elif (field.code, field.kind) == ("topics", FieldKind.OKVED):
            columns["topics"] = list(shown or ())
    return columns


def participants_of(answers: Answers, seen: Look) -> dict[str, Any]:
    """Return the ИНН of the ``initiator``, and of the ``partners`` ИНН, role and contribution of each that is named."""
    initiator = answers.get("initiator") if "initiator" in seen.shown else None
    rows = answers.get("partners") if "partners" in seen.shown else None
    return {
        "initiator": initiator or None,
        "partners": [
            [
                row["organisation"],
                fitted(Partner, "role", row.get("role") or ""),
                fitted(Partner, "contribution", row.get("contribution") or ""),
            ]
            for row in rows or ()
            if row.get("organisation")
        ],
    }


def fitted(model: type[Base], column: str, value: Any) -> Any:
    """The value as the column holds it: of a text that is too long, which a draft may have, its beginning."""
    longest = getattr(table_of(model).c[column].type, "length", None)
    if not isinstance(value, str) or longest is None or len(value) <= longest:
        return value
    return value[: longest - 1] + "…"


def _level(option: str | None) -> int | None:
    """The readiness level of the code of its option, None for a code that is none."""
    digits = (option or "").removeprefix(LEVEL_PREFIX)
    return int(digits) if digits.isdecimal() and len(digits) < len("100") else None


def _indicators(application: Application, compiled: CompiledForm, seen: Look) -> dict[str, str]:
    """The figures that criteria are scored by, as decimal text, in the criteria's order."""
    known = figures(compiled)
    asked = [one["code"] for one in indicators_of(application.contest)]
    found = {code: figure_text(known[code], seen) for code in asked if code in known}
    return {code: text for code, text in found.items() if text is not None}
