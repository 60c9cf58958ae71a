"""Answers as people read them: on the page of checks, for experts, on the receipt, and where two versions differ.

What is said of a table is the table: its columns with their totals, for ``components/answers_table.html`` to draw.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from judging.domain.expressions import Kind
from judging.domain.expressions.messages import places_of
from judging.domain.expressions.values import written
from judging.domain.forms.compiling import CompiledField, CompiledSection
from judging.domain.forms.form import Field, FieldKind, TextFormat
from judging.domain.forms.looking import Look, answered
from judging.domain.forms.readers import without
from judging.web.classifiers import activity_name
from judging.web.questionnaire import light
from judging.web.questionnaire.phrases import labelled, shown
from judging.web.questionnaire.surroundings import NOTHING_KNOWN, Surroundings
from judging.web.templating import decimal, money, moscow_short


@dataclass(frozen=True, slots=True)
class Saying:
    """An answer to be said: ``one`` is its field with its rules, ``around`` what else has to be known."""

    one: CompiledField
    answer: Any
    around: Surroundings = NOTHING_KNOWN

    @property
    def asked(self) -> Field:
        """The field."""
        return self.one.field


@dataclass(frozen=True)
class SaidTable:
    """A table in words: the labels of its columns, which of them are numbers, the rows, and the sums in its foot."""

    labels: tuple[Markup, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Any, ...], ...]
    totals: tuple[Any, ...]

    @property
    def summed(self) -> bool:
        """Whether there is a foot."""
        return any(self.totals)


def small(text: str) -> Markup:
    """A line under another one."""
    return Markup("<br><small>{}</small>").format(text) if text else Markup("")


def say_text(saying: Saying) -> Markup:
    """A text with its line breaks or its light marks."""
    text = str(saying.answer)
    if saying.asked.format is TextFormat.LIGHT:
        return light.rendered(text)
    return Markup("<br>").join(text.splitlines()) if "\n" in text else escape(text)


def say_number(saying: Saying) -> str:
    """A number with the page's comma."""
    return decimal(saying.answer)


def say_sum(saying: Saying) -> str:
    """A sum of money."""
    return money(saying.answer)


def say_day(saying: Saying) -> str:
    """A date."""
    day: date = saying.answer
    return day.strftime("%d.%m.%Y")


def say_yes(saying: Saying) -> str:
    """Yes or no."""
    return str(gettext("Yes") if saying.answer else gettext("No"))


def option_words(asked: Field, code: str) -> Markup:
    """What an option says; its code where it is not offered any more."""
    return next((shown(option, "label") for option in asked.options if option.code == code), escape(code))


def say_choice(saying: Saying) -> Markup:
    """The option."""
    return option_words(saying.asked, saying.answer)


def say_choices(saying: Saying) -> Markup:
    """The options, one below the other."""
    return Markup("<br>").join(option_words(saying.asked, code) for code in saying.answer)


def say_organisation(saying: Saying) -> Markup:
    """The name over the ИНН."""
    number = gettext("INN %(inn)s", inn=saying.answer)
    name = saying.around.name_of(saying.answer)
    return escape(name) + small(number) if name else escape(number)


def say_activities(saying: Saying) -> Markup:
    """Each code with what it is called."""
    return Markup("<br>").join(activity_words(code) for code in saying.answer)


def activity_words(code: str) -> Markup:
    """A code of ОКВЭД2 with its name."""
    name = activity_name(code)
    return Markup("{} <small>{}</small>").format(code, name) if name else escape(code)


def say_files(saying: Saying) -> Any:
    """How many files there are; whoever shows them says more."""
    return str(len(saying.answer))


def say_consent(saying: Saying) -> Markup:
    """That it is given, when and by whom."""
    given = saying.around.consents.get(saying.asked.code)
    words = escape(gettext("Assurance given"))
    return words + small(given_words(given.at, given.by)) if given else words


def given_words(at: Any, by: str) -> str:
    """When a consent was given and by whom."""
    return str(gettext("%(at)s, %(by)s", at=moscow_short(at), by=by))


