"""From a form's bytes to the form, or to the list of everything that is wrong with it."""

import re
from dataclasses import replace
from typing import Any

from judging.adapters.forms import schema
from judging.adapters.strict_json.bounds import told
from judging.adapters.strict_json.faults import criterion_faults
from judging.adapters.strict_json.parsing import parse
from judging.adapters.strict_json.reader import Reader
from judging.domain.errors import N_, Fault, Refused
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Section

LARGEST = 2 << 20
"""Bytes; the whole form of ПП 41 has 40,000."""
LISTS = ("sections", "checks", "checklist")
_PLACE = re.compile(r"(\w+)(?:\[([0-9]+)\])?(?:\.\w+\[([0-9]+)\])?")


def read_form(data: bytes) -> ApplicationForm:
    """Return the form that ``data`` (UTF-8 JSON) holds; raise :class:`Refused` with every fault of its shape."""
    if len(data) > LARGEST:
        raise Refused([Fault("", N_("larger than %(limit)s MB"), {"limit": LARGEST >> 20})])
    parsed = parse(data)
    return _form(parsed.document, parsed.faults)


def read_form_object(document: dict[str, Any]) -> ApplicationForm:
    """Return the form of a document that was read as JSON already; raise :class:`Refused` with every fault."""
    return _form(document, ())


def _form(document: dict[str, Any], known: tuple[Fault, ...]) -> ApplicationForm:
    reader = Reader(known, _position)
    reader.fitting(schema.ENVELOPE, document)
    form = ApplicationForm(
        sections=tuple(
            section
            for index, raw in enumerate(_list(document, "sections"))
            if (section := _section(reader, raw, index)) is not None
        ),
        checks=reader.pieces(schema.CHECK, document, "checks").fitting(),
        checklist=reader.pieces(schema.POINT, document, "checklist").fitting(),
    )
    if reader.faults:
        raise Refused(told(sorted(reader.faults, key=_position)))
    return form


def _section(reader: Reader, raw: Any, index: int) -> Section | None:
    model = reader.fitting(schema.SECTION, raw, "sections", index)
    fields = [
        field
        for inner, one in enumerate(_list(raw, "fields"))
        if (field := _field(reader, one, "sections", index, "fields", inner)) is not None
    ]
    if model is None:
        return None
    given = {name: getattr(model, name) for name in ("code", "title", "title_en", "lead", "lead_en")}
    return Section(**given, nominations=tuple(model.nominations), fields=tuple(fields))


def _column(reader: Reader, raw: Any, *place: str | int) -> Field | None:
    """A column. One that is a table is none, whatever is within it."""
    model = reader.fitting(schema.FIELD, raw, *place, translate=criterion_faults)
    return model and model.value()


def _field(reader: Reader, raw: Any, *place: str | int) -> Field | None:
    """A field; of a table its columns and checks as well, each by itself."""
    field = _column(reader, raw, *place)
    if not isinstance(raw, dict) or raw.get("kind") != FieldKind.TABLE:
        return field
    columns = [
        column
        for index, one in enumerate(_list(raw, "columns"))
        if (column := _column(reader, one, *place, "columns", index)) is not None
    ]
    checks = [
        check
        for index, one in enumerate(_list(raw, "row_checks"))
        if (check := _check(reader, one, *place, "row_checks", index)) is not None
    ]
    return field and replace(field, columns=tuple(columns), row_checks=tuple(checks))


def _check(reader: Reader, raw: Any, *place: str | int) -> Check | None:
    check: Check | None = reader.piece(schema.CHECK, raw, *place)
    return check


def _list(parent: Any, name: str) -> list[Any]:
    found = parent.get(name) if isinstance(parent, dict) else None
    return found if isinstance(found, list) else []


def _position(fault: Fault) -> tuple[int, int, int]:
    """Order faults as the file is read; those of the file as a whole first."""
    match = _PLACE.match(fault.path)
    if match is None or match[1] not in LISTS:
        return -1, 0, 0
    return LISTS.index(match[1]), int(match[2] or -1), int(match[3] or -1)
