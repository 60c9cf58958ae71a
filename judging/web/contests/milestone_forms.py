"""Forms of a contest's milestones and of more time for one application or expert."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from judging.domain.milestones import TABLE, After, Code, Plan, Row
from judging.domain.workdays import MOST_DAYS, UNIT_LABELS, Unit
from judging.services.milestones import ExtensionRequest
from judging.web.contests.forms import ReasonForm, StoredForm
from judging.web.forms import Form, MoscowTimeField, SelectChoice
from judging.web.templating import translate

AT, AFTER = "at", "after"
LONGEST_REASON = 2000
REQUIRED = "This field is required."
"""WTForms' own sentence, which it words in the language of the page."""


class MilestoneForm(StoredForm):
    """When a milestone comes: at an instant, or so many days after another one."""

    way = RadioField(_l("How the date is given"), validators=[InputRequired()], default=AT)
    at = MoscowTimeField(_l("Date and time"), validators=[Optional()])
    days = IntegerField(_l("Number of days"), validators=[Optional(), NumberRange(1, MOST_DAYS)])
    unit = SelectField(_l("Which days"), validators=[InputRequired()], default=Unit.WORKING.value)
    after = SelectField(_l("After which milestone"), validators=[Optional()], validate_choice=False)
    reason = TextAreaField(_l("Reason"), validators=[Length(max=LONGEST_REASON)])

    def __init__(self, known: Sequence[Code], *, announced: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.way.choices = [
            SelectChoice(AT, _l("A date and a time")), SelectChoice(AFTER, _l("So many days after another milestone")),
        ]  # fmt: skip
        self.unit.choices = [SelectChoice(unit.value, translate(text)) for unit, text in UNIT_LABELS.items()]
        self.after.choices = [SelectChoice(code.value, translate(TABLE[code].label)) for code in known]
        self.announced = announced
        self.reason.flags.required = announced

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Ask for what the way that was chosen needs, and for a reason once the contest is announced."""
        fine = super().validate(extra_validators)
        needed: list[Any] = [self.at] if self.way.data == AT else [self.days, self.after]
        needed += [self.reason] if self.announced else []
        for field in needed:
            fine = _is_given(field) and fine
        if self.way.data == AFTER and self.after.data and self.after.data not in set(Code):
            self.after.errors = [*self.after.errors, gettext("Choose one of the milestones.")]
            fine = False
        return fine

    def plan(self) -> Plan:
        """What was typed, as a value of the domain."""
        if self.way.data == AT:
            at: Plan = self.at.data
            return at
        return After(Code(self.after.data), self.days.data or 0, Unit(self.unit.data))


def _is_given(field: Any) -> bool:
    """Say whether a field has something in it; where nothing else is wrong with it, say beside it that it must."""
    if not field.data and not field.errors:
        field.errors = [field.gettext(REQUIRED)]
    return bool(field.data)


def milestone_data(row: Row | None) -> dict[str, Any]:
    """The form's data for a stored milestone."""
    if row is None:
        return {}
    if isinstance(row.plan, After):
        plan = row.plan
        return {"way": AFTER, "days": plan.days, "unit": plan.unit.value, "after": plan.code.value}
    return {"way": AT, "at": row.plan}


class RemovalForm(StoredForm):
    """Taking a milestone out."""

    removal_reason = TextAreaField(_l("Reason"), validators=[Length(max=LONGEST_REASON)])

    def __init__(self, *, announced: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.announced = self.removal_reason.flags.required = announced

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Ask for a reason once the contest is announced."""
        return super().validate(extra_validators) and (not self.announced or _is_given(self.removal_reason))


class ByHandForm(ReasonForm):
    """Something is so from now on, for a reason that stays in the history."""


class ExtensionForm(Form):
    """More time for one application or one expert, with the reason that both sides read."""

    subject = SelectField(validators=[InputRequired()], coerce=int, validate_choice=False)
    until = MoscowTimeField(_l("Until"), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])

    def __init__(self, label: str, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject.label.text = label
        self.subject.choices = [SelectChoice(str(key), text) for key, text in choices]
        self.known = {key for key, _ in choices}

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Take only those that the list offers."""
        fine = super().validate(extra_validators)
        if not self.subject.errors and self.subject.data not in self.known:
            self.subject.errors = [gettext("Choose one of the list.")]
            fine = False
        return fine

    def wanted(self) -> ExtensionRequest:
        """What was typed, as the service wants it."""
        return ExtensionRequest(self.until.data, self.reason.data or "")


class RevocationForm(Form):
    """Taking an extension back."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])
