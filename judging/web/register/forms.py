"""Forms of the register: a decision, an admission of several, the return of a review."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.web.forms import Form, VersionedForm

LONGEST_CHOICE = 20_000


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


class ReturnForm(VersionedForm):
    """A review goes back to its expert for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=1000)])


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
