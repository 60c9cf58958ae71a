"""The forms of a discussion: a message, its change, up to where it was read, and the rules."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from judging.domain.discussion import (
    AUDIENCE_LABELS,
    CIRCLE_LABELS,
    LONGEST_MESSAGE,
    MOST_MINUTES,
    Circle,
    DiscussionRules,
    MessageAudience,
)
from judging.web.forms import Form, SelectChoice, VersionedForm
from judging.web.templating import translate
from judging.web.text_lengths import TOO_LONG


class TextForm(VersionedForm):
    """The text of a message."""

    text = TextAreaField(
        _l("Message"),
        description=_l("Mention somebody with @ and the name as it stands in the list below: a letter comes to them."),
        validators=[InputRequired(_l("Write the message.")), Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
    )


class MessageForm(TextForm):
    """A new message: to whom, and to which message it answers."""

    audience = RadioField(_l("Who reads it"), validate_choice=True)
    reply_to_id = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, audiences: Collection[MessageAudience], **values: Any) -> None:
        super().__init__(**values)
        known = [one for one in MessageAudience if one in audiences]
        self.audience.choices = [SelectChoice(one.value, translate(AUDIENCE_LABELS[one])) for one in known]
        self.audience.flags.required = True
        if len(known) == 1 and not self.audience.data:
            self.audience.data = known[0].value


class RemovalForm(VersionedForm):
    """Take a message back."""


class ReadForm(Form):
    """Up to which message the page was read."""

    last_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class RulesForm(VersionedForm):
    """Who discusses, and how long one's own message may be changed."""

    circle = RadioField(_l("Who discusses applications"), validators=[InputRequired(_l("Choose one."))])
    edit_minutes = IntegerField(
        _l("Minutes in which one's own message may be changed"),
        description=_l("The text before is kept and shown beside it."),
        validators=[InputRequired(_l("Enter a whole number.")), NumberRange(0, MOST_MINUTES)],
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.circle.choices = [SelectChoice(one.value, translate(CIRCLE_LABELS[one])) for one in Circle]

    def rules(self) -> DiscussionRules:
        """What was chosen, as the service wants it."""
        return DiscussionRules(Circle(self.circle.data), self.edit_minutes.data or 0)
