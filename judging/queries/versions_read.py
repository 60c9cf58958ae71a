"""Two submissions of an application as experts read them, and what of a review's application changed since it was read.

What experts may not read is taken out of both submissions before they are compared, so that neither an answer nor the
fact that it changed can be told from the comparison, or from whether there is one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.differences import differences
from judging.domain.forms.environment import KEY
from judging.domain.forms.form import ApplicationForm, Field, FieldKind
from judging.domain.forms.readers import kept_from_experts, without
from judging.domain.forms.receipts import FIRST, SLOT
from judging.models import Review, Submission
from judging.queries.submissions import Submitted, submitted

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """An application was submitted anew since a review's expert read it: that submission and the last one, as read."""

    before: Submitted
    after: Submitted


def last_number(session: Session, application_id: int) -> int:
    """Return the number of the last submission of an application; 0 where there is none."""
    last = select(func.max(Submission.number)).where(Submission.application_id == application_id)
    return session.scalar(last) or 0


def change_of(session: Session, review: Review, *, last: int | None = None) -> Change | None:
    """Return what the expert has not seen yet of the application; None where that is nothing.

    ``last``: the number of the last submission, where it has been read already.
    """
    known = review.application_version
    if not known:
        return None
    number = last_number(session, review.application_id) if last is None else last
    if number <= known:
        return None
    change = Change(*as_read(*(submitted(session, review.application, one) for one in (known, number))))
    return change if differ(change) else None


def changed_since_read(session: Session, reviews: Collection[Review]) -> frozenset[int]:
    """Return those of these reviews, by number, whose experts have not seen the last change: one select where none."""
    if not reviews:
        return frozenset()
    own = {review.application_id for review in reviews}
    last = select(Submission.application_id, func.max(Submission.number).label("last"))
    rows = session.execute(last.where(Submission.application_id.in_(own)).group_by(Submission.application_id))
    numbers = {row.application_id: row.last for row in rows}
    found = (one for one in reviews if change_of(session, one, last=numbers.get(one.application_id, 0)) is not None)
    return frozenset(review.id for review in found)


def as_read(before: Submitted, after: Submitted) -> tuple[Submitted, Submitted]:
    """Return both submissions without what experts may not read: that says the later form, and each of its own."""
    kept = kept_from_experts(before.form.compiled) | kept_from_experts(after.form.compiled)
    asked = frozenset(_codes(after.form.form)) - kept
    return _reduced(before, asked), _reduced(after, asked)


def differ(change: Change) -> bool:
    """Say whether anything that experts read is another."""
    before, after = change.before, change.after
    found = differences(before.form.form, before.answers, after.form.form, after.answers)
    return any(one.field.kind is not FieldKind.FILE for one in found) or _facts(before) != _facts(after)


def _codes(form: ApplicationForm) -> Iterator[str]:
    """The codes of the fields, and ``table.column`` of the columns."""
    for field in form.fields():
        yield field.code
        yield from (f"{field.code}.{column.code}" for column in field.columns)


def _reduced(given: Submitted, asked: Collection[str]) -> Submitted:
    compiled = _reduced_form(given.form.compiled, asked)
    answers = {one.code: _answer(one, given.answers.get(one.code)) for one in compiled.form.fields()}
    document = _document(given.document or {}, asked, set(_named(compiled.form, answers)))
    return replace(given, form=replace(given.form, compiled=compiled), answers=answers, document=document)


def _reduced_form(compiled: CompiledForm, asked: Collection[str]) -> CompiledForm:
    out = frozenset(_codes(compiled.form)) - frozenset(asked)
    plain = tuple(
        replace(part, fields=tuple(_field(one, out) for one in part.fields if one.code not in out))
        for part in compiled.form.sections
    )
    parts = tuple(
        replace(
            part,
            section=section,
            fields=tuple(replace(one, field=_field(one.field, out)) for one in without(part.fields, out)),
        )
        for part, section in zip(compiled.sections, plain, strict=True)
    )
    return replace(compiled, form=replace(compiled.form, sections=plain), sections=parts)


def _field(field: Field, out: Collection[str]) -> Field:
    columns = tuple(column for column in field.columns if f"{field.code}.{column.code}" not in out)
    return field if columns == field.columns else replace(field, columns=columns)


def _answer(field: Field, answer: Any) -> Any:
    """The answer; of a table its rows without the columns that are left out."""
    if field.kind is not FieldKind.TABLE or not answer:
        return answer
    known = {column.code for column in field.columns} | {KEY}
    return tuple({name: value for name, value in row.items() if name in known} for row in answer)


def _named(form: ApplicationForm, answers: Mapping[str, Any]) -> Iterator[str]:
    """The ИНН of the organisations that the answers name."""
    for field in form.fields():
        answer = answers.get(field.code)
        if field.kind is FieldKind.ORGANISATION and answer:
            yield answer
        of = [column.code for column in field.columns if column.kind is FieldKind.ORGANISATION]
        yield from (row[code] for row in answer or () for code in of if row.get(code)) if of else ()


def _document(document: Json, asked: Collection[str], named: Collection[str]) -> dict[str, Any]:
    """What a comparison takes from a receipt beside the answers, without what experts do not read."""
    version = document["version"]
    slot = SLOT[version]
    reduced: dict[str, Any] = {
        "version": version,
        "answers": {},
        "documents": [one for one in document["documents"] if one[slot] in asked],
        "cluster": {"name": document["cluster"]["name"]}
        | dict.fromkeys(("region", "industry", "managing_organisation")),
    }
    if version == FIRST:
        initiator = document["initiator"] and _organisation(document["initiator"])
        return reduced | {"initiator": initiator, "partners": [_organisation(one) for one in document["partners"]]}
    computed = {code: value for code, value in document["computed"].items() if code in asked}
    return reduced | {
        "computed": computed,
        "organisations": [_organisation(one) for one in document["organisations"] if one["inn"] in named],
    }


def _organisation(one: Json) -> dict[str, Any]:
    """What of an organisation is read: its name and ИНН."""
    return {"inn": one["inn"], "name": one["name"], "ogrn": ""}


def _facts(side: Submitted) -> tuple[Any, ...]:
    document = side.document or {}
    slot = SLOT[document["version"]]
    files = Counter((one[slot], one["filename"], one["sha256"]) for one in document["documents"])
    names = {one["inn"]: one["name"] for one in document.get("organisations", ())}
    return files, document.get("computed"), document["cluster"]["name"], names
