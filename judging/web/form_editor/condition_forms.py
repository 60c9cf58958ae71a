"""Conditions on a page: how a rule is given (always, by rows, as a formula), its rows, and the box of its formula."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from judging.domain.expressions import Kind
from judging.domain.expressions.parsing import LONGEST
from judging.domain.expressions.types import NUMBER, ORDERED
from judging.domain.sentences import Condition, Conditions, Sign, read_conditions, write_conditions
from judging.domain.sentences.conditions import BARE, COMPARING, COUNTING
from judging.domain.sentences.literals import Literal
from judging.web.form_editor.row_lists import blank_row
from judging.web.form_editor.rule_words import SIGNS
from judging.web.form_editor.scope import Scope, Subject, is_comparable, is_told
from judging.web.form_editor.typed_values import BETWEEN, read_value, read_values
from judging.web.forms import Row, SelectChoice
from judging.web.rows import Rows
from judging.web.templating import translate

MOST_ROWS = 20
ALWAYS, YES, NO, BY_STAFF, ALL, ANY, FORMULA = "always", "yes", "no", "staff", "and", "or", "formula"
MODES: Mapping[str, Any] = {
    ALWAYS: _l("Always"),
    YES: _l("Yes"),
    NO: _l("No"),
    BY_STAFF: _l("A person looks, there is no rule"),
    ALL: _l("When all of these hold"),
    ANY: _l("When any of these holds"),
    FORMULA: _l("By a formula"),
}


class FormulaField(TextAreaField):
    """The text of a rule; ``marked`` are its parts before, at and after the character at fault."""

    marked: tuple[str, str, str] | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text; a rule is one line, however it was broken."""
        self.data = " ".join(str(valuelist[0]).split()) if valuelist else ""

    def mark(self, at: int) -> None:
        """Show at which character the fault is."""
        text = self.data or ""
        self.marked = (text[:at], text[at : at + 1] or " ", text[at + 1 :])


class ConditionRow(Row):
    """«Field – is – value», or another field in the place of the value."""

    subject = SelectField(_l("Field"), validate_choice=False)
    sign = SelectField(_l("What of it"), validate_choice=False)
    value = StringField(_l("Value"), validators=[Optional(), Length(max=500)])
    other = SelectField(_l("or another field"), validate_choice=False)

    def offer(self, scope: Scope) -> None:
        """Give the lists their choices."""
        self.subject.choices = scope.choices(is_told, blank=gettext("Choose"))
        self.sign.choices = [SelectChoice(sign.value, translate(words)) for sign, words in SIGNS.items()]
        self.other.choices = scope.choices(is_comparable, blank="—")
        for field in self:
            field.flags.either = True

    def condition(self, scope: Scope) -> Condition | None:
        """What was chosen; None, with the errors beside the controls, where it makes no sense."""
        subject = scope.subjects.get(self.subject.data or "")
        if subject is None:
            self.subject.errors = [gettext("Choose a field")]
            return None
        sign = Sign(self.sign.data) if self.sign.data in set(Sign) else Sign.EQUAL
        unfit = _unfit(sign, subject)
        if unfit:
            self.sign.errors = [unfit]
            return None
        try:
            return Condition(subject.reference, sign, self._values(sign, subject, scope))
        except ValueError as error:
            self.value.errors = [str(error)]
            return None

    def _values(self, sign: Sign, subject: Subject, scope: Scope) -> tuple[Any, ...]:
        if sign in BARE:
            return ()
        if self.other.data and sign in COMPARING:
            if self.other.data not in scope.subjects:
                raise ValueError(gettext("Choose a field"))
            return (self.other.data,)
        if sign in COUNTING:
            return (read_value(self.value.data or "", _NUMBER),)
        typed = self.value.data or ""
        return read_values(typed, subject) if sign is Sign.AMONG else (read_value(typed, subject),)


_NUMBER = Subject("", "", "", NUMBER)
"""What is typed where rows are counted."""


def _unfit(sign: Sign, subject: Subject) -> str:
    """Why the sign does not go with the field; empty where it does."""
    kind = (subject.type.of or subject.type).kind
    if sign in (Sign.YES, Sign.NO) and kind is not Kind.YES:
        return gettext("Only a question of “yes or no” is yes or no")
    if sign in COUNTING and kind is not Kind.TABLE:
        return gettext("Only a table has rows")
    if sign in (Sign.EQUAL, Sign.OTHER, Sign.AMONG) and kind in (Kind.YES, Kind.TABLE, Kind.CHOICES):
        return gettext("This field has no values to compare with: say that it is filled, yes or no")
    if sign in (Sign.ABOVE, Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST) and kind not in ORDERED:
        return gettext("Only numbers, sums of money and dates are more or less than something")
    if sign in (Sign.FILLED, Sign.EMPTY) and subject.type.kind is Kind.LIST:
        return gettext("The sum of a column is always there: compare it with a value")
    return ""


