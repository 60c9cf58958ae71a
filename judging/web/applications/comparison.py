"""Two submissions of an application beside each other, in words: every answer, file and organisation that differs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.errors import N_
from judging.domain.expressions import Kind
from judging.domain.forms.cluster import CLUSTER_LABEL
from judging.domain.forms.compiling import CompiledField, CompiledForm
from judging.domain.forms.differences import Difference, FileDifference, RowDifference, differences, file_differences
from judging.domain.forms.form import FieldKind
from judging.domain.regions import REGIONS
from judging.queries.submissions import Submitted
from judging.web.questionnaire.phrases import labelled, shown
from judging.web.questionnaire.surroundings import Given, Surroundings
from judging.web.questionnaire.words import computed_text, given_words, said
from judging.web.templating import translate

KOPECKS = 100


@dataclass(frozen=True)
class Line:
    """What differs: where, and how it stood in both; None for nothing. ``part``: a column of a row."""

    label: Any
    before: Any
    after: Any
    part: Any = None


@dataclass(frozen=True)
class Part:
    """A section with the lines that differ in it."""

    title: Any
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Side:
    """One of the two submissions with what its words need."""

    submitted: Submitted
    around: Surroundings
    fields: Mapping[str, CompiledField]

    @property
    def document(self) -> Mapping[str, Any]:
        """The receipt."""
        return self.submitted.document or {}

    @property
    def first_kind(self) -> bool:
        """Whether the receipt is of the time before there were forms: it holds no computed values."""
        return bool(self.document["version"] == 1)


def compared(before: Submitted, after: Submitted) -> list[Part]:
    """What the submissions differ in, section by section as the later form has them; the cluster comes first."""
    old, new = _side(before), _side(after)
    lines: dict[str, list[Line]] = {}
    titles: dict[str, Any] = {}
    for side in (old, new):
        titles |= {one.section.code: shown(one.section, "title") for one in side.submitted.form.compiled.sections}
    order = [one.section.code for one in (*after.form.compiled.sections, *before.form.compiled.sections)]
    for found in differences(before.form.form, before.answers, after.form.form, after.answers):
        if found.field.kind is not FieldKind.FILE:
            lines.setdefault(found.section.code, []).extend(_answer_lines(found, old, new))
    for code, line in (*_consent_lines(old, new), *_computed_lines(old, new), *_file_lines(old, new)):
        lines.setdefault(code, []).append(line)
    parts = [Part(translate(CLUSTER_LABEL), tuple(_cluster_lines(old, new)))]
    parts += [Part(titles[code], tuple(lines[code])) for code in dict.fromkeys(order) if code in lines]
    parts += [Part(gettext("Documents of other kinds"), tuple(lines[""]))] if "" in lines else []
    return [part for part in parts if part.lines]


def _side(submitted: Submitted) -> Side:
    document = submitted.document or {}
    names = {inn: one["name"] for inn, one in _organisations(document).items()}
    given = {
        code: Given(datetime.fromisoformat(record["at"]), str(record.get("by") or ""))
        for code, record in document.get("answers", {}).items()
        if isinstance(record, dict) and record.get("at")
    }
    return Side(submitted, Surroundings(known=names, consents=given), _fields(submitted.form.compiled))


def _fields(compiled: CompiledForm) -> dict[str, CompiledField]:
    return {one.field.code: one for part in compiled.sections for one in part.fields}


def _section(side: Side, code: str) -> str:
    section = side.submitted.form.form.section_of(code)
    return section.code if section else ""


def _answer_lines(found: Difference, old: Side, new: Side) -> Iterator[Line]:
    code, label = found.field.code, shown(found.field, "label")
    before, after = old.fields.get(code), new.fields.get(code)
    if found.field.kind is FieldKind.TABLE and all(one is None or one.columns for one in (before, after)):
        yield from _table_lines(found, old, new)
        return
    yield Line(label, _said(before, found.before, old), _said(after, found.after, new))


def _said(one: CompiledField | None, answer: Any, side: Side) -> Any:
    """An answer in the words of its own form; a table whose kind became another says how many rows it has."""
    if one is None or answer is None:
        return None
    if one.field.kind is FieldKind.TABLE:
        return gettext("%(count)s rows", count=len(answer))
    return said(one, answer, side.around)


def _table_lines(found: Difference, old: Side, new: Side) -> Iterator[Line]:
    code, label = found.field.code, shown(found.field, "label")
    columns: dict[str, tuple[CompiledField | None, CompiledField | None]] = {}
    first, second = (_columns(side.fields.get(code)) for side in (old, new))
    for name in (*second, *first):
        columns[name] = first.get(name), second.get(name)
    for row in found.rows:
        where = Markup("{}, {}").format(label, _where(row))
        for column in row.columns:
            before, after = columns[column.code]
            yield Line(where, _cell(before, row.before, old), _cell(after, row.after, new), labelled(column))
        if not row.columns:
            empty = gettext("an empty row")
            yield Line(where, None if row.before is None else empty, None if row.after is None else empty)
    if found.moved:
        yield Line(label, None, gettext("the same rows in another order"))


def _columns(table: CompiledField | None) -> dict[str, CompiledField]:
    return {one.field.code: one for one in table.columns} if table else {}


def _cell(column: CompiledField | None, row: Mapping[str, Any] | None, side: Side) -> Any:
    return None if column is None or row is None else _said(column, row.get(column.field.code), side)


def _where(row: RowDifference) -> str:
    before, after = row.places
    if before is None:
        return str(gettext("row %(number)s, added", number=after))
    if after is None:
        return str(gettext("row %(number)s, removed", number=before))
    if before == after:
        return str(gettext("row %(number)s", number=after))
    return str(gettext("row %(number)s, before that row %(before)s", number=after, before=before))


def _consent_lines(old: Side, new: Side) -> Iterator[tuple[str, Line]]:
    """Consents that were given to the same text anew: nothing but the time, and maybe the person, is another.

    Receipts of the first kind do not say when a consent was given.
    """
    first, second = old.around.consents, new.around.consents
    for code in () if old.first_kind or new.first_kind else second:
        given = (held.submitted.answers.get(code) is True for held in (old, new))
        if all(given) and first.get(code) != second[code]:
            label = _remarked(new.fields[code], gettext("%(label)s (given anew, the text is the same)"))
            yield _section(new, code), Line(label, *(_given(held.get(code)) for held in (first, second)))


def _remarked(one: CompiledField, remark: str) -> Markup:
    return Markup(remark) % {"label": shown(one.field, "label")}  # noqa: S704 -- our own catalogues


def _given(given: Given | None) -> str | None:
    return None if given is None else given_words(given.at, given.by)


def _computed_lines(old: Side, new: Side) -> Iterator[tuple[str, Line]]:
    if old.first_kind or new.first_kind:
        return
    before, after = old.document["computed"], new.document["computed"]
    for code in dict.fromkeys((*after, *before)):
        if before.get(code) != after.get(code):
            one = new.fields.get(code) or old.fields[code]
            side = new if code in new.fields else old
            label = _remarked(one, gettext("%(label)s (computed)"))
            words = (_figure(held.fields.get(code), held.document["computed"].get(code)) for held in (old, new))
            yield _section(side, code), Line(label, *words)


def _figure(one: CompiledField | None, text: str | None) -> str | None:
    if one is None or one.formula is None or text is None:
        return text
    value = Fraction(text)
    return computed_text(one, value * KOPECKS if one.formula.type.kind is Kind.MONEY else value)


def _file_lines(old: Side, new: Side) -> Iterator[tuple[str, Line]]:
    for found in file_differences(_files(old), _files(new)):
        side = new if found.field in new.fields else old
        one = side.fields.get(found.field)
        label = shown(one.field, "label") if one else escape(found.field)
        yield _section(side, found.field), Line(label, *_file_words(found))


def _files(side: Side) -> list[tuple[str, str, str]]:
    name = "slot" if side.first_kind else "field"
    return [(file[name], file["filename"], file["sha256"]) for file in side.document["documents"]]


def _file_words(found: FileDifference) -> tuple[Any, Any]:
    removed = [gettext("“%(name)s” removed", name=name) for name in found.removed]
    added = [gettext("“%(name)s” added", name=name) for name in found.added]
    replaced = [gettext("“%(name)s” has another content", name=name) for name in found.replaced]
    return _listed(removed), _listed([*added, *replaced])


def _listed(lines: list[str]) -> Any:
    return Markup("<br>").join(lines) or None


def _organisations(document: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """The organisations that a receipt names, by ИНН; the managing one is the cluster's."""
    if not document:
        return {}
    if document["version"] != 1:
        return {one["inn"]: one for one in document["organisations"]}
    named = [document["initiator"]] if document["initiator"] else []
    return {one["inn"]: one for one in (*named, *document["partners"])}


