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
    beside: Mapping[str, tuple[str, ...]] = {}
    PLACES: ClassVar[Mapping[str, str]] = {}

    until = MoscowTimeField(_l("Correct and submit again until"), validators=[InputRequired()])

    def remarks(self) -> dict[str, str]:
        """What is to be corrected by the code of each section that is ticked, and of questions in it."""
        ticked = [code for code in self.codes if self[TICK + code].data]
        said = {code: self[REMARK + code].data or "" for code in ticked}
        asked = [place for code in ticked for place in self.beside[code]]
        return said | {place: text for place in asked if (text := self[REMARK + place].data)}

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse a remark on a section that is not ticked: nobody would read it."""
        whole = super().validate(*args, **kwargs)
        for code in self.codes:
            typed = any(self[REMARK + place].data for place in (code, *self.beside[code]))
            if typed and not self[TICK + code].data:
                whole = False
                words = gettext("Tick the section or take the remark away.")
                self[TICK + code].errors = [*self[TICK + code].errors, words]
        return whole

    def rows(self) -> list[tuple[Any, Any, list[Any]]]:
        """The fields of every section: its tick, its remark, and the remarks on its questions."""
        return [
            (self[TICK + code], self[REMARK + code], [self[REMARK + place] for place in self.beside[code]])
            for code in self.codes
        ]


def return_form(form: ApplicationForm, **values: Any) -> ReturnForm:
    """The form over the sections of a contest's form, in the language of the page."""
    codes = tuple(section.code for section in form.sections)
    beside = {one.code: tuple(f"{one.code}.{field.code}" for field in one.fields) for one in form.sections}
    fields: dict[str, Any] = {"codes": codes, "beside": beside}
    for section in form.sections:
        title = said(section, "title")
        fields[TICK + section.code] = BooleanField(title)
        fields[REMARK + section.code] = TextAreaField(
            gettext("What is to be corrected: %(section)s", section=title),
            validators=[Optional(), Length(max=LONGEST_REMARK)],
        )
        for field in section.fields:
            fields[f"{REMARK}{section.code}.{field.code}"] = TextAreaField(
                said(field, "label"), validators=[Optional(), Length(max=LONGEST_REMARK)]
            )
    named = [*codes, *(place for places in beside.values() for place in places)]
    places = {code: REMARK + code for code in named} | {"sections": TICK + codes[0], "until": "until"}
    return type("ReturnForm", (ReturnForm,), {**fields, "PLACES": places})(**values)  # type: ignore[no-any-return]  # type() makes a class of no known type