class RuleForm(Row):
    """How a rule is given. ``modes`` are the ways that a place of the form offers."""

    modes: Sequence[str] = (ALWAYS, ALL, ANY, FORMULA)

    mode = RadioField(_l("When"), validate_choice=False)
    rows = Rows(FormField(ConditionRow), label=_l("Conditions"), most=MOST_ROWS)
    formula = FormulaField(_l("Formula"), validators=[Optional(), Length(max=LONGEST)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode.choices = [SelectChoice(mode, MODES[mode]) for mode in self.modes]
        if self.mode.data not in self.modes:
            self.mode.data = self.modes[0]

    def offer(self, scope: Scope) -> None:
        """Give every row its choices, the blank one for the script as well."""
        self.scope = scope
        self.rows.blank = blank_row(self.rows)  # type: ignore[attr-defined]  # read by the template
        for entry in (*self.rows, self.rows.blank):  # type: ignore[attr-defined]  # WTForms types no enclosed list
            entry.form.offer(scope)

    def legible(self) -> bool:
        """Whether what was chosen makes a rule, as far as this can be told by itself; errors stand beside it."""
        if self.mode.data == FORMULA and not self.formula.data:
            self.formula.errors = [gettext("Write the formula")]
        if self.mode.data in (ALL, ANY):
            rows = [entry.form.condition(self.scope) for entry in self.rows]
            if not rows:
                self.mode.errors = [gettext("Add at least one condition")]
            return bool(rows) and None not in rows
        return not self.formula.errors

    def rule(self) -> str | None:
        """The rule; None where there is none (always, yes, no)."""
        if self.mode.data == FORMULA:
            return self.formula.data or None
        conditions = self.conditions()
        return None if conditions is None else write_conditions(conditions)

    def conditions(self) -> Conditions | None:
        """The rows; None where the rule is given otherwise."""
        if self.mode.data not in (ALL, ANY):
            return None
        rows = [row for entry in self.rows if (row := entry.form.condition(self.scope)) is not None]
        return Conditions(tuple(rows), "or" if self.mode.data == ANY and len(rows) > 1 else "and") if rows else None

    @property
    def fault_place(self) -> Any:
        """The control beside which a fault of the rule is told."""
        return self.formula if self.mode.data == FORMULA else self.mode


class ShownForm(RuleForm):
    """When a field is shown."""


class RequiredForm(RuleForm):
    """Whether an answer is required."""

    modes = (NO, YES, ALL, ANY, FORMULA)


class PointRuleForm(RuleForm):
    """By what a point of the formal check is found to be fulfilled."""

    modes = (BY_STAFF, ALL, ANY, FORMULA)


class OnlyWhenForm(RuleForm):
    """When a check is made at all."""

    modes = (ALWAYS, ALL, ANY)


class HoldsForm(RuleForm):
    """Conditions that have to hold."""

    modes = (ALL, ANY)


def rule_data(rule: bool | str | None, scope: Scope, *, none: str) -> dict[str, Any]:
    """The form's data for a stored rule; ``none`` is the mode where there is none."""
    if not isinstance(rule, str):
        return {"mode": {True: YES, False: NO}.get(rule, none) if isinstance(rule, bool) else none}
    conditions = read_conditions(rule)
    if conditions is None or any(row.subject not in scope.subjects for row in conditions.rows):
        return {"mode": FORMULA, "formula": rule}
    return conditions_data(conditions, scope)


def conditions_data(conditions: Conditions, scope: Scope) -> dict[str, Any]:
    """The form's data for rows."""
    return {"mode": conditions.mode, "rows": [_row_data(row, scope) for row in conditions.rows]}


def _row_data(row: Condition, scope: Scope) -> dict[str, str]:
    literals = [value for value in row.values if isinstance(value, Literal)]
    typed = f"{BETWEEN} ".join(scope.value_text(row.subject, value) for value in literals)
    other = next((value for value in row.values if isinstance(value, str)), "")
    return {"subject": row.subject, "sign": row.sign.value, "value": typed, "other": other}
