"""The form of an expert who refuses a task."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from judging.domain.refusals import LONGEST_WORDS, REFUSAL_LABELS, Refusal
from judging.web.forms import Form, SelectChoice
from judging.web.templating import translate
from judging.web.text_lengths import TOO_LONG


class RefusalForm(Form):
    """Why the expert cannot take this application, although nothing ties them to it."""

    reason = RadioField(_l("Why you refuse the application"), validate_choice=False)
    words = TextAreaField(_l("In your own words"), [Length(max=LONGEST_WORDS, message=TOO_LONG)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(reason.value, translate(REFUSAL_LABELS[reason])) for reason in Refusal]
        self.reason.flags.required = True