FACTS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("name", N_("Name of the cluster"), str),
    ("region", N_("Region"), lambda code: REGIONS.get(code, code)),
    ("industry", N_("Industry"), str),
    ("managing_organisation", N_("Managing organisation"), lambda one: _organisation(one)),
)
"""What a receipt says of the cluster, what it is called, and its words."""


def _cluster_lines(old: Side, new: Side) -> Iterator[Line]:
    before, after = old.document["cluster"], new.document["cluster"]
    for name, label, words in FACTS:
        if before[name] != after[name]:
            yield Line(translate(label), *(words(held[name]) if held[name] else None for held in (before, after)))
    first, second = _organisations(old.document), _organisations(new.document)
    for inn in sorted(first.keys() & second.keys()):
        pair = [{name: held[inn][name] for name in ("inn", "ogrn", "name")} for held in (first, second)]
        if pair[0] != pair[1]:
            label = gettext("Organisation, INN %(inn)s", inn=inn)
            yield Line(label, *(_organisation(one) for one in pair))


def _organisation(one: Mapping[str, str]) -> Markup:
    if not one["ogrn"]:
        numbers = gettext("INN %(inn)s", inn=one["inn"])
    else:
        numbers = gettext("INN %(inn)s, OGRN %(ogrn)s", inn=one["inn"], ogrn=one["ogrn"])
    return Markup("{}<br><small>{}</small>").format(one["name"], numbers)
