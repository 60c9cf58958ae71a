"""Answers out of a file: read by the form that they answer, to the letter of the notation in which they are stored."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from judging.adapters.strict_json.faults import MESSAGES
from judging.adapters.strict_json.notation import path_text
from judging.domain.errors import N_, Fault
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import KEY
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.notation import UNSTORED, answer_json, answer_read

UNKNOWN = MESSAGES["extra_forbidden"]
UNFIT = N_("not an answer to a question of the kind “%(kind)s”")
OF_CONSENT = frozenset({"given", "text_sha256", "at", "by"})
"""What is kept of a consent: that it was given, to which text, when and by whom."""

Fields = Mapping[str, Field]


class AnswersReader:
    """Reads the answers to one form; what is not as that form has it is named with its path."""

    def __init__(self, compiled: CompiledForm) -> None:
        fields = [field for field in compiled.form.fields() if field.kind not in UNSTORED]
        self._fields: Fields = {field.code: field for field in fields}
        self._columns: Mapping[str, Fields] = {
            field.code: {column.code: column for column in field.columns if column.kind not in UNSTORED}
            for field in fields
        }

    def read(self, stored: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[Fault]]:
        """Return the typed answers, and every fault."""
        answers: dict[str, Any] = {}
        faults: list[Fault] = []
        for code, value in stored.items():
            field = self._fields.get(code)
            if field is None:
                faults.append(Fault(_below(path, code), UNKNOWN))
            elif field.kind is FieldKind.TABLE:
                answers[code] = tuple(self._rows(field, value, _below(path, code), faults))
            elif (answer := _answer(field, value)) is None:
                faults.append(_unfit(field, _below(path, code)))
            else:
                answers[code] = answer
        return answers, faults

    def _rows(self, table: Field, value: Any, path: str, faults: list[Fault]) -> Iterator[dict[str, Any]]:
        if not isinstance(value, list) or not value:
            faults.append(_unfit(table, path))
            return
        columns = self._columns[table.code]
        for place, row in enumerate(value):
            if isinstance(row, dict):
                yield _row(columns, row, f"{path}[{place}]", faults)
            else:
                faults.append(Fault(f"{path}[{place}]", MESSAGES["dict_type"]))


def _row(columns: Fields, row: Mapping[str, Any], path: str, faults: list[Fault]) -> dict[str, Any]:
    answers: dict[str, Any] = {KEY: ""}
    for code, value in row.items():
        column = columns.get(code)
        if code == KEY and isinstance(value, str) and value:
            answers[KEY] = value
        elif column is None:
            faults.append(Fault(_below(path, code), UNKNOWN))
        elif (answer := _answer(column, value)) is None:
            faults.append(_unfit(column, _below(path, code)))
        else:
            answers[code] = answer
    return answers


def _answer(field: Field, value: Any) -> Any:
    """The typed answer; None where the value is not what would be written of it."""
    answer = answer_read(field, value)
    if answer is None:
        return None
    if field.kind is FieldKind.CONSENT:
        return answer if _is_consent(value) else None
    return answer if answer_json(field, answer) == value else None


def _is_consent(value: Mapping[str, Any]) -> bool:
    return set(value) <= OF_CONSENT and isinstance(value.get("by", ""), str) and _is_instant(value.get("at"))


def _is_instant(value: Any) -> bool:
    try:
        return value is None or datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _unfit(field: Field, path: str) -> Fault:
    return Fault(path, UNFIT, {"kind": field.kind.value})


def _below(path: str, name: str) -> str:
    step = path_text(name)
    return path + (step if step.startswith("[") else f".{step}")
