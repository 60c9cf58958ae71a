"""The form of a look before the time."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.web.forms import Form


class LookForm(Form):
    """Why marks are looked at before their time, and the page to go on to."""

    reason = TextAreaField(_l("Reason of the early look"), validators=[InputRequired(), Length(max=1000)])
    next = HiddenField(validators=[Optional(), Length(max=1000)])
