"""Forms of agreements: a text, why it is no longer asked for, and what an expert ticks."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from judging.domain.agreements import LONGEST_AGREEMENT, Agreement
from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE
from judging.domain.fields.codes import CRITERION_CODE, NO_CRITERION_CODE
from judging.queries.agreements import Asked
from judging.services.agreements.agreement_edit import LONGEST_REASON
from judging.web.forms import Form, VersionedForm
from judging.web.templating import translate

CODE = Regexp(rf"{CRITERION_CODE.pattern}\Z", message=_l(NO_CRITERION_CODE))
BOX = "accept-"
"""Begins the name of the box of an agreement; its code ends it."""


class AgreementForm(VersionedForm):
    """An agreement; ``reason`` where it is in force already, ``code`` where it is new."""

    code = StringField(_l("Code"), validators=[InputRequired(), Length(max=LONGEST_CODE), CODE])
    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    text = TextAreaField(_l("Text"), validators=[InputRequired(), Length(max=LONGEST_AGREEMENT)])
    title_en = StringField(_l("Title in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    text_en = TextAreaField(_l("Text in English"), validators=[Optional(), Length(max=LONGEST_AGREEMENT)])
    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])

    def __init__(self, *args: Any, known: str | None = None, in_force: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known is not None:
            del self.code
        if not in_force:
            del self.reason

    def agreement(self) -> Agreement:
        """What was typed, as a value of the domain."""
        code = self.known if self.known is not None else self.code.data or ""
        texts = (self.title.data, self.text.data, self.title_en.data, self.text_en.data)
        return Agreement(code, *(text or "" for text in texts))

    @property
    def stated_reason(self) -> str:
        """Why the text is another one; "" where none is asked for."""
        return (self.reason.data or "") if "reason" in self else ""

    @property
    def stated_version(self) -> int:
        """The version that the form was filled from; one that nothing has where it does not say."""
        return -1 if self.version.data is None else int(self.version.data)


class WithdrawalForm(VersionedForm):
    """Why an agreement is asked of nobody any more."""

    reason = TextAreaField(_l("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])


class PressForm(VersionedForm):
    """One press over a stored agreement."""


class AcceptanceForm(Form):
    """A box for every agreement that is to be accepted; its value is the hash of the text that is shown with it."""

    def box(self, code: str) -> BooleanField:
        """The box of an agreement."""
        return cast(BooleanField, self[BOX + code])


def acceptance_form(asked: Sequence[Asked], **given: Any) -> AcceptanceForm:
    """Make the form of these agreements."""
    boxes: dict[str, Any] = {
        BOX + one.code: BooleanField(_l("I have read and accept: %(title)s", title=one.version.title))
        for one in asked
        if one.at is None
    }
    form: AcceptanceForm = type("BoxesForm", (AcceptanceForm,), boxes)(**given)
    for field in form:
        if field.short_name.startswith(BOX):
            field.flags.required = True
    return form


def ticked() -> Mapping[str, str]:
    """What was ticked, whatever is asked for now: {code: hash of the text that was read}."""
    return {name.removeprefix(BOX): value for name, value in request.form.items() if name.startswith(BOX)}


def told(form: AcceptanceForm, codes: Sequence[str], message: str) -> None:
    """Say the same beside the boxes of these agreements."""
    for code in codes:
        if BOX + code in form:
            form.box(code).errors = [translate(message)]
