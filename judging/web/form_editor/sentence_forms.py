"""A form for every ready sentence of a check, and one for a formula, in a table that a test holds complete."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FormField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import Check, Level
from judging.domain.sentences import (
    Compares,
    Holds,
    Months,
    Once,
    Ready,
    Rows,
    Sentence,
    Share,
    Sign,
    Sums,
    Within,
    plainest,
    read_sentence,
    write_sentence,
)
from judging.domain.sentences.conditions import COMPARING
from judging.domain.sentences.literals import Literal
from judging.domain.sentences.references import Operand
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.condition_forms import (
    ALWAYS,
    FormulaField,
    HoldsForm,
    OnlyWhenForm,
    conditions_data,
)
from judging.web.form_editor.row_lists import blank_row
from judging.web.form_editor.rule_words import SIGNS
from judging.web.form_editor.scope import (
    Scope,
    Subject,
    is_amount,
    is_column,
    is_comparable,
    is_day,
    is_rows,
    is_single,
)
from judging.web.form_editor.typed_values import read_value
from judging.web.forms import DecimalField, Row, SelectChoice
from judging.web.rows import Rows as RowList
from judging.web.templating import translate

MOST_PARTS, MOST_COUNTED, MOST_MESSAGE = 20, 10_000, LONGEST_TITLE
VALUES = frozenset({"value", "low_value", "high_value"})
"""What is typed where no field is chosen."""
LEVELS: Mapping[Level, Any] = {
    Level.STOP: _l("Forbids submission"),
    Level.WARNING: _l("Warns, but lets through"),
}


class CheckForm(StoredForm):
    """What every check has: what it says, beside which field, and when it is made."""

    sentence: ClassVar[str]

    level = RadioField(_l("What it does"), validators=[InputRequired()], default=Level.STOP.value)
    at = SelectField(_l("Beside which field it is told"), validators=[InputRequired()])
    message = TextAreaField(_l("What the applicant reads"), validators=[InputRequired(), Length(max=MOST_MESSAGE)])
    message_en = TextAreaField(_l("The same in English"), validators=[Optional(), Length(max=MOST_MESSAGE)])
    only_when = FormField(OnlyWhenForm, label=_l("When the check is made"))
    marks: Mapping[str, tuple[str, str, str]] = {}

    def __init__(self, scope: Scope, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scope = scope
        self.level.choices = [SelectChoice(level.value, words) for level, words in LEVELS.items()]
        self.at.choices = [("", gettext("Choose")), *places]
        self.only_when.form.offer(scope)
        self.offer()
        for field in self:
            if isinstance(field, SelectField) or field.short_name in VALUES:
                field.flags.either = True

    def offer(self) -> None:
        """Give the controls of the sentence their choices."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate every control, and what they make together."""
        whole = super().validate(extra_validators)
        return self.only_when.form.legible() and self._makes_sense() and whole

    def _makes_sense(self) -> bool:
        return self.said() is not None

    def said(self) -> Sentence | None:
        """The sentence; None, with the errors beside the controls, where it makes none."""
        raise NotImplementedError

    def rule(self) -> str:
        """The rule that is stored."""
        said = self.said()
        return "" if said is None else write_sentence(plainest(Ready(said, self.only_when.form.conditions())))

    def check(self, code: str) -> Check:
        """What was typed, as a value of the domain."""
        return Check(
            code, self.at.data, self.rule(), self.message.data or "", self.message_en.data or "", Level(self.level.data)
        )

    def chosen(self, field: Any, fits: Callable[[Subject], bool]) -> Subject | None:
        """The subject that a list chose; None, with the error beside it, where there is none that fits."""
        subject = self.scope.subjects.get(field.data or "")
        if subject is not None and fits(subject):
            return subject
        field.errors = [gettext("Choose a field")]
        return None

    def operand(self, other: Any, value: Any, beside: Subject | None) -> Operand | None:
        """A field that was chosen, or the value that was typed for something of the kind ``beside``."""
        if other.data:
            found = self.chosen(other, is_comparable)
            return None if found is None else found.reference
        if beside is None:
            return None
        try:
            return read_value(value.data or "", beside)
        except ValueError as error:
            value.errors = [str(error)]
            return None

    @classmethod
    def data_of(cls, check: Check, ready: Ready | None, scope: Scope) -> dict[str, Any]:
        """The form's data for a stored check."""
        when = {"mode": ALWAYS} if ready is None or ready.only_when is None else conditions_data(ready.only_when, scope)
        own = cls.own_data(ready.sentence, scope) if ready is not None else cls.formula_data(check)
        return {**cls.words_of(check), "only_when": when, **own}

    @classmethod
    def words_of(cls, check: Check) -> dict[str, Any]:
        """What a stored check has beside its rule."""
        return {name: getattr(check, name) for name in ("at", "message", "message_en")} | {"level": check.level.value}

    @classmethod
    def own_data(cls, said: Any, scope: Scope) -> dict[str, Any]:
        """The data of the sentence's own controls."""
        raise NotImplementedError

    @classmethod
    def formula_data(cls, check: Check) -> dict[str, Any]:
        """The data where the rule is a formula."""
        return {}


