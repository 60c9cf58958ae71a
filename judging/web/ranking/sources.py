"""Where the figures of computed criteria come from, in words: field, formula, answers, and the submission."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_date, ngettext

from judging.domain.forms.form import FieldKind
from judging.domain.rubric import ComputedCriterion
from judging.extensions import db
from judging.models import Application
from judging.queries.provenance import Answered, Provenance, Source, provenance
from judging.web.templating import decimal, localized, money


def sources(application: Application, criteria: Sequence[ComputedCriterion]) -> dict[str, Any]:
    """The rows of the criteria whose figure the form asks for, and the submission that they stand in."""
    found: Provenance = provenance(db.session, application, {one.indicator for one in criteria})
    return {
        "rows": [_row(one, found.sources[one.indicator]) for one in criteria if one.indicator in found.sources],
        "submission": found,
    }


def _row(criterion: ComputedCriterion, source: Source) -> Mapping[str, Any]:
    field = source.figure.field
    return {
        "code": criterion.code,
        "title": criterion.title,
        "field": localized(field, "label"),
        "section": localized(source.figure.section, "title"),
        "formula": source.formula,
        "answer": "" if source.formula else _answer(source.figure),
        "inputs": [(localized(one.field, "label"), one.field.code, _answer(one)) for one in source.inputs],
    }


def _answer(one: Answered) -> str:
    answer, kind = one.answer, one.field.kind
    if answer is None or answer in ("", ()):
        return "—"
    if kind is FieldKind.MONEY:
        return str(money(answer))
    if kind is FieldKind.NUMBER:
        unit = localized(one.field, "unit")
        return f"{decimal(answer)} {unit}".rstrip()
    if kind is FieldKind.DATE:
        return format_date(answer, "short")
    if kind in (FieldKind.TABLE, FieldKind.FILE):
        return ngettext("%(num)d row", "%(num)d rows", len(answer))
    return ", ".join(answer) if isinstance(answer, tuple) else str(answer)
