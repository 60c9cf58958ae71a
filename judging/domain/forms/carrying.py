"""What of the answers to one form can be taken over as answers to another one.

A field takes the answer of the field of its code and kind. Files and consents are never taken over: papers are those of
their own application, and nobody agrees twice by agreeing once. What is computed is computed anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from judging.domain.forms.environment import KEY
from judging.domain.forms.form import ApplicationForm, Field, FieldKind, TextFormat
from judging.domain.forms.looking import Answers

NEVER = frozenset({FieldKind.FILE, FieldKind.CONSENT, FieldKind.COMPUTED})
ANY_TEXT = frozenset({TextFormat.PLAIN, TextFormat.LIGHT})


def carried_answers(before: ApplicationForm, answers: Answers, after: ApplicationForm) -> dict[str, dict[str, Any]]:
    """Return the answers that ``after`` can begin with, by section and field; sections without any are left out."""
    known = {field.code: field for field in before.fields()}
    found = {section.code: _answers(known, answers, section.fields) for section in after.sections}
    return {code: given for code, given in found.items() if given}


def _answers(known: Mapping[str, Field], answers: Answers, fields: Sequence[Field]) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for field in fields:
        old, answer = known.get(field.code), answers.get(field.code)
        if old is None or old.kind is not field.kind or field.kind in NEVER or answer is None:
            continue
        kept = _kept(old, field, answer)
        if kept is not None:
            taken[field.code] = kept
    return taken


def _kept(old: Field, field: Field, answer: Any) -> Any:
    """The answer as far as the new field can hold it; None where nothing of it is left."""
    offered = {option.code for option in field.options}
    if field.kind is FieldKind.TEXT and field.format is not old.format and field.format not in ANY_TEXT:
        return None  # a text of no such kind was never looked at
    if field.kind is FieldKind.CHOICE:
        return answer if answer in offered else None
    if field.kind is FieldKind.CHOICES:
        return tuple(code for code in answer if code in offered) or None
    if field.kind is FieldKind.TABLE:
        columns = {column.code: column for column in old.columns}
        rows = [{KEY: row.get(KEY, ""), **_answers(columns, row, field.columns)} for row in answer]
        return tuple(row for row in rows if len(row) > 1)[: field.rows[1]] or None
    return answer