class PartRow(Row):
    """One of several fields that are added up."""

    part = SelectField(_l("Field"), validate_choice=False)


def sign_field(words: Any = None) -> SelectField:
    """A list of signs that compare."""
    return SelectField(words or _l("How they compare"), validate_choice=False)


class ComparingForm(CheckForm):
    """A sentence that compares something with a field or a value."""

    sign = sign_field()
    right = SelectField(_l("With which field"), validate_choice=False)
    value = StringField(_l("or with which value"), validators=[Optional(), Length(max=200)])

    def offer(self) -> None:
        """The signs, and the fields on the right."""
        offer_signs(self.sign)
        self.right.choices = self.scope.choices(is_comparable, blank=gettext("With a value"))


class SumsForm(ComparingForm):
    """The sum of … equals …."""

    sentence = "sum"

    parts = RowList(FormField(PartRow), label=_l("What is added up"), min_entries=1, most=MOST_PARTS)

    def offer(self) -> None:
        """The fields that are added up as well."""
        super().offer()
        offer_parts(self.parts, self.scope)

    def said(self) -> Sums | None:
        """The sentence."""
        some = parts_of(self, self.parts)
        first = self.scope.subjects.get(some[0]) if some else None
        whole = self.operand(self.right, self.value, first)
        return None if not some or whole is None else Sums(some, sign_of(self.sign), whole)

    @classmethod
    def own_data(cls, said: Sums, scope: Scope) -> dict[str, Any]:
        """The parts, and what they are compared with."""
        right = operand_data(said.whole, said.parts[0], scope, "right", "value")
        return {"parts": [{"part": part} for part in said.parts], "sign": said.sign.value, **right}


class ComparesForm(ComparingForm):
    """A field no more than another, no later than another."""

    sentence = "compare"

    left = SelectField(_l("Field"), validate_choice=False)

    def offer(self) -> None:
        """The field on the left as well."""
        super().offer()
        self.left.choices = self.scope.choices(_left, blank=gettext("Choose"))

    def said(self) -> Compares | None:
        """The sentence."""
        left = self.chosen(self.left, _left)
        right = self.operand(self.right, self.value, left)
        return None if left is None or right is None else Compares(left.reference, sign_of(self.sign), right)

    @classmethod
    def own_data(cls, said: Compares, scope: Scope) -> dict[str, Any]:
        """The two sides."""
        right = operand_data(said.right, said.left, scope, "right", "value")
        return {"left": said.left, "sign": said.sign.value, **right}


class ShareForm(CheckForm):
    """No more than … per cent of …."""

    sentence = "share"

    parts = RowList(FormField(PartRow), label=_l("What is a part"), min_entries=1, most=MOST_PARTS)
    sign = sign_field(_l("May be"))
    percent = DecimalField(_l("Per cent"), places=6, validators=[InputRequired()])
    whole = RowList(FormField(PartRow), label=_l("Of what"), min_entries=1, most=MOST_PARTS)

    def offer(self) -> None:
        """The signs, the part and the whole."""
        offer_signs(self.sign)
        offer_parts(self.parts, self.scope)
        offer_parts(self.whole, self.scope)

    def said(self) -> Share | None:
        """The sentence."""
        some, whole = parts_of(self, self.parts), parts_of(self, self.whole)
        if not some or not whole or self.percent.data is None:
            return None
        return Share(some, sign_of(self.sign), self.percent.data, whole)

    @classmethod
    def own_data(cls, said: Share, scope: Scope) -> dict[str, Any]:
        """The part, the percentage and the whole."""
        return {
            "parts": [{"part": part} for part in said.parts], "sign": said.sign.value, "percent": said.percent,
            "whole": [{"part": part} for part in said.whole],
        }  # fmt: skip


