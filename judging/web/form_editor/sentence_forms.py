"""A form for every ready sentence of a check, and one for a formula, in a table that a test holds complete."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FormField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from judging.domain.forms.form import Check
from judging.domain.sentences import (
    Compares,
    Holds,
    Months,
    Once,
    Ready,
    Rows,
    Share,
    Sums,
    Within,
    read_sentence,
)
from judging.web.form_editor.check_form import (
    MOST_COUNTED,
    MOST_PARTS,
    CheckForm,
    ComparingForm,
    PartRow,
    offer_parts,
    offer_signs,
    operand_data,
    parts_of,
    sign_field,
    sign_of,
)
from judging.web.form_editor.condition_forms import (
    FormulaField,
    HoldsForm,
    conditions_data,
)
from judging.web.form_editor.scope import (
    Scope,
    Subject,
    is_column,
    is_comparable,
    is_day,
    is_rows,
    is_single,
)
from judging.web.forms import DecimalField
from judging.web.rows import Rows as RowList


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
