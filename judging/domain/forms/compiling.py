"""From a form to one that can be used: every rule read and typed, or every fault with its place and character.

Conditions and formulas name only fields above their own, so there are no circles and one pass answers all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from judging.domain.expressions import Expression, Message, Type, compile_expression, compile_message
from judging.domain.expressions.types import DATE, MONEY, NUMBER, YES
from judging.domain.forms import faults
from judging.domain.forms.environment import types_of
from judging.domain.forms.faults import Faults
from judging.domain.forms.form import ApplicationForm, Check, Field, FieldKind, Point, Section
from judging.domain.forms.kinds import columns_of, type_of
from judging.domain.forms.shape import shape_faults, size_faults


@dataclass(frozen=True)
class CompiledCheck:
    """A check with its rule and its message; ``message_en`` is None where there are no English words."""

    check: Check
    rule: Expression
    message: Message
    message_en: Message | None


@dataclass(frozen=True)
class CompiledField:
    """A field with its rules. ``required`` is yes, no, or a rule; ``columns`` of a table likewise."""

    field: Field
    shown: Expression | None = None
    required: bool | Expression = False
    formula: Expression | None = None
    columns: tuple["CompiledField", ...] = ()
    row_checks: tuple[CompiledCheck, ...] = ()


@dataclass(frozen=True)
class CompiledSection:
    """A section with its fields."""

    section: Section
    fields: tuple[CompiledField, ...]


@dataclass(frozen=True)
class CompiledPoint:
    """A point of the formal check with its rule and the words beside it."""

    point: Point
    rule: Expression | None
    note: Message
    note_en: Message | None


@dataclass(frozen=True)
class CompiledForm:
    """A form of which no rule can fail. ``checks`` holds every check with the code of the section of its field."""

    form: ApplicationForm
    sections: tuple[CompiledSection, ...]
    checks: tuple[tuple[str, CompiledCheck], ...]
    points: tuple[CompiledPoint, ...]


def compile_form(form: ApplicationForm, nominations: Collection[str] = ()) -> CompiledForm:
    """Make a form ready to use in a contest with these nominations.

    Raises :class:`Refused` with every fault (:class:`judging.domain.forms.faults.FormFault`).
    """
    found = Faults()
    size_faults(form, found)
    found.refuse()
    shape_faults(form, nominations, found)
    compiled = _Compiler(form, types_of(nominations), found).whole()
    found.refuse()
    return compiled


class _Compiler:
    def __init__(self, form: ApplicationForm, known: dict[str, Type], found: Faults) -> None:
        self._form, self._found = form, found
        self._above = known
        """What has been met so far: what conditions and formulas may name."""
        self._types = known | {
            field.code: type_of(field) for field in form.fields() if field.kind is not FieldKind.COMPUTED
        }

    def whole(self) -> CompiledForm:
        formulas = {
            field.code: self._shown_and_computed(f"sections[{outer}].fields[{inner}]", field)
            for outer, inner, _, field in self._form.places()
        }
        sections = tuple(
            CompiledSection(
                section,
                tuple(
                    self._field(f"sections[{outer}].fields[{inner}]", field, *formulas[field.code])
                    for inner, field in enumerate(section.fields)
                ),
            )
            for outer, section in enumerate(self._form.sections)
        )
        checks = []
        for index, check in enumerate(self._form.checks):
            compiled, section = self._check(f"checks[{index}]", check), self._form.section_of(check.at)
            if compiled is not None and section is not None:
                checks.append((section.code, compiled))
        points = tuple(self._point(f"checklist[{index}]", point) for index, point in enumerate(self._form.checklist))
        return CompiledForm(self._form, sections, tuple(checks), points)

    def _shown_and_computed(self, path: str, field: Field) -> tuple[Expression | None, Expression | None]:
        """The condition and the formula of a field, which see what stands above; then it stands above the others."""
        shown = self._rule(f"{path}.shown_when", field.shown_when, self._above, wanted=YES)
        formula = self._rule(f"{path}.formula", field.formula or None, self._above)
        if field.kind is FieldKind.COMPUTED:
            if formula is not None and formula.type.kind not in (NUMBER.kind, MONEY.kind, DATE.kind):
                self._found.add(f"{path}.formula", faults.NO_NUMBER, 0, found=formula.type.words)
            # where the formula cannot be read, what names the field is not blamed for it
            self._types[field.code] = formula.type if formula is not None else NUMBER
        self._above = self._above | {field.code: self._types[field.code]}
        return shown, formula

    def _field(self, path: str, field: Field, shown: Expression | None, formula: Expression | None) -> CompiledField:
        row = {column.code: type_of(column) for column in columns_of(field)}
        columns = tuple(
            CompiledField(column, required=self._required(f"{path}.columns[{index}]", column, row))
            for index, column in enumerate(field.columns)
        )
        checks = [
            self._check(f"{path}.row_checks[{index}]", check, row) for index, check in enumerate(field.row_checks)
        ]
        return CompiledField(
            field,
            shown,
            self._required(path, field, None),
            formula,
            columns,
            tuple(check for check in checks if check is not None),
        )

    def _required(self, path: str, field: Field, row: Mapping[str, Type] | None) -> bool | Expression:
        if isinstance(field.required, bool):
            return field.required
        return self._rule(f"{path}.required", field.required, self._types, wanted=YES, row=row) or False

    def _check(self, path: str, check: Check, row: Mapping[str, Type] | None = None) -> CompiledCheck | None:
        rule = self._rule(f"{path}.rule", check.rule, self._types, wanted=YES, row=row)
        message = self._message(f"{path}.message", check.message, row)
        english = self._message(f"{path}.message_en", check.message_en, row) if check.message_en else None
        return None if rule is None or message is None else CompiledCheck(check, rule, message, english)

    def _point(self, path: str, point: Point) -> CompiledPoint:
        rule = self._rule(f"{path}.rule", point.rule, self._types, wanted=YES)
        note = self._message(f"{path}.note", point.note, None) or Message(())
        english = self._message(f"{path}.note_en", point.note_en, None) if point.note_en else None
        return CompiledPoint(point, rule, note, english)

    def _rule(
        self,
        path: str,
        text: str | None,
        known: Mapping[str, Type],
        *,
        wanted: Type | None = None,
        row: Mapping[str, Type] | None = None,
    ) -> Expression | None:
        if text is None:
            return None
        return self._found.rule(path, lambda: compile_expression(text, known, wanted=wanted, row=row))

    def _message(self, path: str, text: str, row: Mapping[str, Type] | None) -> Message | None:
        return self._found.rule(path, lambda: compile_message(text, self._types, row=row))