class WithinForm(CheckForm):
    """Between … and …."""

    sentence = "within"

    subject = SelectField(_l("Field"), validate_choice=False)
    low = SelectField(_l("From which field"), validate_choice=False)
    low_value = StringField(_l("or from which value"), validators=[Optional(), Length(max=200)])
    high = SelectField(_l("To which field"), validate_choice=False)
    high_value = StringField(_l("or to which value"), validators=[Optional(), Length(max=200)])

    def offer(self) -> None:
        """The field and both bounds."""
        self.subject.choices = self.scope.choices(is_comparable, blank=gettext("Choose"))
        for bound in (self.low, self.high):
            bound.choices = self.scope.choices(is_comparable, blank=gettext("With a value"))

    def said(self) -> Within | None:
        """The sentence."""
        subject = self.chosen(self.subject, is_comparable)
        low = self.operand(self.low, self.low_value, subject)
        high = self.operand(self.high, self.high_value, subject)
        return None if subject is None or low is None or high is None else Within(subject.reference, low, high)

    @classmethod
    def own_data(cls, said: Within, scope: Scope) -> dict[str, Any]:
        """The field and both bounds."""
        low = operand_data(said.low, said.subject, scope, "low", "low_value")
        return {"subject": said.subject, **low, **operand_data(said.high, said.subject, scope, "high", "high_value")}


class OnceForm(CheckForm):
    """Each value of a column once."""

    sentence = "once"

    column = SelectField(_l("Column"), validate_choice=False)

    def offer(self) -> None:
        """The columns of every table."""
        self.column.choices = self.scope.choices(is_column, blank=gettext("Choose"))

    def said(self) -> Once | None:
        """The sentence."""
        column = self.chosen(self.column, is_column)
        return None if column is None else Once(column.reference)

    @classmethod
    def own_data(cls, said: Once, scope: Scope) -> dict[str, Any]:
        """The column."""
        return {"column": said.column}


class RowsForm(CheckForm):
    """So many rows."""

    sentence = "rows"

    table = SelectField(_l("Table"), validate_choice=False)
    sign = sign_field(_l("The number of rows"))
    number = IntegerField(_l("How many"), validators=[InputRequired(), NumberRange(0, MOST_COUNTED)])

    def offer(self) -> None:
        """The tables, and the signs."""
        offer_signs(self.sign)
        self.table.choices = self.scope.choices(is_rows, blank=gettext("Choose"))

    def said(self) -> Rows | None:
        """The sentence."""
        table = self.chosen(self.table, is_rows)
        if table is None or self.number.data is None:
            return None
        return Rows(table.reference, sign_of(self.sign), self.number.data)

    @classmethod
    def own_data(cls, said: Rows, scope: Scope) -> dict[str, Any]:
        """The table and the number."""
        return {"table": said.table, "sign": said.sign.value, "number": said.number}


class MonthsForm(CheckForm):
    """So many months from one date to another."""

    sentence = "months"

    first = SelectField(_l("From which date"), validate_choice=False)
    last = SelectField(_l("To which date"), validate_choice=False)
    sign = sign_field(_l("Whole months between them"))
    number = IntegerField(_l("How many"), validators=[InputRequired(), NumberRange(0, MOST_COUNTED)])

    def offer(self) -> None:
        """The dates, and the signs."""
        offer_signs(self.sign)
        for day in (self.first, self.last):
            day.choices = self.scope.choices(is_day, blank=gettext("Choose"))

    def said(self) -> Months | None:
        """The sentence."""
        first, last = self.chosen(self.first, is_day), self.chosen(self.last, is_day)
        if first is None or last is None or self.number.data is None:
            return None
        return Months(first.reference, last.reference, sign_of(self.sign), self.number.data)

    @classmethod
    def own_data(cls, said: Months, scope: Scope) -> dict[str, Any]:
        """The dates and the number."""
        return {"first": said.first, "last": said.last, "sign": said.sign.value, "number": said.number}


class ConditionsForm(CheckForm):
    """Conditions that have to hold."""

    sentence = "conditions"

    holds = FormField(HoldsForm, label=_l("What has to hold"))

    def offer(self) -> None:
        """The rows."""
        self.holds.form.offer(self.scope)

    def said(self) -> Holds | None:
        """The sentence."""
        if not self.holds.form.legible():
            return None
        conditions = self.holds.form.conditions()
        return None if conditions is None else Holds(conditions)

    @classmethod
    def own_data(cls, said: Holds, scope: Scope) -> dict[str, Any]:
        """The rows."""
        return {"holds": conditions_data(said.conditions, scope)}


