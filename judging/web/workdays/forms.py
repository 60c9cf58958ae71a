"""Forms of the production calendar."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from judging.services.workdays import FIRST_YEAR, LAST_YEAR, DayRequest
from judging.web.forms import DayField, Form, SelectChoice

LONGEST_ACT = 500
WORKED, FREE = "worked", "free"


class DayForm(Form):
    """A day that is worked or not, and the act that says so."""

    day = DayField(_l("Day"), validators=[InputRequired()])
    works = RadioField(_l("The day is"), validators=[InputRequired()], default=FREE)
    act = StringField(_l("Legal act"), validators=[InputRequired(), Length(max=LONGEST_ACT)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.works.choices = [SelectChoice(FREE, _l("a day off")), SelectChoice(WORKED, _l("a working day"))]

    def wanted(self) -> DayRequest:
        """What was typed, as the service wants it."""
        return DayRequest(self.day.data, self.works.data == WORKED, self.act.data or "")


class YearForm(Form):
    """A year whose calendar is whole with the days that were added."""

    year = IntegerField(_l("Year"), validators=[InputRequired()], description=f"{FIRST_YEAR}–{LAST_YEAR}")
    year_act = StringField(_l("Legal act"), validators=[InputRequired(), Length(max=LONGEST_ACT)])


class RemovalForm(Form):
    """One press: what was added goes."""
