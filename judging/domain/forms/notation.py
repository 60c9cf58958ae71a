"""Answers as JSON and back: how the sections of an application and what was submitted hold them.

A number is decimal text, money decimal text in roubles, a date 2027-12-31, an organisation its ИНН, a row of a table an
object with its ``key``. A consent is an object: whether it was given, the hash of the text that was read, when and by
whom. Files are not among the answers, and nothing computed is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from judging.domain.expressions.values import day_of
from judging.domain.forms.environment import KEY
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.looking import Answers, answered

UNSTORED = frozenset({FieldKind.FILE, FieldKind.COMPUTED})
"""Kinds whose fields have no stored answer."""
FARTHEST = 100
"""Places from the point to the farthest digit of a number that is an answer; what is typed has far fewer."""
Json = Any


def answers_json(fields: Sequence[Field], answers: Answers) -> dict[str, Json]:
    """Return the answers of these fields as JSON, without what is not answered. A consent is given as its record."""
    return {
        field.code: written
        for field in fields
        if field.kind not in UNSTORED and (written := answer_json(field, answers.get(field.code))) is not None
    }


def answers_read(fields: Sequence[Field], stored: Mapping[str, Json]) -> dict[str, Any]:
    """Return the answers of these fields that JSON holds; what does not fit the kind of its field is not answered.

    A consent whose text is another now than the one that was read is not given.
    """
    return {
        field.code: answer
        for field in fields
        if field.kind not in UNSTORED and (answer := answer_read(field, stored.get(field.code))) is not None
    }


def answer_json(field: Field, answer: Any) -> Json:
    """Return one answer as JSON; None where it is none."""
    if field.kind is FieldKind.CONSENT:
        return dict(answer) if answer else None
    return _WRITERS[field.kind](field, answer) if answered(field, answer) else None


def answer_read(field: Field, stored: Json) -> Any:
    """Return the answer that one value of JSON is; None where it is none, or does not fit the kind of the field."""
    if stored is None:
        return None
    try:
        return _READERS[field.kind](field, stored)
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
        return None


def text_hash(field: Field) -> str:
    """Return the SHA-256 of the text of a consent: what a person agrees to, in the language that decides."""
    return sha256(field.text.encode()).hexdigest()


def roubles(kopecks: int) -> str:
    """Return a sum as decimal text in roubles: ``-12.05``."""
    whole, rest = divmod(abs(kopecks), 100)
    return f"{'-' if kopecks < 0 else ''}{whole}.{rest:02d}"


def kopecks_of(text: str) -> int:
    """Return a sum of decimal text in roubles; raise ValueError where it has parts of a kopeck."""
    amount = _bounded(Decimal(text)) * 100
    if amount != amount.to_integral_value():
        raise ValueError("parts of a kopeck")
    return int(amount)


def _as_it_is(_field: Field, value: Any) -> Any:
    return value


def _text(_field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(_field: Field, value: Any) -> Decimal:
    return _bounded(Decimal(_text(_field, value)))


def _bounded(number: Decimal) -> Decimal:
    """The number, which has to be one that is written out in a line: ``1e999999`` is none."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or max(abs(exponent), abs(number.adjusted())) > FARTHEST:
        raise ValueError("no finite number, or one too long")
    return number


def _day(_field: Field, value: Any) -> date | None:
    return day_of(_text(_field, value))


def _yes(_field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither yes nor no")
    return value


def _several(_field: Field, value: Any) -> tuple[str, ...]:
    return tuple(_text(_field, one) for one in value)


def _consent(field: Field, value: Any) -> bool | None:
    return True if value["given"] is True and value["text_sha256"] == text_hash(field) else None


def _rows_json(table: Field, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Json]]:
    return [
        {KEY: row[KEY], **answers_json(table.columns, row)} if row.get(KEY) else answers_json(table.columns, row)
        for row in rows
    ]


def _rows(table: Field, value: Any) -> tuple[dict[str, Any], ...]:
    return tuple({KEY: _text(table, row.get(KEY, "")), **answers_read(table.columns, row)} for row in value)


_WRITERS: Mapping[FieldKind, Callable[[Field, Any], Json]] = {
    FieldKind.TEXT: _as_it_is,
    FieldKind.NUMBER: lambda _field, number: format(number, "f"),
    FieldKind.MONEY: lambda _field, kopecks: roubles(kopecks),
    FieldKind.DATE: lambda _field, day: day.isoformat(),
    FieldKind.YES: _as_it_is,
    FieldKind.CHOICE: _as_it_is,
    FieldKind.CHOICES: lambda _field, codes: list(codes),
    FieldKind.ORGANISATION: _as_it_is,
    FieldKind.OKVED: lambda _field, codes: list(codes),
    FieldKind.TABLE: _rows_json,
}
_READERS: Mapping[FieldKind, Callable[[Field, Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: lambda field, value: kopecks_of(_text(field, value)),
    FieldKind.DATE: _day,
    FieldKind.YES: _yes,
    FieldKind.CHOICE: _text,
    FieldKind.CHOICES: _several,
    FieldKind.ORGANISATION: _text,
    FieldKind.OKVED: _several,
    FieldKind.CONSENT: _consent,
    FieldKind.TABLE: _rows,
}