class FormulaForm(CheckForm):
    """A rule that no sentence fits."""

    sentence = "formula"

    formula = FormulaField(_l("Formula of the check"), validators=[InputRequired(), Length(max=500)])

    def _makes_sense(self) -> bool:
        return bool(self.formula.data)

    def said(self) -> None:
        """It is no sentence."""
        return

    def rule(self) -> str:
        """The formula as it was typed."""
        return self.formula.data or ""

    @classmethod
    def formula_data(cls, check: Check) -> dict[str, Any]:
        """The rule itself."""
        return {"formula": check.rule}


SENTENCES: Mapping[str, type[CheckForm]] = {
    form.sentence: form
    for form in (
        SumsForm, ComparesForm, ShareForm, WithinForm, OnceForm, RowsForm, MonthsForm, ConditionsForm, FormulaForm,
    )
}  # fmt: skip
OF_ROWS = ("compare", "sum", "share", "within", "months", "conditions", "formula")
"""The sentences of the checks of a table's rows."""
NAMES: Mapping[str, Any] = {
    "sum": _l("the sum … equals …"),
    "compare": _l("no more than …, no later than …"),
    "share": _l("no more than … % of …"),
    "within": _l("between … and …"),
    "once": _l("each once"),
    "rows": _l("so many rows"),
    "months": _l("so many months"),
    "conditions": _l("conditions"),
    "formula": _l("a formula"),
}
_KINDS: Mapping[type, str] = {
    Sums: "sum", Compares: "compare", Share: "share", Within: "within", Once: "once", Rows: "rows", Months: "months",
    Holds: "conditions",
}  # fmt: skip


def sentence_of(rule: str, scope: Scope) -> tuple[str, Ready | None]:
    """Which form a stored rule is shown in, and the sentence that it is; a formula where none fits its place."""
    ready = read_sentence(rule)
    if ready is None:
        return "formula", None
    form = SENTENCES[_KINDS[type(ready.sentence)]]
    wanted = _named(form.own_data(ready.sentence, scope))
    if ready.only_when is not None:
        wanted |= {row.subject for row in ready.only_when.rows}
    return ("formula", None) if wanted - set(scope.subjects) else (form.sentence, ready)


def _named(data: Mapping[str, Any]) -> set[str]:
    """The references in a form's data."""
    found = {data[name] for name in ("left", "right", "subject", "low", "high", "column", "table", "first", "last")
             if data.get(name)}  # fmt: skip
    found |= {row["part"] for name in ("parts", "whole") for row in data.get(name, ())}
    rows = data.get("holds", {}).get("rows", ())
    return found | {row["subject"] for row in rows} | {row["other"] for row in rows if row["other"]}


def _left(one: Subject) -> bool:
    return is_comparable(one) and (is_single(one) or not is_column(one))


def parts_of(form: CheckForm, rows: Any) -> tuple[str, ...]:
    """The fields of a list that are added up; empty, with the errors beside them, where one does not fit."""
    if not rows.entries:
        rows.errors = [gettext("Choose a field")]
    found = [form.chosen(entry.form.part, is_amount) for entry in rows]
    kinds = {(one.type.of or one.type).kind for one in found if one is not None}
    if len(kinds) > 1:
        rows.errors = [gettext("Sums of money and other numbers cannot be added up")]
    known = tuple(one.reference for one in found if one is not None)
    return known if len(known) == len(found) and len(kinds) == 1 else ()


def offer_parts(rows: Any, scope: Scope) -> None:
    """Give the rows of a list their fields; ``blank`` is the row for the script."""
    rows.blank = blank_row(rows)
    for entry in (*rows, rows.blank):
        entry.form.part.choices = scope.choices(is_amount, blank=gettext("Choose"))
        entry.form.part.flags.either = True


def offer_signs(field: Any) -> None:
    """Give a list its signs."""
    field.choices = [SelectChoice(sign.value, translate(SIGNS[sign])) for sign in COMPARING]


def sign_of(field: Any) -> Sign:
    """The sign that was chosen; one that nobody offered counts as the first."""
    return Sign(field.data) if field.data in set(COMPARING) else Sign.EQUAL


def operand_data(operand: Operand, beside: str, scope: Scope, other: str, value: str) -> dict[str, str]:
    """The data of a field or a value."""
    if isinstance(operand, Literal):
        return {other: "", value: scope.value_text(beside, operand)}
    return {other: operand, value: ""}
