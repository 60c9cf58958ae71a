"""The form of a nomination: what is its own, and the weights of the rubric's criteria in it."""

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE, MOST_WINNERS
from judging.domain.nominations import Nomination
from judging.domain.rules import GREATEST_ROUNDING
from judging.models import Contest
from judging.queries.contests import criteria_of, rules_of
from judging.web.contests.criterion_forms import CODE
from judging.web.contests.forms import StoredForm
from judging.web.forms import DecimalField, MoneyField

WEIGHT = "weight-"
"""Begins the name of a weight's field; the criterion's code ends it."""


class NominationForm(StoredForm):
    """Base of the form that :func:`nomination_form` makes for a contest."""

    PLACES: ClassVar[dict[str, str]] = {}

    code = StringField(_l("Code"), validators=[InputRequired(), Length(max=LONGEST_CODE), CODE])
    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=LONGEST_TITLE)])
    title_en = StringField(_l("Title in English"), validators=[Optional(), Length(max=LONGEST_TITLE)])
    pass_total = DecimalField(_l("Passing total"), places=GREATEST_ROUNDING, validators=[Optional()])
    budget = MoneyField(_l("Budget of the nomination"), validators=[Optional()])
    max_winners = IntegerField(_l("No more winners than"), validators=[Optional(), NumberRange(0, MOST_WINNERS)])
    cap_per_application = MoneyField(_l("No more per application than"), validators=[Optional()])

    def weights(self) -> dict[str, Decimal | None]:
        """The weights typed, by criterion code; None for a criterion that is not judged."""
        return {
            name.removeprefix(WEIGHT): field.data for name, field in self._fields.items() if name.startswith(WEIGHT)
        }

    def nomination(self) -> Nomination:
        """What was typed, as a value of the domain."""
        return Nomination(
            code=self.code.data or "",
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            weights=self.weights(),
            pass_total=self.pass_total.data,
            budget=self.budget.data,
            max_winners=self.max_winners.data,
            cap=self.cap_per_application.data,
        )


def nomination_form(contest: Contest) -> type[NominationForm]:
    """Make the form of a nomination of a contest: with a field for the weight of every criterion."""
    codes = [row.code for row in contest.criteria]
    fields: dict[str, Any] = {
        f"{WEIGHT}{code}": DecimalField(_l("Weight of %(code)s", code=code), places=4, validators=[Optional()])
        for code in codes
    }
    places = {f"weights.{code}": f"{WEIGHT}{code}" for code in codes}
    return type("ContestNominationForm", (NominationForm,), fields | {"PLACES": places})


def nomination_data(contest: Contest, nomination: Nomination) -> dict[str, Any]:
    """Return the form's data for a nomination."""
    weights = {item.code: nomination.weights.get(item.code, item.weight) for item in criteria_of(contest)}
    return {
        "code": nomination.code,
        "title": nomination.title,
        "title_en": nomination.title_en,
        "pass_total": nomination.pass_total,
        "budget": nomination.budget,
        "max_winners": nomination.max_winners,
        "cap_per_application": nomination.cap,
        **{f"{WEIGHT}{code}": weight for code, weight in weights.items()},
    }


def first_data(contest: Contest) -> dict[str, Any]:
    """Return the form's data for a new nomination: everything as the contest has it."""
    rules = rules_of(contest)
    return nomination_data(
        contest,
        Nomination(
            code="", title="", pass_total=rules.pass_total, budget=None, max_winners=rules.max_winners,
            cap=rules.cap_per_application,
        ),
    )  # fmt: skip
