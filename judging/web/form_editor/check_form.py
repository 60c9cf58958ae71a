"""What the forms of all checks have in common: where it is told, its message, and the lists of its parts."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import Check, Level
from judging.domain.sentences import (
    Ready,
    Sentence,
    Sign,
    plainest,
    write_sentence,
)
from judging.domain.sentences.conditions import COMPARING
from judging.domain.sentences.literals import Literal
from judging.domain.sentences.references import Operand
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.condition_forms import (
    ALWAYS,
    OnlyWhenForm,
    conditions_data,
)
from judging.web.form_editor.row_lists import blank_row
from judging.web.form_editor.rule_words import SIGNS
from judging.web.form_editor.scope import (
    Scope,
    Subject,
    is_amount,
    is_comparable,
)
from judging.web.form_editor.typed_values import read_value
from judging.web.forms import Row, SelectChoice
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
