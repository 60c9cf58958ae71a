"""What a rule may speak of at its place: fields above it or all of them, columns, and the circumstances, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.expressions import Kind, Type
from judging.domain.expressions.compiling import ROW
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import types_of
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.kinds import columns_of, type_of
from judging.domain.sentences.literals import Literal
from judging.domain.sentences.references import Operand
from judging.web.templating import decimal as decimal_words
from judging.web.templating import localized, money, translate

CIRCUMSTANCES: Mapping[str, str] = {
    "cap": N_("the limit of the contest for one application"),
    "today": N_("today"),
    "opens": N_("the day on which acceptance opens"),
    "members": N_("how many organisations the cluster has"),
    "in_time": N_("the application is submitted in time"),
    "documents_complete": N_("all required documents are there"),
    "missing_documents": N_("the titles of the documents that are missing"),
    "all_members": N_("all who take part are members of the cluster"),
}
SUMMED = (Kind.NUMBER, Kind.MONEY)
Choices = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Subject:
    """Something that a rule may speak of: how it is called and under which heading, and what kind of value it is."""

    reference: str
    label: str
    group: str
    type: Type
    options: tuple[tuple[str, str], ...] = ()


def is_single(one: Subject) -> bool:
    """A field, a column of the row at hand, or a circumstance: no table and no column."""
    return one.type.kind not in (Kind.TABLE, Kind.LIST, Kind.CHOICES)


def is_amount(one: Subject) -> bool:
    """A number or a sum of money, or the sum of a column of such."""
    return (one.type.of or one.type).kind in SUMMED


def is_comparable(one: Subject) -> bool:
    """What may be compared with something."""
    return is_amount(one) or (is_single(one) and one.type.kind is not Kind.YES)


def is_told(one: Subject) -> bool:
    """What a row of a condition may speak of."""
    return is_amount(one) or one.type.kind is not Kind.LIST


def is_column(one: Subject) -> bool:
    """The values of a column."""
    return one.type.kind is Kind.LIST


def is_rows(one: Subject) -> bool:
    """A table with rows, or files."""
    return one.type.kind is Kind.TABLE


def is_day(one: Subject) -> bool:
    """A date."""
    return one.type.kind is Kind.DATE


class Scope:
    """The subjects of one place of a form, by their reference (``domain/sentences/references.py``)."""

    def __init__(self, subjects: Iterator[Subject]) -> None:
        self.subjects = {one.reference: one for one in subjects}

    def words(self, reference: str) -> str:
        """What a reference is called."""
        known = self.subjects.get(reference)
        return known.label if known else reference

    def quoted(self, reference: str) -> str:
        """The same within a sentence."""
        known = self.subjects.get(reference)
        if known is None or reference in CIRCUMSTANCES:
            return self.words(reference)
        return f"«{known.label}»"

    def choices(self, fits: Callable[[Subject], bool], blank: str | None = None) -> Choices:
        """The subjects that fit, for a list to choose from, under headings."""
        grouped: Choices = {} if blank is None else {"": [("", blank)]}
        for one in self.subjects.values():
            if fits(one):
                grouped.setdefault(one.group, []).append((one.reference, one.label))
        return grouped

    def value_words(self, reference: str, operand: Operand) -> str:
        """A value or another subject, as a sentence has it beside the subject."""
        return self.value_text(reference, operand) if isinstance(operand, Literal) else self.quoted(operand)

    def value_text(self, reference: str, literal: Literal) -> str:
        """A value as a person types it; of a choice the words of its option."""
        return literal_words(literal, self.subjects.get(reference))


def literal_words(literal: Literal, subject: Subject | None = None) -> str:
    """A value in words."""
    value = literal.value
    if literal.kind is Kind.MONEY and isinstance(value, int):
        return money(value)
    if literal.kind is Kind.NUMBER:
        return decimal_words(str(value))
    if literal.kind is Kind.DATE:
        return str(value.strftime("%d.%m.%Y"))  # type: ignore[union-attr]  # a date has a date
    options = dict(subject.options) if subject else {}
    return options.get(str(value), str(value))


def scope_of(compiled: CompiledForm, *, above: str | None = None, table: str = "") -> Scope:
    """What may be named: everything, or only what stands ``above`` a field; of a ``table`` the row at hand as well.

    A field that is new stands below all others.
    """
    return Scope(_subjects(compiled, above, table))


def _subjects(compiled: CompiledForm, above: str | None, table: str) -> Iterator[Subject]:
    known = compiled.form.field(table) if table else None
    if known is not None:
        group = gettext("This row")
        for column in columns_of(known):
            yield _field(column, f"{ROW}.{column.code}", group, type_of(column))
    for part in compiled.sections:
        group = localized(part.section, "title")
        for one in part.fields:
            if above is not None and one.field.code == above:
                yield from _circumstances()
                return
            given = (
                one.formula.type
                if one.formula
                else None
                if one.field.kind is FieldKind.COMPUTED
                else type_of(one.field)
            )
            if given is not None:
                yield _field(one.field, one.field.code, group, given)
                yield from _sums(one.field, group)
    yield from _circumstances()


def _field(field: Field, reference: str, group: str, given: Type) -> Subject:
    options = tuple((option.code, localized(option, "label")) for option in field.options)
    return Subject(reference, localized(field, "label"), group, given, options)


def _sums(table: Field, group: str) -> Iterator[Subject]:
    """The columns of a table: of numbers and sums what they come to, of all others their values."""
    for column in columns_of(table):
        words = gettext("%(table)s: column “%(column)s”", table=localized(table, "label"),
                        column=localized(column, "label"))  # fmt: skip
        yield Subject(f"{table.code}.{column.code}", words, group, Type(Kind.LIST, of=type_of(column)))


def _circumstances() -> Iterator[Subject]:
    group, types = gettext("The contest and the application"), types_of(())
    for name, words in CIRCUMSTANCES.items():
        yield Subject(name, translate(words), group, types[name])
