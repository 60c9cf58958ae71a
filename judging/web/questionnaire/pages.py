"""The page of a section: its questions in their groups, what is shown of them now, and what is found about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from judging.domain.forms.compiling import CompiledField, CompiledSection
from judging.domain.forms.findings import (
    LONG,
    REQUIRED,
    REQUIRED_CONSENT,
    REQUIRED_FILE,
    REQUIRED_ROWS,
    TOO_LONG,
    TOO_MANY_WORDS,
    WORDY,
    FormFinding,
    Label,
)
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.looking import Look, answered
from judging.web.questionnaire.building import SectionForm, name_of
from judging.web.questionnaire.fields import AnswerField
from judging.web.questionnaire.finding_words import Place, finding_text, label_text, listed_text, place_of
from judging.web.questionnaire.phrases import said, shown
from judging.web.questionnaire.tables import TableField
from judging.web.questionnaire.words import computed_text

ASKED_ABOVE = frozenset({REQUIRED, REQUIRED_CONSENT, REQUIRED_FILE, REQUIRED_ROWS})
"""What is only not answered yet: it is told above all questions, and not beside each of them."""


LENGTHS = frozenset({TOO_LONG, LONG, TOO_MANY_WORDS, WORDY})


@dataclass(frozen=True, slots=True)
class Note:
    """What is found, beside the question: ``stop`` forbids submission."""

    text: str
    stop: bool
    length: bool = False
    """It says what the counter says where there is a script."""

    @property
    def look(self) -> str:
        """The class of its element."""
        return "note" + (" note--stop" if self.stop else "") + (" note--length" if self.length else "")


@dataclass(slots=True)
class Computed:
    """A question that nobody types: what its formula comes to now, and the sections that it is made of."""

    asked: Field
    name: str
    label: Markup
    description: Markup
    text: str
    visible: bool
    sources: tuple[tuple[str, Markup], ...] = ()
    control: str = "computed"
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Files:
    """A question that is answered by files; they travel by a form of their own below the section's."""

    asked: Field
    visible: bool
    needed: bool
    control: str = "file"
    notes: list[Note] = field(default_factory=list)


Item = AnswerField | Computed | Files


@dataclass(frozen=True)
class Group:
    """Questions under one heading, which may be empty; those that stand side by side are in one line."""

    title: Markup
    lines: tuple[tuple[Item, ...], ...]

    @property
    def visible(self) -> bool:
        """Whether any of them is shown."""
        return any(item.visible for line in self.lines for item in line)


@dataclass(frozen=True)
class SectionPage:
    """What the template draws. ``lacking`` and ``warnings`` are lines with links, as the error summary wants them."""

    part: CompiledSection
    form: SectionForm
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    files: tuple[Files, ...]
    begun: bool
    lacking: list[dict[str, str]]
    warnings: list[dict[str, str]]

    @property
    def has_controls(self) -> bool:
        """Whether there is anything but files."""
        return any(item.control != "file" for item in self.items)

    def wants_members(self) -> bool:
        """Whether members of the cluster are chosen here."""
        fields = [*(one.field for one in self.part.fields), *(c.field for one in self.part.fields for c in one.columns)]
        return any(one.kind is FieldKind.ORGANISATION and one.of == "cluster" for one in fields)

    def errors(self) -> list[dict[str, str]]:
        """Why parts of what was typed cannot be kept, each with its place."""
        found = [{"text": str(text)} for text in self.form.form_errors]
        for one in self.form.answers():
            found += _errors(one)
        return found


def section_page(
    form: SectionForm,
    compiled_sections: Sequence[CompiledSection],
    seen: Look,
    findings: Iterable[FormFinding],
    answers: Mapping[str, Any],
) -> SectionPage:
    """Put the page together; ``answers`` are those that were looked at."""
    part = form.part
    items = tuple(_item(one, form, compiled_sections, seen) for one in part.fields)
    by_code = {item.asked.code: item for item in items}
    here = [finding for finding in findings if finding.section == part.section.code]
    lines: dict[bool, list[dict[str, str]]] = {True: [], False: []}
    for finding in here:
        place = place_of(finding.path)
        lines[finding.stop].append(
            {"text": listed_text(finding, part.section.fields), "href": f"#{anchor_of(form, place)}"}
        )
        _beside(by_code.get(place.code), place, finding)
    begun = any(answered(one.field, answers.get(one.field.code)) for one in part.fields)
    files = tuple(item for item in items if isinstance(item, Files))
    return SectionPage(part, form, items, tuple(_groups(items)), files, begun, lines[True], lines[False])


def _item(one: CompiledField, form: SectionForm, sections: Sequence[CompiledSection], seen: Look) -> Item:
    asked = one.field
    visible, needed = asked.code in seen.shown, is_needed(one, seen)
    if asked.kind is FieldKind.FILE:
        return Files(asked, visible, needed)
    if asked.kind is FieldKind.COMPUTED:
        text = computed_text(one, seen.computed(asked.code))
        label, hint = shown(asked, "label"), shown(asked, "hint")
        return Computed(asked, name_of(asked), label, hint, text, visible, _sources(one, form.part, sections))
    field = form.answer(asked.code)
    if field is None:
        raise LookupError(asked.code)
    field.visible = visible
    field.need(needed)
    return field


