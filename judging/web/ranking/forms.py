"""Forms of the ranking's acts."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from judging.web.forms import Form, VersionedForm


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