def computed_text(one: CompiledField, value: Any) -> str:
    """What a formula comes to, with its unit; empty where it is not known."""
    if value is None or one.formula is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if one.formula.type.kind is Kind.MONEY:
        return money(int(written(Fraction(value), 0)))
    unit = str(shown(one.field, "unit").striptags())
    number = Fraction(value)
    said = decimal(written(number, places_of(number, frozenset())))
    return f"{said}\u00a0{unit}" if unit else said


def say_computed(saying: Saying) -> str:
    """What the formula comes to."""
    return computed_text(saying.one, saying.answer)


NUMERIC = frozenset({FieldKind.MONEY, FieldKind.NUMBER})


def say_table(saying: Saying) -> SaidTable:
    """Its rows in words, a row a line."""
    columns, rows = saying.one.columns, saying.answer
    return SaidTable(
        labels=tuple(column_label(column.field) for column in columns),
        numeric=tuple(column.field.kind in NUMERIC for column in columns),
        rows=tuple(
            tuple(_cell(column, row.get(column.field.code), saying.around) for column in columns) for row in rows
        ),
        totals=tuple(total_text(column.field, rows) for column in columns),
    )


def column_label(asked: Field) -> Markup:
    """The head of a column, with the unit of its numbers."""
    label = labelled(asked)
    return label + Markup(", ₽") if asked.kind is FieldKind.MONEY else label


def _cell(column: CompiledField, answer: Any, around: Surroundings) -> Any:
    if answer is not None and column.field.kind is FieldKind.MONEY:
        return money(answer, sign=False)
    return said(column, answer, around)


def total_text(asked: Field, rows: Iterable[Mapping[str, Any]]) -> str:
    """The sum of a column that has one, as it stands in the foot; what is not answered is left out."""
    if not asked.total:
        return ""
    answers = [row[asked.code] for row in rows if row.get(asked.code) is not None]
    return money(sum(answers), sign=False) if asked.kind is FieldKind.MONEY else decimal(sum(answers, Decimal(0)))


SAY: Mapping[FieldKind, Callable[[Saying], Any]] = {
    FieldKind.TEXT: say_text,
    FieldKind.NUMBER: say_number,
    FieldKind.MONEY: say_sum,
    FieldKind.DATE: say_day,
    FieldKind.YES: say_yes,
    FieldKind.CHOICE: say_choice,
    FieldKind.CHOICES: say_choices,
    FieldKind.ORGANISATION: say_organisation,
    FieldKind.OKVED: say_activities,
    FieldKind.FILE: say_files,
    FieldKind.CONSENT: say_consent,
    FieldKind.TABLE: say_table,
    FieldKind.COMPUTED: say_computed,
}


def said(one: CompiledField, answer: Any, around: Surroundings = NOTHING_KNOWN) -> Any:
    """The answer as people read it; None where there is none."""
    return SAY[one.field.kind](Saying(one, answer, around)) if answered(one.field, answer) else None


@dataclass(frozen=True)
class SummaryRow:
    """A question with its answer in words; ``said`` is None where there is none, a :class:`SaidTable` for a table."""

    code: str
    label: Markup
    said: Any
    kind: FieldKind

    @property
    def is_table(self) -> bool:
        """Whether the answer is to be drawn as a table."""
        return isinstance(self.said, SaidTable)


def summary_rows(
    part: CompiledSection,
    answers: Mapping[str, Any],
    seen: Look,
    around: Surroundings = NOTHING_KNOWN,
    *,
    kept: Collection[str] = (),
) -> Iterator[SummaryRow]:
    """Every question of the section that is shown and not ``kept`` from its readers, with its answer in words."""
    for one in without(part.fields, kept) if kept else part.fields:
        asked = one.field
        if asked.code not in seen.shown:
            continue
        answer = seen.computed(asked.code) if asked.kind is FieldKind.COMPUTED else answers.get(asked.code)
        label = labelled(asked) if asked.kind is FieldKind.NUMBER else shown(asked, "label")
        yield SummaryRow(asked.code, label, said(one, answer, around), asked.kind)
