"""Forms of sections, of points of the formal check, of moves, and of files."""

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.forms.form import Point, Section
from judging.domain.forms.shape import CODE
from judging.web.contests.forms import StoredForm
from judging.web.form_editor.codes import new_code
from judging.web.form_editor.condition_forms import BY_STAFF, PointRuleForm, rule_data
from judging.web.form_editor.field_form import BAD_CODE, LONGEST_HINT
from judging.web.form_editor.nomination_boxes import Offered, asked_in, nomination_boxes, offer_nominations
from judging.web.form_editor.scope import Scope


class SectionForm(StoredForm):
    """A section: its words."""

    title = StringField(_l("Title of the section"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    title_en = StringField(_l("Title in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    lead = TextAreaField(_l("Words under the title"), validators=[Optional(), Length(max=LONGEST_HINT)])
    lead_en = TextAreaField(_l("The same in English"), validators=[Optional(), Length(max=LONGEST_HINT)])
    code = StringField(
        _l("Code for rules and files"),
        validators=[Optional(), Length(max=60), Regexp(rf"{CODE.pattern}\Z", message=BAD_CODE)],
    )

    nominations = nomination_boxes()

    def __init__(self, nominations: Offered, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        offer_nominations(self, nominations)

    def section(self, stored: Section | None, taken: list[str]) -> Section:
        """What was typed, as a value of the domain."""
        title = self.title.data or ""
        known = stored or Section(self.code.data or new_code(title, taken, "section"), title)
        words: dict[str, Any] = {name: self[name].data or "" for name in ("title", "title_en", "lead", "lead_en")}
        words |= asked_in(self, known.nominations)
        return replace(known, **words)

    @classmethod
    def data_of(cls, section: Section) -> dict[str, Any]:
        """The form's data for a stored section."""
        names = ("title", "title_en", "lead", "lead_en", "code", "nominations")
        return {name: getattr(section, name) for name in names}


class PointForm(StoredForm):
    """A point of the formal check."""

    PLACES: ClassVar[dict[str, str]] = {"rule": "by"}

    code = StringField(_l("Number of the point"), validators=[InputRequired(), Length(max=60)])
    title = TextAreaField(_l("What is checked"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    title_en = TextAreaField(_l("The same in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    by = FormField(PointRuleForm, label=_l("By what it is fulfilled"))
    note = TextAreaField(_l("Words beside it for the staff"), validators=[Optional(), Length(max=LONGEST_HINT)])
    note_en = TextAreaField(_l("These words in English"), validators=[Optional(), Length(max=LONGEST_HINT)])
    clause = StringField(_l("Clause of the regulation"), validators=[Optional(), Length(max=LONGEST_TITLE)])

    def __init__(self, scope: Scope, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by.form.offer(scope)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate every control, and what the rows of the rule make together."""
        whole = super().validate(extra_validators)
        return bool(self.by.form.legible()) and whole

    def point(self) -> Point:
        """What was typed, as a value of the domain."""
        words = {name: self[name].data or "" for name in ("title_en", "note", "note_en", "clause")}
        return Point(self.code.data or "", self.title.data or "", rule=self.by.form.rule(), **words)

    @classmethod
    def data_of(cls, point: Point, scope: Scope) -> dict[str, Any]:
        """The form's data for a stored point."""
        names = ("code", "title", "title_en", "note", "note_en", "clause")
        return {**{name: getattr(point, name) for name in names}, "by": rule_data(point.rule, scope, none=BY_STAFF)}


class MoveForm(StoredForm):
    """One press: a part goes up, down, to a place, or out. ``piece`` names it."""

    piece = StringField()
    up = StringField()
    down = StringField()
    place = StringField()
    section = StringField()


class FormFileForm(StoredForm):
    """A file with a whole form."""

    file = FileField(_l("File of the form, JSON"), validators=[FileRequired(_l("Choose a file"))])