def is_needed(one: CompiledField, seen: Look) -> bool:
    """Whether the field has to be answered as things stand."""
    if isinstance(one.required, bool):
        return one.required
    return one.required.evaluate(seen.environment) is True


def _sources(
    one: CompiledField, here: CompiledSection, sections: Sequence[CompiledSection]
) -> tuple[tuple[str, Markup], ...]:
    """The other sections whose answers the formula names."""
    names = one.formula.names if one.formula else frozenset()
    return tuple(
        (part.section.code, shown(part.section, "title"))
        for part in sections
        if part is not here and any(other.field.code in names for other in part.fields)
    )


def _groups(items: Sequence[Item]) -> Iterator[Group]:
    """Neighbours of the same group under its heading; files stand apart."""
    typed = [item for item in items if not isinstance(item, Files)]
    for _, members in groupby(typed, key=lambda item: item.asked.group):
        some = list(members)
        yield Group(shown(some[0].asked, "group"), tuple(_lines(some)))


def _lines(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    for half, members in groupby(items, key=lambda item: item.asked.half):
        some = tuple(members)
        yield from [some] if half else [(item,) for item in some]


def _beside(item: Item | None, place: Place, finding: FormFinding) -> None:
    """Put the finding beside its question; that a question is not answered is told above them all."""
    text = note_text(finding)
    if item is None or (finding.message in ASKED_ABOVE and place.row is None):
        return
    note = Note(text, finding.stop, finding.message in LENGTHS)
    if place.row is None or not isinstance(item, TableField):
        item.notes = [*item.notes, note]
        return
    rows = item.counted()
    row = rows[place.row] if place.row < len(rows) else None
    cell = row.cell(place.column) if row else None
    (cell.notes if cell else row.notes if row else []).append(note)


def note_text(finding: FormFinding) -> str:
    """The finding beside its question, whose label needs no saying there."""
    if finding.message == REQUIRED:
        return str(gettext("Fill this in"))
    text, label = finding_text(finding), finding.params.get("label")
    if isinstance(label, Label):
        text = text.removeprefix(f"{label_text(label)}: ")
    return text[:1].upper() + text[1:]


def anchor_of(form: SectionForm, place: Place) -> str:
    """The id of what a finding names on the page of its section."""
    field = form.answer(place.code)
    if isinstance(field, TableField) and place.row is not None:
        rows = field.counted()
        row = rows[place.row] if place.row < len(rows) else None
        cell = row.cell(place.column) if row else None
        return cell.name if cell else field.id
    return plain_anchor(form.part, place)


def plain_anchor(part: CompiledSection, place: Place) -> str:
    """The same of answers as they are stored, where no form is at hand."""
    asked = next((one.field for one in part.fields if one.field.code == place.code), None)
    if asked is None:
        return place.code
    if asked.kind is FieldKind.FILE:
        return f"slot-{asked.code}-file"
    name = name_of(asked)
    return f"{name}-{place.row}-{place.column}" if place.row is not None and place.column else name


def _errors(one: AnswerField) -> list[dict[str, str]]:
    title = said(one.asked, "label")
    plain = one.process_errors if isinstance(one, TableField) else one.errors
    found = [{"text": f"{title}: {text}", "href": f"#{one.id}"} for text in plain]
    if not isinstance(one, TableField):
        return found
    for row, cell in one.wrong_cells():
        words = gettext("%(table)s, row %(number)s, %(column)s: %(text)s", table=title, number=int(row.index) + 1,
                        column=said(cell.column.asked, "label"), text=cell.error)  # fmt: skip
        found.append({"text": words, "href": f"#{cell.name}"})
    return found


def look_answer(page: SectionPage) -> dict[str, Any]:
    """What the page's script is told after a change: what is shown, computed, summed and found now."""
    notes: dict[str, list[dict[str, Any]]] = {}
    for item in page.items:
        _note(notes, getattr(item, "name", ""), item.notes)
        if isinstance(item, TableField):
            for row in item.rows:
                for cell in row.cells:
                    _note(notes, cell.name, cell.notes)
    tables = [item for item in page.items if isinstance(item, TableField)]
    return {
        "shown": [item.name for item in page.items if not isinstance(item, Files) and item.visible],
        "computed": {item.name: item.text for item in page.items if isinstance(item, Computed)},
        "totals": {
            table.name: {
                column.code: total
                for column, total in zip(table.columns, table.totals(), strict=True)
                if column.asked.total
            }
            for table in tables
        },
        "notes": notes,
        "begun": page.begun,
        "lacking": page.lacking,
        "warnings": page.warnings,
        "codes": {
            item.name: item.named_codes()
            for item in page.items
            if isinstance(item, AnswerField) and item.control == "codes" and not item.process_errors
        },
    }


def _note(notes: dict[str, list[dict[str, Any]]], name: str, some: Iterable[Note]) -> None:
    told = [{"text": note.text, "look": note.look} for note in some]
    if told and name:
        notes[name] = told
