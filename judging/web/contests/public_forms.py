"""The forms of a contest's public page: the questions of the self-check, and what else the page says."""

from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from judging.domain import public_page as bounds
from judging.domain.public_page import AnsweredQuestion, CheckQuestion
from judging.web.contests.forms import StoredForm
from judging.web.forms import DayField, Row, SelectChoice
from judging.web.rows import Rows

WANTED = {
    bounds.YES: _l("who answers “yes”"),
    bounds.NO: _l("who answers “no”"),
    bounds.AT_LEAST: _l("who names a number not below the bound"),
    bounds.AT_MOST: _l("who names a number not above the bound"),
}


class QuestionRow(Row):
    """One question of the self-check."""

    text = StringField(_l("Question"), validators=[InputRequired(), Length(max=bounds.LONGEST_QUESTION)])
    hint = StringField(_l("Hint below the question"), validators=[Optional(), Length(max=bounds.LONGEST_WORDS)])
    wants = SelectField(_l("May apply"), choices=[SelectChoice(*pair) for pair in WANTED.items()])
    bound = StringField(_l("Bound of the number"), validators=[Optional(), Length(max=bounds.LONGEST_NUMBER)])
    words = StringField(_l("Why others may not"), validators=[InputRequired(), Length(max=bounds.LONGEST_WORDS)])
    clause = StringField(_l("Clause of the rules"), validators=[Optional(), Length(max=bounds.LONGEST_CLAUSE)])
    remedy = StringField(_l("What can be done"), validators=[Optional(), Length(max=bounds.LONGEST_WORDS)])

    def question(self) -> CheckQuestion:
        """What was typed, as a value of the domain; a bound only where a number is asked for."""
        wants = self.wants.data or ""
        return CheckQuestion(
            text=self.text.data or "",
            wants=wants,
            words=self.words.data or "",
            clause=self.clause.data or "",
            hint=self.hint.data or "",
            bound=(self.bound.data or "") if wants in (bounds.AT_LEAST, bounds.AT_MOST) else "",
            remedy=self.remedy.data or "",
        )


class SelfCheckForm(StoredForm):
    """The questions of the self-check, in their order."""

    PLACES: ClassVar[dict[str, str]] = {}

    self_check = Rows(FormField(QuestionRow), label=_l("Questions"), most=bounds.MOST_QUESTIONS)

    def questions(self) -> tuple[CheckQuestion, ...]:
        """What was typed, as values of the domain."""
        return tuple(entry.form.question() for entry in self.self_check.entries)


class AnsweredRow(Row):
    """A question that was answered for everybody."""

    question = StringField(_l("Question"), validators=[InputRequired(), Length(max=bounds.LONGEST_QUESTION)])
    answer = TextAreaField(_l("Answer"), validators=[InputRequired(), Length(max=bounds.LONGEST_ANSWER)])
    on = DayField(_l("Published on"), validators=[InputRequired()])

    def value(self) -> AnsweredQuestion:
        """What was typed, as a value of the domain."""
        day: date | None = self.on.data
        return AnsweredQuestion(self.question.data or "", self.answer.data or "", day.isoformat() if day else "")


class PublicTextsForm(StoredForm):
    """Organiser, contacts, data policy, and answered questions."""

    organiser = StringField(_l("Organiser"), validators=[Optional(), Length(max=bounds.LONGEST_ORGANISER)])
    contacts = TextAreaField(_l("Contacts"), validators=[Optional(), Length(max=bounds.LONGEST_CONTACTS)])
    data_policy = TextAreaField(
        _l("Policy on personal data"), validators=[Optional(), Length(max=bounds.LONGEST_POLICY)]
    )
    answered = Rows(FormField(AnsweredRow), label=_l("Questions and answers"), most=bounds.MOST_ANSWERED)

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the page."""
        texts = {name: self[name].data or "" for name in ("organiser", "contacts", "data_policy")}
        return {**texts, "answered": tuple(entry.form.value() for entry in self.answered.entries)}
