"""The forms of a return for correction: which sections, what is asked for, until when; and of its end."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.domain.forms.form import ApplicationForm
from judging.services.applications.returns import LONGEST_REMARK
from judging.web.forms import Form, MoscowTimeField, VersionedForm
from judging.web.questionnaire.phrases import said

TICK, REMARK = "section-", "remark-"


class EndForm(Form):
    """The end of a return before its time."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=1000)])


class ReturnForm(VersionedForm):
    """A return: of every section whether it is opened, and what is to be corrected in it."""

    codes: tuple[str, ...] = ()
    PLACES: ClassVar[Mapping[str, str]] = {}

    until = MoscowTimeField(_l("Correct and submit again until"), validators=[InputRequired()])

    def remarks(self) -> dict[str, str]:
        """What is to be corrected by the code of each section that is ticked."""
        return {code: self[REMARK + code].data or "" for code in self.codes if self[TICK + code].data}

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse a remark on a section that is not ticked: nobody would read it."""
        whole = super().validate(*args, **kwargs)
        for code in self.codes:
            if self[REMARK + code].data and not self[TICK + code].data:
                whole = False
                words = gettext("Tick the section or take the remark away.")
                self[TICK + code].errors = [*self[TICK + code].errors, words]
        return whole

    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of every section."""
        return [(self[TICK + code], self[REMARK + code]) for code in self.codes]


def return_form(form: ApplicationForm, **values: Any) -> ReturnForm:
    """The form over the sections of a contest's form, in the language of the page."""
    codes = tuple(section.code for section in form.sections)
    fields: dict[str, Any] = {"codes": codes}
    for section in form.sections:
        title = said(section, "title")
        fields[TICK + section.code] = BooleanField(title)
        fields[REMARK + section.code] = TextAreaField(
            gettext("What is to be corrected: %(section)s", section=title),
            validators=[Optional(), Length(max=LONGEST_REMARK)],
        )
    places = {code: REMARK + code for code in codes} | {"sections": TICK + codes[0], "until": "until"}
    return type("ReturnForm", (ReturnForm,), {**fields, "PLACES": places})(**values)  # type: ignore[no-any-return]  # type() makes a class of no known type
