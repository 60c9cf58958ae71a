"""The forms of the assignment."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from judging.web.forms import Form, VersionedForm

LONGEST_REASON = 2000


class ActForm(Form):
    """A button over the contest as a whole; ``next`` is the page to go back to."""

    next = HiddenField()


class ProposalForm(ActForm):
    """One expert for one application; a reason where a limit is exceeded."""

    expert_id = IntegerField(_l("Expert"), validators=[InputRequired(_l("Choose an expert."))])
    application_id = IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Choose an application."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed only where the expert's limit or the number of experts of the application is exceeded."),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )


class RemovalForm(VersionedForm):
    """Take a task off an expert, and perhaps give it to another one."""

    next = HiddenField()
    heir_id = IntegerField(_l("Give the task to"), validators=[Optional()])
    reason = TextAreaField(_l("Reason"), validators=[Optional(), Length(max=LONGEST_REASON)])
