"""Forms of the register: a decision, an admission of several, the return of a review and its setting aside."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.models import Application
from judging.services.applications.nomination_move import NominationMove
from judging.web.forms import Form, SelectChoice, VersionedForm
from judging.web.templating import localized

LONGEST_CHOICE = 20_000


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class DecisionForm(VersionedForm):
    """One decision on an application; an admission needs neither reason nor clause."""

    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=4000)])
    clause = StringField(_l("Clause of the rules"), validators=[Optional(), Length(max=200)])

    @property
    def stated_version(self) -> int:
        """The version the form was filled from; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class ReasonedForm(DecisionForm):
    """A decision that takes a reason."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=4000)])


class RejectionForm(ReasonedForm):
    """A rejection names the point of the rules that it rests on."""

    clause = StringField(_l("Clause of the rules"), validators=[InputRequired(), Length(max=200)])


class NominationMoveForm(VersionedForm):
    """An application goes to another nomination for a reason."""

    nomination = RadioField(
        _l("To which nomination"),
        coerce=_number,
        validate_choice=False,
        validators=[InputRequired(_l("Choose another nomination"))],
    )
    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=2000)])

    def __init__(self, application: Application, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rows = [row for row in application.contest.nominations if row.id != application.nomination_id]
        self.nomination.choices = [SelectChoice(str(row.id), localized(row, "title")) for row in rows]

    def move(self) -> NominationMove:
        """What was typed, as the service wants it."""
        version = -1 if self.version.data is None else int(self.version.data)
        return NominationMove(self.nomination.data or 0, self.reason.data or "", version)


class ReturnForm(VersionedForm):
    """A review goes back to its expert for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=1000)])


class AsideForm(VersionedForm):
    """A review is taken out of the count for a reason."""

    aside_reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=1000)])


class CountAgainForm(VersionedForm):
    """A review that was set aside counts again, for a reason."""

    again_reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=1000)])


class BulkForm(Form):
    """Several applications, each with the version it was looked at in: ``12:3,14:2``."""

    chosen = HiddenField(validators=[Optional(), Length(max=LONGEST_CHOICE)])

    def pairs(self) -> dict[int, int]:
        """Version by id; whatever is not two numbers is left out."""
        pairs = (part.partition(":") for part in (self.chosen.data or "").split(","))
        return {int(left): int(right) for left, _, right in pairs if is_number(left) and is_number(right)}


def is_number(text: str) -> bool:
    """Whether the text is a plain number short enough to be an id or a version."""
    return text.isascii() and text.isdecimal() and len(text) < 10
