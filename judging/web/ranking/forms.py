"""Forms of the ranking's acts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from judging.domain.errors import N_
from judging.domain.record import PanelVerdict
from judging.web.forms import Form, SelectChoice, VersionedForm
from judging.web.templating import translate

VERDICT_LABELS: Mapping[PanelVerdict, str] = {
    PanelVerdict.PASS: N_("Let it pass in spite of the threshold"),
    PanelVerdict.REJECT: N_("Leave it below the threshold"),
}


class PanelForm(VersionedForm):
    """What the panel decides of an application below a threshold, and why."""

    verdict = RadioField(_l("Decision of the panel"), validators=[InputRequired(_l("Choose the decision"))])
    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=2000)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verdict.choices = [SelectChoice(one.value, translate(VERDICT_LABELS[one])) for one in PanelVerdict]

    @property
    def stated_version(self) -> int:
        """The version the form was filled from; one that nothing has where the form does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class FreezeForm(VersionedForm):
    """Freeze the ranking as it is."""


class UnfreezeForm(VersionedForm):
    """Open a frozen ranking again."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Say why the ranking is opened again")), Length(max=2000)])


class ApproveForm(VersionedForm):
    """Approve a frozen ranking."""

    words = StringField(_l("Note of the approval (number and date of the minutes)"), [Length(max=500)])


class PublishForm(VersionedForm):
    """Publish the approved ranking."""


class CheckForm(Form):
    """Compare a workbook with the present ranking or with a snapshot; the view gives the choices."""

    file = FileField(_l("Workbook (.xlsx)"), [InputRequired(_l("Choose a file."))])
    snapshot = SelectField(_l("Compare with"), [InputRequired()])
